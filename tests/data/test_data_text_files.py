import gzip
import io

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbook_bytes import workbook

import pellucid
from pellucid.errors import ColumnError, DataError, FileError, MissingExtraError


@pytest.fixture
def read(tmp_path):
    def reader(content, name="t.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return pellucid.read(path, **options)

    return reader


def codes(table):
    return [finding.code for finding in table.findings]


def seen(table, code):
    return next(f.seen for f in table.findings if f.code == code)


WORDS = "name,size\ncafé,1\nnaïve,2\nŒuvre – €,4\n"


@pytest.mark.parametrize(
    ("encoding", "guessed"),
    [
        ("utf-8", False),
        ("utf-8-sig", False),
        ("utf-16", False),
        ("utf-32", False),
        ("utf-16-le", True),
        ("utf-16-be", True),
        ("cp1252", True),
    ],
)
def test_encodings_are_found_and_guesses_said(read, encoding, guessed):
    table = read(WORDS.encode(encoding))
    assert table["name"].objects().tolist() == ["café", "naïve", "Œuvre – €"]
    assert table["size"].values.tolist() == [1, 2, 4]
    assert ("ENCODING_GUESSED" in codes(table)) is guessed


def test_the_guess_names_line_and_byte_and_can_be_overruled(read):
    table = read(b"a,b\n1,2\ncaf\xe9,4\n")
    assert "Windows-1252" in seen(table, "ENCODING_GUESSED")
    assert "byte 0xe9 in line 3" in seen(table, "ENCODING_GUESSED")
    told = read(b"a,b\n1,2\ncaf\xe9,4\n", encoding="latin-1")
    assert codes(told) == []
    assert read("a,b\nж,2\nы,4\n".encode("cp1251"), encoding="cp1251")["a"].levels == ("ж", "ы")


@pytest.mark.parametrize(
    ("raw", "words", "options"),
    [
        ("é,ö\nü,ä\n".encode() + b"\xe9,1\n", ["line 3", "0xe9", "not UTF-8", "damaged"], {}),
        (b"a,b\n1,\x81\n", ["line 2", "0x81", "not Windows-1252"], {}),
        ("a,b\n1,2\n".encode("utf-16")[:-1], ["UTF-16", "cut"], {}),
        (b"a,b\n1,\xff\n", ["line 2", "0xff is not UTF-8"], {"encoding": "utf-8"}),
        (b"a,b\n1,2\n", ["no encoding 'utf-9'"], {"encoding": "utf-9"}),
        (b"a,b\n1,2\n3\x00,4\n", ["line 3", "NUL byte at byte 10"], {}),
        (b"\x01\x02\x03\x04,\x05\n\x06,\x07\n", ["control characters", "binary"], {}),
        (b"PK\x03\x04rest", ["workbook"], {}),
        (b"\x1f\x8brest", ["gzip", ".csv.gz"], {}),
        (b"PAR1rest", ["Parquet"], {}),
    ],
)
def test_what_is_no_text_is_refused(read, raw, words, options):
    with pytest.raises(DataError) as caught:
        read(raw, **options)
    for word in ("t.csv", *words) if "encoding" not in str(caught.value)[:12] else words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("5.1,3.5,setosa\n4.9,3.0,virginica\n", ("c1", "c2", "c3")),
        ("1;2\n2;1\n", ("c1", "c2")),
        ("2020-01-01,x\n2020-01-02,y\n", ("c1", "c2")),
        ("yes,no\nyes,yes\nno,no\n", ("c1", "c2")),
        ("?,1\n3,4\n", ("c1", "c2")),
        ("1,2,3\n", ("c1", "c2", "c3")),
    ],
)
def test_a_file_without_a_header_keeps_its_first_row_and_says_so(read, text, names):
    table = read(text)
    assert table.names == names
    assert table.rows == text.count("\n")
    assert f"{names[0]} to {names[-1]}" in next(f.why for f in table.findings if f.code == "NO_HEADER")


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "country,1990,1991\nFR,1,2\n",
        "0,1,2\n5,6,7\n8,9,7\n",
        "day,x\n2020-01-01,u\n",
        "a,b\nx,y\nz,y\n",
        "country,2020-01-22,2020-01-23\nFR,1,2\n",
        "yes,other\nyes,x\n",
    ],
)
def test_headers_are_recognized(read, text):
    table = read(text)
    assert table.names == tuple(text.splitlines()[0].split(","))
    assert "NO_HEADER" not in codes(table)


