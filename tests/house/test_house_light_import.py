"""`import pellucid` is free: it brings in nothing but Python's own library."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import sys
before = set(sys.modules)
{statement}
roots = {{name.split(".")[0] for name in set(sys.modules) - before}}
print(*sorted(roots - set(sys.stdlib_module_names)))
"""


def third_party(statement: str) -> list[str]:
    """The packages, ours among them, that a statement brings into a fresh interpreter."""
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(statement=statement)], capture_output=True, text=True, check=True
    )
    return run.stdout.split()


@pytest.mark.parametrize(
    "statement",
    ["import pellucid", "import pellucid; dir(pellucid); pellucid.__version__", "from pellucid import PellucidError"],
)
def test_nothing_third_party(statement: str) -> None:
    assert third_party(statement) == ["pellucid"]


def test_numpy_would_be_seen() -> None:
    assert "numpy" in third_party("from pellucid import Score")
