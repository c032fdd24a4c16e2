"""Prediction intervals from out-of-fold errors."""

import numpy as np
import pytest

import pellucid
from pellucid.errors import InputError, ShapeError, SpecError
from pellucid.estimators.prediction_intervals import PredictionIntervals
from pellucid.judging.conformal import intervals_of_rows
from pellucid.judging.interval_coverage import coverage_on, uneven_intervals
from pellucid.judging.out_of_fold import OutOfFold


def test_the_reach_is_the_corrected_quantile():
    found = pellucid.prediction_intervals(np.arange(1.0, 20.0), np.zeros(19))  # errors 1 … 19
    assert found.levels == (0.8, 0.95)
    assert found.reach == (16.0, 19.0)  # the ⌈20 · 0.8⌉-th and the ⌈20 · 0.95⌉-th smallest
    assert found.around(np.array([10.0]), 0.8)[1].tolist() == [26.0]
    assert pellucid.prediction_intervals(np.arange(18.0), np.zeros(18)).levels == (0.8,)
    assert pellucid.prediction_intervals([1.0, 2.0], [1.0, 1.0]).levels == ()


def test_rows_that_were_held_out_three_times_count_once():
    errors = np.arange(1.0, 20.0)
    rows = np.tile(np.arange(19), 3)
    thrice = OutOfFold(rows, np.zeros(57), rows % 5, np.full(57, 1 / 3))
    assert intervals_of_rows(np.tile(errors, 3), thrice).reach == (16.0, 19.0)


@pytest.mark.parametrize("logarithmic", [False, True])
def test_new_rows_are_covered_as_often_as_promised(logarithmic):
    rng = np.random.default_rng(0)

    def draw(n):
        middle = rng.normal(size=n)
        noise = rng.standard_t(3, size=n) / 2
        return (np.expm1(middle + noise), np.expm1(middle)) if logarithmic else (middle + noise, middle)

    covered = [coverage_on(*draw(2000), pellucid.prediction_intervals(*draw(100), logarithmic=logarithmic))]
    covered += [
        coverage_on(*draw(2000), pellucid.prediction_intervals(*draw(100), logarithmic=logarithmic)) for _ in range(60)
    ]
    means = np.mean([[each.covered for each in run] for run in covered], axis=0)
    assert means == pytest.approx([0.81, 0.955], abs=0.02)
    assert covered[0][0].interval.method == "Wilson"


def test_logarithmic_intervals_stay_where_the_target_can_be():
    found = pellucid.prediction_intervals([0.0, 5, 9, 40], [1.0, 2, 30, 3], levels=[0.5], logarithmic=True)
    low, high = found.around(np.array([0.0, 100.0]), 0.5)
    assert (low > -1).all()
    assert high[1] - low[1] > high[0] - low[0]


def test_what_has_no_intervals():
    with pytest.raises(InputError, match="row 1 is nan"):
        pellucid.prediction_intervals([1.0, np.nan], [1.0, 1.0])
    with pytest.raises(ShapeError):
        pellucid.prediction_intervals([1.0, 2.0], [1.0])
    with pytest.raises(SpecError, match="shares between 0 and 1"):
        pellucid.prediction_intervals([1.0, 2.0], [1.0, 1.0], levels=[95])
    with pytest.raises(InputError, match="above -1"):
        pellucid.prediction_intervals([-2.0, 2.0], [1.0, 1.0], logarithmic=True)
    found = pellucid.prediction_intervals(np.arange(50.0), np.zeros(50))
    with pytest.raises(InputError, match=r"there is 0\.8 and 0\.95"):
        found.around(1.0, 0.9)


def uneven(rng, n):
    """Numbers (n,) whose errors grow with the prediction, and the prediction."""
    middle = rng.gamma(2, 1, n)
    return middle + (0.2 + middle) * rng.standard_t(4, n), middle


def fifths(truth, middle, found):
    return np.array([[part.covered for part in one.fifths] for one in coverage_on(truth, middle, found)])