def test_a_header_can_be_told(read):
    assert read("1,2\n3,4\n", header=True).names == ("1", "2")
    assert read("a,b\n3,4\n", header=False).rows == 2
    with pytest.raises(ColumnError, match="header=False"):
        read("x,x\n1,2\n")


def test_comment_lines(read):
    table = read("# made by hand\n# in May, 2020\na,b\n1,2\n# a pause\n3,4\n")
    assert (table.names, table.rows) == (("a", "b"), 2)
    assert "3 comment lines" in seen(table, "COMMENTS")
    assert read("# one, remark\na,b\n1,2\n").names == ("a", "b")
    assert read("\n\n# late\na,b\n1,2\n").names == ("a", "b")
    assert read("#id,size\n1,2\n3,4\n").names == ("#id", "size")
    assert read("#,Name\n1,x\n2,y\n").names == ("#", "Name")
    assert read("color,n\n#ff0000,1\n#00ff00,2\n").rows == 2
    assert read("a,b\n% x\n1,2\n", comment="%").rows == 1
    assert read("#a,b\n#1,2\n3,4\n", comment="").rows == 2
    with pytest.raises(DataError, match=r"line 3: expected 2 cells .* got 1.*comment='#'"):
        read("a,b\n1,2\n# x\n3,4\n")


def test_another_delimiter_is_said_and_can_be_told(read):
    table = read("a;b\n1;2\n")
    assert "';'" in seen(table, "DELIMITER")
    assert codes(read("a;b\n1;2\n", delimiter=";")) == []
    assert codes(read("a\tb\n1\t2\n", "t.tsv")) == []


def test_line_ends_of_every_age(read):
    for end in ("\n", "\r\n", "\r"):
        table = read(end.join(["a,b", "1,x", "2,y", ""]))
        assert table["b"].levels == ("x", "y")
        assert table["a"].values.tolist() == [1, 2]


def test_blank_rows_are_left_out_and_counted(read):
    table = read("a,b\n1,2\n,\n\n3,4\n\n\n")
    assert table["a"].values.tolist() == [1, 3]
    assert "2 blank rows" in seen(table, "BLANK_ROWS")
    assert read("a,b\n1,2\n   \n3,4\n")["a"].values.tolist() == [1, 3]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n3\n4,5\n6,7,8\n", ["line 3", "expected 2 cells", "got 1", "line 5", "2 rows in all"]),
        ("a,b\n1,2\n3,4,5\n", ["line 3", "got 3", "quotes"]),
        ("a,b\r\n1,2\r\n3\r\n", ["line 3", "got 1"]),
        ('a,b\n"x\ny",2\n3\n', ["line 4", "got 1"]),
        ("\n\na,b\n1,2\n3\n", ["line 5", "got 1"]),
        ('a,b\n1,2\n3,"x\n4,5\n', ["line 3", "a quote opens a cell that is not closed"]),
        ('a,b\n1,2\n3,"x\n4,5\n6,"ok"\n', ["line 3", "a quote opens a cell that runs on", "in line 5", "close it"]),
        ('a,b\r\n1,2\r\n3,"x\r\n4,5\r\n6,"o,k"\r\n7,"o,k"\r\n', ["line 3", "runs on", "in line 5"]),
        ('\na;b\n"x ""1""\ny";"2\n4;5\n6;"ok"\n', ["line 4", "runs on", "in line 6"]),
        ('a,b\n"x\ny","2\n4,5\n', ["line 3", "a quote opens a cell that is not closed"]),
        ('a,b\n1,"x"y\n4,5\n', ["line 2", "after a closing quote"]),
    ],
)
def test_ragged_rows_and_open_quotes_are_named_with_their_lines(read, text, words):
    with pytest.raises(DataError) as caught:
        read(text)
    for word in ("t.csv", *words):
        assert word in str(caught.value)


