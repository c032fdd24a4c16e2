"""L-BFGS: SciPy's, full batch, in the reference engine.

The method looks at the whole loss surface through line searches, so its state cannot be handed over between
stretches: one stretch holds the whole run, and an epoch is one iteration (a step that was taken).
"""

from __future__ import annotations

import numpy as np

from ..nn import network as net
from ..nn.clipping import global_norm
from ..nn.losses import loss_backward, loss_forward
from ..nn.optimizers import LBFGS
from ..nn.penalties import penalty_gradients, penalty_value
from .contract import EpochRecord, NonFinite, Parameters
from .reference import ReferenceState, finish_epoch


def run_lbfgs(state: ReferenceState, epochs: int) -> list[EpochRecord]:
    """At most `epochs` iterations of L-BFGS from the state's parameters.

    Source: Byrd, Lu, Nocedal and Zhu (1995), SIAM J. Sci. Comput. 16(5), as implemented by
    `scipy.optimize.minimize(method="L-BFGS-B")`.
    """
    from scipy.optimize import minimize

    optimizer = state.training.the_optimizer
    assert isinstance(optimizer, LBFGS)
    records: list[EpochRecord] = []
    latest = {"loss": np.inf, "gradient_norm": 0.0}

    def objective(vector: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = _unflatten(vector, state.parameters)
        loss, gradients = _loss_and_gradients(state, parameters)
        latest["loss"], latest["gradient_norm"] = loss, global_norm(gradients)
        penalized = loss + penalty_value(parameters, state.training.l1, state.training.l2)
        return penalized, _flatten(gradients).astype(np.float64)

    def after_iteration(vector: np.ndarray) -> None:
        before = state.parameters
        state.parameters = _unflatten(vector, before)
        state.epoch += 1
        state.step += 1
        moved = global_norm({name: state.parameters[name] - before[name] for name in before})
        dead = (0.0,) * len(state.network.hidden)
        records.append(finish_epoch(state, latest["loss"], latest["gradient_norm"], moved, dead, 1.0))
        if state.stopped:
            raise StopIteration

    start = _flatten(state.parameters).astype(np.float64)
    if not np.isfinite(objective(start)[0]):
        state.stopped, state.failure = "non_finite", NonFinite(state.epoch + 1, state.step + 1, -1)
        return records
    options = {
        "maxiter": epochs,
        "maxcor": optimizer.memory,
        "maxfun": 20 * epochs + 20,
        "gtol": 1e-8,
        "ftol": 1e-14,
    }
    minimize(objective, start, jac=True, method="L-BFGS-B", callback=after_iteration, options=options)
    if len(records) < epochs and not state.stopped:
        state.stopped = "converged"
    return records


def _loss_and_gradients(state: ReferenceState, parameters: Parameters) -> tuple[float, Parameters]:
    data, training = state.data, state.training
    Z, tape = net.forward(data.X, parameters, state.network.activations)
    loss, cache = loss_forward(state.loss, Z, data.Y, data.weights)
    gradients = net.backward(loss_backward(cache), tape)
    return loss, penalty_gradients(gradients, parameters, training.l1, training.l2)


def _flatten(parameters: Parameters) -> np.ndarray:
    return np.concatenate([value.ravel() for value in parameters.values()])


def _unflatten(vector: np.ndarray, like: Parameters) -> Parameters:
    result, start = {}, 0
    for name, value in like.items():
        result[name] = vector[start : start + value.size].reshape(value.shape).astype(value.dtype)
        start += value.size
    return result
