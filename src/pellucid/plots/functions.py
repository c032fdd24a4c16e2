"""A function of one number: its curve, noisy rows around it, and how far each lies from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..metrics.curve_errors import FunctionErrors
from ..records import counted
from ..records import figure as number
from .theme import LIGHT, Theme, label, leave_room, legend, shortened, start
from .wrong_record import expect, expect_finite

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_TERMS = 200  # more lines than that are a surface


def function_rows(
    record: FunctionErrors,
    *,
    formula: str = "function",
    x: str = "x",
    y: str = "y",
    ax: Axes | None = None,
    theme: Theme = LIGHT,
) -> Figure:
    """The curve, the rows as points and each row's error as a line; their mean is the title. Lesson lines 1, 2."""
    _check(record)
    figure, ax = start(ax, theme)
    leave_room(ax, left=60)
    if len(record.x) <= MOST_TERMS:
        ax.vlines(record.x, record.fitted, record.y, color=theme.series[1], linewidth=1, label="error of a row")
    ax.plot(record.grid, record.curve, color=theme.series[0], linewidth=1.9, label=shortened(formula, 26))
    ax.plot(record.x, record.y, "o", color=theme.ink, markersize=3.5, label="rows")
    label(ax, theme, f"Mean absolute error {number(record.mean_absolute_error)}", shortened(x, 50), shortened(y, 40))
    legend(ax, theme)
    return figure


def function_rows_in_words(record: FunctionErrors) -> str:
    """The figure as sentences."""
    _check(record)
    errors, worst = record.errors, int(np.argmax(record.errors))
    rows = counted(len(record.x), "row lies", "rows lie")
    return (
        f"{rows} {number(record.mean_absolute_error)} from the curve on average, from "
        f"{number(float(errors.min()))} to {number(float(errors[worst]))}; farthest is the row at "
        f"{number(float(record.x[worst]))}, where the curve has {number(float(record.fitted[worst]))} and the row "
        f"{number(float(record.y[worst]))}."
    )


def sigmoid_rows(
    record: FunctionErrors, *, positive: str = "1", x: str = "x", ax: Axes | None = None, theme: Theme = LIGHT
) -> Figure:
    """The probability as a function of one column, with the rows at 0 and 1 and a line from each to its probability.

    Lesson line 9.
    """
    _check(record)
    figure, ax = start(ax, theme)
    for truth, place, marker, name in ((1, 2, "o", f"class {positive}"), (0, 1, "s", "other rows")):
        of = record.y == truth
        color = theme.series[place]
        if len(record.x) <= MOST_TERMS:
            ax.vlines(record.x[of], record.fitted[of], record.y[of], color=color, linewidth=1, alpha=0.7)
        ax.plot(record.x[of], record.y[of], marker, color=color, markersize=4, label=shortened(name, 18))
    ax.plot(record.grid, record.curve, color=theme.series[0], linewidth=1.9, label="probability")
    ax.set_ylim(-0.06, 1.06)
    label(ax, theme, "Probability along one column", shortened(x, 50), shortened(f"P({positive})", 24))
    legend(ax, theme)
    return figure


def sigmoid_rows_in_words(record: FunctionErrors, positive: str = "1") -> str:
    """The figure as sentences."""
    _check(record)
    side = "rises" if record.curve[-1] > record.curve[0] else "falls"
    right = np.abs(record.fitted - record.y) < 0.5
    return (
        f"Along the column the probability of class {positive} {side} from {number(float(record.curve[0]))} to "
        f"{number(float(record.curve[-1]))}. Nearer to it than half: {int(right.sum()):,} of "
        f"{counted(len(right), 'row')}; the mean distance is {number(record.mean_absolute_error)}."
    )


def _check(record: FunctionErrors) -> None:
    """A curve may have gaps, but every row needs a place on it."""
    expect(record, FunctionErrors, "metrics.function_errors")
    expect_finite("the function at the rows", record.fitted, "leave out the rows at which it has no value")
