"""What the metrics accept: arrays of equal length without gaps, weights that can weigh, labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

from ..errors import InputError, ShapeError, nearest
from ..records import counted

LIMIT = 1e100  # the square of such a number, weighted by another, is still a float


def numbers(name: str, values: Any, *, dimensions: tuple[int, ...] = (1, 2)) -> np.ndarray:
    """`values` as a floating array without NaN or infinity; float32 stays float32.

    Raises `ShapeError` for other dimensions or no rows, `InputError` (with the row) for text, NaN and
    infinity.
    """
    array = np.asarray(values)
    if array.dtype.kind == "O":
        array = _from_objects(name, array)
    if array.dtype.kind not in "biuf":
        raise InputError(f"{name} should be numbers, and holds {array.dtype.name}; give numbers, not labels")
    if array.dtype.kind != "f" or array.dtype.itemsize < 4:
        array = array.astype(np.float64)
    _check_rows(name, array, dimensions)
    bad = ~np.isfinite(array)
    if bad.any():
        place = np.argwhere(bad)[0]
        raise InputError(
            f"{name} should be finite numbers; row {place[0]} is {array[tuple(place)]} "
            f"({int(bad.sum())} such values in all); leave those rows out or find where they come from"
        )
    return array


def labels_of(name: str, values: Any) -> np.ndarray:
    """`values` as a one-dimensional array of labels, none of them missing.

    Raises `ShapeError` for other shapes, `InputError` (with the row) for None and NaN.
    """
    array = np.asarray(values)
    _check_rows(name, array, (1,))
    if array.dtype.kind == "O":
        missing = np.array([_is_missing(value) for value in array])
        if not missing.any() and all(isinstance(value, str) for value in array):
            array = array.astype(str)
    else:
        missing = array != array
    if missing.any():
        raise InputError(
            f"{name} should have a label in every row; row {int(missing.argmax())} has none "
            f"({int(missing.sum())} such rows in all); leave those rows out"
        )
    return array


def class_codes(name: str, values: Any, classes: int) -> np.ndarray:
    """`values` as whole numbers from 0 to `classes` - 1, one a row; raises `InputError` for any other."""
    given = np.asarray(values)
    if given.dtype.kind in "biu" and given.ndim == 1 and given.size and given.min() >= 0 and given.max() < classes:
        return given.astype(np.int64)
    array = numbers(name, values, dimensions=(1,))
    wrong = (array != np.floor(array)) | (array < 0) | (array >= classes)
    if wrong.any():
        row = int(wrong.argmax())
        raise InputError(
            f"{name} should be class codes, whole numbers from 0 to {classes - 1} for {classes} classes; "
            f"row {row} is {array[row]:g}; a label that is none of the classes has no probability: "
            "leave such rows out"
        )
    return array.astype(np.int64)


def two_label_arrays(truth: Any, predicted: Any) -> tuple[np.ndarray, np.ndarray]:
    """Truth and prediction as labels (rows,) of one kind; raises `InputError` and `ShapeError` where they are not."""
    actual, guess = labels_of("truth", truth), labels_of("predicted", predicted)
    same_rows(("truth", actual), ("predicted", guess))
    kinds = {"text" if array.dtype.kind in "US" else "numbers" for array in (actual, guess) if array.dtype.kind != "O"}
    if len(kinds) == 2:
        raise InputError(
            f"truth and predicted should be labels of one kind; truth starts with {actual[0].item()!r} and "
            f"predicted with {guess[0].item()!r}; turn both into the same labels first"
        )
    if actual.dtype.kind in "biu" and guess.dtype.kind == "f" and (guess != np.round(guess)).any():
        row = int((guess != np.round(guess)).argmax())
        raise InputError(
            f"predicted should be labels, but row {row} is {guess[row]:g} while truth holds whole numbers; "
            "turn probabilities into labels first, such as probability >= 0.5"
        )
    return actual, guess


def probability_table(values: Any) -> np.ndarray:
    """Probabilities as (rows, classes), checked; one column or none is the probability of class 1 of two."""
    array = numbers("probabilities", values)
    outside = (array < 0) | (array > 1)
    if outside.any():
        place = np.argwhere(outside)[0]
        raise InputError(
            f"probabilities should lie in [0, 1]; row {place[0]} has {array[tuple(place)]:g}; "
            "give probabilities, not raw scores"
        )
    if array.ndim == 1 or array.shape[1] == 1:
        positive = array.reshape(-1)
        return np.stack([1 - positive, positive], axis=1)
    sums = array.sum(axis=1, dtype=np.float64)
    wrong = np.abs(sums - 1) > 1e-3  # room for probabilities that were printed with a few decimals
    if wrong.any():
        row = int(wrong.argmax())
        raise InputError(f"the probabilities of a row should sum to 1; those of row {row} sum to {sums[row]:.6g}")
    return array


def same_rows(first: tuple[str, np.ndarray], second: tuple[str, np.ndarray]) -> None:
    """Raise `ShapeError` unless both named arrays have the same number of rows."""
    (one, a), (other, b) = first, second
    if len(a) != len(b):
        raise ShapeError(
            f"{one} has {counted(len(a), 'row')} and {other} has {len(b):,}; they should be the same rows "
            "in the same order"
        )


def row_weights(weights: Any, rows: int) -> np.ndarray:
    """Weights (rows,) in float64, ones for None; raises unless finite, none below zero and not all zero."""
    if weights is None:
        return np.ones(rows)
    array = numbers("weights", weights, dimensions=(1,)).astype(np.float64)
    if len(array) != rows:
        raise ShapeError(f"weights has {counted(len(array), 'row')} and truth has {rows:,}; give one weight a row")
    if (array < 0).any():
        row = int((array < 0).argmax())
        raise InputError(f"weights should be zero or more; row {row} is {array[row]:g}")
    if array.max() > LIMIT:
        raise InputError(f"weights should stay below {LIMIT:g}; divide them all by the largest")
    if not array.any():
        raise InputError("weights are all zero; at least one row must weigh something")
    return array


def positions(name: str, values: np.ndarray, labels: Sequence[Any]) -> np.ndarray:
    """Where each value stands in `labels`, (rows,); raises `InputError` for a value that is not there."""
    place = {label: position for position, label in enumerate(labels)}
    distinct, inverse = _distinct(values)
    unknown = [value for value in distinct if value not in place]
    if unknown:
        row = int(np.flatnonzero(inverse == distinct.index(unknown[0]))[0])
        raise InputError(
            f"{name} has the label {unknown[0]!r} (row {row}), which is not among the labels"
            f"{nearest(unknown[0], labels)}"
        )
    found: np.ndarray = np.array([place[value] for value in distinct], dtype=np.int64)[inverse]
    return found


def distinct_labels(*arrays: np.ndarray) -> tuple[Any, ...]:
    """All labels of the arrays, each once, sorted where they can be sorted."""
    found = {value: None for array in arrays for value in _distinct(array)[0]}
    try:
        return tuple(sorted(found))
    except TypeError:
        return tuple(sorted(found, key=str))


def _distinct(values: np.ndarray) -> tuple[list[Any], np.ndarray]:
    if values.dtype.kind != "O":
        unique, inverse = np.unique(values, return_inverse=True)
        return unique.tolist(), inverse
    place: dict[Any, int] = {}
    codes = [place.setdefault(value, len(place)) for value in values]
    return list(place), np.array(codes, dtype=np.int64)


def _check_rows(name: str, array: np.ndarray, dimensions: tuple[int, ...]) -> None:
    if array.ndim not in dimensions:
        expected = " or ".join("(rows,)" if d == 1 else "(rows, columns)" for d in dimensions)
        raise ShapeError(f"{name} should have shape {expected}; it has shape {array.shape}")
    if array.size == 0:
        raise ShapeError(f"{name} is empty; a score needs at least one row")


def _from_objects(name: str, array: np.ndarray) -> np.ndarray:
    """Numbers out of an array of Python objects, gaps as NaN; text is refused even where it reads as a number."""
    flat = [math.nan if _is_missing(value) else value for value in array.ravel()]
    wrong = next((value for value in flat if not isinstance(value, (Real, Decimal, np.bool_))), None)
    if wrong is not None:
        raise InputError(f"{name} should be numbers, and holds {wrong!r}; give numbers, not labels")
    return np.array([float(value) for value in flat]).reshape(array.shape)


def _is_missing(value: Any) -> bool:
    # pandas' NA compares to NA, which has no truth value; NaN is unequal to itself.
    equal = value == value
    return value is None or not isinstance(equal, (bool, np.bool_)) or not equal
