"""Predicted numbers beside true ones, in bins of rows, so that a figure shows no single row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from ..records import Record
from .checks import numbers, same_rows

FEWEST_ROWS = 5  # in a bin: what fewer rows have might tell of a single one


@dataclass(frozen=True, eq=False, repr=False)
class BinnedErrors(Record):
    """Bins of rows by their prediction, each (bins,), lowest first, and how large the errors are.

    Of a bin: the mean of what was `predicted`, the `median` of what was true, the numbers `low` and `high` between
    which the middle `middle` of its true values lie, the same of true minus predicted (`error`, `error_low`,
    `error_high`), and its `rows`. `error_edges` (parts + 1,) and `error_rows` (parts,) count the errors in equal parts;
    the first and the last part take in what lies beyond. All but the counts are in the units of the target.
    """

    predicted: np.ndarray
    median: np.ndarray
    low: np.ndarray
    high: np.ndarray
    error: np.ndarray
    error_low: np.ndarray
    error_high: np.ndarray
    rows: np.ndarray
    error_edges: np.ndarray
    error_rows: np.ndarray
    middle: float

    def __repr__(self) -> str:
        return f"BinnedErrors({int(self.rows.sum()):,} rows in {len(self.rows)} bins)"


def bin_errors(truth: Any, predicted: Any, *, bins: int = 20, middle: float = 0.8, parts: int = 24) -> BinnedErrors:
    """Bins of about as many rows each, by prediction (rows,), at least five rows in each, and a count of the errors.

    Raises `InputError` for NaN and infinity, fewer than five rows and fewer than one bin, `ShapeError` for unequal
    lengths.
    """
    actual, guess = (
        numbers(name, array, dimensions=(1,)).astype(np.float64)
        for name, array in (("truth", truth), ("predicted", predicted))
    )
    same_rows(("truth", actual), ("predicted", guess))
    if len(actual) < FEWEST_ROWS or bins < 1 or not 0 < middle < 1:
        raise InputError(
            f"expected {FEWEST_ROWS} rows or more, at least one bin and a middle inside (0, 1); "
            f"got {len(actual)} rows, {bins} bins and {middle:g}"
        )
    order = np.argsort(guess, kind="stable")
    groups = np.array_split(order, max(1, min(bins, len(order) // FEWEST_ROWS)))
    shares = ((1 - middle) / 2, 0.5, (1 + middle) / 2)
    values = np.array([np.quantile(actual[rows], shares) for rows in groups])
    errors = actual - guess
    spread = np.array([np.quantile(errors[rows], shares) for rows in groups])
    edges, counts = _counted(errors, parts)
    return BinnedErrors(
        np.array([guess[rows].mean() for rows in groups]),
        values[:, 1],
        values[:, 0],
        values[:, 2],
        spread[:, 1],
        spread[:, 0],
        spread[:, 2],
        np.array([len(rows) for rows in groups]),
        edges,
        counts,
        middle,
    )


def _counted(errors: np.ndarray, parts: int) -> tuple[np.ndarray, np.ndarray]:
    """Edges and counts of equal parts from the 1st to the 99th percentile; what lies beyond is in the outer parts."""
    low, high = np.quantile(errors, (0.01, 0.99))
    if not high > low:
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, parts + 1), np.histogram(errors.clip(low, high), parts, (low, high))[0]