@pytest.mark.parametrize("logarithmic", [False, True])
def test_intervals_are_wider_where_errors_are_larger(logarithmic):
    rng = np.random.default_rng(1)
    numbers, change = [uneven(rng, n) for n in (2000, 4000)], np.expm1 if logarithmic else np.positive
    (truth, middle), (other, predicted) = (
        [change(each / (6 if logarithmic else 1)) for each in pair] for pair in numbers
    )
    found = pellucid.prediction_intervals(truth, middle, logarithmic=logarithmic)
    assert np.abs(fifths(other, predicted, found) - [[0.8], [0.95]]).max() < 0.05
    assert np.interp(predicted, found.knots, found.scales).mean() == pytest.approx(1, abs=0.05)
    alike = PredictionIntervals(found.levels, found.reach, logarithmic, found.rows)
    assert np.abs(fifths(other, predicted, alike) - [[0.8], [0.95]]).max() > 0.15


@pytest.mark.parametrize("rows", [40, 150, 600])
def test_intervals_that_adapt_keep_their_promise_of_all_rows(rows):
    rng = np.random.default_rng(rows)
    covered = []
    for _ in range(80):
        found = pellucid.prediction_intervals(*uneven(rng, rows))
        assert len(found.knots) == (0 if rows < 100 else rows // 50)
        covered.append([one.covered for one in coverage_on(*uneven(rng, 1000), found)])
    means = np.mean(covered, axis=0)
    assert (means > [0.79, 0.94]).all()
    assert (means < [0.84, 0.985]).all()


def test_a_target_that_is_never_negative_has_intervals_that_are_not():
    truth = np.arange(200.0) % 20
    found = pellucid.prediction_intervals(truth, 19 - truth)
    assert found.lowest == 0
    assert found.around(np.array([-50.0, 3.0, 90.0]), 0.8)[0][:2].tolist() == [0, 0]
    assert found.around(-50.0, 0.8) == (0.0, 0.0)
    assert pellucid.prediction_intervals(truth - 1, truth).lowest is None


def test_rows_that_are_told_exactly_have_intervals_of_no_width():
    found = pellucid.prediction_intervals(np.arange(200.0), np.arange(200.0))
    assert found.reach == (0.0, 0.0)
    assert found.around(7.0, 0.95) == (7.0, 7.0)


def test_a_fifth_that_is_covered_too_rarely_is_named():
    rng = np.random.default_rng(2)
    truth, middle = uneven(rng, 2000)
    adapting = coverage_on(truth, middle, pellucid.prediction_intervals(*uneven(rng, 4000)))
    assert uneven_intervals(adapting, 4000) is None
    alike = PredictionIntervals((0.8,), (4.0,), False, 4000, "days")
    (told,) = coverage_on(truth, middle, alike)
    assert [part.rows for part in told.fifths] == [400] * 5
    assert sum(part.covered * part.rows for part in told.fifths) == pytest.approx(told.covered * told.rows)
    assert [part.high for part in told.fifths[:-1]] < [part.low for part in told.fifths[1:]]
    finding = uneven_intervals((told,), 4000)
    worst = min(told.fifths, key=lambda part: part.covered)
    assert f"cover {pellucid.records.percent(worst.covered)} [" in finding.seen
    assert finding.severity == "warning"
    wide = PredictionIntervals((0.8,), (40.0,), False, 4000)
    assert uneven_intervals(coverage_on(truth, middle, wide), 4000).severity == "information"
    assert "1970-" in uneven_intervals((told,), 4000, dates=True).seen
    assert "by fifths of the prediction" in told.in_words()
    few = coverage_on(truth[:49], middle[:49], alike)
    assert few[0].fifths == ()
    assert uneven_intervals(few, 4000) is None


def test_even_intervals_are_hardly_ever_called_uneven():
    rng = np.random.default_rng(3)

    def draw(n):
        return rng.normal(size=n), rng.normal(size=n)

    runs = 150
    called = sum(
        uneven_intervals(coverage_on(*draw(120), pellucid.prediction_intervals(*draw(480))), 480) is not None
        for _ in range(runs)
    )
    assert called <= 0.04 * runs
