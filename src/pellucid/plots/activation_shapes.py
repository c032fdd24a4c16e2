"""Activations: what they do to a number, and their slope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..nn.drawn_activation import ActivationCurve
from .panels import panels
from .theme import LIGHT, POINTS_AN_INCH, Theme, label, legend, references, start
from .wrong_record import expect, expect_each

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACROSS, WIDTH, HEIGHT = 3, 210.0, 180.0  # panels beside each other, points of each


def activation(curve: ActivationCurve, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """One activation with its derivative; the ends of its range, where they are finite, dotted. Lesson line 20."""
    expect(curve, ActivationCurve, "nn.activation_curve")
    figure, ax = start(ax, theme)
    _draw(curve, ax, theme)
    label(ax, theme, f"{curve.name}: {curve.formula}", "Pre-activation z", "Activation")
    legend(ax, theme)
    return figure


def activations(curves: Sequence[ActivationCurve], *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """Several activations in panels, each with derivative and range. Lesson line 20."""
    expect_each(curves, ActivationCurve, "nn.activation_curve")
    across = min(ACROSS, len(curves))
    down = -(-len(curves) // across)
    size = max(across * WIDTH, 300) / POINTS_AN_INCH, (down * HEIGHT) / POINTS_AN_INCH
    figure, places = panels(ax, theme, down, across, size, left=34, right=8, top=44, bottom=30)
    for place in places[len(curves) :]:
        place.set_axis_off()
        place.set_xticks([])
        place.set_yticks([])
    for place, curve in zip(places, curves):
        _draw(curve, place, theme)
        label(place, theme, f"{curve.name}, {_range_told(curve)}", "z", "", pad=18)
    legend(places[0], theme)
    return figure


def activations_in_words(curves: Sequence[ActivationCurve]) -> str:
    """The figure as sentences."""
    expect_each(curves, ActivationCurve, "nn.activation_curve")
    told = []
    for curve in curves:
        steepest = int(np.argmax(curve.slope))
        told.append(
            f"{curve.name}(z) = {curve.formula}, {_range_told(curve)}, slope at most {curve.slope[steepest]:.3g} "
            f"between {curve.z[0]:g} and {curve.z[-1]:g}"
        )
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}."


def _draw(curve: ActivationCurve, ax: Axes, theme: Theme) -> None:
    ends = [end for end in curve.range if np.isfinite(end)]
    z = (float(curve.z[0]), float(curve.z[-1]))
    references(ax, theme, [("", z, (end, end)) for end in ends])
    for line in ax.lines:
        line.set_label("_range")
    ax.plot(curve.z, curve.a, color=theme.series[0], linewidth=1.9, label="value")
    ax.plot(curve.z, curve.slope, color=theme.series[1], linestyle="--", linewidth=1.6, label="slope")
    ax.locator_params(nbins=5)


def _range_told(curve: ActivationCurve) -> str:
    low, high = (f"{end:.3g}".replace("inf", "∞") for end in curve.range)
    return f"from {low} to {high}"
