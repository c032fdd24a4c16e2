"""The loss for one class out of several: cross-entropy on softmax probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..errors import InputError, ShapeError, SpecError
from .classification_losses import DivideBy, check_divide_by
from .links import Link, log_softmax, softmax
from .loss import Loss, matching_targets


@dataclass(frozen=True)
class SoftmaxCrossEntropy(Loss):
    """-ln of the probability given to the class that happened.

    Targets are class codes (rows,), whole numbers from 0, or probabilities (rows, classes). `class_weights`
    (classes,) counts every class that many times; the mean divides by the sum of weights, or by rows with
    `divide_by="rows"` (as PyTorch does for probabilities). `label_smoothing` s moves the share s of every
    target evenly onto all classes: Szegedy et al. (2016), arXiv:1512.00567; class weights then apply class
    by class, as in PyTorch's CrossEntropyLoss.
    """

    name: ClassVar[str] = "softmax_cross_entropy"
    formula: ClassVar[str] = "-Σ w t ln p, p = softmax(z), t = (1 - s) y + s / classes"
    link: ClassVar[Link] = "softmax"

    class_weights: tuple[float, ...] | None = None
    label_smoothing: float = 0.0
    divide_by: DivideBy = "weights"

    def __post_init__(self) -> None:
        if not 0 <= self.label_smoothing <= 1:
            raise SpecError(f"label_smoothing must lie in [0, 1], got {self.label_smoothing!r}")
        check_divide_by(self.divide_by)
        if self.class_weights is None:
            return
        weights = tuple(float(w) for w in self.class_weights)
        if not all(0 <= w < np.inf for w in weights) or sum(weights) == 0:
            raise SpecError(f"class_weights must be finite, at least 0 and not all 0, got {weights}")
        object.__setattr__(self, "class_weights", weights)

    def targets(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        """Probabilities (rows, classes), all of it on one class where Y holds codes."""
        classes = Z.shape[1]
        if self.class_weights is not None and len(self.class_weights) != classes:
            raise ShapeError(f"{self.name}: {len(self.class_weights)} class_weights for {classes} outputs")
        if Y.shape == Z.shape[:1]:
            return one_hot(Y, classes).astype(Z.dtype)
        Y = matching_targets(self.name, Z, Y, 0, 1)
        off = np.abs(Y.sum(axis=1) - 1) > 1e-3
        if off.any():
            row = int(np.argmax(off))
            raise InputError(f"{self.name}: targets of a row must sum to 1, got {Y[row].sum():g} in row {row}")
        return Y

    def forward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return -(self._weighted(Y) * log_softmax(Z)).sum(axis=1)

    def backward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        T = self._weighted(Y)
        return softmax(Z) * T.sum(axis=1, keepdims=True) - T

    def weights(self, Y: np.ndarray) -> np.ndarray | None:
        if self.class_weights is None or self.divide_by == "rows":
            return None
        return Y @ np.asarray(self.class_weights, dtype=Y.dtype)

    def _weighted(self, Y: np.ndarray) -> np.ndarray:
        """Smoothed targets times class weights, (rows, classes)."""
        T = (1 - self.label_smoothing) * Y + self.label_smoothing / Y.shape[1]
        return T if self.class_weights is None else T * np.asarray(self.class_weights, dtype=Y.dtype)


def one_hot(codes: np.ndarray, classes: int) -> np.ndarray:
    """Class codes (rows,) as (rows, classes): 1.0 at the class, 0.0 elsewhere.

    Raises `InputError` for codes that are not whole numbers from 0 to classes - 1.
    """
    codes = np.asarray(codes)
    whole = np.issubdtype(codes.dtype, np.integer) or codes.dtype == bool
    outside = (codes < 0) | (codes >= classes) if whole else np.ones(len(codes), dtype=bool)
    if outside.any():
        row = int(np.argmax(outside))
        raise InputError(
            f"class codes must be whole numbers from 0 to {classes - 1}, got {codes[row]} in row {row} "
            f"of an array of {codes.dtype}"
        )
    Y = np.zeros((len(codes), classes))
    Y[np.arange(len(codes)), codes.astype(np.intp)] = 1
    return Y
