"""The loss of the best constant prediction: what a network must beat to have learned anything."""

from __future__ import annotations

import numpy as np

from ..nn.losses import Loss, loss_forward


def base_loss(loss: Loss, Y: np.ndarray, outputs: int, weights: np.ndarray | None = None) -> float:
    """The lowest loss that any one row of outputs, given for all rows, reaches on targets Y.

    Tried are the constants among which the best one of each loss lies: mean and median of the targets (identity), the
    logit of their mean and certainty either way (sigmoid), the log of the class shares (softmax).
    """
    if loss.link == "softmax":
        shares = np.bincount(Y, weights=weights, minlength=outputs) if Y.ndim == 1 else np.average(Y, 0, weights)
        candidates = [np.log(np.maximum(shares / shares.sum(), 1e-12))]
    else:
        mean = np.average(Y, axis=0, weights=weights)
        if loss.link == "sigmoid":
            inside = np.clip(mean, 1e-12, 1 - 1e-12)
            candidates = [np.log(inside / (1 - inside)), np.where(mean > 0.5, 30.0, -30.0)]
        else:
            candidates = [mean, np.median(Y, axis=0)]
    dtype = Y.dtype if np.issubdtype(Y.dtype, np.floating) else np.float64
    constant = [np.broadcast_to(c.astype(dtype), (len(Y), outputs)) for c in candidates]
    return min(loss_forward(loss, Z, Y, weights)[0] for Z in constant)
