"""Figures with one line a thing: a dot for its value, a bar for its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..records import Interval
from .theme import SMALL, Theme, label, leave_room, legend, shortened, start

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE = 24  # points
LONGEST = 32  # letters of a name
BESIDE = 200  # points of the axes at least, between the names and the figures


class IntervalRow(NamedTuple):
    """One line of the figure; `marked` ones get the first color and a filled dot."""

    name: str
    value: float
    interval: Interval | None
    told: str
    marked: bool = True


def draw_rows(
    rows: Sequence[IntervalRow],
    title: str,
    x: str,
    meaning: tuple[str, str],
    *,
    reference: float | None,
    ax: Axes | None,
    theme: Theme,
) -> Figure:
    """The rows from top to bottom, each with its figure at the right; `reference` is a line to compare with.

    `meaning` is what a filled dot says, and what a hollow one.
    """
    names = [shortened(row.name, LONGEST) for row in rows]
    left = 12 + 5.1 * max(map(len, names), default=0)
    right = 12 + 5.1 * max((len(row.told) for row in rows), default=0)
    height = (LINE * len(rows) + 50 + 42) / 72
    figure, ax = start(ax, theme, (max((left + right + BESIDE) / 72, 5.4), max(height, 1.8)))
    leave_room(ax, left=left, right=right, top=50)
    for place, row in enumerate(rows):
        _draw_row(ax, theme, place, row)
    if reference is not None:
        ax.axvline(reference, color=theme.quiet, linestyle="--", linewidth=1)
    for marked, told in zip((True, False), meaning):
        if any(row.marked == marked for row in rows):
            ax.plot([], [], "o", label=told, **_dot(theme, marked))
    ax.set_yticks(range(len(rows)), names)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.tick_params(axis="y", labelcolor=theme.ink)
    ax.grid(False, axis="y")
    ax.locator_params(axis="x", nbins=5)
    label(ax, theme, title, x, "")
    legend(ax, theme)
    return figure


def _draw_row(ax: Axes, theme: Theme, place: int, row: IntervalRow) -> None:
    dot = _dot(theme, row.marked)
    if row.interval is not None:
        ax.plot([row.interval.low, row.interval.high], [place, place], color=dot["color"], linewidth=2.2)
    ax.plot([row.value], [place], "o", **dot)
    ax.text(1.02, place, row.told, transform=ax.get_yaxis_transform(), va="center", fontsize=SMALL, color=theme.ink)


def _dot(theme: Theme, marked: bool) -> dict[str, Any]:
    color = theme.series[0] if marked else theme.quiet
    return {"color": color, "markerfacecolor": color if marked else theme.page, "markersize": 6}
