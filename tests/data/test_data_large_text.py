"""A large text that is read piece by piece with types gives the table that reading it as text gives, cell by cell."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pellucid.data import chunks, dialect, files, large_text
from pellucid.data.read import read
from pellucid.errors import PellucidError

# What a column of each kind holds; then what may turn up in it late.
KINDS = {
    "whole": (
        ["1", "20", "-3", "07", "0"],
        ["4.5", " 7", "x", "", " ", '""', "9" * 25, "+1", "None", "--", "007", "00123"],
    ),
    "float": (["1.5", "-2", "1e3", "0.25", ""], ["inf", "nan", " 1", "NA", "1e40", "1,5", "-0"]),
    "level": (["red", "green", "blue"], ["", "NA", "new", " red", "12", '"a, b"', '"two\nlines"', "é"]),
    "yes": (["yes", "no", "No"], ["-", "YES", "maybe"]),
    "date": (["2024-01-05", "2023-12-31"], ["5.1.2024", "", "soon", "None", "2024-02-30"]),
}


@pytest.fixture(autouse=True, scope="module")
def small_pieces():
    """Take 200 bytes for large, look at 400 for the types, and read 300 at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialect, "SAMPLE_BYTES", 200)
        patch.setattr(chunks, "SAMPLE_BYTES", 200)
        patch.setattr(large_text, "HEAD_BYTES", 400)
        patch.setattr(large_text, "HEAD_ROWS", 5)
        yield


@st.composite
def tables(draw):
    """The text of a table that is plain for a while, with odd cells and lines below."""
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=5))
    delimiter = draw(st.sampled_from([",", ";"]))
    rows = [delimiter.join(f"c{k}" for k in range(len(kinds)))]
    for _ in range(draw(st.integers(60, 90))):
        rows.append(delimiter.join(draw(st.sampled_from(KINDS[kind][0])) for kind in kinds))
    for _ in range(draw(st.integers(0, 4))):
        cells = [draw(st.sampled_from(KINDS[kind][0])) for kind in kinds]
        odd = draw(st.integers(0, len(kinds) - 1))
        cells[odd] = draw(st.sampled_from(KINDS[kinds[odd]][1]))
        rows.insert(draw(st.integers(30, len(rows))), delimiter.join(cells))
    if draw(st.integers(0, 9)) == 0:
        rows.insert(draw(st.integers(30, len(rows))), draw(st.sampled_from(["", "1", "   ", '"open'])))
    return "\n".join(rows) + draw(st.sampled_from(["", "\n"]))


def told(path, kinds):
    """All that a table says of itself, or the error."""
    try:
        table = read(path, kinds=kinds)
    except PellucidError as error:
        return str(error)
    columns = [(c.name, c.kind, c.role, c.reason, c.levels, c.form, c.values.tobytes()) for c in table]
    return columns, table.findings, table.fingerprint()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=tables(),
    size=st.integers(120, 600),
    forced=st.sampled_from([{}, {"c0": "category"}, {"c0": "date"}, {"c0": "date:mdy"}]),
)
def test_types_from_the_first_rows_change_nothing(tmp_path, monkeypatch, text, size, forced):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(large_text, "PIECE_BYTES", size)
    monkeypatch.setattr(files, "LARGE_BYTES", 1 << 60)
    expected = told(path, forced)
    monkeypatch.setattr(files, "LARGE_BYTES", 0)
    assert told(path, forced) == expected


@pytest.mark.parametrize("late", ["00123", " 007", '"0042"'])
def test_leading_zeros_are_seen_in_late_rows_too(tmp_path, monkeypatch, late):
    path = tmp_path / "t.csv"
    path.write_text("zip,b\n" + "12345,1\n" * 100 + f"{late},2\n" * 20, encoding="utf-8")
    monkeypatch.setattr(large_text, "PIECE_BYTES", 300)
    expected = told(path, {})
    monkeypatch.setattr(files, "LARGE_BYTES", 0)
    assert told(path, {}) == expected
    assert read(path)["zip"].kind == "category"


def test_plain_columns_are_never_read_as_text(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text("a,b,c\n" + "1,x,2.5\n2,y,\n" * 100, encoding="utf-8")
    monkeypatch.setattr(large_text, "PIECE_BYTES", 300)
    monkeypatch.setattr(files, "LARGE_BYTES", 0)
    monkeypatch.setattr(large_text, "text_draft", None)
    table = read(path)
    assert [c.kind for c in table] == ["number", "category", "number"]
    assert table["c"].missing.sum() == 100


def test_a_piece_of_blank_lines_holds_nothing(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text("a,b\nu,x\n" + "v,y\n" * 100 + "   \n" * 40, encoding="utf-8")
    monkeypatch.setattr(large_text, "PIECE_BYTES", 30)
    monkeypatch.setattr(files, "LARGE_BYTES", 0)
    assert read(path).rows == 101
