"""The public list is kept: every name resolves, none is hidden by a submodule, editors see the same as Python."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

import pytest

import pellucid

LAZY_ROOMS = [room for room in pellucid._ROOMS if hasattr(importlib.import_module(f"pellucid.{room}"), "_HOME")]


def import_every_submodule() -> list[str]:
    names = [info.name for info in pkgutil.walk_packages(pellucid.__path__, "pellucid.")]
    for name in names:
        importlib.import_module(name)
    return names


def test_every_submodule_imports() -> None:
    assert {"pellucid.records", "pellucid.metrics.intervals"} <= set(import_every_submodule())


@pytest.mark.parametrize("name", pellucid.__all__)
def test_every_public_name_is_what_it_should_be(name: str) -> None:
    import_every_submodule()
    value = getattr(pellucid, name)
    if name == "__version__":
        assert isinstance(value, str)
    elif name in pellucid._ROOMS:
        assert isinstance(value, ModuleType)
    else:
        assert callable(value)
        assert value.__module__.startswith("pellucid.")


def test_a_wrong_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'MLPClasifier'"):
        _ = pellucid.MLPClasifier


def test_the_list_is_what_dir_shows_and_holds_nothing_twice() -> None:
    assert dir(pellucid) == sorted(pellucid.__all__)
    assert len(set(pellucid.__all__)) == len(pellucid.__all__)


@pytest.mark.parametrize("room", LAZY_ROOMS)
def test_names_of_rooms_are_not_hidden_by_submodules(room: str) -> None:
    import_every_submodule()
    module = importlib.import_module(f"pellucid.{room}")
    assert set(module.__all__) >= set(module._HOME)
    assert [name for name in module.__all__ if isinstance(getattr(module, name), ModuleType)] == []


@pytest.mark.parametrize("package", ["pellucid", *(f"pellucid.{room}" for room in LAZY_ROOMS)])
def test_editors_see_the_same_names(package: str) -> None:
    """The imports under TYPE_CHECKING, which type checkers read, agree with the table that Python reads."""
    module = importlib.import_module(package)
    seen: dict[str, str | None] = {}
    for block in ast.parse(Path(str(module.__file__)).read_text("utf-8")).body:
        if isinstance(block, ast.If) and getattr(block.test, "id", "") == "TYPE_CHECKING":
            for node in block.body:
                if isinstance(node, ast.ImportFrom):
                    seen |= {alias.asname or alias.name: node.module for alias in node.names}
                elif isinstance(node, ast.Assign):  # a public name that differs from the name in its file
                    seen |= {ast.unparse(target): None for target in node.targets}
    public = {name: origin for name, origin in seen.items() if not name.startswith("_")}
    assert public.keys() == module._HOME.keys()
    home = {name: where if isinstance(where, str) else where[0] for name, where in module._HOME.items()}
    assert {name: origin or home[name] for name, origin in public.items()} == home


def test_the_package_is_typed() -> None:
    assert Path(pellucid.__file__).with_name("py.typed").exists()
