"""What the caller passed as X becomes a `Table`, whether array or frame, with scikit-learn's checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from numbers import Number
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

from ..data.columns import LARGEST
from ..data.read import read
from ..data.table import Column, Table
from ..errors import ColumnError, InputError, ShapeError, nearest
from ..records import counted

# `Table.source` of a numeric array, whose columns are numbers throughout.
ARRAY = "array"


def as_table(estimator: BaseEstimator, X: Any, *, reset: bool) -> tuple[Table, np.ndarray | None]:
    """(table, matrix): the rows as a table, and as floats (rows, columns) too where X was a numeric array.

    Checks and errors are those of `checked_rows`.
    """
    rows = checked_rows(estimator, X, reset=reset)
    return (rows, None) if isinstance(rows, Table) else (table_of(estimator, rows), rows)


def checked_rows(estimator: BaseEstimator, X: Any, *, reset: bool) -> Table | np.ndarray:
    """Numbers as a float array (rows, columns), everything else as a table with the names of training.

    `reset=True` learns the names and number of columns, `reset=False` holds X against them. A `Table`, a lazy frame,
    a dict of columns and a list of dicts are matched by name, in any order and beside other columns. A frame is too
    where the model was trained on one of these (`pellucid train` does); else it must have the same columns in the same
    order, as scikit-learn asks. A frame of numbers without texts as names is an array.

    Cells under the mask of a masked array are missing. Raises what scikit-learn's `validate_data` raises for arrays,
    `InputError` for infinite and huge numbers with their place, and `ColumnError` for tables and frames.
    """
    if reset and type(X) is np.ndarray and X.ndim == 2 and X.dtype.char in "df" and X.dtype.isnative and X.size:
        # What scikit-learn's checks would come to, without the time that they take.
        estimator.n_features_in_, estimator.by_name_ = X.shape[1], False
        estimator.__dict__.pop("feature_names_in_", None)
        refuse_endless(X, "X")
        return X
    _refuse_no_rows(X)
    if isinstance(X, np.ndarray) and X.dtype.names is not None:
        raise InputError("X is a structured array; pass a dict of its fields, or numpy's structured_to_unstructured(X)")
    if isinstance(X, np.ma.MaskedArray) and X.dtype.kind in "fiub":
        X = np.where(np.ma.getmaskarray(X), np.nan, np.asarray(X, dtype=np.float64))
    sparse = hasattr(X, "toarray")
    named = isinstance(X, Table) or (isinstance(X, Mapping) and not sparse) or _is_records(X) or hasattr(X, "collect")
    if named or (not reset and getattr(estimator, "by_name_", False) and _is_frame(X) and _frame_names(X)):
        return _by_name(estimator, read(X), reset)
    if reset:
        estimator.by_name_ = False
    if _is_frame(X):
        if _frame_names(X) or np.asarray(X).dtype.kind not in "fiub":
            table = read(X)
            _check_frame(estimator, X, reset)
            return _by_position(estimator, table)
    elif not sparse and _holds_more_than_numbers(X):
        array = np.asarray(X) if isinstance(X, np.ndarray) else np.asarray(X, dtype=object)
        validate_data(estimator, array, reset=reset, skip_check_array=True)
        return _by_position(estimator, read(array))
    checks = {"dtype": [np.float64, np.float32], "ensure_all_finite": False, "accept_sparse": False}
    matrix: np.ndarray = validate_data(estimator, X, reset=reset, **checks)
    refuse_endless(matrix, "X")
    return matrix


def is_plain_matrix(estimator: BaseEstimator, X: Any) -> bool:
    """Whether X is an array that scikit-learn's checks would give back as it is, without a warning, unless it holds a
    number beyond ±1e30: floats (rows, columns), as many columns as in training, which had no names for them.

    Those checks take longer than the network needs for a row.
    """
    return (
        type(X) is np.ndarray
        and X.ndim == 2
        and X.dtype.char in "df"
        and X.dtype.isnative
        and X.shape[0] > 0
        and X.shape[1] == estimator.n_features_in_
        and "feature_names_in_" not in estimator.__dict__
    )


def table_of(estimator: BaseEstimator, matrix: np.ndarray) -> Table:
    """A checked array as a table of numbers with the names of training."""
    return _by_position(estimator, matrix_table(matrix))


def refuse_endless(values: np.ndarray, name: str) -> None:
    """Raise `InputError` with the place of the first infinite number or one beyond ±1e30; NaN passes."""
    largest = min(LARGEST, float(np.finfo(values.dtype).max))
    if values.size and -largest <= values.min() and values.max() <= largest:  # false where there is a NaN
        return
    with np.errstate(invalid="ignore"):
        endless = np.abs(values) > largest
    if endless.any():
        row, *column = np.argwhere(endless)[0].tolist()
        what = "infinity" if np.isinf(values[(row, *column)]) else f"the number {values[(row, *column)]:g}"
        place = f"row {row}, column {column[0]}" if column else f"row {row}"
        unknown = "put NaN where a value is not known" if column else "leave out rows without an answer"
        raise InputError(
            f"Input {name} contains {what} in {place} ({int(endless.sum()):,} in all), and nothing beyond "
            f"±{LARGEST:g} can be computed with; {unknown}, or take other units or a logarithm"
        )


def _refuse_no_rows(X: Any) -> None:
    """Raise for what holds no rows at all: nothing, a text, rows of different lengths."""
    if X is None or isinstance(X, (str, bytes)):
        got = "None" if X is None else f"the text {str(X)[:40]!r}; read a file with pellucid.read(…)"
        raise InputError(f"X must be an array (rows, columns), a frame or a table, got {got}")
    if isinstance(X, (list, tuple)) and X and all(isinstance(row, (list, tuple, np.ndarray)) for row in X):
        lengths = [np.size(row) for row in X]
        row = next((k for k, length in enumerate(lengths) if length != lengths[0]), 0)
        if row:
            raise ShapeError(f"the rows of X differ in length: row 0 has {lengths[0]} values, row {row} {lengths[row]}")


def matrix_table(matrix: np.ndarray) -> Table:
    """A table of number columns x0, x1, … over a numeric matrix (rows, columns)."""
    by_column = np.empty(matrix.shape, order="F")
    for start in range(0, len(matrix), 256):  # rows that stay in the processor's cache while they are turned
        by_column[start : start + 256] = matrix[start : start + 256]
    return Table([Column(f"x{k}", "number", by_column[:, k]) for k in range(matrix.shape[1])], ARRAY)


def _by_name(estimator: BaseEstimator, table: Table, reset: bool) -> Table:
    if reset:
        estimator.feature_names_in_ = np.array(table.names, dtype=object)
        estimator.n_features_in_ = len(table.names)
        estimator.by_name_ = True
        return table
    if not hasattr(estimator, "feature_names_in_"):  # trained on an array: only the place of a column is known
        if len(table.names) != estimator.n_features_in_:
            raise ShapeError(
                f"X has {counted(len(table.names), 'column')}, training had {estimator.n_features_in_} without names"
            )
        return _by_position(estimator, table)
    _refuse_absent(estimator, table.names)
    return table.select(list(estimator.feature_names_in_))


def _refuse_absent(estimator: BaseEstimator, names: tuple[str, ...], said: str = "") -> None:
    for name in estimator.feature_names_in_:
        if name not in names:
            raise ColumnError(f"{said}column {name!r} of the training rows is missing{nearest(name, names)}")


def _by_position(estimator: BaseEstimator, table: Table) -> Table:
    """The columns under the names of training; where one side has no names, scikit-learn warned, and order counts."""
    names = getattr(estimator, "feature_names_in_", None)
    names = [f"x{k}" for k in range(len(table.names))] if names is None else [str(name) for name in names]
    return Table([replace(column, name=name) for column, name in zip(table, names, strict=True)], table.source)


def _check_frame(estimator: BaseEstimator, frame: Any, reset: bool) -> None:
    """scikit-learn's check of names and their order, with the nearest name to one that is missing.

    Its own words stay in front: `check_estimator` looks for them.
    """
    try:
        validate_data(estimator, frame, reset=reset, skip_check_array=True)
    except ValueError as error:
        if reset or not hasattr(estimator, "feature_names_in_"):
            raise
        _refuse_absent(estimator, _frame_names(frame), f"{error}\n")
        raise ColumnError(f"{error}\nSelect the training columns by name: X[list(model.feature_names_in_)]") from None


def _is_frame(X: Any) -> bool:
    return hasattr(X, "columns") or hasattr(X, "column_names")


def _frame_names(frame: Any) -> tuple[str, ...]:
    """The names of a frame's columns that are texts."""
    names = frame.column_names if hasattr(frame, "column_names") else frame.columns
    return tuple(name for name in names if isinstance(name, str))


def _is_records(X: Any) -> bool:
    return isinstance(X, (list, tuple)) and len(X) > 0 and all(isinstance(row, Mapping) for row in X)


def _holds_more_than_numbers(X: Any) -> bool:
    """Whether an array or nested list (rows, columns) holds texts, dates or other things than numbers and gaps."""
    array = X if isinstance(X, np.ndarray) else _nested_list(X)
    if array is None or array.ndim != 2:
        return False
    if array.dtype != object:
        return array.dtype.kind in "USTMm"
    return not all(value is None or isinstance(value, (Number, np.bool_)) for value in array.ravel())


def _nested_list(X: Any) -> np.ndarray | None:
    if not isinstance(X, (list, tuple)):
        return None
    try:
        return np.asarray(X, dtype=object)
    except ValueError:  # rows of different lengths: scikit-learn says so
        return None
