"""Losses for yes and no, on one sigmoid an output. Targets lie in [0, 1]; inside a row the mean over
outputs is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from ..errors import SpecError
from .activations import sigmoid, softplus
from .links import Link
from .loss import Loss, matching_targets

DivideBy = Literal["weights", "rows"]


@dataclass(frozen=True)
class BCE(Loss):
    """Binary cross-entropy, -ln of the probability given to what happened, taken straight from the raw
    output.

    `pos_weight` counts a positive target that many times. The mean then divides by the sum of weights;
    `divide_by="rows"` divides by the number of rows, as PyTorch's BCEWithLogitsLoss does.
    """

    name: ClassVar[str] = "bce"
    formula: ClassVar[str] = "pos_weight y ln(1 + e^-z) + (1 - y) ln(1 + e^z)"
    link: ClassVar[Link] = "sigmoid"

    pos_weight: float = 1.0
    divide_by: DivideBy = "weights"

    def __post_init__(self) -> None:
        if not (isinstance(self.pos_weight, (int, float)) and 0 < self.pos_weight < np.inf):
            raise SpecError(f"pos_weight must be a finite number above 0, got {self.pos_weight!r}")
        check_divide_by(self.divide_by)

    def targets(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return matching_targets(self.name, Z, Y, 0, 1)

    def forward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return (float(self.pos_weight) * Y * softplus(-Z) + (1 - Y) * softplus(Z)).mean(axis=1)

    def backward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        # With pos_weight 1 this is sigmoid(Z) - Y, but without the loss of digits where the two are close.
        return ((1 - Y) * sigmoid(Z) - float(self.pos_weight) * Y * sigmoid(-Z)) / Z.shape[1]

    def weights(self, Y: np.ndarray) -> np.ndarray | None:
        if self.pos_weight == 1 or self.divide_by == "rows":
            return None
        return (float(self.pos_weight) * Y + (1 - Y)).mean(axis=1)


@dataclass(frozen=True)
class SigmoidMAE(Loss):
    """Mean absolute error of probabilities. Simple to tell, slow to learn where the sigmoid is flat."""

    name: ClassVar[str] = "sigmoid_mae"
    formula: ClassVar[str] = "|p - y|, p = sigmoid(z)"
    link: ClassVar[Link] = "sigmoid"

    def targets(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return matching_targets(self.name, Z, Y, 0, 1)

    def forward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return np.abs(sigmoid(Z) - Y).mean(axis=1)

    def backward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        P = sigmoid(Z)
        return np.sign(P - Y) * P * (1 - P) / Z.shape[1]


@dataclass(frozen=True)
class SigmoidBCE(Loss):
    """Binary cross-entropy by way of the probability, as PyTorch's BCELoss after a sigmoid computes it.

    Logarithms end at -100, and where p has been rounded to 0 or 1 the gradient is gone; `bce` has neither
    fault.
    """

    name: ClassVar[str] = "sigmoid_bce"
    formula: ClassVar[str] = "-(y ln p + (1 - y) ln(1 - p)), p = sigmoid(z), no logarithm below -100"
    link: ClassVar[Link] = "sigmoid"

    def targets(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return matching_targets(self.name, Z, Y, 0, 1)

    def forward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        P = sigmoid(Z)
        with np.errstate(divide="ignore"):  # ln 0 is meant: it becomes -100
            yes, no = np.maximum(np.log(P), -100), np.maximum(np.log1p(-P), -100)
        return -(Y * yes + (1 - Y) * no).mean(axis=1)

    def backward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        P = sigmoid(Z)
        slope = P * (1 - P)
        dP = (P - Y) / np.maximum(slope, 1e-12)  # PyTorch's guard against dividing by 0
        return dP * slope / Z.shape[1]


def check_divide_by(divide_by: str) -> None:
    """Raises `SpecError` unless it is "weights" or "rows"."""
    if divide_by not in ("weights", "rows"):
        raise SpecError(f"divide_by must be 'weights' or 'rows', got {divide_by!r}")
