"""Calibration: probabilities beside what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..metrics.reliability import CalibrationCurve
from ..records import counted
from .theme import LIGHT, Theme, label, legend, references, shares, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def calibration(curve: CalibrationCurve, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """The share that came against the probability that was given, by bins of rows, with intervals."""
    expect(curve, CalibrationCurve, "metrics.calibration_curve")
    figure, ax = start(ax, theme)
    references(ax, theme, [("perfect", (0, 1), (0, 1))])
    ax.vlines(
        curve.predicted, curve.low, curve.high, color=theme.series[0], linewidth=2, label=f"{curve.level:.0%} interval"
    )
    ax.plot(curve.predicted, curve.observed, "o", color=theme.series[0], markersize=5, label="bins of rows")
    shares(ax)
    label(ax, theme, "Calibration", "Probability given (mean of the bin)", "Share that came")
    legend(ax, theme)
    return figure


def calibration_in_words(curve: CalibrationCurve) -> str:
    """The figure as sentences."""
    expect(curve, CalibrationCurve, "metrics.calibration_curve")
    inside, bins = int(curve.inside.sum()), len(curve.rows)
    return (
        f"In {inside} of {counted(bins, 'bin')} the mean probability lies in the {curve.level:.0%} interval of the "
        f"share of class {curve.positive} that came. On average the two are {_points(curve.error)} points apart."
    )


def _points(error: float) -> str:
    """Hundredths, never 0.0 where there is a difference."""
    return "less than 0.1" if 0 < error < 0.0005 else f"{100 * error:.1f}"
