"""A file is named after its one idea."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}


def nameless(paths: list[str]) -> list[str]:
    """The paths with a part, between slashes, dots and underscores around the whole, that says nothing."""
    return [path for path in paths if {part.strip("_") for part in Path(path).with_suffix("").parts} & FORBIDDEN]


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    paths = [
        str(path.relative_to(ROOT))
        for folder in ("src", "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
    ]
    assert len(paths) > 50
    assert nameless(paths) == []


@pytest.mark.parametrize("path", ["src/pellucid/data/utils.py", "tests/helpers/x.py", "src/pellucid/nn/_common.py"])
def test_such_a_name_is_caught(path: str) -> None:
    assert nameless([path]) == [path]


def test_a_name_that_says_something_passes() -> None:
    assert nameless(["src/pellucid/training/base_rate.py", "src/pellucid/data/table.py"]) == []


def test_test_files_have_different_names() -> None:
    """Folders of tests are no packages, so that two files of one name would hide each other."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(set(names)) == sorted(names)
