"""Figures of several panels: one grid of axes, in a figure of its own or in the place of given axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .theme import POINTS_AN_INCH, Theme, check_theme, start

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def panels(
    ax: Axes | None,
    theme: Theme,
    rows: int,
    columns: int,
    size: tuple[float, float],
    *,
    left: float = 14,
    right: float = 6,
    top: float = 36,
    bottom: float = 8,
) -> tuple[Figure, list[Axes]]:
    """`rows` by `columns` axes, row by row, with points around each; `ax`, where given, makes room for them."""
    check_theme(theme)
    if ax is None:
        from matplotlib.figure import Figure

        figure = Figure(figsize=size, dpi=POINTS_AN_INCH, facecolor=theme.page)
        x0, y0, x1, y1 = 0.0, 0.0, 1.0, 1.0
    else:
        figure, ax = start(ax, theme)
        x0, y0, x1, y1 = ax.get_position().extents
        ax.set_xticks([])
        ax.set_yticks([])
        ax.set_axis_off()
    width, height = figure.get_size_inches() * POINTS_AN_INCH
    wide, tall = (x1 - x0) / columns, (y1 - y0) / rows
    found = []
    for row in range(rows):
        for column in range(columns):
            bounds = (
                x0 + column * wide + left / width,
                y1 - (row + 1) * tall + bottom / height,
                wide - (left + right) / width,
                tall - (top + bottom) / height,
            )
            found.append(start(figure.add_axes(bounds), theme)[1])
    return figure, found
