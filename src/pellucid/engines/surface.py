"""The loss at many points of a plane through the space of parameters: all rows, dropout off, at each of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..nn.losses import loss_forward
from ..nn.network import scores
from ..nn.optimizers import Adam
from ..spec import NetworkSpec, TrainingSpec, parameter_shapes
from .compiled import only_reference_runs
from .contract import Parameters, TrainingData
from .kernel_cache import available, kernel

# From the center, in steps of the first and in steps of the second direction: all parameters each.
Plane = tuple[Parameters, Parameters, Parameters]


def loss_on_plane(
    network: NetworkSpec,
    training: TrainingSpec,
    data: TrainingData,
    plane: Plane,
    first: np.ndarray,
    second: np.ndarray,
) -> np.ndarray:
    """Losses float64 (second, first) at center + first[j] · one direction + second[i] · the other.

    `data` and the arithmetic are of the type of `training`; dropout is off and no penalty is added. Compiled, or by
    `nn` alone where only the reference engine knows the network or its loss.
    """
    training = replace(training, optimizer=Adam(), batch_size=None)
    if only_reference_runs(network, training) or not available():
        return _by_the_book(network, training, data, plane, first, second)
    from . import kernels as k
    from .layout import knobs_of, lay_out, layer_table, plan_of, rows_of, scratch_of, stride_of

    dtype = np.dtype(training.dtype)
    plan, layers = plan_of(training), layer_table(network)
    work = lay_out(plan, layers, network, training, len(data.X), False)
    numbers = scratch_of(network, int(plan[k.TILE]))[0]
    width = k.LINE // np.dtype(training.dtype).itemsize
    lines = np.zeros((4, network.sizes[1] * stride_of(int(plan[k.TILE]), width)), training.dtype)
    names = parameter_shapes(network)
    points = np.stack([np.concatenate([np.ravel(part[name]) for name in names]) for part in plane]).astype(dtype)
    losses = np.zeros((len(second), len(first)))
    with np.errstate(all="ignore"):  # heard only with compilation off
        kernel("surface", training.dtype)(
            plan, knobs_of(training, network.outputs, data), layers,
            *rows_of(data.X, data.Y, data.weights, network, training.dtype),
            np.ascontiguousarray(first, dtype=np.float64), np.ascontiguousarray(second, dtype=np.float64),
            points, np.empty_like(points[0]), work, lines, numbers, losses,
        )  # fmt: skip
    return losses


def _by_the_book(
    network: NetworkSpec,
    training: TrainingSpec,
    data: TrainingData,
    plane: Plane,
    first: np.ndarray,
    second: np.ndarray,
) -> np.ndarray:
    center, u, v = plane
    losses = np.empty((len(second), len(first)))
    for i, b in enumerate(second.tolist()):
        for j, a in enumerate(first.tolist()):
            there = {name: (center[name] + a * u[name] + b * v[name]).astype(training.dtype) for name in center}
            with np.errstate(all="ignore"):
                Z = scores(data.X, there, network.activations)
                losses[i, j] = loss_forward(training.the_loss, Z, data.Y, data.weights)[0]
    return losses
