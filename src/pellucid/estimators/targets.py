"""y and sample weights at the door of the estimators."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import _check_y as check_y
from sklearn.utils.validation import column_or_1d

from ..data.table import Column, Table
from ..errors import InputError, ShapeError


def target_array(y: Any, rows: int, *, numeric: bool = False) -> np.ndarray:
    """y as (rows,) or (rows, outputs); raises `ShapeError` when its rows do not match X's.

    A column vector (rows, 1) becomes (rows,) with scikit-learn's warning. Raises ValueError for gaps.
    """
    if y is None:
        raise InputError("y is None, but fit requires y: one target a row")
    values = y.objects() if isinstance(y, Column) else y
    array = np.asarray(values)
    if array.ndim == 2 and array.shape[1] > 1:
        checked: np.ndarray = check_y(array, multi_output=True, y_numeric=numeric)
    else:
        checked = check_y(column_or_1d(array, warn=True), multi_output=False, y_numeric=numeric)
    if checked.dtype == object:
        checked = np.array(checked.tolist())
    if len(checked) != rows:
        raise ShapeError(f"X has {rows} rows, y has {len(checked)}; they must match")
    return checked


def class_labels(truth: np.ndarray) -> np.ndarray:
    """The sorted labels of (rows,), or the column numbers of a multi-label indicator (rows, labels)."""
    return np.arange(truth.shape[1]) if truth.ndim == 2 else np.unique(truth)


def checked_weights(table: Table, truth: np.ndarray, sample_weight: Any) -> tuple[Table, np.ndarray, np.ndarray | None]:
    """Rows of weight 0 leave; raises `ShapeError` or `InputError` for weights that do not fit or are negative."""
    if sample_weight is None:
        return table, truth, None
    weights = np.asarray(sample_weight, dtype=np.float64)
    if weights.ndim == 0:
        weights = np.full(len(truth), float(weights))
    if weights.shape != (len(truth),):
        raise ShapeError(f"sample_weight must be (rows,) = ({len(truth)},), got {weights.shape}")
    if not np.isfinite(weights).all() or weights.min() < 0 or weights.sum() == 0:
        raise InputError("sample_weight must hold finite numbers of at least 0 whose sum is positive")
    kept = weights > 0
    if kept.all():
        return table, truth, weights
    return table.take(kept), truth[kept], weights[kept]
