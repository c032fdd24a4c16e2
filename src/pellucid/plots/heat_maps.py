"""A matrix of numbers as colors around 0, with the numbers in it where there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .named_matrix import NamedMatrix
from .network_columns import number_told
from .theme import LIGHT, POINTS_AN_INCH, SMALL, Theme, label, leave_room, legend, shortened, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CELL, NARROW = (44.0, 20.0), (9.0, 9.0)  # points of a cell with its number and without
MOST_NUMBERS, MOST_NAMES, MOST_CELLS = 160, 40, 90_000
STRONGEST = 0.5  # how much of its color the largest number has: text stays readable on it


def heat_map(matrix: NamedMatrix, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """Positive numbers in one color, negative ones in another, the stronger the larger; names beside and below.

    Large matrices are drawn without numbers, very large ones without names. Lesson lines 12, 13.
    """
    expect(matrix, NamedMatrix, "layer_weights or input_products")
    values = np.asarray(matrix.values, dtype=np.float64)
    rows, columns = values.shape
    numbers = values.size <= MOST_NUMBERS
    names = max(rows, columns) <= MOST_NAMES
    below = [shortened(name, 20) if names else "" for name in matrix.column_names]
    beside = [shortened(name, 20) if names else "" for name in matrix.row_names]
    left, bottom = 30 + 5.2 * max(map(len, beside)), 14 + 5.0 * max(map(len, below))
    wide, tall = CELL if numbers else NARROW if names else (400 / columns, 300 / rows)
    size = (max(columns * wide, 275) + left + 20, rows * tall + bottom + 50)
    figure, ax = start(ax, theme, (size[0] / POINTS_AN_INCH, size[1] / POINTS_AN_INCH))
    leave_room(ax, left=left, right=20, top=50, bottom=bottom)
    image = ax.imshow(_colors(values, theme), aspect="auto", interpolation="nearest")
    image.set_gid("cells")
    if numbers:
        for row, column in np.ndindex(values.shape):
            told = _told(float(values[row, column]))
            size_told = SMALL if len(told) < 8 else SMALL - 1.5
            ax.text(column, row, told, ha="center", va="center", fontsize=size_told, color=theme.ink)
    ax.set_xticks(range(columns) if names else [], below if names else [], rotation=90)
    ax.set_yticks(range(rows) if names else [], beside if names else [])
    ax.tick_params(labelcolor=theme.ink)
    ax.grid(False)
    for place, name in enumerate(("positive", "negative")):
        ax.plot([], [], "s", color=theme.series[place], alpha=STRONGEST, markersize=8, label=name)
    ax.plot([], [], " ", label=f"|{matrix.cell}| at most {number_told(_largest(values))}")
    label(ax, theme, f"{matrix.title}, {rows:,} × {columns:,}", "", "")
    legend(ax, theme)
    return figure


def heat_map_in_words(matrix: NamedMatrix) -> str:
    """The figure as sentences."""
    expect(matrix, NamedMatrix, "layer_weights or input_products")
    values = np.asarray(matrix.values, dtype=np.float64)
    order = np.argsort(-np.abs(np.where(np.isfinite(values), values, 0)), axis=None)[:3]
    told = []
    for row, column in zip(*np.unravel_index(order, values.shape)):
        told.append(
            f"{number_told(float(values[row, column]))} ({matrix.row_names[row]}, {matrix.column_names[column]})"
        )
    return (
        f"{matrix.title}, {values.shape[0]:,} by {values.shape[1]:,}. The largest in size: {'; '.join(told)}. "
        f"{(values > 0).mean():.0%} of the cells are positive."
    )


def _told(value: float) -> str:
    """Three digits; large numbers whole."""
    return number_told(value) if abs(value) >= 1000 else f"{value + 0.0:.3g}"


def _largest(values: np.ndarray) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size else 0.0


def _colors(values: np.ndarray, theme: Theme) -> np.ndarray:
    """Page, mixed with the color of the sign by the size of the number, (rows, columns, 3); NaN stays grid."""
    from matplotlib.colors import to_rgb

    page, plus, minus, gap = (np.array(to_rgb(one)) for one in (theme.page, *theme.series[:2], theme.grid))
    share = STRONGEST * np.clip(np.abs(values) / (_largest(values) or 1.0), 0, 1)[..., None]
    mixed = (1 - share) * page + share * np.where(values[..., None] >= 0, plus, minus)
    return np.where(np.isnan(values)[..., None], gap, mixed)
