"""Text read in chunks gives the cells, findings and errors of the whole reading, whatever the size of the chunks."""

from __future__ import annotations

import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.data import chunks, delimited, dialect
from pellucid.data.chunks import TextChunks
from pellucid.data.delimited import read_delimited
from pellucid.data.dialect import TextOptions
from pellucid.data.row_stream import ahead, in_batches
from pellucid.errors import PellucidError

SIZES = st.integers(1, 400)
# Cells with everything that a cut between two chunks could fall on.
CELLS = st.sampled_from(
    [
        "1",
        "2.5",
        "",
        " ",
        "x",
        "é",
        "NA",
        "1,5",
        "1.200",
        '"a,b"',
        '"two\nlines"',
        '"a ""quote"""',
        '"\n\n"',
        "#no",
        "“”",
    ]
)


@pytest.fixture(autouse=True, scope="module")
def short_samples():
    """Look at 200 bytes instead of 65,536 for the layout, so that small texts come in many chunks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialect, "SAMPLE_BYTES", 200)
        patch.setattr(chunks, "SAMPLE_BYTES", 200)
        yield


def whole(raw, **options):
    """(frame, decimal, findings) of the whole reading, or the error."""
    try:
        content = read_delimited(raw, "t.csv", TextOptions(**options))
    except PellucidError as error:
        return str(error)
    return content.frame.rows(), content.decimal, sorted(map(str, content.findings))


def chunked(raw, size, only=None, **options):
    """The same by chunks of `size` bytes."""
    try:
        text = TextChunks(io.BytesIO(raw), "t.csv", TextOptions(**options), size)
        frame = pl.concat(list(text.frames(only)))
    except PellucidError as error:
        return str(error)
    return frame.rows(), text.decimal, sorted(map(str, text.findings))


@st.composite
def texts(draw):
    """A text of three columns with blank lines, comments, its line ends, its delimiter, its encoding."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    delimiter = draw(st.sampled_from([",", ";", "\t"]))
    lines = [delimiter.join(("first", "second", '"a\nname"'))]
    for _ in range(draw(st.integers(30, 60))):
        kind = draw(st.integers(0, 9))
        row = delimiter.join(draw(st.lists(CELLS, min_size=3, max_size=3)))
        lines.append("" if kind == 0 else '# a remark with a "' if kind == 1 else row)
    text = (
        draw(st.sampled_from(["", "# made\n# by hand\n", "\n\n", f"sep={delimiter}\n"]))
        + end.join(lines)
        + end * draw(st.integers(0, 3))
    )
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])), errors="replace")


@settings(max_examples=150, deadline=None)
@given(raw=texts(), size=SIZES)
def test_any_size_of_chunks_gives_the_cells_and_errors_of_the_whole_reading(raw, size):
    assert chunked(raw, size) == whole(raw)


@settings(max_examples=60, deadline=None)
@given(raw=texts(), size=SIZES)
def test_chosen_columns_are_those_of_the_whole_reading(raw, size):
    expected = whole(raw)
    if not isinstance(expected, str):
        names = read_delimited(raw, "t.csv").frame.columns
        expected = ([(row[2], row[0]) for row in expected[0]] if len(names) == 3 else expected[0], *expected[1:])
        assert chunked(raw, size, [names[2], names[0]] if len(names) == 3 else None) == expected


# What is done to the lines of a table, header first, that makes a text with ways of its own.
WAYS = {
    "titles": lambda lines: ["Trees of the park", "", *lines],
    "units": lambda lines: [lines[0], "mm,a kind,years", *lines[1:]],
    "single quotes": lambda lines: [",".join(f"'{cell}'" for cell in line.split(",")) for line in lines],
    "blanks": lambda lines: ["  " + "   ".join(line.split(",")) for line in lines],
    "trailing": lambda lines: [lines[0], *(line + "," for line in lines[1:])],
    "row numbers": lambda lines: [lines[0], *(f"{k},{line}" for k, line in enumerate(lines[1:], 1))],
}


