"""Tables as other programs export them, and files that are none."""

from __future__ import annotations

import numpy as np
import pytest

import pellucid
from pellucid.errors import ColumnError, DataError

ROWS = range(60)


@pytest.fixture
def read(tmp_path):
    def call(content, name="t.csv", **options):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return pellucid.read(tmp_path / name, **options)

    return call


def codes(table):
    return [finding.code for finding in table.findings]


@pytest.mark.parametrize(
    "write", ["{} kg".format, "{}cm".format, "<{}".format, "{}.5K".format, lambda k: f"{k} €" if k % 2 else f"${k}"]
)
def test_numbers_with_a_unit_beside_them_are_told(read, write):
    table = read("w,y\n" + "".join(f"{write(k)},{k % 3}\n" for k in ROWS))
    assert table["w"].kind == "category"
    (finding,) = (finding for finding in table.findings if finding.code == "NUMBERS_WITH_MORE")
    assert "column 'w': 60 values" in finding.seen


@pytest.mark.parametrize(
    "write", ["{}-99".format, "{} Main Street".format, "+41 79 {}".format, "A-{}".format, lambda k: f"{k % 8} kg"]
)
def test_ranges_streets_telephones_codes_and_a_few_levels_are_not(read, write):
    assert "NUMBERS_WITH_MORE" not in codes(read("w,y\n" + "".join(f"{write(k)},{k % 3}\n" for k in ROWS)))


def test_a_minus_behind_a_number_makes_it_negative(read):
    table = read("amount;y\n" + "".join(f"{k},25{'-' if k % 2 else ''};{k % 3}\n" for k in ROWS))
    assert table["amount"].values.tolist() == [(k + 0.25) * (-1 if k % 2 else 1) for k in ROWS]
    assert "a minus behind the number put before it" in table["amount"].reason


def test_grades_with_a_minus_are_levels(read):
    assert read("grade,y\n" + "".join(f"{'ABC'[k % 3]}{'+-'[k % 2]},{k}\n" for k in ROWS))["grade"].kind == "category"


def test_errors_of_spreadsheets_are_missing(read):
    table = read(
        "a,b\n" + "".join(f"{'#DIV/0!' if k % 7 == 0 else k},{'#REF!' if k % 9 == 0 else 'x'}\n" for k in ROWS)
    )
    assert table["a"].kind == "number"
    assert np.flatnonzero(table["a"].missing).tolist() == list(range(0, 60, 7))
    assert table["b"].levels == ("x",)


def test_a_long_cell_is_cut_in_the_text_of_a_profile(read):
    table = read("c,d,y\n" + "".join(f"{'long ' * 500}{k % 2},{'x' * 999}{k},{k}\n" for k in ROWS))
    text = pellucid.profile_table(table).to_text()
    assert max(map(len, text.splitlines())) <= 100
    assert len(text.splitlines()) < 30


def test_a_name_of_two_lines_stands_on_one(read):
    table = read('"e\nf",y\n' + "".join(f"{k}.5,{k % 3}\n" for k in ROWS))
    assert "\ne f " in pellucid.profile_table(table).to_text()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<!DOCTYPE html>\n<html><body>Log in</body></html>\n", "expected a table, got a web page"),
        ("\n<html>\n", "expected a table, got a web page"),
        ('<?xml version="1.0"?>\n<Workbook/>\n', "expected a table, got a web page or XML"),
        ('[{"a": 1, "y": 2}]\n', "got JSON; write one object a line and name it .jsonl"),
        ('{"a": 1, "y": 2}\n{"a": 2, "y": 2}\n', "got JSON"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_web_pages_and_json_are_no_tables(read, content, words, encoding):
    with pytest.raises(DataError, match=words):
        read(content.encode(encoding))


def test_a_web_page_is_no_workbook(read):
    pytest.importorskip("fastexcel", reason="the extra 'excel' is not installed")
    with pytest.raises(DataError, match="expected a workbook, got a web page"):
        read("<html></html>", "t.xlsx")


@pytest.mark.parametrize(
    ("suffix", "words"), [("xls", "save it as .xlsx"), ("json", "one object a line"), ("sav", "export it as CSV")]
)
def test_what_to_do_with_files_of_other_programs(read, suffix, words):
    with pytest.raises(DataError, match=words):
        read("x", f"t.{suffix}")


def test_a_remark_below_the_rows_can_be_deleted(read):
    with pytest.raises(DataError, match="got 1; delete the line if it is a remark"):
        read("a,b,y\n" + "1,2,3\n" * 60 + "\nmade by a program\n")


def test_an_unknown_column_may_be_a_matter_of_the_encoding(read):
    table = read("年龄,结果\n1,好\n2,坏\n".encode("gb18030"))
    with pytest.raises(ColumnError, match="its encoding was guessed"):
        table["结果"]
    assert read("年龄,结果\n1,好\n2,坏\n".encode("gb18030"), encoding="gb18030")["结果"].levels == ("坏", "好")
