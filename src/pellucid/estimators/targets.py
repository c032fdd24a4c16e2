"""y at the door of the estimators: checked arrays of labels or numbers, and what labels weigh."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.utils.validation import _check_y as check_y
from sklearn.utils.validation import column_or_1d

from ..data.table import Column
from ..errors import InputError, ShapeError, SpecError, nearest
from ..preprocessing.conversion import is_missing
from ..records import counted
from .inputs import refuse_endless


def target_array(y: Any, rows: int, *, numeric: bool = False) -> np.ndarray:
    """y as (rows,) or (rows, outputs); raises `ShapeError` when its rows do not match X's.

    A column vector (rows, 1) becomes (rows,) with scikit-learn's warning. Raises `InputError` or ValueError for gaps,
    infinite and huge numbers, and where numbers are asked for and dates come.
    """
    if y is None:
        raise InputError("fit requires y to be passed, but the target y is None; pass one target a row")
    if type(y) is np.ndarray and y.shape == (rows,) and y.dtype.kind in ("biu" if numeric else "biuU"):
        return y  # nothing that scikit-learn's checks, which take longer than a small network, could object to
    if isinstance(y, np.ma.MaskedArray) and y.mask.any():
        row = int(np.argwhere(y.mask)[0][0])
        raise InputError(f"y has masked values, the first in row {row}; leave out rows without an answer")
    if hasattr(y, "toarray"):
        raise InputError("y is a sparse matrix; pass y.toarray(), one target a row")
    array = _column_values(y) if isinstance(y, Column) else np.asarray(y)
    if array.dtype == object and array.ndim <= 2:
        array = _of_one_type(array)
    if array.dtype.kind == "f" and np.isnan(array).any():
        row = int(np.argwhere(np.isnan(array))[0][0])
        raise InputError(f"Input y contains NaN, first in row {row}; leave out rows without an answer")
    if array.dtype.kind == "f":
        refuse_endless(array, "y")
        if type(y) is np.ndarray and y.shape == (rows,) and y.dtype.char in "df":
            return y
    if numeric and array.dtype.kind in "Mm":
        raise InputError("y holds dates or times; expected numbers, such as days since a fixed day")
    if array.ndim == 2 and array.shape[1] > 1:
        checked: np.ndarray = check_y(array, multi_output=True, y_numeric=numeric)
    else:
        checked = check_y(column_or_1d(array, warn=True), multi_output=False, y_numeric=numeric)
    if len(checked) != rows:
        raise ShapeError(f"X has {counted(rows, 'row')}, y has {len(checked):,}; they must match")
    return checked


def _column_values(column: Column) -> np.ndarray:
    """A column's values; whole numbers as int64, so that predictions are labels like 0 and 1."""
    values = column.values
    if column.kind == "number" and not column.missing.any() and (values == np.round(values)).all():
        return values.astype(np.int64) if np.abs(values).max(initial=0) < 2**53 else values
    return column.objects()


def _of_one_type(array: np.ndarray) -> np.ndarray:
    """Python objects as an array of texts, numbers or bools. Raises `InputError` for gaps and for a mixture."""
    gaps = np.array([is_missing(value) for value in array.ravel()], dtype=bool)
    if gaps.any():
        row = int(gaps.argmax()) // (array.shape[1] if array.ndim == 2 else 1)
        raise InputError(f"Input y contains NaN or None, first in row {row}; leave out rows without an answer")
    kinds = {isinstance(value, (str, np.str_)) for value in array.ravel()}
    if len(kinds) > 1:
        raise InputError("y holds texts and other values together; make them all texts or all numbers")
    return np.array(array.tolist())


def class_labels(truth: np.ndarray) -> np.ndarray:
    """The sorted labels of (rows,), or the column numbers of a multi-label indicator (rows, labels)."""
    return np.arange(truth.shape[1]) if truth.ndim == 2 else np.unique(truth)


def label_weights(class_weight: Any, classes: np.ndarray, codes: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """What a row of each class weighs (classes,).

    "balanced" is Σw / (classes · Σw of the class), w being the sample weights, so that all classes weigh the same;
    a dict gives label → weight, 1 for labels it leaves out. Raises `SpecError` for other values and unknown labels.
    """
    if isinstance(class_weight, str) and class_weight == "balanced":
        counts = np.bincount(codes, weights, minlength=len(classes))
        return counts.sum() / (len(classes) * np.where(counts > 0, counts, np.inf))
    if not isinstance(class_weight, Mapping):
        raise SpecError(f'class_weight must be None, "balanced" or a dict from label to weight, got {class_weight!r}')
    labels = classes.tolist()
    for label, weight in class_weight.items():
        if label not in labels:
            raise SpecError(f"class_weight names {label!r}, which is no label of y{nearest(str(label), labels)}")
        if not 0 <= weight < np.inf:
            raise SpecError(f"class_weight of {label!r} must be a finite number of at least 0, got {weight!r}")
    return np.array([class_weight.get(label, 1.0) for label in labels], dtype=np.float64)
