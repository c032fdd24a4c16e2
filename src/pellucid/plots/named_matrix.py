"""Matrices with names on both sides: the weights of a layer, coefficients times inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError, ShapeError, SpecError
from ..explain.hidden_units import HiddenUnits
from ..records import Record
from .network_parts import network_parts
from .wrong_record import expect


@dataclass(frozen=True, eq=False)
class NamedMatrix(Record):
    """`values` (rows, columns) with the names of its rows and columns, and what a cell is."""

    title: str
    values: np.ndarray
    row_names: tuple[str, ...]
    column_names: tuple[str, ...]
    cell: str

    def __post_init__(self) -> None:
        wanted = (len(self.row_names), len(self.column_names))
        if np.shape(self.values) != wanted:
            raise ShapeError(f"a matrix with {wanted[0]} and {wanted[1]} names, but of shape {np.shape(self.values)}")
        if 0 in wanted:
            raise ShapeError(f"a matrix to draw has rows and columns, got {wanted}")


def layer_weights(model: Any, layer: int = 0, *, columns: Sequence[str] | None = None) -> NamedMatrix:
    """The weights of a layer, one row a unit, one column an input and the bias last, of whatever `network` draws.

    Raises `InputError` for a model without weights, `SpecError` for a layer that it does not have. Lesson lines 7, 12.
    """
    parts = network_parts(model, columns)
    if parts.parameters is None:
        raise InputError("a NetworkSpec has no weights; give a fitted model")
    last = len(parts.network.hidden)
    if not 0 <= layer <= last:
        raise SpecError(f"the network {parts.network} has the layers 0 to {last}, got {layer!r}")
    W = np.asarray(parts.parameters[f"layers.{layer}.weight"], dtype=np.float64)
    b = parts.parameters.get(f"layers.{layer}.bias")
    names = parts.columns if layer == 0 else tuple(f"unit {k}" for k in range(W.shape[1]))
    rows = parts.outputs if layer == last else tuple(f"unit {k}" for k in range(W.shape[0]))
    if b is not None:
        W, names = np.hstack([W, np.asarray(b, dtype=np.float64)[:, None]]), (*names, "bias")
    return NamedMatrix(f"Weights of layer {layer}", W, rows, names, "weight")


def input_products(coefficients: Any, X: Any, columns: Sequence[str], *, most_rows: int = 10) -> NamedMatrix:
    """Coefficients (columns,) times the inputs X (rows, columns), with the sum of each row last; the first rows.

    Raises `ShapeError` for what does not fit together, `InputError` for what is no number. Lesson line 13.
    """
    try:
        w, inputs = np.asarray(coefficients, dtype=np.float64), np.asarray(X, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("coefficients and X must hold numbers; encode texts first") from None
    if not isinstance(columns, (Sequence, np.ndarray)):
        raise InputError(f"columns must be a list of names, got {type(columns).__name__}")
    if inputs.ndim != 2 or w.shape != inputs.shape[1:] or len(columns) != len(w):
        raise ShapeError(
            f"coefficients must be (columns,), X (rows, columns) and columns their names; got {w.shape}, "
            f"{inputs.shape} and {len(columns)} names"
        )
    products = w * inputs[:most_rows]
    values = np.hstack([products, products.sum(axis=1, keepdims=True)])
    rows = tuple(f"row {k}" for k in range(len(values)))
    return NamedMatrix("Coefficients times inputs", values, rows, (*map(str, columns), "sum"), "product")


def unit_influences(units: HiddenUnits, *, most_columns: int = 12) -> NamedMatrix:
    """What moves each hidden unit of `pellucid.hidden_units`: how much a column moves it, negative where a number
    pushes it down (levels push both ways and have no sign); the columns that move units most.

    Raises `InputError` for another record. For `heat_map`.
    """
    expect(units, HiddenUnits, "pellucid.hidden_units")
    reach: dict[str, float] = {}
    for driver in (one for unit in units.units for one in unit.drivers):
        reach[driver.name] = max(reach.get(driver.name, 0.0), driver.influence)
    columns = sorted(reach, key=lambda name: -reach[name])[:most_columns]
    values = np.zeros((len(units.units), len(columns)))
    for row, unit in enumerate(units.units):
        for driver in unit.drivers:
            if driver.name in columns:
                values[row, columns.index(driver.name)] = driver.influence * (-1 if driver.rises is False else 1)
    names = tuple(f"unit {unit.name}" for unit in units.units)
    return NamedMatrix("What moves the units; levels have no sign", values, names, tuple(columns), "influence")
