"""docs/lessons_map.md: every line of the lectures has calls that exist, a lesson and tests that are there."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

import pellucid

ROOT = Path(__file__).resolve().parents[2]
LESSONS = ROOT.parent / "shared" / "LESSONS.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "lessons_map.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d+ \|", line)
]


def lessons_of_lines(text: str) -> dict[int, int]:
    """Line → lesson, from rows such as `| 4 Titanic from scratch | 7, 8, 12-16 | …`."""
    found = {}
    for lesson, lines in re.findall(r"^\| (\d) [^|]+\| ([\d, -]+) \|", text, re.MULTILINE):
        for part in lines.split(","):
            first, _, last = part.strip().partition("-")
            found |= dict.fromkeys(range(int(first), int(last or first) + 1), int(lesson))
    return found


def test_the_lines_count_from_1_to_35_in_order() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 36))
    assert all(len(row) == 5 and all(row) for row in ROWS)


@pytest.mark.parametrize("call", sorted({call for row in ROWS for call in re.findall(r"`([^`]+)`", row[2])}))
def test_a_call_exists(call: str) -> None:
    found: Any = pellucid
    for name in call.split("."):
        found = getattr(found, name) if hasattr(found, name) else importlib.import_module(f"{found.__name__}.{name}")
    assert not isinstance(found, type(pellucid)), f"{call} is a room, not a call"


@pytest.mark.parametrize("file", sorted({file for row in ROWS for file in row[4].split()}))
def test_a_test_is_there(file: str) -> None:
    assert (ROOT / "tests" / file).is_file()


@pytest.mark.skipif(not LESSONS.is_file(), reason="the list of lessons is not beside this checkout (../shared)")
def test_each_line_is_in_the_lesson_that_the_plan_says() -> None:
    assert {int(row[0]): int(row[3]) for row in ROWS} == lessons_of_lines(LESSONS.read_text(encoding="utf-8"))
