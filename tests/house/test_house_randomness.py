"""Randomness is passed in: nothing reads or seeds a global generator."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import pellucid

SOURCE = Path(pellucid.__file__).parent
ALLOWED = {
    "default_rng",
    "Generator",
    "SeedSequence",
    "BitGenerator",
    "PCG64",
    "PCG64DXSM",
    "MT19937",
    "Philox",
    "SFC64",
    # The old generator object, which scikit-learn's users pass as random_state; making one touches nothing global.
    "RandomState",
}


def full_names(tree: ast.AST) -> dict[str, str]:
    """What each imported name of a module stands for: `np` → `numpy`, `rand` → `numpy.random.rand`."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def dotted(node: ast.AST, names: dict[str, str]) -> str:
    """`np.random.rand` → `numpy.random.rand`; empty for what is not a chain of names."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        base = dotted(node.value, names)
        return f"{base}.{node.attr}" if base else ""
    return ""


def global_randomness(source: str) -> list[str]:
    """The lines of a source that use a global generator, with what they use."""
    tree = ast.parse(source)
    names = full_names(tree)
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            if getattr(node, "level", 0) == 0 and any(m.split(".")[0] == "random" for m in modules):
                found.add((node.lineno, "random"))
            if isinstance(node, ast.ImportFrom) and node.module == "numpy.random":
                found |= {(node.lineno, f"numpy.random.{a.name}") for a in node.names if a.name not in ALLOWED}
        elif isinstance(node, ast.Attribute):
            name = dotted(node, names)
            if name.startswith("numpy.random.") and name.split(".")[2] not in ALLOWED:
                found.add((node.lineno, name))
    return [f"line {line}: {name}" for line, name in sorted(found)]


def test_no_global_generator_in_the_package() -> None:
    found = [
        f"{path.relative_to(SOURCE)}, {line}"
        for path in sorted(SOURCE.rglob("*.py"))
        for line in global_randomness(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nnp.random.seed(0)",
        "import numpy\nx = numpy.random.rand(3)",
        "import numpy.random as r\nr.shuffle(x)",
        "from numpy import random\nrandom.normal()",
        "from numpy import random as r\ndraw = r.choice",
        "from numpy.random import permutation",
        "import random",
        "from random import shuffle",
        "def f():\n    import random as dice",
    ],
)
def test_a_global_generator_is_caught(source: str) -> None:
    assert global_randomness(source)


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nrng: np.random.Generator = np.random.default_rng(1)\nrng.random()",
        "from numpy.random import SeedSequence, default_rng\ndefault_rng(SeedSequence(1))",
        "from .random import draw",
        "import numpy as np\nnp.random.Generator(np.random.PCG64(2))",
    ],
)
def test_generators_that_are_passed_are_fine(source: str) -> None:
    assert global_randomness(source) == []
