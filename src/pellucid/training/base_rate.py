"""The loss of the best constant prediction: what a network must beat to have learned anything."""

from __future__ import annotations

import numpy as np

from ..nn.losses import BCE, MSE, Loss, loss_backward, loss_forward
from ..nn.softmax_loss import SoftmaxCrossEntropy


def base_loss(loss: Loss, Y: np.ndarray, outputs: int, weights: np.ndarray | None = None) -> float:
    """The lowest loss that any one row of outputs, given for all rows, reaches on targets Y.

    Candidates are mean and median of the targets (identity), the logit of their mean and certainty either way
    (sigmoid), the log of the class shares (softmax). The best of them is exact for plain losses; for the others (class
    weights, huber, your own) L-BFGS goes down from it, with as many unknowns as there are outputs.
    """

    def value_and_slope(constant: np.ndarray) -> tuple[float, np.ndarray]:
        Z = np.broadcast_to(constant, (len(Y), outputs))
        value, cache = loss_forward(loss, Z, Y, weights)
        return value, loss_backward(cache).sum(axis=0)

    best = min(_candidates(loss, Y, outputs, weights), key=lambda constant: value_and_slope(constant)[0])
    if type(loss) is MSE or loss in (BCE(), SoftmaxCrossEntropy()):
        return value_and_slope(best)[0]
    from scipy.optimize import minimize

    found = minimize(value_and_slope, best, jac=True, method="L-BFGS-B", options={"maxiter": 30})
    return float(np.nanmin([value_and_slope(best)[0], found.fun]))


def _candidates(loss: Loss, Y: np.ndarray, outputs: int, weights: np.ndarray | None) -> list[np.ndarray]:
    """Rows of outputs, float64 (outputs,), near which the best one lies."""
    if loss.link == "softmax":
        counts = np.bincount(Y, weights, outputs) if Y.ndim == 1 else np.average(Y, 0, weights)
        return [np.log(np.maximum(counts / counts.sum(), 1e-12))]
    mean = np.average(Y, axis=0, weights=weights).astype(np.float64)
    if loss.link == "sigmoid":
        inside = np.clip(mean, 1e-12, 1 - 1e-12)
        return [np.log(inside / (1 - inside)), np.where(mean > 0.5, 30.0, -30.0)]
    return [mean, np.median(Y, axis=0).astype(np.float64)]
