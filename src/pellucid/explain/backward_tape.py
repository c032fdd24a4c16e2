"""The backward pass with everything kept: how the loss moves with every pre-activation of every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..nn import dropout
from ..nn import network as net
from ..nn.activations import Activation
from ..nn.losses import Loss, LossCache, loss_backward, loss_forward
from ..nn.parameters import Parameters
from .parameter_name import layer_of


@dataclass(frozen=True, eq=False)
class BackwardTape:
    """A forward and a backward pass over some rows.

    `Z` (rows, outputs) are the raw outputs, `tape` what each layer did, `dZ` of each layer (rows, units) how the loss
    moves with its pre-activations, each row's share of the mean included.
    """

    loss: float
    cache: LossCache
    Z: np.ndarray
    tape: net.Tape
    dZ: list[np.ndarray]

    def terms(self, array: str, place: tuple[int, ...]) -> np.ndarray:
        """What every row adds to the gradient of one parameter (rows,); their sum is the gradient."""
        layer = layer_of(array)
        slope: np.ndarray = self.dZ[layer][:, place[0]]
        return slope * self.entering(array, place)

    def entering(self, array: str, place: tuple[int, ...]) -> np.ndarray:
        """What the parameter multiplies in every row (rows,); 1 for a bias."""
        if len(place) == 1:
            return np.ones(len(self.Z))
        entering: np.ndarray = self.tape[layer_of(array)].X[:, place[1]]
        return entering

    def gradients(self) -> Parameters:
        """The gradient of every parameter, by name."""
        return net.backward(self.dZ[-1], self.tape)


def backward_tape(
    X: np.ndarray,
    Y: np.ndarray,
    weights: np.ndarray | None,
    parameters: Parameters,
    activations: Sequence[Activation],
    loss: Loss,
    masks: Sequence[np.ndarray | None] | None = None,
) -> BackwardTape:
    """Both passes over X (rows, inputs) and Y as the loss takes it, in float64; `weights` (rows,) of the rows and
    dropout `masks` of the hidden layers where there are any."""
    exact = {name: np.asarray(value, dtype=np.float64) for name, value in parameters.items()}
    Z, tape = net.forward(np.asarray(X, dtype=np.float64), exact, activations, masks)
    truth = np.asarray(Y) if Y.ndim == 1 else np.asarray(Y, dtype=np.float64)
    value, cache = loss_forward(loss, Z, truth, weights)
    dZ = [loss_backward(cache)]
    for layer in reversed(range(1, len(tape))):
        below = tape[layer - 1]
        dA = dropout.backward(dZ[0] @ tape[layer].dense.W, below.mask)
        dZ.insert(0, dA * below.activation.derivative(below.Z, below.A))
    return BackwardTape(value, cache, Z, tape, dZ)
