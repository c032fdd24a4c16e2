"""Weighted confusion counts, and the figures that are functions of them, each with its slope in every cell."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..records import Interval
from .intervals import quantile_for, wilson


class Cells(NamedTuple):
    """Rows by actual (first axis) and predicted class, (classes, classes).

    `weight` sums the weights of the rows of a cell, `squares` their squares and `rows` counts them; all three are equal
    where every row weighs 1. `labels` name the classes.
    """

    labels: tuple[Any, ...]
    weight: np.ndarray
    squares: np.ndarray
    rows: np.ndarray

    @property
    def actual(self) -> np.ndarray:
        """The weight of each actual class, (classes,)."""
        return self.weight.sum(axis=1)

    @property
    def predicted(self) -> np.ndarray:
        """The weight of each predicted class, (classes,)."""
        return self.weight.sum(axis=0)

    def smallest(self) -> tuple[int, Any]:
        """(rows of the smallest class that has any, its label)."""
        rows = self.rows.sum(axis=1)
        present = np.flatnonzero(rows)
        place = int(present[rows[present].argmin()])
        return int(rows[place]), self.labels[place]


def cells_of(
    labels: tuple[Any, ...], actual: np.ndarray, predicted: np.ndarray, weights: np.ndarray | None = None
) -> Cells:
    """Count codes (rows,) of actual and predicted classes; rows without weight do not count as rows."""
    size = len(labels)
    place = actual * size + predicted
    if weights is None:
        rows = np.bincount(place, minlength=size * size).reshape(size, size)
        return Cells(labels, rows.astype(np.float64), rows.astype(np.float64), rows)
    weight, squares, rows = (
        np.bincount(place, values, minlength=size * size).reshape(size, size)
        for values in (weights, weights**2, (weights > 0).astype(np.float64))
    )
    return Cells(labels, weight, squares, rows.astype(np.int64))


def share_interval(hits: np.ndarray, weight: np.ndarray, squares: np.ndarray, level: float) -> Interval | None:
    """Wilson's interval for the share of `hits` (a mask) in the weight of some cells; None where they are empty."""
    total = float(weight.sum())
    if total <= 0:
        return None
    rows = total**2 / float(squares.sum())
    share = min(float(weight[hits].sum()) / total, 1.0)
    interval = wilson(share * rows, rows, level)
    if np.array_equal(weight, squares):
        return interval
    return Interval(interval.low, interval.high, level, f"Wilson, {rows:,.1f} effective rows")


def by_effective_rows(value: float, variance: float, rows: float, level: float) -> Interval:
    """Wilson's interval for a figure in [0, 1] of that variance: of as many rows as a share would have that varies so.

    `rows` stands in where the variance is zero, at 0 and 1.
    """
    value = min(max(value, 0.0), 1.0)
    effective = value * (1 - value) / variance if variance > 0 and 0 < value < 1 else rows
    interval = wilson(value * effective, effective, level)
    return Interval(interval.low, interval.high, level, f"Wilson, {effective:,.1f} effective rows")


def spread_of(cells: Cells, slopes: np.ndarray) -> float:
    """The variance of a figure whose value changes by `slopes` (classes, classes) with a row more in each cell.

    The figure must not change when all cells grow by the same factor, so that the slopes sum to zero over the rows.
    """
    return float((cells.squares * slopes**2).sum())


def recalls(cells: Cells) -> np.ndarray:
    """The share of each actual class that was predicted as such, (classes,); 0 for classes without rows."""
    return divided(np.diagonal(cells.weight), cells.actual)


def precisions(cells: Cells) -> np.ndarray:
    """The share of each predicted class that was such, (classes,); 0 for classes that were never predicted."""
    return divided(np.diagonal(cells.weight), cells.predicted)


def f_betas(cells: Cells, beta: float = 1.0) -> np.ndarray:
    """(1 + β²) tp / (β² (tp + fn) + tp + fp) of each class, (classes,); 0 for classes that occur nowhere."""
    return divided((1 + beta**2) * np.diagonal(cells.weight), beta**2 * cells.actual + cells.predicted)


def divided(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """above / below, and 0 where below is 0."""
    return np.divide(above, below, out=np.zeros(np.broadcast(above, below).shape), where=below > 0)


def mean_interval(
    parts: list[Interval], values: np.ndarray, level: float, correlations: np.ndarray | None = None
) -> Interval:
    """The interval of the mean of shares from theirs: their distances add up as squares, and as products by their
    `correlations` (values, values), where they are not independent.

    Zou and Donner, "Construction of confidence limits about effect measures", Statistics in Medicine 27 (2008).
    """
    quantile_for(level)
    mean, size = float(values.mean()), len(values)
    related = np.eye(size) if correlations is None else correlations
    below = values - np.array([part.low for part in parts])
    above = np.array([part.high for part in parts]) - values
    low, high = (float(np.sqrt(max(0.0, side @ related @ side))) / size for side in (below, above))
    how = "Wilson of each class, joined by MOVER"
    return Interval(max(0.0, mean - low), min(1.0, mean + high), level, how)
