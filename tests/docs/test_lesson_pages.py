"""Every lesson has a page: what is learned, a picture, questions without answers, how to open it, its lines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pellucid.lessons import LESSONS, Lesson

DOCS = Path(__file__).resolve().parents[2] / "docs"
MAP = (DOCS / "lessons_map.md").read_text("utf-8")


def page_of(lesson: Lesson) -> str:
    return (DOCS / "lessons" / f"{lesson.path.stem.removeprefix('lesson_')}.md").read_text("utf-8")


def numbers(words: str) -> list[int]:
    """The lines in words such as `lines 7, 8 and 12 to 16`."""
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?: to (\d+))?", words):
        found += range(int(first), int(last or first) + 1)
    return found


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: str(lesson.number))
def test_a_lesson_has_a_page(lesson: Lesson) -> None:
    page = page_of(lesson)
    assert page.startswith(f"# {lesson.number} · {lesson.title}\n")
    assert "![" in page
    assert "At the end you" in page.replace("\n", " ")
    assert f"`pellucid lessons {lesson.number}` opens it" in page
    asked = page.split("## It asks\n")[1].split("\n## ")[0]
    assert asked.count("\n- ") >= 3


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: str(lesson.number))
def test_the_lines_of_a_page_are_those_of_the_map(lesson: Lesson) -> None:
    (words,) = re.findall(r"It covers\s+lines ([^\[]+) of\s+\[the map\]", page_of(lesson))
    of_the_map = [int(row[0]) for row in re.findall(r"^\| (\d+) \|.*\| (\d) \| [^|]+\|$", MAP, re.MULTILINE)
                  if int(row[1]) == lesson.number]  # fmt: skip
    assert numbers(words) == of_the_map


def test_the_overview_links_all() -> None:
    overview = (DOCS / "lessons" / "index.md").read_text("utf-8")
    for lesson in LESSONS:
        assert f"[{lesson.number} · {lesson.title}]({lesson.path.stem.removeprefix('lesson_')}.md)" in overview
