"""Prediction intervals from out-of-fold errors, and the share of other rows that they really cover.

The reach of an interval is a quantile of the errors that networks made on folds that they had not seen, with the
finite-sample correction of split conformal prediction (Lei et al., 2018, JASA 113): of n errors the ⌈(n + 1) level⌉-th
smallest. The saved network, which learned from all folds, errs a little less, so the intervals are rather too wide than
too narrow (cross-conformal prediction, Vovk 2015); what they cover is counted on the sealed rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError, SpecError
from ..estimators.prediction_intervals import PredictionIntervals
from ..metrics.checks import numbers, same_rows
from ..metrics.intervals import wilson
from ..records import Interval, Record, figure, with_interval
from .out_of_fold import OutOfFold, of_arrays

LEVELS = (0.8, 0.95)


@dataclass(frozen=True)
class Coverage(Record):
    """The share of `rows` whose true number lay in the interval of the level, with its Wilson interval, and the mean
    width of the intervals in the units of the target, named by `unit` where it is known."""

    level: float
    covered: float
    interval: Interval
    width: float
    rows: int
    unit: str = ""

    def in_words(self) -> str:
        """One sentence."""
        said = f"the {self.level * 100:g} % intervals cover {with_interval(self.covered, self.interval)} of the rows"
        return f"{said} and are {figure(self.width)}{f' {self.unit}'.rstrip()} wide on average"


def prediction_intervals(
    truth: Any, predicted: Any, *, levels: Sequence[float] = LEVELS, logarithmic: bool = False
) -> PredictionIntervals:
    """Intervals from the errors of rows that the model was not trained on: numbers (rows,) both.

    With `logarithmic` the errors are those of log(1 + target). Levels for which there are too few rows are left out
    (0.95 takes 19). Raises `InputError` and `ShapeError` for gaps and unequal lengths, `SpecError` for levels that are
    no shares.
    """
    values, told = (
        numbers(name, given, dimensions=(1,)) for name, given in (("truth", truth), ("predicted", predicted))
    )
    same_rows(("truth", values), ("predicted", told))
    if logarithmic and min(values.min(), told.min()) <= -1:
        raise InputError("log(1 + y) needs numbers above -1; leave logarithmic out")
    return intervals_of_rows(values, of_arrays(told, np.zeros(len(told), dtype=np.int64)), levels, logarithmic)


def intervals_of_rows(
    truth: np.ndarray, rows: OutOfFold, levels: Sequence[float] = LEVELS, logarithmic: bool = False
) -> PredictionIntervals:
    """The same for numbers (entries,) and out-of-fold rows; each row counts once, however often it was held out."""
    if not all(isinstance(level, (int, float)) and 0 < level < 1 for level in levels):
        raise SpecError(f"levels are shares between 0 and 1, such as 0.8 and 0.95, got {tuple(levels)}")
    predicted = rows.predicted
    errors = np.abs(np.log1p(truth) - np.log1p(predicted) if logarithmic else truth - predicted)
    order = np.argsort(errors, kind="stable")
    reached = np.cumsum(rows.weights[order])
    n = rows.row_count
    # The last digits of n times a level must not decide between one error and the next.
    ranks = {float(level): math.ceil((n + 1) * level - 1e-9) for level in sorted(set(levels))}
    reach = {
        level: float(errors[order[min(int(np.searchsorted(reached, rank - 1e-9)), len(order) - 1)]])
        for level, rank in ranks.items()
        if rank <= n
    }
    return PredictionIntervals(tuple(reach), tuple(reach.values()), logarithmic, n)


def coverage_on(truth: np.ndarray, predicted: np.ndarray, intervals: PredictionIntervals) -> tuple[Coverage, ...]:
    """What the intervals cover of rows: numbers (rows,) both."""
    found = []
    for level in intervals.levels:
        low, high = intervals.around(predicted, level)
        inside = int(((truth >= low) & (truth <= high)).sum())
        width = float((high - low).mean())
        found.append(
            Coverage(level, inside / len(truth), wilson(inside, len(truth)), width, len(truth), intervals.unit)
        )
    return tuple(found)
