"""The formula of a calibration with its numbers."""

from __future__ import annotations

from bisect import bisect_left

from ..estimators.decision import Calibration
from .blocks import Number, Told
from .shown_sums import short


def calibration_words(calibration: Calibration, before: Number | None = None) -> str:
    """The formula; p is the probability before, `before` that of the second of two classes, which isotonic needs."""
    a = calibration.coefficients
    if calibration.method == "temperature":
        return f"p^{a[0]:.6g} / Σ p^{a[0]:.6g} over the classes (temperature {1 / a[0]:.6g})"
    if calibration.method == "platt":
        return f"σ({a[0]:.6g} + {a[1]:.6g} ln(p / (1 - p))) (Platt scaling)"
    if calibration.method == "quadratic":
        return f"σ({a[0]:.6g} + {a[1]:.6g} l + {a[2]:.6g} l²), l = ln(p / (1 - p)) (quadratic scaling)"
    assert before is not None
    return _between_points(calibration, before)


def _between_points(calibration: Calibration, p: Number) -> str:
    """Where p lies among the points of an isotonic calibration: on the line between two, or level beyond the ends."""
    points = [f"({short(x)}, {short(y)})" for x, y in zip(calibration.knots, calibration.values)]
    kind = f" (isotonic, {len(points)} points)" if len(points) > 1 else " (isotonic)"
    if p.value <= calibration.knots[0]:
        return Told(p, f" is not above the first point, {points[0]}, before which it is level{kind}")
    if p.value >= calibration.knots[-1]:
        return Told(p, f" is not below the last point, {points[-1]}, behind which it is level{kind}")
    right = bisect_left(calibration.knots, p.value)
    return Told(p, f" on the line from {points[right - 1]} to {points[right]}{kind}")
