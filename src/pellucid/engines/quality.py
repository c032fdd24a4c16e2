"""What an epoch says about the validation rows: their loss, and accuracy or R²."""

from __future__ import annotations

import numpy as np

from ..nn.losses import Loss, loss_forward, predict_from


def validation_numbers(loss: Loss, Z: np.ndarray, Y: np.ndarray, weights: np.ndarray | None) -> tuple[float, float]:
    """Loss and score of raw outputs Z (rows, outputs) against Y.

    The score is accuracy where the link is softmax (largest probability) or sigmoid (threshold 0.5, mean over
    outputs), and R² (mean over outputs) where it is the identity; R² of a constant target is 0.
    """
    value = loss_forward(loss, Z, Y, weights)[0]
    prediction = predict_from(loss, Z)
    if loss.link == "softmax":
        truth = Y if Y.ndim == 1 else Y.argmax(axis=1)
        return value, float(np.average(prediction.argmax(axis=1) == truth, weights=weights))
    if loss.link == "sigmoid":
        hits = ((prediction > 0.5) == (Y > 0.5)).mean(axis=1)
        return value, float(np.average(hits, weights=weights))
    residual = np.average((Y - prediction) ** 2, axis=0, weights=weights)
    spread = np.average((Y - np.average(Y, axis=0, weights=weights)) ** 2, axis=0, weights=weights)
    return value, float(np.mean(np.where(spread > 0, 1 - residual / np.where(spread > 0, spread, 1), 0.0)))
