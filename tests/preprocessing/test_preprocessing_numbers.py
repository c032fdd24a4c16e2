"""Columns of numbers: each recipe by hand, cells equal to columns, what arrives in another form."""

from __future__ import annotations

import json
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.data.table import Column, Table
from pellucid.errors import ColumnError
from pellucid.preprocessing import NumberRecipe, NumberStep, PreparationSpec, fit_preparation

NAN = float("nan")
PLAIN = NumberRecipe(missing_flag=False, log1p=False, levels=False)
SCALES = ("standard", "none", "max_abs", "min_max", "robust", "quantile")


def table(values, name="x"):
    return Table([Column(name, "number", np.array(values, dtype=np.float64))])


def prepared(values, recipe, weights=None):
    return fit_preparation(table(values), PreparationSpec(numbers=recipe), weights=weights)


def design(values, recipe, rows=None):
    return prepared(values, recipe).transform(table(values if rows is None else rows))


def with_(recipe, **changes):
    return NumberRecipe(**{**recipe.to_dict(), **changes})


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        ("standard", [-3, -1, 4] / np.sqrt(26 / 3)),
        ("none", [1, 3, 8]),
        ("max_abs", [1 / 8, 3 / 8, 1]),
        ("min_max", [0, 2 / 7, 1]),
        ("robust", [-2 / 7, 0, 5 / 7]),
    ],
)
def test_scales_by_hand(scale, expected):
    # Mean 4, deviations −3, −1, 4, variance 26 / 3; quartiles 1 and 8.
    np.testing.assert_allclose(design([1, 3, 8], with_(PLAIN, scale=scale))[:, 0], expected, rtol=1e-14)


def test_quantile_scale_gives_normal_scores():
    values = np.array([10.0, 20.0, 20.0, 70.0])
    # Shares below plus half the share at the value: 1/8, 1/2, 7/8.
    low, high = NormalDist().inv_cdf(1 / 8), NormalDist().inv_cdf(7 / 8)
    rows = [10.0, 20.0, 70.0, 45.0, -5.0, 1e9]
    between = high * (45 - 20) / (70 - 20)
    result = design(values, with_(PLAIN, scale="quantile"), rows)[:, 0]
    np.testing.assert_allclose(result, [low, 0, high, between, low, high], rtol=1e-12, atol=1e-12)


def test_quantile_scale_stays_small_and_bounded():
    values = np.random.default_rng(0).standard_cauchy(30_000)
    preparation = prepared(values, with_(PLAIN, scale="quantile"))
    scaled = preparation.transform(table(values))[:, 0]
    assert len(preparation.columns[0].scaling.knots) <= 100
    assert np.abs(scaled).max() <= 3
    assert abs(scaled.mean()) < 0.01
    assert abs(scaled.std() - 1) < 0.02


@pytest.mark.parametrize(("impute", "expected"), [("median", 2), ("mean", 10 / 3), ("mode", 1), ("constant", -7)])
def test_fill_and_flag(impute, expected):
    values = [1, 1, 1, NAN, 3, 4, 10]
    result = design(values, NumberRecipe(impute=impute, constant=-7, scale="none", levels=False, log1p=False))
    assert result[:, 0].tolist() == pytest.approx([1, 1, 1, expected, 3, 4, 10])
    assert result[:, 1].tolist() == [0, 0, 0, 1, 0, 0, 0]


def test_flag_only_where_training_had_gaps():
    complete = prepared([1.0, 2.0, 4.0], NumberRecipe())
    assert complete.names == ("x",)
    assert complete.transform(table([NAN]))[0, 0] == complete.transform(table([2.0]))[0, 0]
    assert prepared([1.0, 2.0, 4.0], NumberRecipe(missing_flag=True)).names == ("x", "x missing")
    assert prepared([1.0, NAN, 4.0], NumberRecipe(missing_flag=False)).names == ("x",)


def test_one_value_and_gaps_leave_only_the_flag():
    preparation = prepared([5.0, NAN, 5.0], NumberRecipe())
    assert preparation.names == ("x missing",)
    assert preparation.transform(table([5.0, NAN, 9.0])).tolist() == [[0], [1], [0]]
    assert "only the flag is used" in preparation.story[0]


def test_log1p_is_taken_of_skewed_numbers_only():
    skewed = np.exp(np.random.default_rng(1).normal(3, 1, 500))
    assert prepared(skewed, NumberRecipe()).columns[0].log1p
    assert "log(1 + x) taken" in prepared(skewed, NumberRecipe()).story[0]
    assert not prepared(-skewed, NumberRecipe()).columns[0].log1p
    assert not prepared(np.arange(500.0), NumberRecipe()).columns[0].log1p
    # Skewed, but a code of few values.
    assert not prepared([0.0] * 90 + [1.0] * 8 + [2.0] * 2, NumberRecipe()).columns[0].log1p


def test_log1p_mirrors_negative_numbers_that_come_later():
    values = [0.0, 3.0, 7.0]
    result = design(values, with_(PLAIN, log1p=True, scale="none"), [7.0, -7.0])
    assert result[:, 0].tolist() == [np.log1p(7.0), -np.log1p(7.0)]


def test_clip_holds_wild_cells():
    values, wild = [-1.0, 1.0], [1e300, -1e300, 0.5]
    assert design(values, PLAIN, wild)[:, 0].tolist() == [10, -10, 0.5]
    assert design(values, with_(PLAIN, clip=3), wild)[:, 0].tolist() == [3, -3, 0.5]
    assert design(values, with_(PLAIN, clip=None), wild)[0, 0] == 1e300
    assert design(values, with_(PLAIN, scale="none"), wild)[0, 0] == 1e300


