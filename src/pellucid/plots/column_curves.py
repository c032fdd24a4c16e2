"""What a model says along one column, with the rows on it: lines for numbers and dates, bars for levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..explain.prediction_grid import PredictionCurve
from ..records import counted
from ..records import figure as number
from .class_colors import color_of, dashes_of, marker_of
from .date_axis import few_dates
from .shown_rows import ShownRows, axis_numbers, shown_rows
from .theme import LIGHT, MARKERS, Theme, label, leave_room, legend, shortened, start
from .wrong_record import expect, expect_some_finite

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEP = 0.055  # between the strips of several classes' rows


def along_column(curve: PredictionCurve, rows: Any = None, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """The prediction along a column, a bar a level for a category; `rows` = (X, y) are drawn on it.

    Rows of two classes lie at 0 and 1, of more classes in strips below; on bars a dot stands at what came in the rows
    of the level: the share of the class, or the mean. X is a table with the column, or an array of its cells.
    Lesson lines 9, 27.
    """
    found = _rows(curve, rows)
    figure, ax = start(ax, theme, (5.4, 3.8))
    bars = curve.levels
    names = [shortened(_cell(one), 18) for one in curve.points] if bars else []
    upright = bars and max(map(len, names)) * len(names) > 60
    leave_room(ax, left=60, bottom=(24 + 4.6 * max(map(len, names))) if upright else 40)
    (_bars if bars else _lines)(ax, theme, curve, found)
    if bars:
        ax.set_xticks(range(len(names)), names, rotation=90 if upright else 0)
        ax.grid(False, axis="x")
    shown = curve.outputs[1] if _two(curve) else curve.outputs[0]
    up = "Probability" if len(curve.outputs) > 2 else f"P({shown})" if curve.meaning == "probability" else shown
    label(ax, theme, f"Along {shortened(curve.column, 36)}", shortened(curve.column, 50), shortened(up, 34))
    legend(ax, theme)
    return figure


def along_column_in_words(curve: PredictionCurve, rows: Any = None) -> str:
    """The figure as sentences."""
    found = _rows(curve, rows)
    held = f", the others held at {curve.held_at}" if curve.held else ""
    told = []
    for place in _shown(curve)[:4]:
        values, name = curve.values[:, place], curve.outputs[place]
        high, low = int(np.nanargmax(values)), int(np.nanargmin(values))
        what = f"the probability of {name}" if curve.meaning == "probability" else name
        told.append(
            f"{what} is highest, {number(float(values[high]))}, at {_cell(curve.points[high])} and lowest, "
            f"{number(float(values[low]))}, at {_cell(curve.points[low])}"
        )
    drawn = "" if found is None else f" {counted(len(found.answers), 'row')} are drawn on it."
    return f"Along {curve.column}{held}: {'; '.join(told)}.{drawn}"


def _rows(curve: PredictionCurve, rows: Any) -> ShownRows | None:
    expect(curve, PredictionCurve, "pellucid.prediction_curve")
    for place in _shown(curve):
        advice = "compute it with parameters of an epoch that had finite ones"
        expect_some_finite(f"the curve of {curve.outputs[place]}", curve.values[:, place], advice)
    if rows is None:
        return None
    texts = curve.levels and curve.points.dtype == object
    levels = [str(point) for point in curve.points] if texts else None
    return shown_rows(rows, (curve.column,), curve.outputs, numbers=curve.meaning != "probability", levels=levels)


def _two(curve: PredictionCurve) -> bool:
    return curve.meaning == "probability" and len(curve.outputs) == 2


def _shown(curve: PredictionCurve) -> list[int]:
    """The outputs that are drawn: the second of two classes, all of several."""
    return [1] if _two(curve) else list(range(len(curve.outputs)))


def _lines(ax: Axes, theme: Theme, curve: PredictionCurve, rows: ShownRows | None) -> None:
    x = axis_numbers(curve.points)
    for place in _shown(curve):
        color = theme.ink if _two(curve) else color_of(theme, place)
        name = (
            "probability" if _two(curve) else "prediction" if curve.meaning != "probability" else curve.outputs[place]
        )
        shown = shortened(name, 14) if place < len(MARKERS) else "_"
        dashes = dashes_of(0 if _two(curve) else place)
        ax.plot(x, curve.values[:, place], dashes, color=color, linewidth=2.1, label=shown, zorder=3)
    if rows is not None:
        _points(ax, theme, curve, rows)
    if curve.threshold is not None:
        ax.axhline(curve.threshold, color=theme.quiet, linestyle=":", label=f"threshold {curve.threshold:.3g}")
    if curve.meaning == "probability":
        ax.set_ylim(-0.06 - (STEP * len(curve.outputs) if len(curve.outputs) > 2 and rows else 0), 1.06)
        ax.set_yticks(np.linspace(0, 1, 6))
    if curve.points.dtype.kind == "M":
        few_dates(ax.xaxis)
    ax.set_xlim(x[0] - 0.02 * (x[-1] - x[0]), x[-1] + 0.02 * (x[-1] - x[0]))


def _points(ax: Axes, theme: Theme, curve: PredictionCurve, rows: ShownRows) -> None:
    size: dict[str, Any] = {"markersize": 4.5, "markeredgecolor": theme.page, "markeredgewidth": 0.5}
    if curve.meaning != "probability":
        ax.plot(*rows.cells, rows.answers, "o", color=theme.ink, label="rows", **size)
        return
    for place, name in enumerate(curve.outputs):
        of = rows.answers == place
        height = float(place) if _two(curve) else -0.03 - STEP * place
        color = color_of(theme, place)
        shown = f"class {name}" if _two(curve) else "_"
        heights = np.full(int(of.sum()), height)
        ax.plot(rows.cells[0][of], heights, marker_of(place), color=color, label=shortened(shown, 12), **size)


def _bars(ax: Axes, theme: Theme, curve: PredictionCurve, rows: ShownRows | None) -> None:
    shown = _shown(curve)
    wide = 0.8 / len(shown)
    at = np.arange(len(curve.points), dtype=np.float64)
    texts = curve.points.dtype == object
    own = at if texts else curve.points.astype(np.float64)
    for k, place in enumerate(shown):
        middle = at + wide * (k - (len(shown) - 1) / 2)
        several = len(shown) > 1
        name = curve.outputs[place] if several else "the model says"
        color = color_of(theme, place if several else 0)
        ax.bar(middle, curve.values[:, place], 0.92 * wide, color=color, alpha=0.55, label=shortened(name, 16))
        if rows is None:
            continue
        came = rows.answers if curve.meaning != "probability" else (rows.answers == place).astype(float)
        means = [came[of].mean() if (of := rows.cells[0] == one).any() else np.nan for one in own]
        told = "came in the rows" if k == 0 else "_"
        ax.plot(middle, means, "D", color=theme.ink, markersize=5, markeredgecolor=theme.page, label=told)
    if curve.threshold is not None:
        ax.axhline(curve.threshold, color=theme.quiet, linestyle=":", label=f"threshold {curve.threshold:.3g}")
    if curve.meaning == "probability":
        ax.set_ylim(0, 1.02)


def _cell(value: Any) -> str:
    if isinstance(value, np.datetime64):
        return str(value.astype("datetime64[D]"))
    return value if isinstance(value, str) else f"{value:.6g}"
