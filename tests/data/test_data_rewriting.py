"""Texts with titles, single quotes, blanks between cells or delimiters at the end of rows are the same tables."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pellucid
from pellucid.data import chunks
from pellucid.data.row_stream import open_rows
from pellucid.errors import DataError

PLAIN = "size,kind,day\n1.5,oak,2024-01-05\n20,elm,2024-02-28\n3,oak,2023-12-31\n4,ash,2024-03-09\n"
ROWS = [line.split(",") for line in PLAIN.splitlines()]
# What is odd → the text, and what is told.
ODD = {
    "title": ("Trees of the park\n" + PLAIN, "TITLE_LINES"),
    "two titles": ("Trees\n\nall of them\n\n" + PLAIN, "TITLE_LINES"),
    "title of a spreadsheet": ("Trees,,\n" + PLAIN, "TITLE_LINES"),
    "title below a comment": ("# from the town\n# in 2024\nTrees\n" + PLAIN, "TITLE_LINES"),
    "title below sep=": ("sep=,\nTrees\n" + PLAIN, "TITLE_LINES"),
    "single quotes": ("\n".join(",".join(f"'{cell}'" for cell in row) for row in ROWS) + "\n", "QUOTES"),
    "blanks": ("\n".join("   ".join(row) for row in ROWS), "DELIMITER"),
    "blanks at the edges": ("\n".join("  " + "  ".join(cell.ljust(9) for cell in row) for row in ROWS), "DELIMITER"),
    "trailing": (PLAIN.replace("\n", ",\n").replace(",\n", "\n", 1), "TRAILING_DELIMITERS"),
    "trailing, CRLF": (
        PLAIN.replace("\n", ";\r\n").replace(";\r\n", "\r\n", 1).replace(",", ";"),
        "TRAILING_DELIMITERS",
    ),
}


@pytest.fixture
def read(tmp_path):
    def call(text, name="t.csv", **options):
        content = text.encode()
        (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
        return pellucid.read(tmp_path / name, **options)

    return call


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
@pytest.mark.parametrize("odd", ODD)
def test_the_same_table_comes_out_and_what_was_done_is_told(read, odd, name):
    text, code = ODD[odd]
    table = read(text, name)
    assert table.fingerprint() == read(PLAIN).fingerprint()
    (finding,) = (finding for finding in table.findings if finding.code == code)
    assert finding.severity == "information"
    assert name in finding.seen


@pytest.mark.parametrize("odd", ODD)
def test_predictions_read_them_too(tmp_path, odd):
    (tmp_path / "t.csv").write_text(ODD[odd][0], newline="")
    with open_rows(str(tmp_path / "t.csv")) as rows:
        assert rows.names == ROWS[0]
        (frame,) = rows.batches(["kind", "size"])
    assert frame.rows() == [(kind, size) for size, kind, _ in ROWS[1:]]
    assert ODD[odd][1] in [finding.code for finding in rows.findings]


MEASURED = "size,kind,age\n" + "".join(f"{k}.5,{'oak' if k % 3 else 'elm'},{k % 7}\n" for k in range(30))


@pytest.mark.parametrize("above", ["", "Trees of the park\n\n", "# from the town\n# in 2024\n"])
@pytest.mark.parametrize("words", ["mm,a kind,years\n", "Size,Which?,How old?\nImport 1,Import 2,Import 3\n"])
def test_lines_of_words_below_the_header_are_no_rows(read, above, words):
    table = read(above + MEASURED.replace("\n", "\n" + words, 1))
    assert table.fingerprint() == read(MEASURED).fingerprint()
    (finding,) = (finding for finding in table.findings if finding.code == "MORE_HEADER_LINES")
    assert finding.severity == "warning"


@pytest.mark.parametrize("row", ["mm,oak,3\n", "?,oak,NA\n", "unknown,oak,\n"])
def test_a_row_with_a_number_or_a_gap_is_a_row(read, row):
    table = read(MEASURED.replace("\n", "\n" + row, 1))
    assert table.rows == 31


def test_words_above_a_single_column_of_numbers_may_be_a_row(read):
    assert read("name,age\nBob,unknown\n" + "".join(f"n{k % 4},{k}\n" for k in range(30))).rows == 31


def test_the_line_with_a_fault_keeps_its_number_below_lines_of_words(read):
    with pytest.raises(DataError, match="line 33: expected 3 cells"):
        read(MEASURED.replace("\n", "\nmm,a kind,years\n", 1) + "1,oak\n")


def test_row_numbers_without_a_name_are_a_column(read):
    """As `write.table` of R has them."""
    lines = MEASURED.splitlines()
    table = read("\n".join([lines[0], *(f"{k},{line}" for k, line in enumerate(lines[1:], 1))]))
    assert table.names == ("column_1", "size", "kind", "age")
    assert table["column_1"].role == "identifier"
    assert table.drop(["column_1"]).fingerprint() == read(MEASURED).fingerprint()


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_files_below_one_another_are_one_table(read, mark):
    once = read(mark + MEASURED + mark + MEASURED[MEASURED.index("\n") + 1 :])
    table = read(mark + MEASURED + mark + MEASURED)
    assert table.rows == 60
    assert table["size"].kind == "number"
    assert table.fingerprint() == once.fingerprint()
    assert "1 line of t.csv left out: the header again" in " ".join(map(str, table.findings))


def test_a_row_that_comes_again_is_no_header(read):
    table = read("yes,no,yes\nno,yes,yes\n" * 20)
    assert (table.names, table.rows) == (("c1", "c2", "c3"), 40)
    assert read("a,b,y\n" + "x,u,no\nz,v,yes\n" * 20 + "a,b,y\n" + "x,u,no\n").rows == 41


def test_a_plain_text_is_left_alone(read):
    assert read(PLAIN).findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "name\nJohn Smith\nAnna Lee\nBob Ray\nEve Roe\n",
        "full name\nJohn Smith\nAnna Lee\nBob Ray\nEve Roe\n",
        "note\nO'Brien\n'tis so\nit's\n'quoted'\n",
    ],
)
def test_sentences_are_no_cells_between_blanks(read, text):
    table = read(text)
    assert table.names == (text.split("\n")[0],)
    assert table[table.names[0]].levels == tuple(sorted(text.split("\n")[1:-1]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("review\nGood, nice\nBad, not\nSo, so\nOh, well\n", "line 2: expected 1 cell as in the first line, got 2"),
        (PLAIN.replace("oak", "oak,", 1), "line 2: expected 3 cells"),
    ],
)
def test_what_is_not_sure_is_refused(read, text, words):
    with pytest.raises(DataError, match=words):
        read(text)


def test_the_quote_can_be_said(read):
    single = read("a,b\n1,'x, y'\n2,'it''s \"so\"'\n", quote="'")
    assert single["b"].levels == ('it\'s "so"', "x, y")
    none = read('a,b\n1,"x\n2,5" pipe\n3,z\n', quote="")
    assert none["b"].levels == ('"x', '5" pipe', "z")
    double = read(ODD["single quotes"][0], quote='"')
    assert double.names[0] == "'size'"
    with pytest.raises(DataError, match="the quote must be"):
        read(PLAIN, quote="|")


def test_names_are_restored_too(read):
    assert read("'a \"b\"','c'\n'1','2'\n'3','4'\n", quote="'").names == ('a "b"', "c")


def test_several_blanks_are_one_delimiter_when_blanks_were_asked_for(read):
    assert read("a  b c\n1 2   3\n4  5 6 \n", delimiter=" ")["c"].values.tolist() == [3, 6]


def test_no_header_means_that_the_first_line_is_a_row(read):
    with pytest.raises(DataError, match="line 2: expected 1 cell"):
        read(ODD["title"][0], header=False, delimiter=",")


def test_lines_keep_their_numbers(read):
    with pytest.raises(DataError, match="line 17: expected 3 cells as in the first line, got 2"):
        read("Trees\n\n" + PLAIN + "6,oak,2024-01-01\n" * 9 + "5,oak\n")


def test_a_large_text_between_single_quotes(read, monkeypatch):
    from pellucid.data import files

    monkeypatch.setattr(files, "LARGE_BYTES", 10)
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 40)
    assert read(ODD["single quotes"][0]).fingerprint() == read(PLAIN).fingerprint()
    assert read(ODD["blanks"][0]).fingerprint() == read(PLAIN).fingerprint()


cells = st.text(st.sampled_from("ab,' \"\n"), max_size=5)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=6))
def test_cells_between_single_quotes_come_back_as_they_were(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("quoted") / "t.csv"
    written = [",".join("'" + cell.replace("'", "''") + "'" for cell in row) for row in [("x", "y"), ("p", "q"), *rows]]
    path.write_text("\n".join(written) + "\n", newline="")
    with open_rows(str(path), pellucid.data.dialect.TextOptions(quote="'", header=True)) as stream:
        (frame,) = stream.batches(["x", "y"])
    assert [tuple(cell or "" for cell in row) for row in frame.rows()] == [("p", "q"), *rows]


def test_a_title_may_stand_above_a_header_whose_row_numbers_have_no_name(read):
    """The commas of thousands are no reason to take the line without semicolons for the header."""
    rows = "".join(f"{k};{k}.25;1,{200 + k}\n" for k in range(30))
    table = read("Orders of the year\n;hours;paid\n" + rows)
    assert table.names == ("column_1", "hours", "paid")
    assert table["paid"].values.tolist() == [1200.0 + k for k in range(30)]
    assert "TITLE_LINES" in {finding.code for finding in table.findings}
