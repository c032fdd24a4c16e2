"""One input, one number to predict: training rows, held-out rows, and what the model says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError, ShapeError
from ..records import counted
from ..records import figure as number
from .theme import LIGHT, Theme, label, leave_room, legend, shortened, start
from .wrong_record import numbers_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def predictions_over_rows(
    training: tuple[Any, Any],
    held_out: tuple[Any, Any],
    predicted: Any = None,
    *,
    x: str = "x",
    y: str = "y",
    ax: Axes | None = None,
    theme: Theme = LIGHT,
) -> Figure:
    """`training` and `held_out` rows as (x, y), and the `predicted` numbers of the held-out ones.

    Raises `ShapeError` for unequal lengths. Lesson line 22.
    """
    one, other, answers = _checked(training, held_out, predicted)
    figure, ax = start(ax, theme)
    leave_room(ax, left=60)
    ax.plot(*one, "o", color=theme.series[0], markersize=4, label="training rows")
    ax.plot(*other, "s", color=theme.series[2], markersize=4.5, label="held-out rows")
    if answers is not None:
        ax.plot(other[0], answers, "D", color=theme.series[1], markersize=4, label="predictions")
    label(ax, theme, "Predictions over the rows", shortened(x, 50), shortened(y, 40))
    legend(ax, theme)
    return figure


def predictions_over_rows_in_words(training: tuple[Any, Any], held_out: tuple[Any, Any], predicted: Any = None) -> str:
    """The figure as sentences."""
    one, other, answers = _checked(training, held_out, predicted)
    ends = [f"from {number(float(part[0].min()))} to {number(float(part[0].max()))}" for part in (one, other)]
    told = f"{counted(len(one[0]), 'training row')} {ends[0]}, {counted(len(other[0]), 'held-out row')} {ends[1]}."
    if answers is None:
        return told
    return f"{told} Predictions are off by {number(float(np.abs(answers - other[1]).mean()))} on average."


def _checked(
    training: tuple[Any, Any], held_out: tuple[Any, Any], predicted: Any
) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray | None]:
    one, other = _pair("training", training), _pair("held_out", held_out)
    answers = None if predicted is None else numbers_of("predicted", predicted)
    for name, rows in (("training", one), ("held_out", other)):
        if len(rows) != 2 or len(rows[0]) != len(rows[1]) or not len(rows[0]):
            raise ShapeError(f"{name} must be (x, y) of equal length, got {[len(values) for values in rows]}")
    if answers is not None and len(answers) != len(other[0]):
        raise ShapeError(f"predicted must hold a number for each of {len(other[0])} held-out rows, got {len(answers)}")
    return one, other, answers


def _pair(name: str, rows: Any) -> list[np.ndarray]:
    if not isinstance(rows, (tuple, list, np.ndarray)):
        raise InputError(f"{name} must be (x, y), got {type(rows).__name__}")
    return [numbers_of(name, values) for values in rows]
