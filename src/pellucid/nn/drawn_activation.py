"""An activation and its derivative at many places, to be drawn or tabled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import SpecError
from ..records import Record
from .activations import Activation, get_activation


@dataclass(frozen=True, eq=False)
class ActivationCurve(Record):
    """The values `a` and slopes `slope` of an activation at `z`, all (points,), its formula, and the range of its
    values."""

    name: str
    formula: str
    z: np.ndarray
    a: np.ndarray
    slope: np.ndarray
    range: tuple[float, float]


def activation_curve(
    activation: str | Activation, low: float = -5.0, high: float = 5.0, points: int = 201
) -> ActivationCurve:
    """The curve from `low` to `high`. Raises `SpecError` for an unknown name, a range that is none, too few points."""
    chosen = get_activation(activation)
    if not (np.isfinite([low, high]).all() and low < high) or points < 2:
        raise SpecError(f"a curve goes from low to high in 2 points or more, got {low} to {high} in {points}")
    z = np.linspace(low, high, points)
    a = chosen.forward(z)
    return ActivationCurve(chosen.name, chosen.formula, z, a, chosen.derivative(z, a), chosen.range)