def test_a_short_row_is_found_though_missing_cells_end_other_rows(read):
    assert read("a,b\n1,\n2,\n3,x\n").rows == 3
    with pytest.raises(DataError, match="line 4"):
        read("a,b\n1,\n2,\n3\n")
    with pytest.raises(DataError, match="line 4"):
        read('a,b\n"1",\n2,\n3\n')


def test_inches_are_no_quotes(read):
    table = read('size,n\n5",1\n6",2\n7",3\n')
    assert table["size"].levels == ('5"', '6"', '7"')


def test_standard_input_takes_options(monkeypatch):
    class Pipe:
        buffer = io.BytesIO("1;2,5\n3;4,5\n".encode("utf-16"))

    monkeypatch.setattr("sys.stdin", Pipe())
    assert pellucid.read("-")["c2"].values.tolist() == [2.5, 4.5]


@pytest.mark.parametrize(
    "options", [{"delimiter": '"'}, {"delimiter": ""}, {"delimiter": "é"}, {"decimal": ";"}, {"decimal": ""}]
)
def test_options_that_make_no_sense(read, options):
    with pytest.raises(DataError, match="must be"):
        read("a,b\n1,2\n", **options)


def test_a_folder_of_parquet_files_is_one_table(tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir()
    with pytest.raises(FileError, match=r"is a folder without \.parquet files"):
        pellucid.read(folder)
    pl.DataFrame({"a": [1, 2], "b": ["x", "y"]}).write_parquet(folder / "part-0.parquet")
    pl.DataFrame({"b": ["z"], "a": [3]}).write_parquet(folder / "part-1.parquet")
    (folder / "_SUCCESS").touch()
    (folder / ".hidden.parquet").write_bytes(b"no")
    table = pellucid.read(folder)
    assert table.source == "parts"
    assert table["a"].values.tolist() == [1, 2, 3]
    assert table["b"].objects().tolist() == ["x", "y", "z"]
    pl.DataFrame({"a": [1], "c": ["x"]}).write_parquet(folder / "part-2.parquet")
    with pytest.raises(DataError, match=r"same columns.*part-0\.parquet and part-2\.parquet"):
        pellucid.read(folder)
    (folder / "part-2.parquet").write_bytes(b"PAR1 cut")
    with pytest.raises(DataError, match=r"part-2\.parquet is not a whole Parquet file"):
        pellucid.read(folder)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
@pytest.mark.parametrize("kind", ["parquet", "arrow", "csv.gz", "csv.zst"])
def test_cut_files(tmp_path, kind, share):
    frame = pl.DataFrame({"a": np.random.default_rng(0).random(2000)})
    packed = io.BytesIO()
    if kind == "csv.gz":
        packed.write(gzip.compress(frame.write_csv().encode()))
    elif kind == "csv.zst":
        pyarrow = pytest.importorskip("pyarrow")
        packed.write(pyarrow.compress(frame.write_csv().encode(), codec="zstd", asbytes=True))
    else:
        getattr(frame, {"parquet": "write_parquet", "arrow": "write_ipc"}[kind])(packed)
    raw = packed.getvalue()
    path = tmp_path / f"t.{kind}"
    path.write_bytes(raw[: int(len(raw) * share)])
    with pytest.raises(DataError, match=r"t\..*not a whole"):
        pellucid.read(path)


def test_a_workbook(read):
    pytest.importorskip("fastexcel", reason="the extra 'excel' is not installed")
    rows = [["n", "word", "yes", "mixed"], [1, "b", True, 1], [2.5, "a", False, "x"], [None, None, None, None]]
    table = read(workbook({"data": [*rows, [4, None, True, None]]}), "t.xlsx")
    np.testing.assert_array_equal(table["n"].values, [1, 2.5, 4])
    assert table["word"].objects().tolist() == ["b", "a", None]
    assert table["yes"].objects().tolist() == ["True", "False", "True"]
    assert table["mixed"].objects().tolist() == ["1", "x", None]
    two = read(workbook({"data": [["a", "b"], [1, 2]], "other": [["c"], [1]]}), "t.xlsx")
    assert two.names == ("a", "b")
    assert "'other'" in seen(two, "FIRST_SHEET")


@pytest.mark.parametrize(
    ("rows", "error", "words"),
    [
        ([["a", "a"], [1, 2]], ColumnError, "'a' heads columns 1 and 2"),
        ([["a", "b"]], DataError, "no rows below"),
        ([[None]], DataError, "is empty"),
    ],
)
def test_workbooks_that_are_no_table(read, rows, error, words):
    pytest.importorskip("fastexcel", reason="the extra 'excel' is not installed")
    with pytest.raises(error, match=words):
        read(workbook({"data": rows}), "t.xlsx")


def test_a_workbook_that_was_cut(read):
    pytest.importorskip("fastexcel", reason="the extra 'excel' is not installed")
    with pytest.raises(DataError, match=r"t\.xlsx is not a whole \.xlsx workbook"):
        read(workbook({"data": [["a"], [1]]})[:-200], "t.xlsx")


def test_without_the_extra_a_workbook_names_it(read, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "fastexcel", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'pellucid\[excel\]'"):
        read(workbook({"data": [["a"], [1]]}), "t.xlsx")


CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), include_characters='",;|\t\n '),
    min_size=1,
    max_size=8,
).map(lambda text: f"w{text}w")


