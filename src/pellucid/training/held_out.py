"""Rows that were meant to be held out and were looked at after all."""

from __future__ import annotations

import numpy as np

from ..engines.contract import TrainingData
from ..records import Finding


def scaled_with_validation_rows(data: TrainingData) -> Finding | None:
    """FIT_ON_HELD_OUT: the scale of the inputs was learned from training and validation rows together.

    Seen when a column has mean 0 and standard deviation 1 over both and not over the training rows, which does not
    happen by chance; and when the largest size of every column (of three values or more, two columns or more) is 1 over
    both, and in some not over the training rows.
    """
    if data.X_valid is None or len(data.X) < 2 or not len(data.X_valid):
        return None
    near = 1e-9 if data.X.dtype == np.float64 else 1e-5
    both = _standardized(np.concatenate([data.X, data.X_valid]), near)
    columns = np.flatnonzero(both & ~_standardized(data.X, 100 * near))
    if not len(columns):
        return _divided_by_the_largest(data.X, data.X_valid)
    more = f" and {len(columns) - 1} more" if len(columns) > 1 else ""
    return Finding(
        "FIT_ON_HELD_OUT",
        "warning",
        f"Input {columns[0]}{more} has mean 0 and standard deviation 1 over training and validation rows together",
        "What is learned from held-out rows, even a mean, makes their score too good",
        "Learn means and scales from the training rows alone and apply them to both",
    )


def _divided_by_the_largest(X: np.ndarray, X_valid: np.ndarray) -> Finding | None:
    of_training, of_both = (np.abs(rows).max(axis=0) for rows in (X, np.concatenate([X, X_valid])))
    if not (of_both <= 1).all() or (of_both == of_training).all():
        return None
    measured = np.array([len(np.unique(column)) > 2 for column in X.T])
    columns = np.flatnonzero(measured & (of_training < of_both))
    if measured.sum() < 2 or not (of_both[measured] == 1).all() or not len(columns):
        return None
    return Finding(
        "FIT_ON_HELD_OUT",
        "warning",
        f"Every column of numbers reaches 1 over training and validation rows together, and input {columns[0]} only "
        f"{of_training[columns[0]]:.4g} over the training rows",
        "What is learned from held-out rows, even a largest value, makes their score too good",
        "Learn the largest values from the training rows alone and apply them to both",
    )


def _standardized(X: np.ndarray, near: float) -> np.ndarray:
    """Which columns have mean 0 and standard deviation 1 (dividing by rows or rows - 1), bool (columns,)."""
    X = X.astype(np.float64)
    spread = X.std(axis=0)
    usual = spread * np.sqrt(len(X) / (len(X) - 1))
    one = (np.abs(spread - 1) < near) | (np.abs(usual - 1) < near)
    result: np.ndarray = one & (np.abs(X.mean(axis=0)) < near)
    return result
