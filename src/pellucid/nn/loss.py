"""What a loss is, and the two steps that every loss shares: rows to one value, and back.

    value = Σ wᵢ lᵢ / Σ wᵢ vᵢ

lᵢ is the loss of row i, wᵢ its sample weight, vᵢ the weight that the loss itself gives the row (for its
class), which is already inside lᵢ. So a weighted loss is a weighted mean.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ..errors import InputError, ShapeError
from ..records import plain
from .links import LINKS, Link


@dataclass(frozen=True)
class Loss:
    """A loss on the raw outputs Z (rows, outputs) of the last layer; its fields are its settings.

    A loss of your own is a frozen dataclass that inherits from this one, with `name`, `formula` and `link`,
    and with `forward` and `backward`.
    """

    name: ClassVar[str] = ""
    formula: ClassVar[str] = ""
    link: ClassVar[Link] = "identity"

    def forward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        """The loss of every row, (rows,)."""
        raise NotImplementedError

    def backward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        """How the loss of every row moves with its own outputs, (rows, outputs)."""
        raise NotImplementedError

    def weights(self, Y: np.ndarray) -> np.ndarray | None:
        """The weight vᵢ that the loss gives every row, (rows,); None means 1 each."""
        return None

    def targets(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        """Y checked, as an array of Z's shape and floating type; raises `ShapeError` or `InputError`."""
        return matching_targets(self.name, Z, Y)

    def to_dict(self) -> dict[str, Any]:
        """Name and settings as plain values; `get_loss` reads them back."""
        return {"name": self.name, **{f.name: plain(getattr(self, f.name)) for f in dataclasses.fields(self)}}


@dataclass(frozen=True, eq=False)
class LossCache:
    """What the backward step needs and a reader may look at.

    `Z` (rows, outputs), checked targets `Y`, `rows` (rows,) the loss of every row, `shares` (rows,) = wᵢ /
    Σ wᵢ vᵢ: how much every row counts in the value.
    """

    loss: Loss
    Z: np.ndarray
    Y: np.ndarray
    rows: np.ndarray
    shares: np.ndarray
    total: float


def loss_forward(loss: Loss, Z: Any, Y: Any, sample_weight: Any = None) -> tuple[float, LossCache]:
    """The loss of a batch, Z (rows, outputs) against Y, rows weighed by `sample_weight` (rows,).

    Rows that weigh nothing at all have the loss 0 and no gradient. Raises `ShapeError` for shapes that
    differ (they are never stretched to fit) and `InputError` for targets or weights that the loss cannot
    take.
    """
    Z = _float_matrix(loss, Z)
    Y = loss.targets(Z, np.asarray(Y))
    rows = loss.forward(Z, Y)
    w = _sample_weight(Z, sample_weight)
    v = loss.weights(Y)
    total = float((w if v is None else w * v).sum())
    if total == 0:
        return 0.0, LossCache(loss, Z, Y, rows, np.zeros_like(w), 0.0)
    return float((w * rows).sum()) / total, LossCache(loss, Z, Y, rows, w / total, total)


def loss_backward(cache: LossCache) -> np.ndarray:
    """dZ (rows, outputs): how the value moves with every raw output."""
    return cache.shares[:, None] * cache.loss.backward(cache.Z, cache.Y)


def predict_from(loss: Loss, Z: np.ndarray) -> np.ndarray:
    """Predictions (rows, outputs) from raw outputs Z (rows, outputs): the loss's link applied."""
    return LINKS[loss.link](Z)


def matching_targets(name: str, Z: np.ndarray, Y: np.ndarray, low: float = -np.inf, high: float = np.inf) -> np.ndarray:
    """Y in Z's floating type; raises where its shape is not Z's or a value lies outside [low, high]."""
    if Y.shape != Z.shape:
        raise ShapeError(
            f"{name}: targets must have the shape of the outputs {Z.shape}, got {Y.shape}; "
            "shapes that differ are never stretched to fit" + (" (use y[:, None])" if Y.shape == Z.shape[:1] else "")
        )
    outside = ~((low <= Y) & (high >= Y))
    if outside.any():
        row, output = np.argwhere(outside)[0]
        raise InputError(
            f"{name}: targets must lie in [{low:g}, {high:g}], got {Y[row, output]:g} in row {row}, "
            f"output {output}; raw outputs come first, targets second"
        )
    return Y.astype(Z.dtype, copy=False)


def _float_matrix(loss: Loss, Z: Any) -> np.ndarray:
    Z = np.asarray(Z)
    if Z.ndim != 2 or len(Z) == 0:
        raise ShapeError(f"{loss.name}: outputs must be (rows, outputs) with at least one row, got {Z.shape}")
    return Z if np.issubdtype(Z.dtype, np.floating) else Z.astype(np.float64)


def _sample_weight(Z: np.ndarray, sample_weight: Any) -> np.ndarray:
    if sample_weight is None:
        return np.ones(len(Z), dtype=Z.dtype)
    w = np.asarray(sample_weight, dtype=Z.dtype)
    if w.shape != Z.shape[:1]:
        raise ShapeError(f"sample_weight must be (rows,) = ({len(Z)},), got {w.shape}")
    if not (w >= 0).all():
        row = int(np.argmin(w >= 0))
        raise InputError(f"sample_weight must be at least 0, got {w[row]:g} in row {row}")
    return w
