"""Losses for numbers: absolute, squared, and Huber's mixture of both. Inside a row they take the mean over
outputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..errors import SpecError
from .loss import Loss


@dataclass(frozen=True)
class MAE(Loss):
    """Mean absolute error. Its slope is -1 or 1 however small the error is, and 0 where there is none."""

    name: ClassVar[str] = "mae"
    formula: ClassVar[str] = "|z - y|"

    def forward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return np.abs(Z - Y).mean(axis=1)

    def backward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return np.sign(Z - Y) / Z.shape[1]


@dataclass(frozen=True)
class MSE(Loss):
    """Mean squared error. An error twice as large costs four times as much."""

    name: ClassVar[str] = "mse"
    formula: ClassVar[str] = "(z - y)²"

    def forward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return np.square(Z - Y).mean(axis=1)

    def backward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return 2 * (Z - Y) / Z.shape[1]


@dataclass(frozen=True)
class Huber(Loss):
    """Squared for errors up to `delta`, absolute beyond: outliers pull, but no harder than delta.

    Source: Huber (1964), "Robust estimation of a location parameter". Raises `SpecError` unless delta > 0.
    """

    name: ClassVar[str] = "huber"
    formula: ClassVar[str] = "e² / 2 if |e| ≤ delta else delta (|e| - delta / 2), e = z - y"

    delta: float = 1.0

    def __post_init__(self) -> None:
        if not self.delta > 0:
            raise SpecError(f"delta of the huber loss must be above 0, got {self.delta!r}")

    def forward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        size = np.abs(Z - Y)
        inner = np.minimum(size, self.delta)  # inner (size - inner / 2) is both branches in one
        return (inner * (size - inner / 2)).mean(axis=1)

    def backward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return np.clip(Z - Y, -self.delta, self.delta) / Z.shape[1]
