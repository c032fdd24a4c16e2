"""What the cells leave open is decided, told, and can be said otherwise."""

from __future__ import annotations

import pytest

import pellucid
from pellucid.data.booleans import PAIRS, boolean_words, no_before_yes


@pytest.fixture
def read(tmp_path):
    def call(cells, above="a;b\n", **options):
        rows = "".join(f"{cell};{k}\n" for k, cell in enumerate(cells * 5))
        (tmp_path / "t.csv").write_text(above + rows)
        return pellucid.read(tmp_path / "t.csv", delimiter=";", **options)

    return call


def codes(table):
    return [finding.code for finding in table.findings]


@pytest.fixture
def quoted(tmp_path):
    """The same between commas, where the cells are quoted."""

    def call(cells, **options):
        (tmp_path / "t.csv").write_text("a,b\n" + "".join(f'"{cell}",{k}\n' for k, cell in enumerate(cells * 5)))
        return pellucid.read(tmp_path / "t.csv", **options)

    return call


def test_a_mark_that_may_be_either_is_told_with_the_way_out(quoted):
    table = quoted(["1,234", "567", "12,345"])
    assert table["a"].values[:3].tolist() == [1234, 567, 12345]
    (finding,) = (finding for finding in table.findings if finding.code == "AMBIGUOUS_NUMBERS")
    assert finding.severity == "information"
    assert "--as a=number:comma" in finding.remedy
    other = quoted(["1,234", "567", "12,345"], kinds={"a": "number:comma"})
    assert other["a"].values[:3].tolist() == [1.234, 567, 12.345]
    assert codes(other) == []


@pytest.mark.parametrize(
    "cells",
    [
        ["1,234", "1,234,567"],
        ["1,234", "1,234.5"],
        ["1,234", "1,5"],
        ["1,234", "0,123"],
        ["$1,234", "$567"],
        ["1234", "567"],
        ["1 234", "5,678"],
    ],
)
def test_what_some_cell_shows_is_no_doubt(quoted, cells):
    assert "AMBIGUOUS_NUMBERS" not in codes(quoted(cells))


def test_the_mark_that_was_said_is_no_doubt(quoted):
    assert codes(quoted(["1,234", "567"], decimal=".")) == []
    assert quoted(["1.234", "567"], kinds={"a": "number:comma"})["a"].values[0] == 1234
    assert quoted(["1.234", "567"], kinds={"a": "number:point"})["a"].values[0] == 1.234


def test_beside_semicolons_a_comma_is_decimal_and_told(read):
    table = read(["1,234", "567"])
    assert table["a"].values[:2].tolist() == [1.234, 567]
    assert codes(table) == ["DECIMAL_COMMA"]
    assert read(["1,234", "567"], decimal=".")["a"].values[0] == 1234
    assert codes(read(["1,234", "56,7"])) == []


def test_the_decimal_mark_of_frames_is_known():
    table = pellucid.read({"a": [1.5, 2.5], "b": [1, 3]}, kinds={"a": "number:comma"})
    assert table["a"].values.tolist() == [1.5, 2.5]


def test_the_kind_that_was_asked_for_is_kept_as_it_was_said(quoted):
    assert quoted(["1/2/2020"], kinds={"a": "date:dmy"})["a"].asked == "date:dmy"


@pytest.mark.parametrize("pair", PAIRS, ids="/".join)
def test_no_stands_before_yes_whatever_the_alphabet_says(quoted, pair):
    no, yes = pair
    assert boolean_words([yes.upper(), no]) is not None
    assert no_before_yes(sorted(pair)) == pair
    target = quoted([yes, no, no])["a"]
    assert pellucid.data.guess_task(target).classes == pair


def test_other_labels_keep_their_order():
    assert no_before_yes(("yes", "maybe", "no")) == ("yes", "maybe", "no")
