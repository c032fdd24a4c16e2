"""Digits that are codes, numbers of rows and signs: what looks like a number or a gap and is none."""

from __future__ import annotations

import numpy as np
import pytest

import pellucid
from pellucid.data import files, large_text


@pytest.fixture
def read(tmp_path):
    def call(columns, **options):
        lines = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values()))]
        (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
        return pellucid.read(tmp_path / "t.csv", **options)

    return call


CODES = [f"{code:05d}" for code in (2134, 94110, 60601, 501)] * 20


def test_leading_zeros_make_categories_and_the_reason_says_so(read):
    column = read({"zip": CODES, "x": range(80)})["zip"]
    assert (column.kind, column.levels) == ("category", ("00501", "02134", "60601", "94110"))
    assert "digits with leading zeros" in column.reason
    assert "zip read as text, digits with leading zeros." in str(
        pellucid.profile_table({"zip": CODES, "x": CODES[::-1]})
    )


def test_they_are_numbers_when_that_is_asked_for(read):
    column = read({"zip": CODES, "x": range(80)}, kinds={"zip": "number"})["zip"]
    assert column.values[:2].tolist() == [2134, 94110]


@pytest.mark.parametrize(
    "cells", [[f"{k % 12 + 1:02d}" for k in range(80)], ["0"] * 40 + ["10"] * 40, ["0.01", "00.5"] * 40]
)
def test_two_digits_and_parts_are_numbers(read, cells):
    assert read({"month": cells, "x": range(80)})["month"].kind == "number"


def test_a_slip_among_numbers_of_all_lengths_makes_no_codes(read):
    numbers = [str(k * k) for k in range(299)]
    assert read({"n": [*numbers, "007"], "x": range(300)})["n"].kind == "number"
    assert read({"n": [*numbers[:97], "007", "008", "009"], "x": range(100)})["n"].kind == "category"


def test_gaps_and_extended_codes_do_not_hide_them(read):
    cells = [*CODES * 2, "NA", "02134-1000"]
    column = read({"zip": cells, "x": range(162)})["zip"]
    assert column.kind == "category"
    assert int(column.missing.sum()) == 1
    assert read({"zip": [*CODES, "NA"], "x": range(81)})["zip"].kind == "category"


def test_a_large_text_keeps_them_too(read, monkeypatch):
    small = read({"zip": CODES, "x": range(80)})
    monkeypatch.setattr(files, "LARGE_BYTES", 10)
    monkeypatch.setattr(large_text, "HEAD_ROWS", 5)
    assert read({"zip": CODES, "x": range(80)}).fingerprint() == small.fingerprint()


@pytest.mark.parametrize("name", ["", "Unnamed: 0"])
@pytest.mark.parametrize("first", [0, 1])
def test_the_numbers_of_the_rows_are_set_aside(read, name, first):
    table = read({name: range(first, first + 12), "x": np.arange(12) % 5, "y": np.arange(12) % 3})
    column = next(iter(table))
    assert column.role == "identifier"
    assert "counting up by 1: an identifier" in column.reason
    alone = read({name: range(first, first + 60), "y": np.arange(60) % 7})
    assert next(iter(alone)).role == "identifier"


def test_a_column_that_happens_to_be_called_so_is_an_input(read):
    values = [17, 4, 99, 56, 23]
    assert read({"column_1": values, "x": [1, 1, 2, 2, 3]})["column_1"].role == "input"
    assert read({"Unnamed: 0": [4, 4, 4, 5, 6], "x": [1, 1, 2, 2, 3]})["Unnamed: 0"].role == "input"


def test_plus_and_minus_are_answers_where_both_stand(read):
    column = read({"x": range(6), "y": ["+", "-", "+", "", "NA", "-"]})["y"]
    assert (column.levels, int(column.missing.sum())) == (("+", "-"), 2)
    assert pellucid.data.guess_task(column).classes == ("-", "+")
    graded = read({"x": range(6), "y": ["++", "-", "+", "--", "+/-", "-"]})["y"]
    assert int(graded.missing.sum()) == 0
    assert read({"x": range(3), "y": ["-", "a", "+"]})["y"].missing.tolist() == [True, False, False]
    assert read({"x": range(3), "y": ["-", "3", "+4"]})["y"].missing.tolist() == [True, False, False]


def test_rows_that_chance_makes_alike_are_not_told():
    few = {"id": [f"k{k}" for k in range(120)], "a": [k % 2 for k in range(120)], "b": list("pqq") * 40}
    assert "DUPLICATES" not in [finding.code for finding in pellucid.profile_table(few).findings]
    many = few | {"c": [k % 40 for k in range(120)], "d": [k * k % 40 for k in range(120)]}
    assert "DUPLICATES" in [finding.code for finding in pellucid.profile_table(many).findings]
