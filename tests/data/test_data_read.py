import gzip
import io

import numpy as np
import polars as pl
import pytest

import pellucid
from pellucid.errors import ColumnError, DataError, FileError

FRAME = pl.DataFrame({"n": [1.5, None, 3.0], "word": ["b", "a", None]})


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def same(table):
    """The content of FRAME, whichever way it came."""
    np.testing.assert_array_equal(table["n"].values, [1.5, np.nan, 3.0])
    assert table["word"].levels == ("a", "b")
    assert table["word"].values.tolist() == [1, 0, -1]
    assert table["word"].values.dtype == np.int32
    return True


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("t.csv", lambda p: FRAME.write_csv(p)),
        ("t.tsv", lambda p: FRAME.write_csv(p, separator="\t")),
        ("t.parquet", lambda p: FRAME.write_parquet(p)),
        ("t.arrow", lambda p: FRAME.write_ipc(p)),
        ("t.feather", lambda p: FRAME.write_ipc(p)),
        ("t.ipc", lambda p: FRAME.write_ipc_stream(p)),
        ("t.jsonl", lambda p: FRAME.write_ndjson(p)),
        ("t.NDJSON", lambda p: FRAME.write_ndjson(p)),
    ],
)
def test_every_format_plain_and_gzipped_gives_the_same_table(tmp_path, name, write):
    path = tmp_path / name
    write(path)
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert same(pellucid.read(path))
    assert same(pellucid.read(str(packed)))
    assert pellucid.read(path).source == name
    assert pellucid.read(path).fingerprint() == pellucid.read(FRAME).fingerprint()


@pytest.mark.parametrize("name", ["t.csv.zst", "t.jsonl.zst"])
def test_zstd_text(tmp_path, name):
    pyarrow = pytest.importorskip("pyarrow")
    raw = io.BytesIO()
    FRAME.write_csv(raw) if ".csv" in name else FRAME.write_ndjson(raw)
    path = tmp_path / name
    path.write_bytes(pyarrow.compress(raw.getvalue(), codec="zstd", asbytes=True))
    assert same(pellucid.read(path))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    lines = ["name,size,note", '"a, b; c",1,x', '"d|e",2,"y\tz"']
    text = "\n".join(line.replace(",", delimiter) if '"' not in line else line for line in lines[:1])
    text += f'\n"a, b; c"{delimiter}1{delimiter}x\n"d|e"{delimiter}2{delimiter}"y\tz"\n'
    table = pellucid.read(written(tmp_path / "t.csv", text))
    assert table.names == ("name", "size", "note")
    assert table["name"].levels == ("a, b; c", "d|e")
    assert table["size"].values.tolist() == [1.0, 2.0]


def test_a_given_delimiter_wins_and_must_be_one_character(tmp_path):
    path = written(tmp_path / "t.csv", "a:b\n1:2\n")
    assert pellucid.read(path, delimiter=":").names == ("a", "b")
    with pytest.raises(DataError, match="one character"):
        pellucid.read(path, delimiter="::")


def test_missing_marks_and_blanks_are_missing_and_other_words_are_not(tmp_path):
    path = written(tmp_path / "t.csv", "n,w\n1, yes\n?,None\nN/A,null\n ,unknown\n2,yes \nNaN,NA\n")
    table = pellucid.read(path)
    np.testing.assert_array_equal(table["n"].values, [1, np.nan, np.nan, np.nan, 2, np.nan])
    assert table["n"].kind == "number"
    assert "'?'" in table["n"].reason
    assert "blank" in table["n"].reason
    assert table["w"].objects().tolist() == ["yes", "None", None, "unknown", "yes", None]


def test_a_stray_word_among_numbers_is_named_with_its_row(tmp_path):
    column = pellucid.read(written(tmp_path / "t.csv", "a,b\n1,1\n2,2\nabout 3,3\n4,5\n"))["a"]
    assert column.kind == "category"
    assert "1 cell is no number, the first in row 3" in column.reason
    assert "about" not in column.reason  # reasons reach model files, which hold no rare levels


def test_infinities_are_missing_and_counted(tmp_path):
    column = pellucid.read(written(tmp_path / "t.csv", "a,b\n1.5,1\ninf,2\n-inf,4\n"))["a"]
    assert np.isnan(column.values).tolist() == [False, True, True]
    assert "2 infinite values taken as missing" in column.reason


