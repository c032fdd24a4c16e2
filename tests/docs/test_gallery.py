"""The gallery is what its generator makes: every figure of the list on the page, its code runs, its words are told."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from figure_texts import contrast_faults, text_faults

from pellucid import plots

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "gallery.md").read_text("utf-8")
MOST_BYTES = 3_000_000


def generator() -> ModuleType:
    sys.path.insert(0, str(DOCS))
    try:
        spec = importlib.util.spec_from_file_location("make_gallery", DOCS / "make_gallery.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(DOCS))
    return module


make_gallery = generator()
FIGURES = {one.name: one for one in make_gallery.FIGURES}


@cache
def prepared() -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(make_gallery.PREPARED, names)
    return names


class BothThemes:
    """`plots`, but every picture is drawn in the dark as well: the last one is `dark`."""

    dark: Any = None

    def __getattr__(self, name: str) -> Any:
        found = getattr(plots, name)
        if name.startswith("_") or not callable(found) or "theme" not in inspect.signature(found).parameters:
            return found

        def draw(*given: Any, **named: Any) -> Any:
            self.dark = found(*given, **(named | {"theme": plots.DARK}))
            return found(*given, **named)

        return draw


@pytest.mark.parametrize("name", FIGURES)
def test_the_code_of_every_picture_runs_and_its_texts_can_be_read_in_both_themes(name, tmp_path, monkeypatch):
    monkeypatch.setenv("PELLUCID_STATE", str(tmp_path))
    both = BothThemes()
    figure, words = make_gallery.made(FIGURES[name], prepared() | {"plots": both})
    assert words.endswith(".")
    if FIGURES[name].suffix == "html":
        assert isinstance(figure, str)
        return
    for theme in (figure, both.dark):
        assert text_faults(theme) == []
        assert contrast_faults(theme) == []


@pytest.mark.parametrize("name", FIGURES)
def test_the_page_shows_every_picture_with_its_code_and_words(name):
    one = FIGURES[name]
    assert PAGE.count(f"## {one.heading}\n") == 1
    assert f"```python\n{one.code}\n```" in PAGE
    before, _ = PAGE.split(f"](gallery/{name}.{one.suffix})")
    file = DOCS / "gallery" / f"{name}.{one.suffix}"
    if one.suffix == "html":
        assert file.read_text("utf-8").startswith("<!doctype html>")
        return
    assert len(before.rsplit("![", 1)[1]) > 40
    if one.suffix == "svg":
        assert "<text" in file.read_text("utf-8")
    else:
        assert file.read_bytes().startswith(b"\x89PNG")


def test_the_pictures_are_those_of_the_page_and_small():
    files = sorted((DOCS / "gallery").iterdir())
    assert [file.name for file in files] == sorted(f"{one.name}.{one.suffix}" for one in FIGURES.values())
    assert sum(file.stat().st_size for file in files) < MOST_BYTES
    assert f"```python\n{make_gallery.PREPARED}```" in PAGE
