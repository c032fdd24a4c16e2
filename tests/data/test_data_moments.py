"""Months, days written as whole numbers, and times of day."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pellucid
from pellucid.data.clock import clock_minutes
from pellucid.data.dates import days_in_digits
from pellucid.data.known_kinds import KnownColumn, KnownReader

DAYS = ["20240131", "20231207", "19990228", "20240229", "20200615"]


def column(cells, **options):
    frame = pl.DataFrame({"a": cells, "b": [str(k % 3) for k in range(len(cells))]})
    return pellucid.read(frame, **options)["a"]


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["2024-05", "2023-12", None], "yyyy-mm"),
        (["2024/5", "2023/12", ""], "yyyy-mm"),
        (["05/2024", "12/2023", "NA"], "mm/yyyy"),
        (["May 2024", "December 2023", ""], "month yyyy"),
        (["may-2024", "Dec 2023", ""], "month yyyy"),
    ],
)
def test_months_are_their_first_day(cells, form):
    found = column(cells)
    assert found.values.astype("datetime64[D]").astype(str).tolist() == ["2024-05-01", "2023-12-01", "NaT"]
    assert found.form == form
    assert "each the first of its month" in found.reason
    reader = KnownReader([KnownColumn("a", "date", form=form)], pl.DataFrame({"a": cells}), None)
    assert reader.table(pl.DataFrame({"a": cells})).table["a"].values[0] == np.datetime64("2024-05-01")


@pytest.mark.parametrize("cells", [["1234-12", "5678-11"], ["2024-13", "2024-05"], ["1/2", "3/4"], ["12-05", "11-04"]])
def test_what_only_resembles_a_month_is_text(cells):
    assert column(cells * 4).kind == "category"


def test_whole_numbers_that_are_all_days_are_dates():
    for cells in (DAYS, [int(day) for day in DAYS], [*DAYS, "NA"]):
        found = column(cells)
        assert (found.kind, found.form) == ("date", "yyyymmdd")
        assert found.values[0] == np.datetime64("2024-01-31")
        assert "dates of the form yyyymmdd" in found.reason


@pytest.mark.parametrize(
    "cells",
    [
        DAYS[:4] * 3,
        [*DAYS, "20240230"],
        [*DAYS, "20241301"],
        [*DAYS, "20240100"],
        [*DAYS, "18991231"],
        [*DAYS, "2024061"],
        [f"{day}.5" for day in DAYS],
        [str(20_240_101 + 3 * k) for k in range(40)],
    ],
)
def test_others_stay_numbers(cells):
    assert column(cells).kind == "number"


def test_either_can_be_asked_for():
    for cells in (DAYS, [int(day) for day in DAYS]):
        assert column(cells, kinds={"a": "number"}).values[0] == 20_240_131
        assert column(cells, kinds={"a": "category"}).levels[0] == "19990228"
    assert column(["20240131"] * 3, kinds={"a": "date"}).values[0] == np.datetime64("2024-01-31")


def test_a_model_of_days_reads_them_as_texts_and_numbers():
    for cells in (["20240131", "20240201"], [20_240_131, 20_240_201]):
        frame = pl.DataFrame({"a": cells})
        known = KnownReader([KnownColumn("a", "date", form="yyyymmdd")], frame, None).table(frame)
        assert known.table["a"].values.astype("datetime64[D]").astype(str).tolist() == ["2024-01-31", "2024-02-01"]
        assert known.strays == {}


@given(st.lists(st.dates(), min_size=5, unique=True))
def test_every_day_of_these_years_is_found_in_its_digits(days):
    digits = np.array([day.year * 10_000 + day.month * 100 + day.day for day in days], dtype=float)
    found = days_in_digits(digits)
    if all(1900 <= day.year <= 2100 for day in days):
        assert found.tolist() == days
    else:
        assert found is None


def test_times_of_day_are_minutes():
    found = column(["10:30", "9:05", "00:00", "23:59:30", "", "?"])
    assert (found.kind, found.role) == ("number", "input")
    assert found.values[:4].tolist() == [630, 545, 0, 1439.5]
    assert np.isnan(found.values[4:]).all()
    assert "times of day in minutes since midnight" in found.reason
    assert column(["12:00 am", "12:30 PM", "1:15 p.m."]).values.tolist() == [0, 750, 795]


@pytest.mark.parametrize("cells", [["10:60", "9:05"], ["24:00", "1:00"], ["13:00 pm", "1:00 pm"], ["3:1", "2:0"]])
def test_what_is_no_time_of_day_is_text(cells):
    assert column(cells * 4).kind == "category"


def test_a_model_of_times_reads_them_and_names_what_is_none():
    frame = pl.DataFrame({"a": ["10:30", "9:05", "late", None]})
    known = KnownReader([KnownColumn("a", "number")], frame.head(2), None).table(frame)
    assert known.table["a"].values[:2].tolist() == [630, 545]
    assert known.strays["a"].objects().tolist() == [None, None, "late", None]
    plain = KnownReader([KnownColumn("a", "number")], pl.DataFrame({"a": ["5", "7"]}), None).table(frame)
    assert plain.strays["a"].objects().tolist()[0] == "10:30"


@given(st.times())
def test_every_time_is_its_minutes(time):
    found = clock_minutes(pl.Series([time.isoformat(), "no time"]))
    assert found[0] == pytest.approx(time.hour * 60 + time.minute + (time.second + time.microsecond / 1e6) / 60)
    assert np.isnan(found[1])
