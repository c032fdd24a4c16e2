"""The whole network: layer after layer forward, the same layers in reverse backward.

`forward` writes everything it computes on a tape, one `Layer` each; `backward` reads the tape from its end.
The chain rule is the loop: each turn takes dZ of a layer and makes dZ of the layer below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import ShapeError
from . import dense, dropout
from .activations import Activation, identity, relu
from .parameters import Parameters, bias_name, layer_count, weight_name

__all__ = ["Layer", "Parameters", "Tape", "backward", "forward", "layer_count", "scores"]

# `scores` takes as many rows at once as keep the numbers of the widest layer near the processor.
BLOCK_NUMBERS = 2**16


@dataclass(frozen=True, eq=False)
class Layer:
    """What one layer did: inputs `X`, pre-activations `Z`, activations `A`, and the dropout mask after them."""

    dense: dense.DenseCache
    activation: Activation
    Z: np.ndarray
    A: np.ndarray
    mask: np.ndarray | None

    @property
    def X(self) -> np.ndarray:
        """The numbers that came in, (rows, inputs)."""
        return self.dense.X


Tape = list[Layer]


def forward(
    X: np.ndarray,
    parameters: Parameters,
    activations: Sequence[Activation],
    masks: Sequence[np.ndarray | None] | None = None,
) -> tuple[np.ndarray, Tape]:
    """X (rows, inputs) → raw outputs Z (rows, outputs) of the last layer, and the tape.

    `activations` and dropout `masks` (rows, units) belong to the hidden layers, one each; the last layer
    has none, its link to predictions belongs to the loss. Raises `ShapeError` for counts or shapes that do
    not fit.
    """
    hidden = layer_count(parameters) - 1
    masks = [None] * hidden if masks is None else masks
    if not len(activations) == len(masks) == hidden:
        raise ShapeError(f"{hidden} hidden layers, but {len(activations)} activations and {len(masks)} masks")
    tape: Tape = []
    for i, (activation, mask) in enumerate(zip([*activations, identity], [*masks, None])):
        Z, cache = dense.forward(X, parameters[weight_name(i)], parameters.get(bias_name(i)))
        A = activation.forward(Z)
        X = dropout.forward(A, mask)
        tape.append(Layer(cache, activation, Z, A, mask))
    return X, tape


def scores(X: np.ndarray, parameters: Parameters, activations: Sequence[Activation]) -> np.ndarray:
    """The raw outputs (rows, outputs) that `forward` gives, without a tape: block by block of rows, nothing kept."""
    widest = max(max(value.shape) for value in parameters.values()) if len(X) > 1 else 1
    rows = max(BLOCK_NUMBERS // widest, 1)
    if len(X) <= rows:
        return _block_scores(X, parameters, activations)
    starts = range(0, len(X), rows)
    return np.concatenate([_block_scores(X[start : start + rows], parameters, activations) for start in starts])


def _block_scores(X: np.ndarray, parameters: Parameters, activations: Sequence[Activation]) -> np.ndarray:
    zero = np.zeros((), X.dtype)
    for i in range(len(activations) + 1):
        Z: np.ndarray = X.dot(parameters[weight_name(i)].T)  # the bits of X @ Wᵀ; for one row @ takes longer
        bias = parameters.get(bias_name(i))
        if bias is not None:
            Z += bias
        if i == len(activations):
            return Z
        X = np.maximum(Z, zero, out=Z) if activations[i] is relu else activations[i].forward(Z)
    return X


def backward(dZ: np.ndarray, tape: Tape) -> Parameters:
    """dZ (rows, outputs), the loss's slope at the raw outputs → a gradient for each parameter, by name."""
    gradients: Parameters = {}
    for i in reversed(range(len(tape))):
        dX, layer_gradients = dense.backward(dZ, tape[i].dense)
        gradients = {f"layers.{i}.{name}": g for name, g in layer_gradients.items()} | gradients
        if i > 0:
            below = tape[i - 1]
            dA = dropout.backward(dX, below.mask)
            dZ = dA * below.activation.derivative(below.Z, below.A)
    return gradients