@st.composite
def odd_texts(draw):
    """A table of 20 to 60 lines in one odd way, its header and a byte order mark once more somewhere inside."""
    row = st.tuples(st.integers(0, 99), st.sampled_from(["oak", "elm"]), st.integers(1, 9))
    rows = draw(st.lists(row, min_size=20, max_size=60))
    lines = ["size,kind,age", *(",".join(map(str, row)) for row in rows)]
    way = draw(st.sampled_from(["none", *sorted(WAYS)]))
    lines = WAYS[way](lines) if way in WAYS else lines
    place = draw(st.integers(15, len(lines) - 1))
    narrow = way in ("trailing", "row numbers")  # where a header is shorter than a row
    again = [line for line in lines[:5] if "size" in line] if draw(st.booleans()) and not narrow else []
    marked = [draw(st.sampled_from(["\ufeff", ""])) + lines[place], *lines[place + 1 :]]
    return "\n".join([*lines[:place], *again, *marked]).encode()


@settings(max_examples=100, deadline=None)
@given(raw=odd_texts(), size=SIZES)
def test_odd_texts_come_in_chunks_too(raw, size):
    found = whole(raw)
    assert not isinstance(found, str)
    assert len(found[0]) == raw.count(b"oak") + raw.count(b"elm")
    assert chunked(raw, size) == found


@pytest.mark.parametrize("size", [1, 60, 1000, 10**6])
@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("1,2", "line 402: expected 3 cells as in the first line, got 2 (and line 414: 2 rows in all)"),
        ("1,2,3,4", "line 402: expected 3 cells as in the first line, got 4 (and line 414: 2 rows in all)"),
        ('1,"2,3', "line 402: a quote opens a cell that is not closed"),
    ],
)
def test_an_error_in_a_late_chunk_names_the_true_line(size, bad, words):
    rows = ["a,b,c", *["1,2,\n"] * 200, bad, *["3,4,5"] * 11, bad.replace('"', "x", 1) if '"' in bad else bad, "6,7,8"]
    raw = "\n".join(rows).encode()
    assert words in str(chunked(raw, size))
    assert chunked(raw, size) == whole(raw)


def test_an_odd_quote_is_read_as_in_the_whole_text():
    raw = b"size,n,m\n" + b'5" x,1,2\n6,"a\nb",\n' * 20 + b'5" x,3,4\n' + b"1,2,\n" * 50
    for size in (1, 50, 300, 5000):
        assert chunked(raw, size) == whole(raw)
    assert len(whole(raw)[0]) == 91


def test_blank_lines_are_rows_of_a_single_column_but_not_at_its_end():
    raw = b"x\n" + b"1\n\n2\n\n\n" * 60 + b"\n\n\n"
    for size in (1, 7, 100):
        assert chunked(raw, size) == whole(raw)
    assert [cell for (cell,) in whole(raw)[0]] == (["1", None, "2", None, None] * 60)[:-2]


def test_late_bytes_that_are_not_utf_8_decide_for_the_whole_text():
    raw = b"a,b\n" + b"1,2\n" * 200 + b"caf\xe9,3\n"
    rows, _, findings = chunked(raw, 50)
    assert rows[-1] == ("café", "3")
    assert "line 202" in findings[0]
    assert "line 202: a NUL byte" in chunked(raw.replace(b"\xe9", b"\0"), 50)


def test_short_rows_are_found_without_going_through_every_cell(monkeypatch):
    """Quotes and gaps in the last column are common; the slow reading is for texts that are in doubt."""
    slow = []
    monkeypatch.setattr(delimited, "check_records", lambda *arguments: slow.append(arguments))
    quoted = b"a,b,c\n" + b'"x, y",1,\n"multi\nline",2,3\n"say ""so""",3,\n' * 20
    assert len(whole(quoted)[0]) == 60
    assert not slow
    whole(quoted + b'"short, row",3\n')
    assert slow


def test_batches_are_cut_by_rows():
    frames = [pl.DataFrame({"x": range(start, stop)}) for start, stop in [(0, 3), (3, 4), (4, 30), (30, 31)]]
    batches = list(in_batches(iter(frames), 7))
    assert [frame.height for frame in batches] == [7, 7, 7, 7, 3]
    assert pl.concat(batches)["x"].to_list() == list(range(31))


def test_reading_ahead_keeps_order_and_passes_errors_on():
    def items():
        yield from (1, 2)
        raise ValueError("third")

    taken = ahead(items())
    assert [next(taken), next(taken)] == [1, 2]
    with pytest.raises(ValueError, match="third"):
        next(taken)
