"""Predictions of training rows by networks that had no part in them: the material of thresholds and calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..data.split import Split
from .journal import FoldResult

# Of the held-out rows of a fold at most so many are kept, and so many numbers: more tell nothing more of a curve with
# three coefficients or of one threshold, and they are kept on disk until the run is done.
MOST_ROWS = 50_000
MOST_NUMBERS = 500_000


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """Held-out rows of all folds, one entry a row and fold.

    `rows` (entries,) are the numbers of the training rows, `predicted` (entries, classes) or (entries,) what was
    predicted. A row that several rounds held out has as many entries, which weigh 1 together (`weights`), and all are
    in the same one of the `folds` (entries,), by which choices are cross-fitted.
    """

    rows: np.ndarray
    predicted: np.ndarray
    folds: np.ndarray
    weights: np.ndarray

    @property
    def row_count(self) -> int:
        """How many different rows there are."""
        return len(np.unique(self.rows))

    def by_row(self, values: np.ndarray) -> np.ndarray:
        """The mean of values (entries,) in each row, (row_count,)."""
        _, place = np.unique(self.rows, return_inverse=True)
        means: np.ndarray = np.bincount(place, values * self.weights)
        return means


def kept_rows(held_out: int, predicted: np.ndarray) -> slice:
    """Which predictions of a fold with so many held-out rows are kept: all, or some evenly spaced."""
    numbers = held_out * (predicted.shape[1] if predicted.ndim == 2 else 1)
    step = max(-(-held_out // MOST_ROWS), -(-numbers // MOST_NUMBERS))
    return slice(None, None, step)


def out_of_fold(results: Sequence[FoldResult], folds: Sequence[Split]) -> OutOfFold:
    """The predictions of one rung in all folds. Fold k of a row is the first one that held it out."""
    rows, predicted = [], []
    for result, fold in zip(results, folds):
        assert result.predicted is not None
        step = -(-len(fold.held_out) // len(result.predicted))
        rows.append(fold.held_out[::step])
        predicted.append(result.predicted)
    entries = np.concatenate(rows)
    number = np.repeat(np.arange(len(rows)), [len(each) for each in rows])
    _, first, place, times = np.unique(entries, return_index=True, return_inverse=True, return_counts=True)
    return OutOfFold(entries, np.concatenate(predicted), number[first][place], 1 / times[place])


def of_arrays(predicted: np.ndarray, folds: np.ndarray) -> OutOfFold:
    """The same for predictions that stand once each, with the fold of each row."""
    return OutOfFold(np.arange(len(predicted)), predicted, folds, np.ones(len(predicted)))
