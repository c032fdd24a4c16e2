"""Imports point downwards: no room knows of a room beside or above it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import pellucid

SOURCE = Path(pellucid.__file__).parent

# Lowest first; rooms on one line never import each other.
ORDER = """
    records errors
    files
    data
    nn preprocessing metrics
    spec
    engines
    training
    estimators pytorch
    judging
    explain
    plots persistence
    reporting export serving scale
    lessons
    cli studio
    __main__
"""
LEVEL = {room: level for level, line in enumerate(ORDER.strip().splitlines()) for room in line.split()}
TOP = LEVEL["lessons"]  # from here on, public names are enough
FREE = {"version", ""}  # "" is pellucid/__init__.py, which fetches public names by name
EVERYTHING = "pellucid itself"


def room_of(module: str) -> str:
    """`pellucid.data.table` → `data`; `pellucid` → ``."""
    return [*module.split("."), ""][1]


def imported_modules(source: str, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """Line and full name of everything of pellucid that a module imports, inside functions and TYPE_CHECKING too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = module.split(".")
            up = node.level - (1 if is_package else 0)
            base = [] if node.level == 0 else parts[: len(parts) - up]
            origin = ".".join(base + ([node.module] if node.module else []))
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "import_module":
            name = node.args[0] if node.args else None
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield node.lineno, name.value


def room_imported(name: str) -> str | None:
    """The room that an imported name belongs to; None when it is not ours or free, EVERYTHING for the package."""
    if name.split(".")[0] != "pellucid":
        return None
    room = room_of(name)
    room = room_of("pellucid." + pellucid._HOME[room]) if room in pellucid._HOME else room
    if room in {"version", "__version__"}:
        return None
    return room or EVERYTHING


def wrong_imports(source: str, module: str, is_package: bool = False) -> list[str]:
    """One line for each import that points sideways or upwards."""
    room = room_of(module)
    if room in FREE:
        return []
    wrong = []
    for line, name in imported_modules(source, module, is_package):
        other = room_imported(name)
        if other is None or other == room:
            continue
        if other == EVERYTHING:
            allowed = LEVEL[room] >= TOP
        else:
            allowed = other in LEVEL and LEVEL[other] < LEVEL[room]
        if not allowed:
            wrong.append(f"{module}, line {line}: {room} must not import {other}")
    return wrong


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(("pellucid", *(parts[:-1] if parts[-1] == "__init__" else parts)))


def test_every_room_has_its_place() -> None:
    rooms = {room_of(module_name(path)) for path in SOURCE.rglob("*.py")}
    assert rooms - FREE <= LEVEL.keys()


def test_imports_point_downwards() -> None:
    wrong = [
        line
        for path in sorted(SOURCE.rglob("*.py"))
        for line in wrong_imports(path.read_text("utf-8"), module_name(path), path.name == "__init__.py")
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("pellucid.data.table", "from ..nn import losses"),
        ("pellucid.data.table", "from .. import judging"),
        ("pellucid.data.table", "import pellucid.estimators.classifier as c"),
        ("pellucid.data.table", "from pellucid import MLPClassifier"),
        ("pellucid.data.table", "from pellucid.spec import NetworkSpec"),
        ("pellucid.metrics.ranks", "from ..nn.losses import MSE"),
        ("pellucid.nn.dense", "def f():\n    from ..preprocessing import target"),
        ("pellucid.spec", "from .engines.contract import Engine"),
        ("pellucid.spec", "from . import training"),
        ("pellucid.records", "from .errors import InputError"),
        ("pellucid.errors", "from . import data"),
        ("pellucid.engines.choose", "import importlib\nimportlib.import_module('pellucid.training.loop')"),
        ("pellucid.training.loop", "if TYPE_CHECKING:\n    from ..estimators.fitting import X"),
        ("pellucid.judging.ladder", "import pellucid"),
        ("pellucid.judging.ladder", "from ..persistence.model_file import save"),
        ("pellucid.lessons.catalog", "from ..cli import main"),
        ("pellucid.data.table", "from ..rooftop import garden"),
    ],
)
def test_a_wrong_import_is_caught(module: str, source: str) -> None:
    assert len(wrong_imports(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source", "is_package"),
    [
        ("pellucid.data.table", "import numpy as np\nfrom ..errors import InputError\nfrom .kinds import Kind", False),
        ("pellucid.data", "from .table import Table\nfrom ..records import Record", True),
        ("pellucid.spec", "from .nn.losses import MSE\nfrom . import errors", False),
        ("pellucid.estimators.fitting", "from pellucid import Table, fit_network\nfrom ..version import x", False),
        ("pellucid.cli.train", "import pellucid\nfrom .. import __version__", False),
        ("pellucid.cli", "from .train import app", True),
    ],
)
def test_a_right_import_passes(module: str, source: str, is_package: bool) -> None:
    assert wrong_imports(source, module, is_package) == []
