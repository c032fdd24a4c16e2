"""A loss surface from above: lines of equal loss, and the path of a descent over them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..explain.loss_surface import LossSurface
from ..records import counted
from ..records import figure as number
from .class_colors import height_colors
from .theme import LIGHT, Theme, label, leave_room, legend, shortened, start
from .wrong_record import expect, expect_some_finite

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

LINES = 12
EDGE = 0.02  # of the axes around the surface, so that a mark at its edge is seen whole


def loss_contour(surface: LossSurface, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """Lines of equal loss, closer together near the bottom, the path from start to end, and the lowest point.

    Where the path leaves the plane it is its shadow. Lesson line 3.
    """
    surface = with_gaps(surface)
    figure, ax = start(ax, theme, (5.4, 4.4))
    leave_room(ax, left=70)
    x, y, low = surface.lowest
    high = float(np.nanmax(surface.loss))
    extent = (surface.x[0], surface.x[-1], surface.y[0], surface.y[-1])
    depth = np.sqrt(np.clip(surface.loss - low, 0, None))
    colors = height_colors(depth, 0.0, float(np.nanmax(depth)), theme)
    ax.imshow(colors, origin="lower", extent=extent, aspect="auto", interpolation="bilinear").set_gid("surface")
    levels = low + (high - low) * (np.arange(1, LINES) / LINES) ** 2
    if high > low:
        ax.contour(surface.x, surface.y, surface.loss, levels=levels, colors=theme.quiet, linewidths=0.7)
    if surface.path is not None:
        path = surface.path
        ax.plot(path.x, path.y, color=theme.series[1], linewidth=1.8, label="descent")
        ax.plot(path.x[:1], path.y[:1], "o", color=theme.series[1], markersize=6, label=f"start {path.loss[0]:.3g}")
        ax.plot(path.x[-1:], path.y[-1:], "s", color=theme.series[1], markersize=6, label=f"end {path.loss[-1]:.3g}")
    else:
        ax.plot(*([value] for value in surface.center), "s", color=theme.series[1], label="the model")
    ax.plot([x], [y], "P", color=theme.series[3], markersize=7, clip_on=False, label=f"lowest {low:.3g}")
    ax.grid(False)
    for axis, limit, ends in ((ax.xaxis, ax.set_xlim, extent[:2]), (ax.yaxis, ax.set_ylim, extent[2:])):
        edge = EDGE * (ends[1] - ends[0])
        limit(ends[0] - edge, ends[1] + edge)
        _short_numbers(axis, *ends)
    label(
        ax,
        theme,
        f"Loss from above: {shortened(surface.loss_name, 40)}",
        shortened(surface.first, 44),
        shortened(surface.second, 44),
    )
    legend(ax, theme)
    return figure


def loss_contour_in_words(surface: LossSurface) -> str:
    """The figure as sentences."""
    surface = with_gaps(surface)
    x, y, low = surface.lowest
    told = (
        f"The {surface.loss_name} over {surface.first} and {surface.second} goes from {number(low)}, at ({x:.4g}, "
        f"{y:.4g}), to {number(float(np.nanmax(surface.loss)))}; the model has {number(surface.center_loss)}."
    )
    if surface.path is None:
        return told
    path = surface.path
    return (
        f"{told} The descent goes from ({path.x[0]:.4g}, {path.y[0]:.4g}) with {number(float(path.loss[0]))} to "
        f"({path.x[-1]:.4g}, {path.y[-1]:.4g}) with {number(float(path.loss[-1]))} in {counted(len(path.x), 'point')}."
    )


def with_gaps(surface: LossSurface) -> LossSurface:
    """The surface with NaN where the loss is not finite. Raises `InputError` where it is so everywhere."""
    expect(surface, LossSurface, "pellucid.loss_surface")
    expect_some_finite("the loss of the surface", surface.loss, "compute it around parameters that are finite")
    return replace(surface, loss=np.where(np.isfinite(surface.loss), surface.loss, np.nan))


def _short_numbers(axis: Axis, low: float, high: float) -> None:
    """Few ticks, each in as many digits as tell it from the next: a long one would push the label off the page."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    wide = max(abs(low), abs(high)) / ((high - low) or 1.0)
    digits = 2 + max(int(np.ceil(np.log10(max(wide, 1e-9)))), 1)
    axis.set_major_locator(MaxNLocator(nbins=5))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.{digits}g}".replace("-", "−")))
