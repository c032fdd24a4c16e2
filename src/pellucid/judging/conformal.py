"""Prediction intervals from out-of-fold errors.

The reach of an interval is a quantile of the errors that networks made on folds that they had not seen, in units of
the mean error at such a prediction, with the finite-sample correction of split conformal prediction (Lei et al., 2018,
JASA 113): of n errors the ⌈(n + 1) level⌉-th smallest. Where that mean grows with the prediction, so do the intervals;
each error is measured by the mean that other folds give. The saved network, which learned from all folds, errs a little
less, so the intervals are rather too wide than too narrow (cross-conformal prediction, Vovk 2015); what they cover is
counted on the sealed rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import InputError, SpecError
from ..estimators.prediction_intervals import PredictionIntervals
from ..metrics.checks import numbers, same_rows
from .error_scale import bins_for, in_units_of_scale, scale_of
from .out_of_fold import OutOfFold
from .plain_arrays import cross_fitted_rows

LEVELS = (0.8, 0.95)


def prediction_intervals(
    truth: Any,
    predicted: Any,
    *,
    levels: Sequence[float] = LEVELS,
    logarithmic: bool = False,
    folds: Any = None,
    seed: int = 0,
) -> PredictionIntervals:
    """Intervals from the errors of rows that the model was not trained on: numbers (rows,) both.

    From 100 rows on intervals are wider where errors are larger, as a function of the prediction; `folds` (rows,) are
    those over which this is cross-fitted, five by chance with `seed`. With `logarithmic` the errors are those of
    log(1 + target). Where no number of `truth` is negative, no end of an interval is. Levels for which there are too
    few rows are left out (0.95 takes 19). Raises `InputError` and `ShapeError` for gaps and unequal lengths,
    `SpecError` for levels that are no shares.
    """
    values, told = (
        numbers(name, given, dimensions=(1,)) for name, given in (("truth", truth), ("predicted", predicted))
    )
    same_rows(("truth", values), ("predicted", told))
    if logarithmic and min(values.min(), told.min()) <= -1:
        raise InputError("log(1 + y) needs numbers above -1; leave logarithmic out")
    rows = cross_fitted_rows(told, folds, seed)
    return intervals_of_rows(values, rows, levels, logarithmic, lowest_of(values))


def intervals_of_rows(
    truth: np.ndarray,
    rows: OutOfFold,
    levels: Sequence[float] = LEVELS,
    logarithmic: bool = False,
    lowest: float | None = None,
) -> PredictionIntervals:
    """The same for numbers (entries,) and out-of-fold rows; each row counts once, however often it was held out."""
    if not all(isinstance(level, (int, float)) and 0 < level < 1 for level in levels):
        raise SpecError(f"levels are shares between 0 and 1, such as 0.8 and 0.95, got {tuple(levels)}")
    predicted = rows.predicted
    errors = np.abs(np.log1p(truth) - np.log1p(predicted) if logarithmic else truth - predicted)
    bins = bins_for(rows)
    knots, scales = scale_of(predicted, errors, bins)
    relative = in_units_of_scale(rows, errors, bins) if len(knots) else None
    if relative is None:
        reach = _quantiles(errors, rows, levels)
        return PredictionIntervals(tuple(reach), tuple(reach.values()), logarithmic, rows.row_count, lowest=lowest)
    mean = float(np.average(np.interp(predicted, knots, scales), weights=rows.weights))
    reach = {level: mean * quantile for level, quantile in _quantiles(relative, rows, levels).items()}
    return PredictionIntervals(
        tuple(reach),
        tuple(reach.values()),
        logarithmic,
        rows.row_count,
        knots=tuple(knots.tolist()),
        scales=tuple((scales / mean).tolist()),
        lowest=lowest,
    )


def lowest_of(truth: np.ndarray) -> float | None:
    """0 for a target (rows,) that is never negative, as counts and prices are; None for others."""
    return 0.0 if truth.min() >= 0 else None


def _quantiles(errors: np.ndarray, rows: OutOfFold, levels: Sequence[float]) -> dict[float, float]:
    """Of n rows the ⌈(n + 1) level⌉-th smallest error, by level; levels that ask for more rows are left out."""
    order = np.argsort(errors, kind="stable")
    reached = np.cumsum(rows.weights[order])
    n = rows.row_count
    # The last digits of n times a level must not decide between one error and the next.
    ranks = {float(level): math.ceil((n + 1) * level - 1e-9) for level in sorted(set(levels))}
    return {
        level: float(errors[order[min(int(np.searchsorted(reached, rank - 1e-9)), len(order) - 1)]])
        for level, rank in ranks.items()
        if rank <= n
    }
