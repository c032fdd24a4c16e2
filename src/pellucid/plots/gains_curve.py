"""Cumulative gains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..metrics.gains import GainsCurve
from .theme import LIGHT, Theme, label, legend, references, shares, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def gains(curve: GainsCurve, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """The share of the class that is found against the share of rows that is taken, highest scores first."""
    expect(curve, GainsCurve, "metrics.cumulative_gains")
    figure, ax = start(ax, theme)
    lines = [("at random", curve.random.x, curve.random.y), ("perfect", curve.best.x, curve.best.y)]
    references(ax, theme, lines)
    ax.plot(curve.taken, curve.found, color=theme.series[0], linewidth=1.9, label="model")
    shares(ax)
    label(ax, theme, "Cumulative gains", "Rows taken, highest scores first", "Share of the class found")
    legend(ax, theme)
    return figure


def gains_in_words(curve: GainsCurve) -> str:
    """The figure as sentences."""
    expect(curve, GainsCurve, "metrics.cumulative_gains")
    tenth = float(np.interp(0.1, curve.taken, curve.found))
    return (
        f"The tenth of the rows with the highest scores holds {tenth:.1%} of class {curve.positive}, {tenth / 0.1:.1f} "
        "times what a tenth taken at random holds."
    )
