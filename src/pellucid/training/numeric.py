"""The door of level 2: whatever arrays come in, numbers of the training dtype and checked shapes go on."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..engines.contract import TrainingData
from ..errors import InputError, ShapeError
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
    matrix = np.ascontiguousarray(X, dtype=training.dtype)
    if matrix.ndim != 2 or matrix.shape[1] != network.inputs or len(matrix) == 0:
        raise ShapeError(
            f"{what} must be (rows, inputs) = (1 or more, {network.inputs}) for a {network} network, got {matrix.shape}"
        )
    _all_finite(what, matrix)
    return matrix


def _targets(what: str, y: Any, rows: int, network: NetworkSpec, training: TrainingSpec) -> np.ndarray:
    loss = training.the_loss
    values = np.asarray(y)
    if loss.link == "softmax" and values.ndim == 1:
        codes = np.ascontiguousarray(values)
        if len(codes) != rows:
            raise ShapeError(f"{what} has {len(codes)} rows, X has {rows}")
        if not np.issubdtype(codes.dtype, np.integer):
            if not np.array_equal(codes, np.floor(codes)):
                raise InputError(f"{what} must hold class codes 0 to {network.outputs - 1} as whole numbers")
            codes = codes.astype(np.int64)
        if codes.min() < 0 or codes.max() >= network.outputs:
            raise InputError(
                f"{what} must hold class codes 0 to {network.outputs - 1} for {network.outputs} outputs, "
                f"got {codes.min()} to {codes.max()}"
            )
        return codes.astype(np.int64)
    if values.ndim == 1 and network.outputs == 1:
        values = values[:, None]
    if values.shape != (rows, network.outputs):
        raise ShapeError(
            f"{what} must be (rows, outputs) = ({rows}, {network.outputs}) to match the network's outputs, "
            f"got {np.shape(y)}; shapes that differ are never stretched to fit"
        )
    matrix = np.ascontiguousarray(values, dtype=training.dtype)
    _all_finite(what, matrix)
    if loss.link != "identity" and (matrix.min() < 0 or matrix.max() > 1):
        raise InputError(
            f"{what} must lie in [0, 1] for the loss {loss.name}, got {matrix.min():g} to {matrix.max():g}; "
            "targets come second, predictions are made by the network"
        )
    return matrix


def _weights(what: str, weights: Any, rows: int, training: TrainingSpec) -> np.ndarray | None:
    if weights is None:
        return None
    values = np.ascontiguousarray(weights, dtype=training.dtype)
    if values.shape != (rows,):
        raise ShapeError(f"{what} must be (rows,) = ({rows},), got {values.shape}")
    _all_finite(what, values)
    if values.min() < 0 or values.sum() <= 0:
        raise InputError(f"{what} must be at least 0 with a positive sum, got a minimum of {values.min():g}")
    return values


def _all_finite(what: str, values: np.ndarray) -> None:
    if np.isfinite(values).all():
        return
    place = np.argwhere(~np.isfinite(values))[0]
    where = f"row {place[0]}" + (f", column {place[1]}" if len(place) > 1 else "")
    raise InputError(
        f"{what} must hold finite numbers, got {values[tuple(place)]} in {where}; fill gaps first "
        "(MLPClassifier and MLPRegressor do it for you)"
    )
