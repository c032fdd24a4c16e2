"""Rows that were meant to be held out and were looked at after all."""

from __future__ import annotations

import numpy as np

from ..engines.contract import TrainingData
from ..records import Finding


def scaled_with_validation_rows(data: TrainingData) -> Finding | None:
    """FIT_ON_HELD_OUT: the scale of the inputs was learned from training and validation rows together.

    Seen when a column has mean 0 and standard deviation 1 over both and not over the training rows, which does not
    happen by chance.
    """
    if data.X_valid is None or len(data.X) < 2 or not len(data.X_valid):
        return None
    near = 1e-9 if data.X.dtype == np.float64 else 1e-5
    both = _standardized(np.concatenate([data.X, data.X_valid]), near)
    columns = np.flatnonzero(both & ~_standardized(data.X, 100 * near))
    if not len(columns):
        return None
    more = f" and {len(columns) - 1} more" if len(columns) > 1 else ""
    return Finding(
        "FIT_ON_HELD_OUT",
        "warning",
        f"Input {columns[0]}{more} has mean 0 and standard deviation 1 over training and validation rows together",
        "What is learned from held-out rows, even a mean, makes their score too good",
        "Learn means and scales from the training rows alone and apply them to both",
    )


def _standardized(X: np.ndarray, near: float) -> np.ndarray:
    """Which columns have mean 0 and standard deviation 1 (dividing by rows or rows - 1), bool (columns,)."""
    X = X.astype(np.float64)
    spread = X.std(axis=0)
    usual = spread * np.sqrt(len(X) / (len(X) - 1))
    one = (np.abs(spread - 1) < near) | (np.abs(usual - 1) < near)
    result: np.ndarray = one & (np.abs(X.mean(axis=0)) < near)
    return result
