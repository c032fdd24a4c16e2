"""Predicted numbers beside true ones, and how large the errors are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..data.days import date_text
from ..metrics.binned_errors import BinnedErrors
from ..records import counted
from ..records import figure as number
from .theme import FAINT, LIGHT, Theme, label, leave_room, legend, references, shortened, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..estimators.prediction_intervals import PredictionIntervals

POINTS = 50  # along a band, whose edges are curved where errors are those of a logarithm


def predicted_against_true(
    errors: BinnedErrors,
    target: str = "",
    *,
    intervals: PredictionIntervals | None = None,
    dates: bool = False,
    ax: Axes | None = None,
    theme: Theme = LIGHT,
) -> Figure:
    """The true values of bins of rows against what was predicted: median and the middle of each bin.

    `intervals` are drawn as bands, the wider ones fainter: between their ends true values lie with their level.
    With `dates` the values are days since 1970-01-01, and the axes show dates.
    """
    expect(errors, BinnedErrors, "metrics.bin_errors")
    figure, ax = start(ax, theme)
    leave_room(ax, left=58)
    ends = (float(errors.predicted.min()), float(errors.predicted.max()))
    along = np.linspace(*ends, POINTS)
    bands = [(level, intervals.around(along, level)) for level in intervals.levels] if intervals else []
    for place, (level, (low, high)) in enumerate(reversed(bands)):
        faint = FAINT * (place + 1)
        ax.fill_between(along, low, high, color=theme.series[1], alpha=faint, linewidth=0, label=f"{level:.0%}")
    references(ax, theme, [("perfect", ends, ends)])
    ax.vlines(
        errors.predicted,
        errors.low,
        errors.high,
        color=theme.series[0],
        linewidth=2,
        label=f"middle {errors.middle:.0%}",
    )
    ax.plot(errors.predicted, errors.median, "o", color=theme.series[0], markersize=4.5, label="median")
    if dates:
        _dates(ax)
    else:
        _plain_numbers(ax)
    name = f" {shortened(target, 40)}" if target else ""
    label(ax, theme, "Predicted and true", f"Predicted{name} (mean of the bin)", f"True{name}")
    legend(ax, theme)
    return figure


def predicted_against_true_in_words(errors: BinnedErrors, intervals: PredictionIntervals | None = None) -> str:
    """The figure as sentences."""
    expect(errors, BinnedErrors, "metrics.bin_errors")
    inside = int(((errors.low <= errors.predicted) & (errors.predicted <= errors.high)).sum())
    return (
        f"The rows stand in {counted(len(errors.rows), 'bin')} by their prediction. In {inside} of them the mean "
        f"prediction lies in the middle {errors.middle:.0%} of the true values.{_bands_in_words(intervals)}"
    )


def _bands_in_words(intervals: PredictionIntervals | None) -> str:
    if intervals is None or not intervals.levels:
        return ""
    levels = " and ".join(f"{level:.0%}" for level in intervals.levels)
    return f" The bands are the prediction intervals of {levels}, which so many true values should lie in."


def residuals(
    errors: BinnedErrors, target: str = "", *, unit: str = "", ax: Axes | None = None, theme: Theme = LIGHT
) -> Figure:
    """How many rows have an error (true minus predicted) of which size; the outer bars take in what lies beyond.

    `unit` is that of the errors, where it should be named.
    """
    expect(errors, BinnedErrors, "metrics.bin_errors")
    figure, ax = start(ax, theme)
    leave_room(ax, left=58)
    widths = errors.error_edges[1:] - errors.error_edges[:-1]
    ax.bar(
        errors.error_edges[:-1], errors.error_rows, widths, align="edge", color=theme.series[0], edgecolor=theme.page
    )
    ax.axvline(0, color=theme.quiet, linestyle="--", linewidth=1.2, label="no error")
    _plain_numbers(ax)
    ax.grid(False, axis="x")
    name = f" {shortened(target, 24)}" if target else ""
    told = f", {shortened(unit, 12)}" if unit else ""
    label(ax, theme, "Errors", f"True minus predicted{name}{told}", "Rows")
    legend(ax, theme)
    return figure


def residuals_in_words(errors: BinnedErrors) -> str:
    """The figure as sentences."""
    expect(errors, BinnedErrors, "metrics.bin_errors")
    inner = errors.error_rows[1:-1] if len(errors.error_rows) > 2 else errors.error_rows
    fullest = int(inner.argmax()) + (len(errors.error_rows) - len(inner)) // 2
    return (
        f"More errors (true minus predicted) lie from {number(float(errors.error_edges[fullest]))} to "
        f"{number(float(errors.error_edges[fullest + 1]))} than in any other inner bar, on "
        f"{int(inner.max()):,} of {counted(int(errors.error_rows.sum()), 'row')}; 98% of the rows have one from "
        f"{number(float(errors.error_edges[0]))} to {number(float(errors.error_edges[-1]))}. The outer bars take in "
        "what lies beyond."
    )


def _dates(ax: Axes) -> None:
    """Days since 1970-01-01 as dates; few of them, for they are long."""
    from matplotlib.ticker import FuncFormatter

    ax.locator_params(nbins=4)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: date_text(round(value))))


def _plain_numbers(ax: Axes) -> None:
    """Thousands marked, few ticks, no offset that must be added in the head."""
    from matplotlib.ticker import FuncFormatter

    ax.locator_params(nbins=5)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}" if abs(value) >= 1e-9 else "0"))
