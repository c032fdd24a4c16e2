"""Weighted statistics: by hand, and a row of weight 2 against the row written twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.errors import InputError, ShapeError
from pellucid.preprocessing import weighted

VALUES = st.lists(st.integers(-5, 5).map(float) | st.floats(-1e3, 1e3), min_size=1, max_size=25)
ROWS = VALUES.flatmap(lambda v: st.tuples(st.just(v), st.lists(st.integers(1, 4), min_size=len(v), max_size=len(v))))


def test_figures_by_hand():
    values, weights = np.array([1.0, 2.0, 10.0]), np.array([1.0, 2.0, 1.0])
    # Written out: 1, 2, 2, 10.
    assert weighted.mean(values, weights) == 3.75
    assert weighted.median(values, weights) == 2
    assert weighted.mode(values, weights) == 2
    center, spread = weighted.mean_and_spread(values, weights)
    assert center == 3.75
    assert spread == pytest.approx(np.sqrt((2.75**2 + 2 * 1.75**2 + 6.25**2) / 4), rel=1e-15)
    assert weighted.quantiles(values, weights, np.array([0, 0.25, 0.75, 1])).tolist() == [1, 1.5, 6, 10]


def test_mode_takes_the_smallest_of_several():
    assert weighted.mode(np.array([3.0, 1.0, 3.0, 1.0, 2.0]), np.ones(5)) == 1


def test_skewness_by_hand():
    # Mean 1, deviations −1, −1, −1, 3: m2 = 3, m3 = 6, so 6 / 3^1.5.
    assert weighted.skewness(np.array([0.0, 0.0, 0.0, 4.0]), np.ones(4)) == pytest.approx(6 / 3**1.5, rel=1e-14)


@settings(deadline=None)
@given(ROWS)
def test_weight_counts_as_repetition(rows):
    values, counts = np.array(rows[0]), np.array(rows[1])
    weights, written, ones = counts.astype(float), np.repeat(values, counts), np.ones(counts.sum())
    levels = np.linspace(0, 1, 13)
    size = 1 + np.abs(values).max()
    assert weighted.mode(values, weights) == weighted.mode(written, ones)
    assert weighted.median(values, weights) == weighted.median(written, ones)
    np.testing.assert_array_equal(
        weighted.quantiles(values, weights, levels), weighted.quantiles(written, ones, levels)
    )
    one, other = weighted.mean_and_spread(values, weights), weighted.mean_and_spread(written, ones)
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9 * size)


@settings(deadline=None)
@given(VALUES)
def test_without_weights_they_are_those_of_numpy(values):
    array, ones = np.array(values), np.ones(len(values))
    assert weighted.median(array, ones) == pytest.approx(np.median(array), rel=1e-12, abs=1e-300)
    levels = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
    expected = np.quantile(array, levels, method="averaged_inverted_cdf")
    np.testing.assert_allclose(weighted.quantiles(array, ones, levels), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("size", [1e-170, 1e-310, 1e150, 1e300])
def test_numbers_at_the_ends_of_the_range(size):
    values, ones = np.array([0.0, 1.0, 5.0]), np.ones(3)
    found = [number / size for number in weighted.mean_and_spread(values * size, ones)]
    reference = weighted.mean_and_spread(values, ones)
    tolerance = 1e-6 if size < 1e-300 else 1e-12
    assert found == pytest.approx(reference, rel=tolerance)
    assert weighted.skewness(values * size, ones) == pytest.approx(weighted.skewness(values, ones), rel=tolerance)


@pytest.mark.parametrize(
    ("weights", "kind", "message"),
    [
        ([1.0, 2.0], ShapeError, r"each of the 3 rows, got shape \(2,\)"),
        ([1.0, -2.0, 1.0], InputError, "-2.0 in row 1"),
        ([1.0, 2.0, np.inf], InputError, "inf in row 2"),
        ([0.0, 0.0, 0.0], InputError, "all weights are 0"),
    ],
)
def test_unusable_weights(weights, kind, message):
    with pytest.raises(kind, match=message):
        weighted.check_weights(np.array(weights), 3)
