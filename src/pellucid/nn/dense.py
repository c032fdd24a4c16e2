"""One layer: every output is a weighted sum of all inputs, plus a bias.

forward    Z = X Wᵀ + b
backward   dX = dZ W      dW = dZᵀ X      db = Σ over rows of dZ
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import ShapeError


@dataclass(frozen=True, eq=False)
class DenseCache:
    """What the layer saw: X (rows, inputs), W (outputs, inputs), b (outputs,) or None."""

    X: np.ndarray
    W: np.ndarray
    b: np.ndarray | None


def forward(X: np.ndarray, W: np.ndarray, b: np.ndarray | None = None) -> tuple[np.ndarray, DenseCache]:
    """X (rows, inputs), W (outputs, inputs), b (outputs,) → Z (rows, outputs).

    Raises `ShapeError` when they do not fit together.
    """
    if X.ndim != 2 or W.ndim != 2 or X.shape[1] != W.shape[1]:
        raise ShapeError(f"X (rows, inputs) {X.shape} and W (outputs, inputs) {W.shape} differ in their inputs")
    if b is not None and b.shape != W.shape[:1]:
        raise ShapeError(f"b must be (outputs,) = {W.shape[:1]} to fit W {W.shape}, got {b.shape}")
    Z = X @ W.T
    return (Z if b is None else Z + b), DenseCache(X, W, b)


def backward(dZ: np.ndarray, cache: DenseCache) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """dZ (rows, outputs) → dX (rows, inputs) and the gradients {"weight": dW, "bias": db} (db only with b)."""
    dX = dZ @ cache.W
    gradients = {"weight": dZ.T @ cache.X}
    if cache.b is not None:
        gradients["bias"] = dZ.sum(axis=0)
    return dX, gradients
