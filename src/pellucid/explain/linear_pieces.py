"""A network near one row as a linear function: exact where every activation is made of straight lines.

Montúfar, Pascanu, Cho, Bengio, "On the number of linear regions of deep neural networks" (2014), arXiv:1402.1869: a
network of relu units is linear between the places where one of its units switches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..nn.activations import Activation, identity, leaky_relu, relu
from ..nn.network import forward
from ..nn.parameters import Parameters, weight_name

STRAIGHT = (identity, relu, leaky_relu)


@dataclass(frozen=True, eq=False)
class LinearPiece:
    """The function z + gradient · (inputs - those of the row).

    `Z` (units,) are the pre-activations of each hidden layer, `slopes` (units, inputs) how they move with the inputs,
    `scores` (outputs,) the raw outputs and `gradient` (outputs, inputs) how these move. `switches` (units,) says of
    each hidden layer's units which have a corner at zero.
    """

    Z: tuple[np.ndarray, ...]
    slopes: tuple[np.ndarray, ...]
    switches: tuple[bool, ...]
    scores: np.ndarray
    gradient: np.ndarray
    exact: bool


def linear_piece(inputs: np.ndarray, parameters: Parameters, activations: Sequence[Activation]) -> LinearPiece:
    """The piece that a row of `inputs` (inputs,) lies on; the tangent there (`exact` False) for smooth activations."""
    scores, tape = forward(inputs[None], parameters, activations)
    moves = np.eye(len(inputs))  # (units of the layer below, inputs)
    slopes = []
    for i, layer in enumerate(tape):
        moves = parameters[weight_name(i)] @ moves
        slopes.append(moves)
        moves = layer.activation.derivative(layer.Z, layer.A)[0][:, None] * moves
    *hidden, gradient = slopes
    return LinearPiece(
        tuple(layer.Z[0] for layer in tape[:-1]),
        tuple(hidden),
        tuple(activation is not identity for activation in activations),
        scores[0],
        gradient,
        is_straight(activations),
    )


def is_straight(activations: Sequence[Activation]) -> bool:
    """Whether every activation is made of straight lines, so that formulas are exact between corners."""
    return all(activation in STRAIGHT for activation in activations)


@dataclass(frozen=True)
class Reach:
    """How far an input may move before a unit switches: down `low` ≤ 0 and up `high` ≥ 0, and (layer, unit, whether it
    is switched on) at each end, None where nothing ever switches."""

    low: float
    high: float
    at_low: tuple[int, int, bool] | None
    at_high: tuple[int, int, bool] | None


def reach(piece: LinearPiece, place: int) -> Reach:
    """The reach of the input at `place`, the others held."""
    low, high, at_low, at_high = -np.inf, np.inf, None, None
    for layer, (Z, slopes, switches) in enumerate(zip(piece.Z, piece.slopes, piece.switches)):
        if not switches:
            continue
        v, on = slopes[:, place], piece.Z[layer] > 0
        moves = v != 0
        steps = np.divide(-Z, v, out=np.full(len(Z), np.nan), where=moves)
        up = moves & (on == (v < 0))  # a unit that is on goes off upwards where it falls
        for unit in np.flatnonzero(moves):
            step = float(steps[unit])
            if up[unit] and step < high:
                high, at_high = step, (layer, int(unit), not on[unit])
            elif not up[unit] and step > low:
                low, at_low = step, (layer, int(unit), not on[unit])
    return Reach(low, high, at_low, at_high)


def same_units_on(
    X: np.ndarray, piece: LinearPiece, parameters: Parameters, activations: Sequence[Activation]
) -> np.ndarray:
    """Which rows of X (rows, inputs) have the same units switched on as the piece, and so lie on it: bool (rows,)."""
    _, tape = forward(X, parameters, activations)
    same = np.ones(len(X), dtype=bool)
    for layer, Z, switches in zip(tape, piece.Z, piece.switches):
        if switches:
            same &= ((layer.Z > 0) == (Z > 0)).all(axis=1)
    return same
