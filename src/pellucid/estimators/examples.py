"""X, y and sample weights together, checked, as the caller gave them: before anything is learned from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

from ..data.table import Column, Table
from ..errors import InputError, ShapeError
from .inputs import as_table
from .targets import target_array


@dataclass(frozen=True, eq=False)
class Examples:
    """Rows with their answers: `truth` (rows,) or (rows, outputs), `weights` (rows,) above 0 or None.

    `matrix` (rows, columns) holds the table's numbers where they came as an array.
    """

    table: Table
    truth: np.ndarray
    weights: np.ndarray | None = None
    matrix: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def dtype(self) -> str:
        """What the rows are trained in: an array's own floating type, float32 for everything else."""
        return "float32" if self.matrix is None else str(self.matrix.dtype)

    def take(self, rows: np.ndarray) -> Examples:
        """The given rows (numbers or bool mask)."""
        weights = None if self.weights is None else self.weights[rows]
        matrix = None if self.matrix is None else self.matrix[rows]
        return Examples(self.table.take(rows), self.truth[rows], weights, matrix)


def checked_examples(
    estimator: BaseEstimator, X: Any, y: Any, sample_weight: Any, *, reset: bool, numeric: bool = False
) -> Examples:
    """The rows of weight above 0.

    `reset` says that columns are learned rather than held against those of training, which takes two rows. Raises
    `ShapeError` and `InputError` for what does not fit together, and what `as_table` and `target_array` raise.
    """
    table, matrix = as_table(estimator, X, reset=reset)
    if isinstance(y, Column) and y.name in table:
        raise InputError(f"y is the column {y.name!r}, which is in X too; leave it out there: X.drop([{y.name!r}])")
    examples = Examples(table, target_array(y, len(table), numeric=numeric), None, matrix)
    if sample_weight is not None:
        weights = checked_weights(sample_weight, len(table))
        examples = Examples(table, examples.truth, weights, matrix)
        if not weights.all():
            examples = examples.take(weights > 0)
    if reset and len(examples) < 2:
        raise InputError(f"n_samples = {len(examples)}: a network learns from at least 2 rows with a weight above 0")
    return examples


def checked_weights(sample_weight: Any, rows: int) -> np.ndarray:
    """Weights as float64 (rows,), one number standing for all rows.

    Raises `ShapeError` for another shape, `InputError` for negative or non-finite weights and when all are zero.
    """
    try:
        weights = np.asarray(sample_weight, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"sample_weight must hold a number for each row, got {str(sample_weight)[:60]!r}") from None
    if weights.ndim == 0:
        weights = np.full(rows, float(weights))
    if weights.shape != (rows,):
        raise ShapeError(f"sample_weight must be (rows,) = ({rows},), got {weights.shape}")
    bad = ~np.isfinite(weights) | (weights < 0)
    if bad.any():
        row = int(bad.argmax())
        raise InputError(f"sample_weight must be finite and not negative, got {weights[row]} in row {row}")
    if not weights.any():
        raise InputError("every sample_weight is zero, so no row counts; give some a positive weight")
    return weights


def checked_truth(
    y: Any, sample_weight: Any, rows: int, *, numeric: bool = False
) -> tuple[np.ndarray, np.ndarray | None]:
    """y and weights (rows,) for a score; raises what `target_array` and `checked_weights` raise."""
    weights = None if sample_weight is None else checked_weights(sample_weight, rows)
    return target_array(y, rows, numeric=numeric), weights
