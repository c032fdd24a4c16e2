"""What a model says over the plane of two columns: the surface, the line where the answer changes, and the rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError
from ..explain.prediction_grid import PredictionCurve, PredictionGrid
from ..records import counted
from ..records import figure as number
from .class_colors import color_of, height_colors, marker_of, surface_colors
from .date_axis import few_dates
from .panels import panels
from .shown_rows import ShownRows, axis_numbers, shown_rows
from .theme import LIGHT, MARKERS, POINTS_AN_INCH, Theme, label, leave_room, legend, shortened, start
from .wrong_record import expect, expect_some_finite

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_PANELS = 4
EDGE = 0.02  # of the axes around the surface, so that rows at its edge are seen whole
LINES = 7  # of equal predictions
FEWEST_FOR_LINES = 10  # values on an axis: between fewer ones a line would be a guess


def boundary(grid: PredictionGrid, rows: Any = None, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """Probabilities as colors, fainter the less certain, and the line where the answer changes; of numbers, lines of
    equal predictions. `rows` = (X, y) are drawn on it: X a table with both columns, or an array (rows, 2) of them.

    `grid` shows the model, or with `parameters=recording.at(epoch)` any epoch of its training. The other columns of a
    wider model are held, so a row may lie on a side that is not its own answer. Lesson lines 27, 31, 33.
    """
    found = _rows(grid, rows)
    figure, ax = start(ax, theme, (5.2, 4.4))
    leave_room(ax, left=60)
    _draw(ax, theme, grid, found)
    label(ax, theme, _title(grid), shortened(grid.first, 40), shortened(grid.second, 40))
    legend(ax, theme)
    return figure


def boundaries(
    grid: PredictionGrid, rows: Mapping[str, Any], *, ax: Axes | None = None, theme: Theme = LIGHT
) -> Figure:
    """One `boundary` for each entry of `rows`, such as {"Training rows": (X, y), "Validation rows": (Xv, yv)}.

    Raises `InputError` unless there are one to four. Lesson lines 27, 31.
    """
    found = _many(grid, rows)
    count = len(found)
    size = ((330 * count + 30) / POINTS_AN_INCH, 4.5)
    figure, axes = panels(ax, theme, 1, count, size, left=62, right=10, top=50, bottom=42)
    for (name, some), place in zip(found.items(), axes):
        _draw(place, theme, grid, some)
        label(place, theme, shortened(name, 32), shortened(grid.first, 36), shortened(grid.second, 36))
        legend(place, theme)
    return figure


def boundary_in_words(grid: PredictionGrid, rows: Any = None) -> str:
    """The figure as sentences."""
    found = _rows(grid, rows)
    where = (
        f"over {grid.first} and {grid.second}, the others held at {grid.held_at}"
        if grid.held
        else (f"over {grid.first} and {grid.second}")
    )
    if grid.meaning != "probability":
        low, high = float(np.nanmin(grid.values[..., 0])), float(np.nanmax(grid.values[..., 0]))
        return f"The prediction {where} goes from {number(low)} to {number(high)}.{_told(found, 'are drawn on it')}"
    known = np.isfinite(grid.values).all(axis=-1)
    shares = np.bincount(winners(grid)[known], minlength=len(grid.outputs)) / known.size
    areas = ", ".join(f"{name} on {share:.0%}" for name, share in zip(grid.outputs, shares))
    areas += "" if known.all() else f", nothing on {1 - known.mean():.0%}"
    told = f"What the model answers {where}: {areas} of the area."
    if found is None or not len(found.answers):
        return told
    right = int((_sides(grid, found) == found.answers).sum())
    return f"{told}{_told(found, f'are drawn, {right:,} of them on the side of their own class')}"


def boundaries_in_words(grid: PredictionGrid, rows: Mapping[str, Any]) -> str:
    """The figure as sentences."""
    told = [boundary_in_words(grid)]
    for name, found in _many(grid, rows).items():
        said = _told(found, "are drawn")
        if grid.meaning == "probability":
            right = int((_sides(grid, found) == found.answers).sum())
            said = _told(found, f"are drawn, {right:,} of them on the side of their own class")
        told.append(f"{name}:{said}")
    return " ".join(told)


def winners(grid: PredictionGrid) -> np.ndarray:
    """The place of the class that is the answer at each point, (len(y), len(x))."""
    if grid.threshold is not None and grid.values.shape[-1] == 2:
        return (grid.values[..., 1] >= grid.threshold).astype(int)
    return grid.values.argmax(axis=-1)


def decision_fields(grid: PredictionGrid) -> list[tuple[np.ndarray, float]]:
    """(values, level): fields (len(y), len(x)) that cross their level where the answer changes."""
    if grid.threshold is not None and grid.values.shape[-1] == 2:
        return [(grid.values[..., 1], grid.threshold)]
    highest = np.sort(grid.values, axis=-1)[..., -2:]
    best = grid.values.argmax(axis=-1)
    fields = []
    for place in range(grid.values.shape[-1] - 1):
        others = np.where(best == place, highest[..., 0], highest[..., 1])
        fields.append((grid.values[..., place] - others, 0.0))
    return fields


def _rows(grid: PredictionGrid, rows: Any) -> ShownRows | None:
    if isinstance(grid, PredictionCurve):
        raise InputError(
            f"there is no boundary along one column, {grid.column!r}; plots.along_column draws a PredictionCurve"
        )
    expect(grid, PredictionGrid, "pellucid.prediction_grid")
    expect_some_finite("the grid", grid.values, "compute it with parameters of an epoch that had finite ones")
    numbers = grid.meaning != "probability"
    return None if rows is None else shown_rows(rows, (grid.first, grid.second), grid.outputs, numbers=numbers)


def _many(grid: PredictionGrid, rows: Mapping[str, Any]) -> dict[str, ShownRows]:
    if not isinstance(rows, Mapping) or not 1 <= len(rows) <= MOST_PANELS:
        raise InputError(f"rows must be one to {MOST_PANELS} entries, name → (X, y), got {str(rows)[:60]!r}")
    return {name: found for name, some in rows.items() if (found := _rows(grid, some)) is not None}


def _draw(ax: Axes, theme: Theme, grid: PredictionGrid, rows: ShownRows | None) -> None:
    x, y = axis_numbers(grid.x), axis_numbers(grid.y)
    numbers, changes = grid.meaning != "probability", False
    values = grid.values[..., 0]
    ends = float(np.nanmin(values)), float(np.nanmax(values))
    colors = height_colors(values, *ends, theme) if numbers else surface_colors(grid.values, theme)
    _image(ax, x, y, colors)
    if numbers:
        if min(values.shape) >= FEWEST_FOR_LINES and ends[0] < ends[1]:
            ax.contour(x, y, values, levels=LINES, colors=theme.quiet, linewidths=0.8)
        ax.plot([], [], "s", color=theme.series[0], alpha=0.45, markersize=8, label=f"high ({number(ends[1])})")
        ax.plot([], [], "s", color=theme.grid, markersize=8, label=f"low ({number(ends[0])})")
    else:
        for field, level in decision_fields(grid):
            if np.nanmin(field) < level < np.nanmax(field):
                changes = True
                ax.contour(x, y, field, levels=[level], colors=theme.ink, linewidths=1.6)
    if rows is not None:
        _points(ax, theme, grid, rows, numbers)
    elif not numbers:
        for place, name in enumerate(grid.outputs[: len(MARKERS)]):
            ax.plot([], [], "s", color=color_of(theme, place), alpha=0.45, markersize=8, label=shortened(name, 14))
    if changes:
        ax.plot([], [], color=theme.ink, linewidth=1.6, label=_line_name(grid))
    for axis, values_there in ((ax.xaxis, grid.x), (ax.yaxis, grid.y)):
        if values_there.dtype.kind == "M":
            few_dates(axis)
    ax.grid(False)
    for limit, values_there in ((ax.set_xlim, x), (ax.set_ylim, y)):
        edge = EDGE * (values_there[-1] - values_there[0])
        limit(values_there[0] - edge, values_there[-1] + edge)


def _image(ax: Axes, x: np.ndarray, y: np.ndarray, colors: np.ndarray) -> None:
    """An even grid as a picture, an uneven one as cells."""
    if all(np.allclose(np.diff(v), v[1] - v[0], rtol=1e-6) for v in (x, y)):
        half = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2
        extent = (x[0] - half[0], x[-1] + half[0], y[0] - half[1], y[-1] + half[1])
        ax.imshow(colors, origin="lower", extent=extent, aspect="auto", interpolation="nearest").set_gid("surface")
    else:
        ax.pcolormesh(x, y, colors, shading="nearest").set_gid("surface")


def _points(ax: Axes, theme: Theme, grid: PredictionGrid, rows: ShownRows, numbers: bool) -> None:
    size = 5.0 if len(rows.answers) <= 500 else 3.0
    edge: dict[str, Any] = {"markeredgecolor": theme.page, "markeredgewidth": 0.6, "markersize": size}
    if numbers:
        ax.plot(*rows.cells, "o", color=theme.ink, label=counted(len(rows.answers), "row"), **edge)
        return
    for place, name in enumerate(grid.outputs):
        of = rows.answers == place
        mark = dict(edge, markeredgecolor=theme.quiet) if place >= len(MARKERS) else edge
        shown = shortened(name, 14) if place < len(MARKERS) else f"{len(grid.outputs) - len(MARKERS)} more"
        ax.plot(
            *(one[of] for one in rows.cells),
            marker_of(place),
            color=color_of(theme, place),
            label=shown if place <= len(MARKERS) else "_",
            **mark,
        )


def _sides(grid: PredictionGrid, rows: ShownRows) -> np.ndarray:
    """The answer at the point of the grid that is nearest to each row, (rows,); -1 where the grid has a gap."""
    places = [
        np.abs(cells[:, None] - axis_numbers(values)).argmin(axis=1)
        for cells, values in zip(rows.cells, (grid.x, grid.y))
    ]
    found = np.where(np.isfinite(grid.values).all(axis=-1), winners(grid), -1)
    return found[places[1], places[0]]


def _title(grid: PredictionGrid) -> str:
    if grid.meaning != "probability":
        return shortened(f"Prediction of {grid.outputs[0]}", 44)
    return shortened(f"P({grid.outputs[1]})", 40) if len(grid.outputs) == 2 else "The likeliest class"


def _line_name(grid: PredictionGrid) -> str:
    return "answer changes" if grid.threshold in (None, 0.5) else f"P = {grid.threshold:.3g}"


def _told(found: ShownRows | None, what: str) -> str:
    if found is None:
        return ""
    gone = f" {counted(found.left_out, 'row')} without a value are left out." if found.left_out else ""
    return f" {counted(len(found.answers), 'row')} {what}.{gone}"
