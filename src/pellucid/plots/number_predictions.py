"""Predicted numbers beside true ones, and how large the errors are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..metrics.binned_errors import BinnedErrors
from ..records import figure as number
from .theme import FAINT, LIGHT, Theme, label, leave_room, legend, references, start

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def predicted_against_true(
    errors: BinnedErrors,
    target: str = "",
    *,
    bands: Sequence[tuple[float, float]] = (),
    ax: Axes | None = None,
    theme: Theme = LIGHT,
) -> Figure:
    """The true values of bins of rows against what was predicted: median and the middle of each bin.

    `bands` are prediction intervals, each (level, half width): between the prediction minus and plus the half width
    lies the true value with that probability.
    """
    figure, ax = start(ax, theme)
    leave_room(ax, left=58)
    ends = (float(errors.predicted.min()), float(errors.predicted.max()))
    for level, half in sorted(bands, reverse=True):
        ax.fill_between(
            ends,
            [end - half for end in ends],
            [end + half for end in ends],
            color=theme.series[1],
            alpha=FAINT,
            linewidth=0,
            label=f"{level:.0%} interval",
        )
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
    _plain_numbers(ax)
    name = f" {target}" if target else ""
    label(ax, theme, "Predicted and true", f"Predicted{name} (mean of the bin)", f"True{name}")
    legend(ax, theme)
    return figure


def predicted_against_true_in_words(errors: BinnedErrors) -> str:
    """The figure as sentences."""
    inside = int(((errors.low <= errors.predicted) & (errors.predicted <= errors.high)).sum())
    return (
        f"The rows stand in {len(errors.rows)} bins by their prediction. In {inside} of them the mean prediction lies "
        f"in the middle {errors.middle:.0%} of the true values."
    )


def residuals(errors: BinnedErrors, target: str = "", *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """How many rows have an error (true minus predicted) of which size; the outer bars take in what lies beyond."""
    figure, ax = start(ax, theme)
    leave_room(ax, left=58)
    widths = errors.error_edges[1:] - errors.error_edges[:-1]
    ax.bar(
        errors.error_edges[:-1], errors.error_rows, widths, align="edge", color=theme.series[0], edgecolor=theme.page
    )
    ax.axvline(0, color=theme.quiet, linestyle="--", linewidth=1.2, label="no error")
    _plain_numbers(ax)
    ax.grid(False, axis="x")
    label(ax, theme, "Errors", f"True minus predicted{f' {target}' if target else ''}", "Rows")
    legend(ax, theme)
    return figure


def residuals_in_words(errors: BinnedErrors) -> str:
    """The figure as sentences."""
    fullest = int(errors.error_rows.argmax())
    return (
        f"Most errors (true minus predicted) lie around {number(float(errors.error_edges[fullest]))} to "
        f"{number(float(errors.error_edges[fullest + 1]))}; 98% of the rows have one from "
        f"{number(float(errors.error_edges[0]))} to {number(float(errors.error_edges[-1]))}."
    )


def _plain_numbers(ax: Axes) -> None:
    """Thousands marked, few ticks, no offset that must be added in the head."""
    from matplotlib.ticker import FuncFormatter

    ax.locator_params(nbins=5)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}" if abs(value) >= 1e-9 else "0"))
