"""Bins of predicted numbers: counts add up, quantiles are NumPy's, no bin tells of fewer than five rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid import metrics
from pellucid.errors import InputError, ShapeError


@given(st.integers(5, 300), st.integers(1, 30), st.integers(0, 99))
def test_every_row_is_in_one_bin_and_one_part(rows, bins, seed):
    rng = np.random.default_rng(seed)
    truth, predicted = rng.normal(size=rows), rng.integers(0, 5, rows).astype(float)
    found = metrics.bin_errors(truth, predicted, bins=bins)
    assert found.rows.sum() == found.error_rows.sum() == rows
    assert found.rows.min() >= 5
    assert len(found.rows) <= bins
    assert (np.diff(found.predicted) >= 0).all()
    assert (found.low <= found.median).all()
    assert (found.median <= found.high).all()


def test_one_bin_is_the_whole():
    truth = np.arange(101.0)
    found = metrics.bin_errors(truth, np.full(101, 40.0), bins=1, middle=0.5)
    assert (found.predicted[0], found.low[0], found.median[0], found.high[0]) == (40, 25, 50, 75)
    assert (found.error_low[0], found.error[0], found.error_high[0]) == (-15, 10, 35)


def test_perfect_predictions_have_a_part_with_all_rows():
    found = metrics.bin_errors(np.arange(20.0), np.arange(20.0))
    assert found.error_rows.max() == 20


@pytest.mark.parametrize(
    ("truth", "predicted", "more", "error"),
    [
        ([1.0] * 4, [1.0] * 4, {}, InputError),
        ([1.0] * 9, [1.0] * 9, {"bins": 0}, InputError),
        ([1.0] * 9, [1.0] * 9, {"middle": 1.0}, InputError),
        ([1.0] * 8 + [np.nan], [1.0] * 9, {}, InputError),
        ([1.0] * 9, [1.0] * 8, {}, ShapeError),
    ],
)
def test_what_cannot_be_binned_is_told(truth, predicted, more, error):
    with pytest.raises(error):
        metrics.bin_errors(truth, predicted, **more)
