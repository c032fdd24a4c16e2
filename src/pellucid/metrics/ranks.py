"""The areas under the ROC curve and under precision and recall by ranks, and what each row contributes to them.

The area under the ROC curve is the chance that a positive row scores higher than a negative one, ties counting half. It
is exact: no thresholds, no trapezoids, and rows with equal scores never depend on their order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Area(NamedTuple):
    """An area under the ROC curve, each row's part (rows,) in its error, and the rows of each class.

    The sum of the squared parts is DeLong's variance. `positives` and `negatives` are effective numbers of
    rows: (Σw)² / Σw², which is the plain number where all weights are equal.
    """

    value: float
    parts: np.ndarray
    positives: float
    negatives: float


def area(positive: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> Area:
    """The area for a mask of positive rows, scores and weights, all (rows,).

    Placements after Sun and Xu, "Fast implementation of DeLong's algorithm", IEEE Signal Processing Letters
    21 (2014), with weights and ties. Both classes must weigh something.
    """
    _, group = np.unique(scores, return_inverse=True)
    up, down = np.where(positive, weights, 0.0), np.where(positive, 0.0, weights)
    up_total, down_total = up.sum(), down.sum()
    below_of_negatives = _below(down, group) / down_total
    above_of_positives = 1 - _below(up, group) / up_total
    value = float((up * below_of_negatives).sum() / up_total)
    parts = np.where(
        positive,
        up * (below_of_negatives - value) / up_total,
        down * (above_of_positives - value) / down_total,
    )
    counts = effective_rows(up), effective_rows(down)
    # DeLong divides by m - 1, not by m.
    factor = [np.sqrt(n / (n - 1)) if n > 1 else 1.0 for n in counts]
    return Area(value, parts * np.where(positive, factor[0], factor[1]), *counts)


def precision_area(positive: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> Area:
    """The average precision and each row's part in its error, for a mask of positive rows, scores and weights.

    A positive row counts at its own threshold, and every row changes the precision at its threshold and all below it.
    """
    _, group = np.unique(-scores, return_inverse=True)  # highest first
    up, down = np.where(positive, weights, 0.0), np.where(positive, 0.0, weights)
    gained, called = np.bincount(group, weights=up), np.cumsum(np.bincount(group, weights=weights))
    found = np.cumsum(gained)
    # Groups of rows without weight above all others call nothing.
    share = np.divide(found, called, out=np.zeros(len(called)), where=called > 0)
    total = found[-1]
    value = float((gained * share).sum() / total)
    per_row = np.divide(gained, called, out=np.zeros(len(called)), where=called > 0) / total
    one_more, one_wrong = (np.cumsum((per_row * part)[::-1])[::-1] for part in (1 - share, -share))
    parts = np.where(positive, up * ((share[group] - value) / total + one_more[group]), down * one_wrong[group])
    return Area(value, parts, effective_rows(up), effective_rows(down))


def effective_rows(weights: np.ndarray) -> float:
    """How many equally weighted rows would be as sure: (Σw)² / Σw² (Kish, "Survey Sampling", 1965)."""
    scaled = weights / weights.max()
    return float(scaled.sum() ** 2 / (scaled**2).sum())


def _below(weights: np.ndarray, group: np.ndarray) -> np.ndarray:
    """For each row the weight that scores lower than it, plus half of the weight that scores the same."""
    tied = np.bincount(group, weights=weights)
    below: np.ndarray = (np.cumsum(tied) - tied / 2)[group]
    return below
