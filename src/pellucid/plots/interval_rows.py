"""Figures with one line a thing: a dot for its value, a bar for its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..records import Interval
from .theme import SMALL, Theme, label, leave_room, shortened, start

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE = 24  # points


class IntervalRow(NamedTuple):
    """One line of the figure; `marked` ones get the first color and a filled dot."""

    name: str
    value: float
    interval: Interval | None
    told: str
    marked: bool = True


def draw_rows(
    rows: Sequence[IntervalRow], title: str, x: str, *, reference: float | None, ax: Axes | None, theme: Theme
) -> Figure:
    """The rows from top to bottom, each with its figure at the right; `reference` is a line to compare with."""
    height = (LINE * len(rows) + 34 + 42) / 72
    figure, ax = start(ax, theme, (5.4, max(height, 1.6)))
    names = [shortened(row.name) for row in rows]
    leave_room(
        ax,
        left=12 + 5.1 * max(map(len, names), default=0),
        right=12 + 5.1 * max((len(row.told) for row in rows), default=0),
        top=34,
    )
    for place, row in enumerate(rows):
        color = theme.series[0] if row.marked else theme.quiet
        if row.interval is not None:
            ax.plot([row.interval.low, row.interval.high], [place, place], color=color, linewidth=2.2)
        ax.plot(
            [row.value], [place], "o", color=color, markerfacecolor=color if row.marked else theme.page, markersize=6
        )
        ax.text(1.02, place, row.told, transform=ax.get_yaxis_transform(), va="center", fontsize=SMALL, color=theme.ink)
    if reference is not None:
        ax.axvline(reference, color=theme.quiet, linestyle="--", linewidth=1)
    ax.set_yticks(range(len(rows)), names)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.tick_params(axis="y", labelcolor=theme.ink)
    ax.grid(False, axis="y")
    ax.locator_params(axis="x", nbins=5)
    label(ax, theme, title, x, "", pad=10)
    return figure