def test_codes_get_a_column_per_value():
    hours = np.tile(np.arange(4.0), 25)
    preparation = prepared(hours, NumberRecipe())
    assert preparation.names == ("x", "x=0", "x=1", "x=2", "x=3")
    assert preparation.transform(table([2.0, 2.5]))[:, 1:].tolist() == [[0, 0, 1, 0], [0, 0, 0, 0]]
    assert preparation.sources == ("x",) * 5


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (np.tile(np.arange(2.0), 50), "two values"),
        (np.tile(np.arange(25.0), 50), "25 values"),
        (np.tile(np.arange(4.0) + 0.5, 50), "not whole"),
        (np.repeat(np.arange(12.0), 9), "each on 9 rows"),
    ],
)
def test_no_columns_per_value(values, why):
    assert prepared(values, NumberRecipe()).names == ("x",), why


def test_rare_values_get_no_column_of_their_own():
    values = [0.0] * 60 + [1.0] * 40 + [2.0] * 3
    assert prepared(values, NumberRecipe()).names == ("x", "x=0", "x=1")


def test_columns_per_value_are_limited_for_the_whole_table():
    codes = np.tile(np.arange(16.0), 20)
    eight = Table([Column(f"c{i}", "number", codes) for i in range(8)])
    nine = eight.with_column(Column("c8", "number", codes))
    assert len(fit_preparation(eight).names) == 8 * 17
    assert len(fit_preparation(nine).names) == 9
    asked = PreparationSpec(columns={"c0": NumberRecipe(levels=True)})
    assert len(fit_preparation(nine, asked).names) == 8 * 17 + 17


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.floats(-1e6, 1e6) | st.integers(-3, 9).map(float) | st.just(NAN), min_size=2, max_size=30),
    st.lists(st.floats(allow_infinity=False) | st.integers(-3, 9).map(float), min_size=1, max_size=20),
    st.sampled_from(SCALES),
    st.sampled_from([True, False, "auto"]),
    st.sampled_from([True, False, "auto"]),
    st.sampled_from([None, 10.0]),
)
def test_cell_equals_column_and_survives_json(training, rows, scale, log1p, levels, clip):
    training = [*training, 1.0, 2.0]
    preparation = prepared(training, NumberRecipe(scale=scale, log1p=log1p, levels=levels, clip=clip))
    step = preparation.columns[0]
    column = Column("x", "number", np.array(rows))
    block = step.column(column)
    assert block.shape == (len(rows), len(step.names))
    assert block.tolist() == [step.cell(column.cell(i)) for i in range(len(rows))]
    assert NumberStep.from_dict(json.loads(json.dumps(step.to_dict()))) == step


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-4, 4).map(float) | st.just(NAN), st.integers(0, 3)), min_size=1, max_size=30),
    st.sampled_from(SCALES),
    st.sampled_from(["median", "mean", "mode"]),
)
def test_weight_counts_as_repetition_of_the_row(rows, scale, impute):
    rows = [*rows, (0.0, 1), (3.0, 2)]
    values, counts = np.array([v for v, _ in rows]), np.array([w for _, w in rows])
    recipe = NumberRecipe(scale=scale, impute=impute)
    one = prepared(values, recipe, counts.astype(float))
    other = prepared(np.repeat(values, counts), recipe)
    assert one.names == other.names
    np.testing.assert_allclose(one.transform(table(values)), other.transform(table(values)), atol=1e-9)


def test_texts_that_hold_numbers_are_converted():
    step = prepared([1.0, 2.0, 3.0], with_(PLAIN, scale="none")).columns[0]
    texts = Column("x", "category", np.array([1, 0, 2, -1, 3], dtype=np.int32), ("3", " 1.5", "1e1", ""))
    assert step.column(texts)[:, 0].tolist() == [1.5, 3, 10, 2, 2]
    assert [step.cell(c)[0] for c in (" 1.5", "3", "1e1", None, "")] == [1.5, 3, 10, 2, 2]
    assert step.cell(True) == [1.0]
    assert step.cell(np.float32(2.5)) == [2.5]


def test_what_is_no_number_names_row_and_column():
    preparation = prepared([1.0, 2.0, 3.0], PLAIN)
    texts = Table([Column("x", "category", np.array([0, 1, 1], dtype=np.int32), ("3", "three"))])
    with pytest.raises(ColumnError, match=r"row 2: column 'x' must hold numbers, got 'three'"):
        preparation.transform(texts)
    with pytest.raises(ColumnError, match=r"row 3: column 'x' must hold finite numbers, got inf"):
        preparation.transform(table([1.0, 2.0, np.inf]))
    for cell in ("three", "1_0", "inf", float("inf"), [1], "nan"):
        with pytest.raises(ColumnError, match="column 'x' must hold"):
            preparation.transform_row({"x": cell})
    dates = Table([Column("x", "date", np.array(["2024-01-01"], dtype="datetime64[us]"))])
    with pytest.raises(ColumnError, match="holds dates"):
        preparation.transform(dates)


def test_story_tells_every_step():
    assert prepared([1.0, 1.0, NAN, 4.0], NumberRecipe(scale="max_abs")).story == (
        "x: 1 missing filled with the median 1 and flagged; divided by the largest absolute value 4",
    )
