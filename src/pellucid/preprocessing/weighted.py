"""Statistics of weighted rows: a row of weight 2 counts as the row written twice, a row of weight 0 as absent.

All functions take finite `values (rows,)` and positive `weights (rows,)`.
"""

from __future__ import annotations

import math

import numpy as np

from ..errors import InputError, ShapeError

# Sums of weights are compared with this relative tolerance, so that 0.1 + 0.2 counts as 0.3.
TOLERANCE = 1e-12


def check_weights(weights: np.ndarray | None, rows: int) -> np.ndarray:
    """Weights as float64 (rows,); ones when None.

    Raises `ShapeError` for another length, `InputError` for negative or non-finite weights and when all are 0.
    """
    if weights is None:
        return np.ones(rows)
    checked = np.asarray(weights, dtype=np.float64)
    if checked.shape != (rows,):
        raise ShapeError(f"weights must be one number for each of the {rows:,} rows, got shape {checked.shape}")
    bad = ~np.isfinite(checked) | (checked < 0)
    if bad.any():
        row = int(np.argmax(bad))
        raise InputError(f"weights must be finite and not negative, got {checked[row]} in row {row}")
    if rows and not checked.any():
        raise InputError("all weights are 0, so there is no row to learn from; give some rows a positive weight")
    return checked


def distinct(values: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct values in ascending order and the total weight of each."""
    if len(weights) and weights.min() == weights.max():
        # Much faster, and most tables have no weights.
        found, counts = np.unique(values, return_counts=True)
        return found, counts * float(weights[0])
    found, where = np.unique(values, return_inverse=True)
    return found, np.bincount(where.reshape(-1), weights=weights, minlength=len(found))


def mean(values: np.ndarray, weights: np.ndarray) -> float:
    """Σ w x / Σ w, kept inside the range of the values."""
    share = weights / weights.sum()
    return float(np.clip(np.dot(share, values), values.min(), values.max()))


def exact_mean(values: np.ndarray, weights: np.ndarray) -> float:
    """The mean from sums without rounding, so that repeating a row gives the last digit that weighing it gives.

    What is filled in may tie with a value of the column, and quantiles tell a tie from a hair's breadth.
    """
    products = values * weights
    if not np.isfinite(products).all() or np.abs(products).max() * len(products) > 1e300:
        return mean(values, weights)
    return float(np.clip(math.fsum(products) / math.fsum(weights), values.min(), values.max()))


def mean_and_spread(values: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation (divided by Σ w)."""
    center, spread, unit = _scaled_moments(values, weights)
    return center * unit, spread * unit


def skewness(values: np.ndarray, weights: np.ndarray) -> float:
    """m₃ / m₂^1.5, 0 for a constant column."""
    center, spread, unit = _scaled_moments(values, weights)
    if spread == 0:
        return 0.0
    away = (values / unit - center) / spread
    return float(np.dot(weights / weights.sum(), away * away * away))


def _scaled_moments(values: np.ndarray, weights: np.ndarray) -> tuple[float, float, float]:
    """Mean and standard deviation of values / unit, and the unit."""
    low, high = float(values.min()), float(values.max())
    size = max(abs(low), abs(high))
    if low == high:
        return low, 0.0, 1.0
    # Squares and cubes of very large or tiny numbers leave the range of floats; powers of two change no digit.
    unit = 1.0 if 1e-90 < size < 1e90 else 2.0 ** min(max(math.floor(math.log2(size)), -1000), 1000)
    scaled = values if unit == 1.0 else values / unit
    share = weights / weights.sum()
    center = min(max(float(np.dot(share, scaled)), low / unit), high / unit)
    away = scaled - center
    away *= away
    return center, math.sqrt(np.dot(share, away)), unit


def quantiles(values: np.ndarray, weights: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Quantiles at `levels` in [0, 1]: the inverse of the weighted distribution function, averaged at its steps.

    Definition 2 of Hyndman and Fan (1996), "Sample quantiles in statistical packages"; at 0.5 it is the median.
    """
    found, counts = distinct(values, weights)
    total = np.cumsum(counts)
    sought = np.asarray(levels, dtype=np.float64) * total[-1]
    slack = TOLERANCE * total[-1]
    last = len(found) - 1
    low = np.minimum(np.searchsorted(total, sought - slack, side="left"), last)
    high = np.minimum(np.searchsorted(total, sought + slack, side="right"), last)
    middle: np.ndarray = found[low] + (found[high] - found[low]) / 2
    return middle


def median(values: np.ndarray, weights: np.ndarray) -> float:
    """The middle value, or the mean of the two middle values."""
    if weights.min() == weights.max():  # the same without counting the distinct values, which wide tables wait for
        upper = len(values) // 2
        parted = np.partition(values, upper)  # one place: NumPy takes six times longer for two
        high = float(parted[upper])
        low = high if len(values) % 2 else float(parted[:upper].max())
        return low + (high - low) / 2
    return float(quantiles(values, weights, np.array([0.5]))[0])


def mode(values: np.ndarray, weights: np.ndarray) -> float:
    """The value of the largest total weight; the smallest of them when several tie."""
    found, counts = distinct(values, weights)
    return float(found[np.argmax(counts >= counts.max() * (1 - TOLERANCE))])