@settings(deadline=None, max_examples=150)
@given(
    rows=st.lists(st.tuples(CELLS, st.floats(-1e30, 1e30)), min_size=2, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_with_quotes_comes_back(tmp_path_factory, rows, delimiter, encoding, end):
    def quoted(text):
        return '"' + text.replace('"', '""') + '"'

    lines = [delimiter.join(["word", "number"]), *(delimiter.join([quoted(w), repr(x)]) for w, x in rows)]
    path = tmp_path_factory.getbasetemp() / "round.csv"
    path.write_bytes((end.join(lines) + end).encode(encoding))
    table = pellucid.read(path, delimiter=delimiter)
    assert table["word"].objects().tolist() == [word for word, _ in rows]
    assert table["number"].values.tolist() == [x for _, x in rows]


@pytest.mark.parametrize(
    "name", ["titanic_train", "telco_churn", "bike_hour", "bank_marketing_full", "spiral", "california_housing_cat"]
)
def test_real_tables_in_other_clothes_are_the_same_tables(shared, read, name):
    """Delimiter, encoding, line ends and packing change; the fingerprint does not."""
    path = shared / f"{name}.csv"
    plain = pellucid.read(path)
    text = pl.read_csv(path, infer_schema=False)
    clothes = {
        "t.csv": text.write_csv(separator=";").encode("utf-16"),
        "u.csv": text.write_csv(separator="|", line_terminator="\r\n").encode("cp1252"),
        "v.tsv.gz": gzip.compress(text.write_csv(separator="\t").encode("utf-8-sig")),
        "w.txt": text.write_csv(quote_style="always", separator=",").encode(),
    }
    for file, raw in clothes.items():
        assert read(raw, file).fingerprint() == plain.fingerprint(), file


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;\r"])
def test_a_first_line_of_a_spreadsheet_says_the_delimiter(read, line):
    table = read(f"{line}\na;b\n1,5;2\n2,5;3\n")
    assert table.names == ("a", "b")
    assert table["a"].values.tolist() == [1.5, 2.5]
    assert codes(table) == []
    assert read("sep=|\na,b|c\n1|2\n").names == ("a,b", "c")
    assert read(f"{line}\na,b\n1,2\n", delimiter=",").names == ("a", "b")
    with pytest.raises(DataError, match="line 4: expected 2 cells"):
        read(f"{line}\na;b\n1;2\n3\n")
