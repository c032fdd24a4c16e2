"""One look for all figures: colors that color-blind readers can tell apart, for light and for dark pages.

Every color stands 4.5 : 1 against its page at least, and lines that share axes differ in their dashes too. Nothing of
this touches matplotlib's global settings: figures are made without pyplot, and every property is set on its artist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS_AN_INCH = 72  # so that a unit of an SVG is a point
TEXT, SMALL = 9.0, 8.0
DASHES = ("-", "--", "-.", ":")
MARKERS = ("o", "s", "^", "D")
FAINT = 0.18


@dataclass(frozen=True)
class Theme:
    """The colors of a figure: the page, text, quiet text, grid lines, and four series."""

    page: str
    ink: str
    quiet: str
    grid: str
    series: tuple[str, str, str, str]

    def tokens(self) -> dict[str, str]:
        """Color → the name by which a page may replace it."""
        named = {self.page: "page", self.ink: "ink", self.quiet: "quiet", self.grid: "grid"}
        return named | dict(zip(self.series, ("one", "two", "three", "four")))


LIGHT = Theme("#ffffff", "#1c2126", "#545d68", "#e1e5ea", ("#0a5ea8", "#a94700", "#006b58", "#7a3b99"))
DARK = Theme("#15181c", "#e9ebee", "#a9b1bb", "#31373f", ("#6fb7ff", "#f7a55f", "#50d0b4", "#d3abff"))


def check_theme(theme: Theme) -> None:
    """Raise `InputError` for what is no theme."""
    if not isinstance(theme, Theme):
        raise InputError(f"theme must be plots.LIGHT, plots.DARK or a plots.Theme of yours, got {str(theme)[:60]!r}")


def start(ax: Axes | None, theme: Theme, size: tuple[float, float] = (5.0, 3.5)) -> tuple[Figure, Axes]:
    """The figure and the axes to draw on: those of `ax`, or new ones of `size` inches.

    Raises `InputError` for what is no axes, for axes that were removed from their figure, and for what is no theme.
    """
    check_theme(theme)
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    if ax is not None:
        if not isinstance(ax, Axes):
            raise InputError(f"ax must be one matplotlib Axes, as figure.subplots() gives, got {type(ax).__name__}")
        whole = ax.get_figure(root=True)
        if whole is None:
            raise InputError("ax was removed from its figure; give axes that are part of one")
        figure = whole
    else:
        figure = Figure(figsize=size, dpi=POINTS_AN_INCH, facecolor=theme.page)
        ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        leave_room(ax, left=46)
    ax.set_facecolor(theme.page)
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(theme.grid)
    ax.tick_params(left=False, bottom=False, labelsize=SMALL, labelcolor=theme.quiet)
    ax.grid(True, color=theme.grid, linewidth=0.7)
    ax.set_axisbelow(True)
    return figure, ax


def leave_room(ax: Axes, *, left: float = 46, right: float = 14, top: float = 50, bottom: float = 40) -> None:
    """Points around the axes for what is written there; only figures of one plot are laid out so."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    if len(figure.axes) == 1:
        width, height = figure.get_size_inches() * POINTS_AN_INCH
        ax.set_position(
            (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
        )


def label(ax: Axes, theme: Theme, title: str, x: str, y: str, *, pad: float = 24) -> None:
    """The title, `pad` points above the axes, and what the axes show with their units."""
    ax.set_title(title, loc="left", fontsize=TEXT + 1, fontweight="bold", color=theme.ink, pad=pad)
    ax.set_xlabel(x, fontsize=TEXT, color=theme.quiet)
    ax.set_ylabel(y, fontsize=TEXT, color=theme.quiet)


def legend(ax: Axes, theme: Theme) -> None:
    """A legend in one row between title and axes, where no line can run through it."""
    handles, _ = ax.get_legend_handles_labels()
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        borderaxespad=0.0,
        ncol=len(handles),
        frameon=False,
        fontsize=SMALL,
        labelcolor=theme.ink,
        handlelength=2.2,
        columnspacing=1.2,
        borderpad=0.2,
    )


def shares(ax: Axes, x: bool = True, y: bool = True) -> None:
    """Axes from 0 to 100 %, with a margin in which points on the border are seen whole."""
    from matplotlib.ticker import PercentFormatter

    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    for wanted, axis, limit in ((x, ax.xaxis, ax.set_xlim), (y, ax.yaxis, ax.set_ylim)):
        if wanted:
            limit(-0.02, 1.02)
            axis.set_ticks(ticks)
            axis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def references(ax: Axes, theme: Theme, lines: Sequence[tuple[str, Sequence[float], Sequence[float]]]) -> None:
    """Quiet lines to compare with, each (name, x, y)."""
    for (name, x, y), dashes in zip(lines, (":", "--")):
        ax.plot(x, y, color=theme.quiet, linestyle=dashes, linewidth=1.1, label=name)


def shortened(name: str, length: int = 26) -> str:
    """A name that fits beside an axis; dollar signs are text, not formulas."""
    whole = " ".join(str(name).split())
    cut = whole if len(whole) <= length else whole[: length - 1] + "…"
    return cut.replace("$", r"\$")
