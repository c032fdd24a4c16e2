"""Bars to both sides of zero, one line a thing, with its number at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from .theme import SMALL, Theme, label, leave_room, shortened, start

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE = 24  # points


class SignedBar(NamedTuple):
    """One line: its name, value and what is written at the right; bars that are not `single` are quiet."""

    name: str
    value: float
    told: str
    single: bool = True


def draw_bars(bars: Sequence[SignedBar], title: str, x: str, *, ax: Axes | None, theme: Theme) -> Figure:
    """The bars from top to bottom: positive ones in the first color, negative ones in the second."""
    names = [shortened(bar.name) for bar in bars]
    left = 14 + 5.1 * max(map(len, names), default=0)
    right = 12 + 5.1 * max((len(bar.told) for bar in bars), default=0)
    size = ((left + right + 250) / 72, max((LINE * len(bars) + 76) / 72, 1.6))
    figure, ax = start(ax, theme, size)
    leave_room(ax, left=left, right=right, top=34)
    for place, bar in enumerate(bars):
        color = theme.series[0 if bar.value >= 0 else 1] if bar.single else theme.quiet
        ax.barh([place], [bar.value], 0.62, color=color)
        ax.text(1.02, place, bar.told, transform=ax.get_yaxis_transform(), va="center", fontsize=SMALL, color=theme.ink)
    ax.axvline(0, color=theme.quiet, linewidth=1)
    ax.set_yticks(range(len(bars)), names)
    ax.set_ylim(len(bars) - 0.5, -0.5)
    ax.tick_params(axis="y", labelcolor=theme.ink)
    ax.grid(False, axis="y")
    ax.locator_params(axis="x", nbins=5)
    label(ax, theme, title, x, "", pad=10)
    return figure
