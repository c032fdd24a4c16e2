"""The interval of a mean over folds, whose scores depend on each other because the folds share training rows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import InputError
from ..records import Interval
from .checks import numbers
from .ratios import student_quantile


def nadeau_bengio(scores: Any, training_rows: Any, test_rows: Any, level: float = 0.95) -> Interval:
    """The interval of the mean of `scores` (folds,), or of paired differences of two models' scores.

    The variance of the mean over k folds is taken as (1/k + n_test / n_train) s², with k - 1 degrees of freedom in
    Student's t: Nadeau and Bengio, "Inference for the generalization error", Machine Learning 52 (2003), equation 9.
    `training_rows` and `test_rows` are numbers, or one a fold. Raises `InputError` for fewer than two folds, gaps, or
    rows that are not above zero.
    """
    values = numbers("scores", scores, dimensions=(1,)).astype(np.float64)
    k = len(values)
    if k < 2:
        raise InputError("one fold tells nothing about the spread between folds; give the scores of at least two")
    training, test = np.asarray(training_rows, dtype=np.float64), np.asarray(test_rows, dtype=np.float64)
    if not ((training > 0).all() and (test > 0).all()) or any(
        rows.shape not in ((), (k,)) for rows in (training, test)
    ):
        raise InputError(f"expected rows above zero, one number or one a fold ({k} folds); got {training} and {test}")
    error = math.sqrt((1 / k + float(np.mean(test / training))) * values.var(ddof=1))
    reach, mean = student_quantile(level, k - 1) * error, float(values.mean())
    return Interval(mean - reach, mean + reach, level, f"corrected t over {k} folds")
