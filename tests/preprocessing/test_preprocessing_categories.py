"""Columns of categories: levels, rare, missing and unknown ones."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.data.table import Column, Table
from pellucid.errors import ColumnError
from pellucid.preprocessing import CategoryRecipe, CategoryStep, PreparationSpec, fit_preparation

ALL = CategoryRecipe(min_frequency=0)


def category(cells, levels=None, name="x"):
    levels = tuple(levels or sorted({c for c in cells if c is not None}))
    codes = [-1 if c is None else levels.index(c) for c in cells]
    return Column(name, "category", np.array(codes, dtype=np.int32), levels)


def table(cells, levels=None):
    return Table([category(cells, levels)])


def prepared(cells, recipe=ALL, weights=None):
    return fit_preparation(table(cells), PreparationSpec(categories=recipe), weights=weights)


def test_one_column_per_level_in_sorted_order():
    preparation = prepared(["male", "female", "male"])
    assert preparation.names == ("x=female", "x=male")
    assert preparation.transform(table(["male", "female"])).tolist() == [[0, 1], [1, 0]]


def test_levels_that_are_numbers_sort_by_value():
    assert prepared(["10", "9", "2"]).names == ("x=2", "x=9", "x=10")
    assert prepared(["10", "9", "b"]).names == ("x=10", "x=9", "x=b")


def test_levels_meet_by_text_whatever_their_order():
    preparation = prepared(["a", "b", "c"])
    other = table(["c", "a", "b"], levels=("c", "unused", "b", "a"))
    assert preparation.transform(other).tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_rare_levels_share_one_column():
    cells = ["a"] * 6 + ["b"] * 5 + ["c"] * 4 + ["d"]
    preparation = prepared(cells, CategoryRecipe())
    assert preparation.names == ("x=a", "x=b", "x=(rare)")
    assert preparation.transform(table(["d", "c", "b", "new"]))[:, 2].tolist() == [1, 1, 0, 1]
    assert "2 rare levels share one place" in preparation.story[0]
    assert "c" not in json.loads(json.dumps(preparation.to_dict()))["columns"][0]["levels"]


def test_most_frequent_levels_stay_when_there_are_too_many():
    cells = ["a"] * 3 + ["b"] * 2 + ["c"] * 2 + ["d"]
    assert prepared(cells, CategoryRecipe(min_frequency=1, max_levels=2)).names == ("x=a", "x=b", "x=(rare)")


def test_missing_is_a_level_or_filled():
    cells = ["a", "b", "b", None]
    own = prepared(cells)
    assert own.names == ("x=a", "x=b", "x=(missing)")
    assert own.transform(table([None, "a"])).tolist() == [[0, 0, 1], [1, 0, 0]]
    filled = prepared(cells, CategoryRecipe(min_frequency=0, impute="mode"))
    assert filled.names == ("x=a", "x=b")
    assert filled.transform(table([None])).tolist() == [[0, 1]]
    assert "1 missing filled with the most frequent level 'b'" in filled.story[0]


@pytest.mark.parametrize(("unknown", "expected"), [("rare", [0, 0, 1]), ("zeros", [0, 0, 0])])
def test_unknown_levels(unknown, expected):
    cells = ["a"] * 5 + ["b"] * 5 + ["c"]
    preparation = prepared(cells, CategoryRecipe(handle_unknown=unknown))
    assert preparation.transform(table(["new", None])).tolist() == [expected, expected]
    assert preparation.transform_row({"x": "new"}).tolist() == expected


def test_unknown_level_without_rare_ones_is_all_zeros():
    assert prepared(["a", "b"]).transform(table(["new", None])).tolist() == [[0, 0], [0, 0]]


def test_unknown_level_as_an_error_names_row_and_nearest():
    preparation = prepared(["male", "female"], CategoryRecipe(min_frequency=0, handle_unknown="error"))
    with pytest.raises(ColumnError, match=r"row 3: column 'x' has the unknown level 'femal'.*did you mean 'female'"):
        preparation.transform(table(["male", "male", "femal"]))
    with pytest.raises(ColumnError, match="column 'x' has no value, and no training row lacked one"):
        preparation.transform_row({"x": None})
    # A level that the table lists but no row holds does no harm.
    assert preparation.transform(table(["male"], levels=("other", "male"))).tolist() == [[0, 1]]


def test_ordinal_is_the_place_in_line():
    preparation = prepared(["low", "high", "mid"], CategoryRecipe(encoding="ordinal", min_frequency=0))
    assert preparation.names == ("x",)
    assert preparation.transform(table(["high", "low", "mid", "new"])).tolist() == [[0], [0.5], [1], [0]]


def test_numbers_are_levels_by_their_text():
    preparation = fit_preparation(
        Table([Column("x", "number", np.array([1.0, 3.0, 2.5, np.nan]))]), PreparationSpec(columns={"x": ALL})
    )
    assert preparation.names == ("x=1", "x=2.5", "x=3", "x=(missing)")
    for cells in ((1, 3), (1.0, 3.0), ("1", "3"), ("1.0", "3.00"), (np.int64(1), np.float32(3))):
        assert [preparation.transform_row({"x": cell}).argmax() for cell in cells] == [0, 2]
    numbers = Table([Column("x", "number", np.array([3.0, np.nan, 7.0]))])
    assert preparation.transform(numbers).tolist() == [[0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]]


def test_texts_written_as_numbers_meet_numbers():
    preparation = prepared(["1.0", "2.0"])
    assert preparation.transform(Table([Column("x", "number", np.array([2.0]))])).tolist() == [[0, 1]]


def test_true_and_false():
    preparation = prepared(["False", "True"])
    assert preparation.transform_row({"x": True}).tolist() == [0, 1]
    assert preparation.transform_row({"x": np.bool_(False)}).tolist() == [1, 0]


def test_a_level_called_missing_is_not_the_missing_one():
    preparation = prepared(["(missing)", None, "b"])
    assert preparation.transform(table(["(missing)", None])).tolist() == [[1, 0, 0], [0, 0, 1]]


def test_columns_without_a_choice_are_set_aside():
    assert _reason(["a", "a"], ALL) == "every training row has the level 'a'"
    assert _reason(["a", "b"], CategoryRecipe()) == "none of its 2 levels is on 5 training rows or more"
    assert _reason([None, None], ALL) == "no training row has a value"


def _reason(cells, recipe):
    other = category(["u", "v"], name="other")
    spec = PreparationSpec(columns={"x": recipe, "other": ALL})
    return fit_preparation(Table([category(cells, ("a", "b")), other]), spec).set_aside["x"]


CELLS = st.lists(st.sampled_from(["a", "b", "c", "1", "1.0", "2", "", " ", None]), min_size=1, max_size=40)


@settings(deadline=None, max_examples=150)
@given(CELLS, CELLS, st.sampled_from(["one_hot", "ordinal"]), st.sampled_from(["level", "mode"]), st.integers(0, 4))
def test_cell_equals_column_and_survives_json(training, rows, encoding, impute, least):
    recipe = CategoryRecipe(encoding=encoding, impute=impute, min_frequency=least, max_levels=3)
    step = prepared([*training, *["d"] * 5, *["e"] * 5], recipe).columns[0]
    block = step.column(category([*rows, "new"]))
    assert block.tolist() == [step.cell(cell) for cell in [*rows, "new"]]
    assert block.shape == (len(rows) + 1, len(step.names))
    if encoding == "one_hot":
        assert set(block.sum(axis=1)) <= {0.0, 1.0}
    assert CategoryStep.from_dict(json.loads(json.dumps(step.to_dict()))) == step


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(0, 4)), max_size=20))
def test_weight_counts_as_repetition_of_the_row(rows):
    rows = [*rows, ("a", 5), ("b", 6)]
    weights = np.array([float(w) for _, w in rows])
    repeated = prepared([cell for cell, w in rows for _ in range(w)], CategoryRecipe())
    weighted = prepared([cell for cell, _ in rows], CategoryRecipe(), weights)
    assert weighted.columns == repeated.columns
