"""One hidden layer of bent units on one input: how their bends add up to a curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import ShapeError
from ..records import Record
from .activations import Activation, get_activation


@dataclass(frozen=True, eq=False)
class SumOfBends(Record):
    """Each unit's part of the sum, `parts` (units, points), and the `total` (points,) at `x` (points,); `bends`
    (units,) are the places where the pre-activation of a unit is 0, NaN for a slope of 0."""

    activation: str
    x: np.ndarray
    parts: np.ndarray
    total: np.ndarray
    bends: np.ndarray


def sum_of_bends(
    slopes: Any,
    offsets: Any,
    x: Any,
    *,
    weights: Any = None,
    bias: float = 0.0,
    activation: str | Activation = "relu",
) -> SumOfBends:
    """Σ weightᵢ · activation(slopeᵢ·x + offsetᵢ) + bias, for `slopes`, `offsets` and `weights` (units,; ones for None).

    Raises `ShapeError` when they differ in length, `SpecError` for an unknown activation.
    """
    m, b, x = (np.asarray(values, dtype=np.float64) for values in (slopes, offsets, x))
    w = np.ones_like(m) if weights is None else np.asarray(weights, dtype=np.float64)
    if m.ndim != 1 or not len(m) or not m.shape == b.shape == w.shape or x.ndim != 1:
        raise ShapeError(f"slopes, offsets and weights must be (units,), got {m.shape}, {b.shape}, {w.shape}")
    chosen = get_activation(activation)
    parts = w[:, None] * chosen.forward(m[:, None] * x + b[:, None])
    bends = np.divide(-b, m, out=np.full(len(m), np.nan), where=m != 0)
    return SumOfBends(chosen.name, x, parts, parts.sum(axis=0) + bias, bends)
