"""What the caller passed as X becomes a `Table`, whether array or frame, with scikit-learn's checks."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

from ..data.read import read
from ..data.table import Column, Table
from ..errors import ColumnError, nearest


def as_table(estimator: BaseEstimator, X: Any, *, reset: bool) -> tuple[Table, str]:
    """(table, dtype): arrays keep their floating type, everything else trains in float32.

    `reset=True` learns the names and number of columns, `reset=False` holds X against them. Raises what scikit-learn's
    `validate_data` raises for arrays, and `ColumnError` for tables.
    """
    if isinstance(X, Table):
        return _known_table(estimator, X, reset), "float32"
    if isinstance(X, dict):
        return _known_table(estimator, read(X), reset), "float32"
    if hasattr(X, "columns") or hasattr(X, "column_names"):
        validate_data(estimator, X, reset=reset, skip_check_array=True)
        return read(X), "float32"
    if _holds_text(X):
        array = np.asarray(X, dtype=object)
        validate_data(estimator, array, reset=reset, skip_check_array=True)
        return read(array), "float32"
    matrix = validate_data(
        estimator,
        X,
        reset=reset,
        dtype=[np.float64, np.float32],
        ensure_all_finite="allow-nan",
        accept_sparse=False,
    )
    return matrix_table(matrix), str(matrix.dtype)


def matrix_table(matrix: np.ndarray) -> Table:
    """A table of number columns x0, x1, … over a numeric matrix (rows, columns)."""
    by_column = np.asfortranarray(matrix, dtype=np.float64)
    return Table([Column(f"x{k}", "number", by_column[:, k]) for k in range(matrix.shape[1])], "array")


def _known_table(estimator: BaseEstimator, table: Table, reset: bool) -> Table:
    if reset:
        estimator.feature_names_in_ = np.array(table.names, dtype=object)
        estimator.n_features_in_ = len(table.names)
        return table
    names = getattr(estimator, "feature_names_in_", table.names)
    absent = [name for name in names if name not in table]
    if absent:
        raise ColumnError(f"column {absent[0]!r} is missing{nearest(absent[0], table.names)}")
    return table.select(list(names))


def _holds_text(X: Any) -> bool:
    array = X if isinstance(X, np.ndarray) else np.asarray(X, dtype=object) if isinstance(X, list) else None
    if array is None or array.ndim != 2:
        return False
    return array.dtype.kind in "US" or (array.dtype == object and any(isinstance(v, str) for v in array.ravel()))
