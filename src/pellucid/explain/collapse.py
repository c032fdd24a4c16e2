"""`collapse`: a network whose layers do not bend is one matrix and one bias, however deep it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import SpecError
from ..nn.activations import identity
from ..nn.parameters import bias_name, weight_name
from ..records import Record, counted, figure
from .gradient_words import scaled_names
from .opened import open_model
from .text_table import aligned, html_table

HEAD = ("input", "weight")


@dataclass(frozen=True, eq=False, repr=False)
class CollapsedNetwork(Record):
    """Raw outputs Z = X Wᵀ + b with `weight` (outputs, inputs) and `bias` (outputs,).

    `inputs` and `outputs` are their names; a weight of "scaled Age" is one of the number as it was scaled. `parameters`
    counts the numbers of the `layers` that do this work.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    weight: np.ndarray
    bias: np.ndarray
    layers: int
    parameters: int

    def __repr__(self) -> str:
        rows, columns = self.weight.shape
        layers = counted(self.layers, "layer")
        return f"CollapsedNetwork({layers} of {self.parameters:,} numbers, one matrix {rows} × {columns})"

    def __str__(self) -> str:
        return "\n".join([repr(self), *(f"{name}:\n{aligned(HEAD, rows)}" for name, rows in self._tables())])

    def _repr_html_(self) -> str:
        return "".join(html_table(name, HEAD, rows) for name, rows in self._tables())

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Raw outputs (rows, outputs) of the network's inputs (rows, inputs), as all layers together give them."""
        result: np.ndarray = X @ self.weight.T + self.bias
        return result

    def _tables(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return [
            (
                name,
                [
                    ("(bias)", figure(float(b), sign=True)),
                    *((column, figure(float(w), sign=True)) for column, w in zip(self.inputs, weights)),
                ],
            )
            for name, weights, b in zip(self.outputs, self.weight, self.bias)
        ]


def collapse(model: Any) -> CollapsedNetwork:
    """The one matrix and bias that all layers of a linear network make together, in float64.

    `model` is a fitted MLPClassifier, MLPRegressor or FittedNetwork whose activations are all "identity", or that has
    no hidden layer. Raises `SpecError` where a layer bends.
    """
    opened = open_model(model)
    for layer, activation in enumerate(opened.activations):
        if activation is not identity:
            raise SpecError(
                f"layer {layer} bends ({activation.name}), so the layers are not one matrix; local_formula(model, row) "
                "gives the linear formula around a row"
            )
    weight, bias = np.eye(opened.network.inputs), np.zeros(opened.network.inputs)
    for layer in range(len(opened.network.biases)):
        W = opened.parameters[weight_name(layer)]
        weight, bias = W @ weight, W @ bias + opened.parameters.get(bias_name(layer), 0.0)
    layers = len(opened.network.biases)
    return CollapsedNetwork(scaled_names(opened), opened.outputs, weight, bias, layers, opened.network.parameter_count)
