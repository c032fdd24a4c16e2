"""The door of level 2: whatever arrays come in, numbers of the training dtype and checked shapes go on."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..engines.contract import TrainingData
from ..errors import InputError, ShapeError
from ..records import counted
from ..spec import NetworkSpec, TrainingSpec


def as_training_data(
    X: Any,
    y: Any,
    network: NetworkSpec,
    training: TrainingSpec,
    sample_weight: Any,
    validation: tuple[Any, ...] | None,
) -> TrainingData:
    """Checked arrays for an engine; raises `ShapeError` and `InputError` naming what does not fit and where."""
    inputs = _matrix("X", X, network, training)
    targets = _targets("y", y, len(inputs), network, training)
    weights = _weights("sample_weight", sample_weight, len(inputs), training)
    if validation is None:
        return TrainingData(inputs, targets, weights)
    if len(validation) not in (2, 3):
        raise ShapeError(f"validation must be (X, y) or (X, y, weights), got {len(validation)} parts")
    X_valid = _matrix("validation X", validation[0], network, training)
    Y_valid = _targets("validation y", validation[1], len(X_valid), network, training)
    given = validation[2] if len(validation) == 3 else None
    weights_valid = _weights("validation weights", given, len(X_valid), training)
    return TrainingData(inputs, targets, weights, X_valid, Y_valid, weights_valid)


def _matrix(what: str, X: Any, network: NetworkSpec, training: TrainingSpec) -> np.ndarray:
    matrix = _numbers(what, X, training.dtype)
    if matrix.ndim != 2 or matrix.shape[1] != network.inputs or len(matrix) == 0:
        raise ShapeError(
            f"{what} must be (rows, inputs) = (1 or more, {network.inputs}) for a {network} network, got {matrix.shape}"
        )
    _all_finite(what, matrix)
    return matrix


def _targets(what: str, y: Any, rows: int, network: NetworkSpec, training: TrainingSpec) -> np.ndarray:
    loss = training.the_loss
    if loss.link == "softmax" and _array(what, y).ndim == 1:
        return _class_codes(what, np.asarray(y), rows, network.outputs)
    values = _numbers(what, y, training.dtype)
    if values.ndim == 1 and network.outputs == 1:
        values = values[:, None]
    if values.shape != (rows, network.outputs):
        raise ShapeError(
            f"{what} must be (rows, outputs) = ({rows}, {network.outputs}) to match the network's outputs, "
            f"got {np.shape(y)}; shapes that differ are never stretched to fit"
        )
    _all_finite(what, values)
    if loss.link != "identity" and (values.min() < 0 or values.max() > 1):
        raise InputError(
            f"{what} must lie in [0, 1] for the loss {loss.name}, {_place(values, (values < 0) | (values > 1))}; "
            "targets come second, predictions are made by the network"
        )
    loss.targets(np.zeros_like(values), values)  # what else the loss asks for, said with the rows of the table
    return values


def _class_codes(what: str, codes: np.ndarray, rows: int, classes: int) -> np.ndarray:
    if len(codes) != rows:
        raise ShapeError(f"{what} has {counted(len(codes), 'row')}, X has {rows}")
    wanted = f"{what} must hold class codes 0 to {classes - 1}, whole numbers, for {classes} outputs"
    if codes.dtype.kind not in "biuf":
        for row, code in enumerate(codes.tolist()):
            if not isinstance(code, (int, float)):
                raise InputError(f"{wanted}, got {code!r} in row {row}; number the classes first (MLPClassifier does)")
    numbers = codes.astype(np.float64)
    bad = ~((numbers == np.floor(numbers)) & (numbers >= 0) & (numbers < classes))
    if bad.any():
        raise InputError(f"{wanted}, {_place(codes, bad)}")
    return codes.astype(np.int64)


def _weights(what: str, weights: Any, rows: int, training: TrainingSpec) -> np.ndarray | None:
    if weights is None:
        return None
    values = _numbers(what, weights, training.dtype)
    if values.shape != (rows,):
        raise ShapeError(f"{what} must be (rows,) = ({rows},), got {values.shape}")
    _all_finite(what, values)
    if values.min() < 0:
        raise InputError(f"{what} must be at least 0, {_place(values, values < 0)}")
    if values.sum() <= 0:
        raise InputError(f"{what} must have a positive sum, got 0 in every row")
    return values


def _numbers(what: str, values: Any, dtype: str) -> np.ndarray:
    """`values` as a contiguous array of the training dtype; one that fits already is not copied."""
    with np.errstate(over="ignore"):  # beyond the range of float32 lies infinity, which is refused by place
        return np.require(_array(what, values, dtype), requirements="C")


def _array(what: str, values: Any, dtype: str | None = None) -> np.ndarray:
    try:
        return np.asarray(values, dtype=dtype)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what} must hold numbers in rows of equal length: {error}") from None


def _all_finite(what: str, values: np.ndarray) -> None:
    bad = ~np.isfinite(values)
    if bad.any():
        raise InputError(
            f"{what} must hold finite numbers, {_place(values, bad)} (as {values.dtype}); fill gaps first "
            "(MLPClassifier and MLPRegressor do it for you)"
        )


def _place(values: np.ndarray, bad: np.ndarray) -> str:
    """The words "got nan in row 3, column 0" for the first value that is `bad`, and how many there are."""
    place = tuple(int(i) for i in np.argwhere(bad)[0])
    where = f"row {place[0]}" + (f", column {place[1]}" if len(place) > 1 else "")
    more = int(bad.sum()) - 1
    return f"got {values[place]:g} in {where}" + (f" and {more} more" if more else "")