def test_quoted_line_ends_byte_order_mark_and_blank_lines(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b'\xef\xbb\xbfa,b\r\n"two\r\nlines",1\r\n\r\nx,2\r\n\r\n')
    table = pellucid.read(path)
    assert table.names == ("a", "b")
    assert table.rows == 2


def test_a_blank_column_name_gets_its_number(tmp_path):
    assert pellucid.read(written(tmp_path / "t.csv", ",b\n5,1\n7,2\n")).names == ("column_1", "b")


def test_standard_input(monkeypatch):
    class Pipe:
        buffer = io.BytesIO(b"a;b\n1;2\n3;4\n")

    monkeypatch.setattr("sys.stdin", Pipe())
    table = pellucid.read("-")
    assert table["b"].values.tolist() == [2.0, 4.0]
    assert table.source == "standard input"


def test_a_table_comes_back_as_it_is():
    table = pellucid.read({"a": [1, 2]})
    assert pellucid.read(table) is table


def refused(source, error, *words, **options):
    with pytest.raises(error) as caught:
        pellucid.read(source, **options)
    for word in words:
        assert word in str(caught.value)


def test_absent_files_name_the_nearest_one(tmp_path):
    written(tmp_path / "houses.csv", "a,b\n1,2\n")
    refused(tmp_path / "house.csv", FileError, "house.csv", "did you mean 'houses.csv'?")
    refused(tmp_path / "nowhere" / "x.csv", FileError, "the folder", "does not exist")
    refused(tmp_path, FileError, "is a folder")


def test_a_misspelt_bundled_name_is_put_right():
    refused("titanik", FileError, "did you mean 'titanic'?")


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.jsonl", "t.csv.gz"])
def test_empty_files(tmp_path, name):
    (tmp_path / name).write_bytes(gzip.compress(b"") if name.endswith("gz") else b"")
    refused(tmp_path / name, DataError, name, "is empty")


def test_header_only(tmp_path):
    refused(written(tmp_path / "t.csv", "a,b\n"), DataError, "t.csv", "header of 2 columns but no rows")


def test_doubled_names(tmp_path):
    refused(written(tmp_path / "t.csv", "a,b,a\n1,2,3\n"), ColumnError, "'a' heads columns 1 and 3")


def test_unknown_suffix(tmp_path):
    refused(written(tmp_path / "t.docx", "x"), DataError, "'.docx'", ".parquet")
    refused(written(tmp_path / "plain", "x"), DataError, "no suffix")


def test_a_row_that_is_too_long_is_named(tmp_path):
    refused(written(tmp_path / "t.csv", "a,b\n1,2\n3,4,5\n"), DataError, "line 3", "expected 2 cells", "got 3")


@pytest.mark.parametrize("name", ["t.parquet", "t.arrow", "t.csv.gz", "t.csv.zst"])
def test_damaged_files(tmp_path, name):
    (tmp_path / name).write_bytes(b"this is something else")
    refused(tmp_path / name, DataError, name, "not a whole")


def test_a_gzip_file_that_was_cut(tmp_path):
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n" * 99)[:-9])
    refused(tmp_path / "t.csv.gz", DataError, "not a whole gzip file")


@pytest.mark.parametrize(("text", "words"), [('{"a": 1}\n{"a": \n', "line 2"), ('{"a": 1}\n[2]\n', "an object")])
def test_json_lines_that_are_none(tmp_path, text, words):
    refused(written(tmp_path / "t.jsonl", text), DataError, "t.jsonl", "line 2", words)


def test_options_that_do_not_fit_are_refused(tmp_path):
    FRAME.write_parquet(tmp_path / "t.parquet")
    refused(tmp_path / "t.parquet", DataError, "delimiter", delimiter=",")
    refused({"a": [1]}, DataError, "names=", names=["b"])
    refused(np.ones((2, 2)), DataError, "the option delimiter", delimiter=",")


@pytest.mark.parametrize("source", [3, [[1, 2], [3, 4]], object(), None])
def test_what_is_no_table_is_refused(source):
    refused(source, DataError, "expected")


@pytest.mark.parametrize("source", [{}, [], {"a": []}, pl.DataFrame({"a": []})])
def test_tables_without_rows_or_columns_are_refused(source):
    refused(source, DataError, "expected")


def test_bank_table_has_its_rows_and_columns(shared):
    table = pellucid.read(shared / "bank_marketing_full.csv")
    assert (table.rows, len(table.names)) == (45_211, 17)
    assert table["balance"].values.min() == -8019
    assert dict(zip(table["deposit"].levels, np.bincount(table["deposit"].values))) == {"no": 39_922, "yes": 5_289}
