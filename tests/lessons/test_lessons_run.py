"""Every lesson, found by its file: it runs as a script, asks, grades, and uses public names only."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import pellucid
from pellucid import lessons

FOLDER = Path(lessons.__file__).parent
NUMBERS = sorted(int(path.stem.split("_")[1]) for path in FOLDER.glob("lesson_*.py"))


@cache
def ran(number: int) -> tuple[str, Mapping[str, Any]]:
    return lessons.run_lesson(number)


def questions(number: int) -> dict[str, Any]:
    return {name: value for name, value in ran(number)[1].items() if isinstance(value, lessons.Question)}


def imports(source: str) -> set[str]:
    """Everything that a notebook imports, as `module.name`."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def private(names: set[str]) -> set[str]:
    """The imported names of pellucid that are not public."""
    return {name for name in names if name.split(".")[0] == "pellucid" and not is_public(name.split("."))}


def is_public(parts: list[str]) -> bool:
    place: Any = pellucid
    for part in parts[1:]:
        if part not in dir(place):
            return False
        place = getattr(place, part)
    return True


def test_the_files_are_those_of_the_list() -> None:
    assert {path.name for path in FOLDER.glob("lesson_*.py")} <= {lesson.file for lesson in lessons.LESSONS}
    assert NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_it_speaks_before_anybody_answers(number: int) -> None:
    said, _ = ran(number)
    title = lessons.LESSONS[number - 1].title
    assert said.startswith(f"{number} · {title}")
    assert "[figure" in said
    assert "Now on your table" in said
    assert len(said.split()) > 300


@pytest.mark.parametrize("number", NUMBERS)
def test_it_asks_three_questions_of_two_kinds(number: int) -> None:
    asked = questions(number)
    assert len(asked) >= 3
    assert {type(each) for each in asked.values()} >= {lessons.Number, lessons.Prediction}
    _, names = ran(number)
    for name, question in asked.items():
        widget = names[name.replace("question", "answer")]
        assert not widget.value
        assert question.grade(widget.value).right is None
        assert question.told not in question.prompt or isinstance(question, lessons.Choice)


@pytest.mark.parametrize("number", NUMBERS)
def test_right_answers_are_right_and_wrong_ones_get_the_arithmetic(number: int) -> None:
    for question in questions(number).values():
        assert any(letter.isdigit() for letter in question.working)
        assert question.grade(question.answer).right
        if isinstance(question, lessons.Choice):
            wrong = [question.grade(option) for option in question.options if option != question.answer]
        else:
            away = question.tolerance * 1.01 + 1e-6
            wrong = [question.grade(question.answer + away), question.grade(repr(question.answer - away))]
        assert [grade.right for grade in wrong] == [False] * len(wrong)
        assert all(question.working in grade.text for grade in wrong)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("end", ["start", "stop"])
def test_sliders_at_their_ends(number: int, end: str) -> None:
    import marimo as mo

    _, names = ran(number)
    widgets = {name: value for name, value in names.items() if isinstance(value, mo.ui.slider)}
    if not widgets:
        pytest.skip("no sliders")
    moved = {name: mo.ui.slider(w.start, w.stop, w.step, getattr(w, end)) for name, w in widgets.items()}
    outputs, _ = lesson_app(number).run(defs=moved)
    assert len(outputs)


@pytest.mark.parametrize("number", NUMBERS)
def test_only_public_names_are_imported(number: int) -> None:
    names = imports((FOLDER / lessons.LESSONS[number - 1].file).read_text("utf-8"))
    assert private(names) == set()
    allowed = {"marimo", "numpy", "matplotlib", "plotly", "networkx", "pellucid", "torch"}
    assert {name.split(".")[0] for name in names} <= allowed | sys.stdlib_module_names


def test_a_private_name_is_caught() -> None:
    wrong = "from pellucid.nn.dense import forward\nimport pellucid.judging.ladder\nfrom pellucid import read"
    assert private(imports(wrong)) == {"pellucid.nn.dense.forward", "pellucid.judging.ladder"}


@pytest.mark.parametrize("number", NUMBERS)
def test_its_last_page_takes_a_table(number: int, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    rows = [f"{i % 7},{i * i % 11},{'yes' if i % 7 > 3 else 'no'},{i % 2}" for i in range(40)]
    path.write_text("\n".join(["width,height,answer,won", *rows]), encoding="utf-8")
    _, names = ran(number)
    for classes in (False, True):
        told = lessons.on_your_table(path, names["steps"], classes=classes)
        assert told.startswith("Read 40 rows. To be predicted: ‘won’. From: ‘width’, ‘height’.")
        assert len(told.split("\n\n", 1)[1]) > 100


@pytest.mark.parametrize("number", NUMBERS)
def test_it_exports_to_jupyter(number: int, tmp_path: Path) -> None:
    path = lessons.export_lesson(number, tmp_path / "notebooks")
    notebook = json.loads(path.read_text("utf-8"))
    assert notebook["nbformat"] == 4
    assert sum("question_" in "".join(cell["source"]) for cell in notebook["cells"]) >= 3


def lesson_app(number: int) -> Any:
    import importlib

    return importlib.import_module(lessons.find_lesson(number).module).app
