"""The arithmetic of every layer for one row, read from the textbook's tape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..nn import network as net
from ..records import Record, plain
from .opened import Opened
from .unit_names import unit_name


@dataclass(frozen=True, eq=False)
class LayerSums(Record):
    """One layer: z = Σ weight · x + bias for every unit, a = activation(z).

    `inputs` names what comes in, `x` (inputs,) its values; `weight` (units, inputs), `bias` (units,) or None, `z` and
    `a` (units,), and `slope` (units,), the derivative of the activation at z.
    """

    layer: int
    inputs: tuple[str, ...]
    x: np.ndarray
    weight: np.ndarray
    bias: np.ndarray | None
    z: np.ndarray
    activation: str
    formula: str
    a: np.ndarray
    slope: np.ndarray

    @property
    def products(self) -> np.ndarray:
        """weight · x, (units, inputs)."""
        return self.weight * self.x

    @property
    def units(self) -> tuple[str, ...]:
        """The names of the units, `0.0`, `0.1`, …."""
        return tuple(unit_name(self.layer, unit) for unit in range(len(self.z)))

    def to_dict(self) -> dict[str, Any]:
        """All fields and the products."""
        return {**super().to_dict(), "products": plain(self.products)}


def forward_pass(opened: Opened, x: np.ndarray) -> tuple[tuple[LayerSums, ...], net.Tape]:
    """The layers of a row of inputs (inputs,), dropout off, and the tape that they were read from."""
    tape = net.forward(x[None], opened.parameters, opened.activations)[1]
    layers: list[LayerSums] = []
    names = opened.names
    for number, layer in enumerate(tape):
        activation = layer.activation
        layers.append(
            LayerSums(
                layer=number,
                inputs=names,
                x=layer.X[0],
                weight=layer.dense.W,
                bias=layer.dense.b,
                z=layer.Z[0],
                activation=activation.name,
                formula=activation.formula,
                a=layer.A[0],
                slope=activation.derivative(layer.Z, layer.A)[0],
            )
        )
        names = layers[-1].units
    return tuple(layers), tape
