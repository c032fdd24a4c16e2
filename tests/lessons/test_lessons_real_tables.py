"""The documents' tables in lessons: used where they can be had, and said either way."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from test_lessons_run import ran

from pellucid import lessons
from pellucid.errors import SpecError

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
FILES = {"admissions": ("gpa1.csv", 400), "spiral": ("spiral.csv", 1500)}


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """No copy and no network; how long a host would have been waited for."""
    waited: list[float] = []

    def unreachable(address: str, timeout: float) -> None:
        waited.append(timeout)
        raise urllib.error.URLError("no route")

    monkeypatch.setattr(urllib.request, "urlopen", unreachable)
    monkeypatch.setenv("PELLUCID_DATASETS", str(tmp_path))
    monkeypatch.setenv("PELLUCID_CACHE", str(tmp_path))
    return waited


@pytest.mark.parametrize("name", FILES)
def test_a_copy_is_used(name: str) -> None:
    file, rows = FILES[name]
    if not (SHARED / file).is_file():
        pytest.skip(f"{file} is not in ../shared/data")
    table, told = lessons.real_table(name)
    assert table is not None
    assert len(table) == rows
    assert f"*{file}*, with {rows:,} rows" in told


@pytest.mark.parametrize("name", FILES)
def test_without_it_the_reader_is_told_and_waits_a_moment_at_most(name: str, offline: list[float]) -> None:
    table, told = lessons.real_table(name)
    assert table is None
    assert "is not here" in told
    assert "PELLUCID_DATASETS" in told
    assert max(offline) <= 5


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(SpecError, match="did you mean 'spiral'"):
        lessons.real_table("spirale")


@pytest.mark.parametrize(("number", "name"), [(5, "admissions"), (9, "spiral")])
def test_the_lesson_says_which_it_uses(number: int, name: str) -> None:
    here = (SHARED / FILES[name][0]).is_file()
    assert ("This is the document's own table" in ran(number)[0]) == here
    assert (f"own table, {name}, is not here" in ran(number)[0]) != here


@pytest.mark.parametrize("number", [5, 9])
def test_the_lesson_runs_without_it(number: int, offline: list[float]) -> None:
    assert "is not here" in lessons.run_lesson(number)[0]
    assert offline
