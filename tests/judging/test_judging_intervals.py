"""Prediction intervals from out-of-fold errors."""

import numpy as np
import pytest

import pellucid
from pellucid.errors import InputError, ShapeError, SpecError
from pellucid.judging.conformal import coverage_on, intervals_of_rows
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
