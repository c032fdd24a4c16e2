"""Columns of dates: their parts against the calendar of Python."""

from __future__ import annotations

import datetime
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.data.table import Column, Table
from pellucid.errors import ColumnError
from pellucid.preprocessing import DateRecipe, DateStep, NumberRecipe, PreparationSpec, fit_preparation

RAW = NumberRecipe(scale="none", log1p=False, levels=False)
ALL = ("year", "month", "day", "weekday", "hour", "elapsed")


def column(moments, name="when"):
    return Column(name, "date", np.array(moments, dtype="datetime64[us]"))


def table(moments):
    return Table([column(moments)])


def prepared(moments, recipe=None):
    return fit_preparation(table(moments), PreparationSpec(dates=recipe or DateRecipe(numbers=RAW)))


@settings(deadline=None)
@given(st.lists(st.datetimes(), min_size=2, max_size=20, unique_by=lambda d: (d.year, d.month, d.day, d.hour)))
def test_parts_are_those_of_the_calendar(moments):
    preparation = prepared(moments)
    result = dict(zip(preparation.names, preparation.transform(table(moments)).T.tolist()))
    first = min(moments)
    midnight = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}
    expected = {
        "year": [m.year for m in moments],
        "month": [m.month for m in moments],
        "day": [m.day for m in moments],
        "weekday": [m.weekday() for m in moments],
        "hour": [(m - m.replace(**midnight)) / datetime.timedelta(hours=1) for m in moments],
        "elapsed": [(m - first) / datetime.timedelta(days=1) for m in moments],
    }
    kept = {part: values for part, values in expected.items() if len(set(values)) > 1}
    assert set(result) == {f"when {part}" for part in kept}
    for part, values in kept.items():
        assert result[f"when {part}"] == pytest.approx(values, rel=1e-15), part


def test_parts_that_never_differ_are_left_out():
    preparation = prepared(["2024-01-01", "2024-02-01", "2024-03-01"])
    assert preparation.names == ("when month", "when weekday", "when elapsed")
    assert preparation.story == ("when: split into month, weekday, elapsed",)
    assert prepared(["2024-01-01", "2024-02-01"], DateRecipe(("month",), RAW)).names == ("when month",)


def test_months_and_weekdays_get_a_column_per_value():
    days = np.arange("2023-01-01", "2025-01-01", dtype="datetime64[D]")
    preparation = fit_preparation(table(days))
    assert [n for n in preparation.names if "month" in n] == ["when month", *(f"when month={m}" for m in range(1, 13))]
    assert "when weekday=0" in preparation.names
    assert not any("year=" in n or "elapsed=" in n for n in preparation.names)
    monday = preparation.transform_row({"when": datetime.date(2031, 6, 2)})
    assert monday[preparation.names.index("when weekday=0")] == 1
    assert monday[preparation.names.index("when month=6")] == 1


def test_missing_dates_are_filled_part_by_part_and_flagged_once():
    preparation = prepared(["2024-01-01", "2024-02-01", "2024-03-01", "NaT"])
    assert preparation.names == ("when month", "when weekday", "when elapsed", "when missing")
    assert preparation.transform(table(["NaT", "2024-02-01"])).tolist() == [[2, 3, 31, 1], [2, 3, 31, 0]]
    assert "1 missing filled" in preparation.story[0]


@pytest.mark.parametrize(
    "cell",
    [
        "2024-02-29",
        "2024-02-29T00:00:00",
        datetime.date(2024, 2, 29),
        datetime.datetime(2024, 2, 29),
        np.datetime64("2024-02-29"),
        datetime.datetime(2024, 2, 29, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
    ],
)
def test_cells_in_every_form(cell):
    preparation = prepared(["2024-01-01", "2024-03-02", "2025-01-01T12:00"])
    expected = preparation.transform(table(["2024-02-29"]))[0]
    assert preparation.transform_row({"when": cell}).tolist() == expected.tolist()


def test_texts_that_hold_dates_are_converted():
    preparation = prepared(["2024-01-01", "2024-02-01", "2024-03-01"])
    texts = Table([Column("when", "category", np.array([1, -1, 0], dtype=np.int32), ("2024-03-05", "2024-02-04"))])
    assert preparation.transform(texts)[:, 0].tolist() == [2, 2, 3]
    bad = Table([Column("when", "category", np.array([0, 1], dtype=np.int32), ("2024-03-05", "5 March"))])
    with pytest.raises(ColumnError, match=r"row 2: column 'when' must hold dates such as .* got '5 March'"):
        preparation.transform(bad)
    with pytest.raises(ColumnError, match="holds numbers"):
        preparation.transform(Table([Column("when", "number", np.array([1.0]))]))
    with pytest.raises(ColumnError, match="must hold dates, got 5"):
        preparation.transform_row({"when": 5})


@settings(deadline=None, max_examples=60)
@given(st.lists(st.datetimes() | st.none(), min_size=1, max_size=20), st.booleans())
def test_cell_equals_column_and_survives_json(rows, gaps):
    training = np.arange("2023-01-01", "2024-03-01", dtype="datetime64[D]").astype("datetime64[us]")
    training[3] = np.datetime64("NaT") if gaps else training[3]
    step = fit_preparation(table(training)).columns[0]
    cells = column(rows)
    assert step.column(cells).tolist() == [step.cell(cells.cell(i)) for i in range(len(rows))]
    assert DateStep.from_dict(json.loads(json.dumps(step.to_dict()))) == step


def test_weight_counts_as_repetition_of_the_row():
    moments = np.array(["2024-01-01T05", "2024-02-07T11", "2024-03-09T23", "2025-07-01T00"], dtype="datetime64[us]")
    counts = np.array([1, 3, 0, 2])
    one = fit_preparation(table(moments), weights=counts.astype(float))
    other = fit_preparation(table(np.repeat(moments, counts)))
    assert one.names == other.names
    np.testing.assert_allclose(one.transform(table(moments)), other.transform(table(moments)), rtol=1e-12)


def test_one_date_everywhere_is_set_aside():
    both = Table([column(["2024-01-01"] * 2), Column("x", "number", np.array([1.0, 2.0]))])
    assert fit_preparation(both).set_aside == {"when": "every training row has the same date"}
