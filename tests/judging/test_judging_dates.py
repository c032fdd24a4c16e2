"""A date as the target: a regression in days whose predictions are dates again."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pellucid
from pellucid.data.days import date_text, date_unit_of, days_of, moments_of
from pellucid.errors import InputError
from pellucid.judging.predictions import prediction_columns

ROWS = 120
FIRST = datetime.datetime(2023, 11, 5)


def deliveries(hours: int = 0):
    """Orders whose delivery date depends on the distance, a few days more or less."""
    rng = np.random.default_rng(3)
    far = rng.uniform(0, 100, ROWS)
    days = np.round(2 * far + rng.normal(0, 3, ROWS))
    due = [FIRST + datetime.timedelta(days=float(day), hours=hours * (k % 3)) for k, day in enumerate(days)]
    return {"far": far.tolist(), "noise": rng.normal(size=ROWS).tolist(), "due": [None, *due[1:]]}


@pytest.fixture(scope="module")
def found(module_state):
    return pellucid.climb(deliveries(), "due", epochs=5, hidden=(4,), max_seconds=0)


def test_errors_are_in_days(found):
    test = found.test
    assert (test.task, test.date_unit, found.card.date_unit) == ("regression", "day", "day")
    assert {score.name: score.detail for score in test.scores if score.name != "R²"} == dict.fromkeys(
        ("RMSE", "MAE", "median absolute error"), "in days"
    )
    truth = deliveries()["due"]
    spread = np.std([(moment - FIRST).days for moment in truth[1:]])
    assert 1 < found.baselines["mean"]["RMSE"].value / spread * 1.5 < 2.5
    assert all(coverage.in_words().endswith("days wide on average") for coverage in test.coverage)
    assert found.decisions.intervals.unit == "days"


def test_what_simple_rungs_predict_is_told_as_dates(found):
    detail = found.rung("best single-column rule").detail
    assert "far ≤" in detail
    assert "→ 2023-" in detail or "→ 2024-" in detail


def test_predictions_are_dates_inside_their_intervals(found):
    columns = prediction_columns(found.model, pellucid.read(deliveries()))
    days = found.model.predict(pellucid.read(deliveries()))
    assert columns["prediction"].dtype == np.dtype("datetime64[D]")
    assert np.abs(days - days_of(columns["prediction"].astype("datetime64[us]"))).max() <= 0.5
    reach = found.decisions.intervals.reach[0]
    low, high = (days_of(columns[name].astype("datetime64[us]")) for name in ("low 80", "high 80"))
    assert (low <= days - reach).all()
    assert (high >= days + reach).all()
    assert (high - low <= 2 * reach + 2).all()


def test_a_saved_model_evaluates_the_same_dates(found, tmp_path):
    model = pellucid.load(pellucid.save(found.model, tmp_path / "due.pellucid"))
    again = pellucid.evaluate(model, deliveries())
    assert [score.value for score in again.scores] == pytest.approx([score.value for score in found.test.scores])
    assert again.date_unit == "day"
    assert prediction_columns(model, pellucid.read(deliveries()))["prediction"].dtype == np.dtype("datetime64[D]")
    with pytest.raises(InputError, match="should hold dates, but it holds numbers here"):
        pellucid.evaluate(model, deliveries() | {"due": list(range(ROWS))})


def test_the_report_shows_dates(found):
    from pellucid.reporting.write_report import report_text

    page = report_text(found)
    assert "True minus predicted, days" in page
    assert "Predicted due (mean of the bin)" in page
    assert ">2024-0" in page
    assert "in days" in page


def test_dates_with_a_time_are_told_to_the_second(module_state):
    found = pellucid.climb(deliveries(hours=5), "due", epochs=1, hidden=(), max_seconds=0)
    assert found.card.date_unit == "second"
    predicted = prediction_columns(found.model, pellucid.read(deliveries()))["prediction"]
    assert (predicted.astype("datetime64[s]") == predicted).all()
    assert (predicted.astype("datetime64[D]").astype(predicted.dtype) != predicted).any()


moments = st.datetimes(datetime.datetime(1600, 1, 1), datetime.datetime(2900, 1, 1)).map(
    lambda m: m.replace(microsecond=0)
)


@given(st.lists(moments, min_size=1))
def test_days_and_back(values):
    array = np.array(values, dtype="datetime64[us]")
    unit = date_unit_of(array)
    assert (moments_of(days_of(array), unit) == array).all()
    if unit == "second":
        assert (moments_of(days_of(array), "day", "past") <= array).all()
    assert np.datetime64(date_text(days_of(array)[0]), "us") == array[0]


def test_days_beyond_the_calendar_stay_inside():
    told = moments_of(np.array([-1e30, 1e30]), "day").astype(str).tolist()
    assert told == ["0001-01-01", "9999-12-31"]
