"""How errors grow with the prediction: their mean size in bins of rows, and errors in units of it.

Normalized conformal prediction (Lei et al., 2018, JASA 113, section 5.2): an interval is wide where errors are large.
"""

from __future__ import annotations

import numpy as np

from .out_of_fold import OutOfFold

# Fewer rows in a bin tell its mean error too badly; more bins find nothing more (docs/decisions.md).
ROWS_A_BIN, MOST_BINS = 50, 20
SMALLEST = 0.05  # of the mean error: a bin of rows that were all told exactly promises nothing of the next one


def bins_for(rows: OutOfFold) -> int:
    """How many bins the rows allow; 1 where errors cannot be cross-fitted."""
    if len(np.unique(rows.folds)) < 2:
        return 1
    return max(1, min(MOST_BINS, rows.row_count // ROWS_A_BIN))


def scale_of(predicted: np.ndarray, errors: np.ndarray, bins: int) -> tuple[np.ndarray, np.ndarray]:
    """(knots, scales), both (bins,) or fewer: the mean prediction and mean size of error of bins of as many rows each.

    `predicted` and `errors`, which are not negative, are (entries,). Empty where all errors are zero.
    """
    mean = float(errors.mean())
    if bins < 2 or not mean > 0:
        return np.empty(0), np.empty(0)
    groups = np.array_split(np.argsort(predicted, kind="stable"), bins)
    middle = np.array([predicted[rows].mean() for rows in groups])
    size = np.array([errors[rows].mean() for rows in groups])
    knots, place = np.unique(middle, return_inverse=True)  # equal predictions may fill several bins
    scales = np.bincount(place, size) / np.bincount(place)
    return knots, np.maximum(scales, SMALLEST * mean)


def in_units_of_scale(rows: OutOfFold, errors: np.ndarray, bins: int) -> np.ndarray | None:
    """Errors (entries,) over the scale that the rows of all other folds give for their prediction; None where those
    give none."""
    relative = np.empty(len(errors))
    for fold in np.unique(rows.folds):
        own = rows.folds == fold
        knots, scales = scale_of(rows.predicted[~own], errors[~own], bins)
        if not len(knots):
            return None
        relative[own] = errors[own] / np.interp(rows.predicted[own], knots, scales)
    return relative
