"""L-BFGS: SciPy's, full batch, in the reference engine.

The method looks at the whole loss surface through line searches, so its state cannot be handed over between
stretches: one stretch holds the whole run, and an epoch is one iteration (a step that was taken). Loss, gradient and
dead units of an epoch are those where its step arrived: the search has measured them there already.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from ..nn import network as net
from ..nn.clipping import global_norm
from ..nn.losses import loss_backward, loss_forward
from ..nn.optimizers import LBFGS
from ..nn.penalties import penalty_gradients, penalty_value
from .contract import EpochRecord, NonFinite, Parameters, Snapshot
from .reference import ReferenceState, dead_shares, finish_epoch
from .vector import flatten


@dataclass(frozen=True, eq=False)
class Look:
    """What one evaluation of the loss saw."""

    loss: float
    gradients: Parameters
    alive: list[np.ndarray]


def run_lbfgs(state: ReferenceState, epochs: int, records: list[EpochRecord], path: np.ndarray | None = None) -> None:
    """At most `epochs` iterations of L-BFGS from the state's parameters; adds one record each to `records`, and the
    parameters to a line of `path` (epochs, parameters).

    Source: Byrd, Lu, Nocedal and Zhu (1995), SIAM J. Sci. Comput. 16(5), as implemented by
    `scipy.optimize.minimize(method="L-BFGS-B")`.
    """
    from scipy.optimize import minimize

    optimizer, l1, l2 = state.training.the_optimizer, state.training.l1, state.training.l2
    assert isinstance(optimizer, LBFGS)
    looks: list[Look] = []

    def objective(vector: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = _unflatten(vector, state.parameters)
        looks[:] = [_look(state, parameters)]
        return looks[0].loss + penalty_value(parameters, l1, l2), _flatten(looks[0].gradients).astype(np.float64)

    def after_iteration(vector: np.ndarray) -> None:
        seen, before = looks[0], state.parameters
        reached = Snapshot(_unflatten(vector, before), {}, state.epoch + 1, state.step + 1)
        moved = global_norm({name: reached.parameters[name] - before[name] for name in before})
        dead, norm = dead_shares(state, seen.alive), global_norm(seen.gradients)
        records.append(finish_epoch(state, reached, seen.loss, norm, moved, dead, 1.0))
        if path is not None:
            flatten(reached.parameters, state.network, path[len(records) - 1])
        if len(records) < epochs and not state.stopped and time.perf_counter() > state.deadline:
            state.stopped = "time"
        if state.stopped:
            raise StopIteration

    start = _flatten(state.parameters).astype(np.float64)
    if not np.isfinite(objective(start)[0]):
        state.stopped, state.failure = "non_finite", NonFinite(state.epoch + 1, state.step + 1, -1)
        return
    calls = 20 * epochs + 20
    options = {"maxiter": epochs, "maxcor": optimizer.memory, "maxfun": calls, "gtol": 1e-8, "ftol": 1e-14}
    minimize(objective, start, jac=True, method="L-BFGS-B", callback=after_iteration, options=options)
    if len(records) < epochs and not state.stopped:
        state.stopped = "converged"


def _look(state: ReferenceState, parameters: Parameters) -> Look:
    data, training = state.data, state.training
    Z, tape = net.forward(data.X, parameters, state.network.activations)
    loss, cache = loss_forward(state.loss, Z, data.Y, data.weights)
    gradients = net.backward(loss_backward(cache), tape)
    alive = [np.asarray((layer.A > 0).any(axis=0)) for layer in tape[:-1]]
    return Look(loss, penalty_gradients(gradients, parameters, training.l1, training.l2), alive)


def _flatten(parameters: Parameters) -> np.ndarray:
    return np.concatenate([value.ravel() for value in parameters.values()])


def _unflatten(vector: np.ndarray, like: Parameters) -> Parameters:
    result, start = {}, 0
    for name, value in like.items():
        result[name] = vector[start : start + value.size].reshape(value.shape).astype(value.dtype)
        start += value.size
    return result
