"""`prediction_grid` and `prediction_curve`: what a model says while one or two columns move and the others are held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engines.contract import Parameters
from ..errors import SpecError
from ..preprocessing.categories import CategoryStep
from ..preprocessing.numbers import NumberStep
from ..records import Record, figure
from .axis_values import axis_values, level_values
from .counts import count_of
from .held_row import held_row
from .moving_columns import HeldNetwork, moving_column
from .opened import Opened, open_model
from .parameter_sets import other_parameters
from .text_table import aligned, html_table

MOST_POINTS = 4_000_000
SHOWN = 12


@dataclass(frozen=True, eq=False, repr=False)
class PredictionGrid(Record):
    """`values` (len(y), len(x), outputs) at `x` of the column `first` and `y` of the column `second`, in column units.

    `outputs` name the last axis: the classes, whose probabilities these are (`meaning` "probability"), or the target
    (`meaning` "prediction", in its own units). `held` are the cells of the other columns, `held_at` says where they
    come from. `threshold` is the probability of the second of two classes from which it is the answer: the boundary.
    """

    first: str
    second: str
    x: np.ndarray
    y: np.ndarray
    values: np.ndarray
    outputs: tuple[str, ...]
    meaning: str
    held: dict[str, Any]
    held_at: str
    threshold: float | None = None

    def __repr__(self) -> str:
        return f"PredictionGrid({self.meaning} over {self.first} and {self.second}, {len(self.x)} × {len(self.y)})"

    def __str__(self) -> str:
        ends = [f"{self.first} {_cell(self.x[0])} … {_cell(self.x[-1])}"]
        ends.append(f"{self.second} {_cell(self.y[0])} … {_cell(self.y[-1])}")
        lines = [f"{self.meaning} over {' and '.join(ends)}, the others at {self.held_at}"]
        for k, name in enumerate(self.outputs):
            of_output = self.values[:, :, k]
            lines.append(f"  {name}: {figure(float(of_output.min()))} … {figure(float(of_output.max()))}")
        return "\n".join(lines)


@dataclass(frozen=True, eq=False, repr=False)
class PredictionCurve(Record):
    """`values` (points, outputs) while `column` takes the `points`; the rest as in `PredictionGrid`.

    `points` are numbers or moments, or with `levels` texts, one for each bar. `own` is the cell of the held row.
    """

    column: str
    points: np.ndarray
    levels: bool
    values: np.ndarray
    outputs: tuple[str, ...]
    meaning: str
    own: Any
    held: dict[str, Any]
    held_at: str
    threshold: float | None = None

    def __repr__(self) -> str:
        what = "levels" if self.levels else "points"
        return f"PredictionCurve({self.meaning} along {self.column}, {len(self.points)} {what})"

    def __str__(self) -> str:
        return f"{self._title()}\n{aligned((self.column, *self.outputs), self._lines())}"

    def _repr_html_(self) -> str:
        return html_table(self._title(), (self.column, *self.outputs), self._lines())

    def _title(self) -> str:
        return f"{self.meaning} along {self.column}, the others at {self.held_at}"

    def _lines(self) -> list[tuple[str, ...]]:
        shown = range(len(self.points))
        if not self.levels and len(self.points) > SHOWN:
            shown_places = np.linspace(0, len(self.points) - 1, SHOWN).round().astype(int).tolist()
            return [self._line(k) for k in shown_places]
        return [self._line(k) for k in shown]

    def _line(self, k: int) -> tuple[str, ...]:
        return (_cell(self.points[k]), *(figure(float(value)) for value in self.values[k]))


def prediction_grid(
    model: Any,
    first: str,
    second: str,
    rows: Any = None,
    *,
    at: Any = None,
    size: int = 300,
    first_values: Any = None,
    second_values: Any = None,
    parameters: Parameters | None = None,
) -> PredictionGrid:
    """What `model` says over two columns of numbers or dates, the others held at the row `at` or the middle of `rows`.

    `model` is a fitted MLPClassifier, MLPRegressor or FittedNetwork. `at` is a row's cells, or its number in `rows`
    counted from 0; left out, medians of numbers and the most frequent levels of `rows`. Each axis takes `size` values
    from the lowest to the highest of training, or the given ones. `parameters` takes the place of the model's: those of
    another epoch. In the floating type of the training.

    Raises `ColumnError` for a column that the network does not get (with the nearest name) and for categories,
    `SpecError` for the same column twice, `InputError` for rows that do not exist.
    """
    opened = open_model(model)
    size = count_of("size", size, 2, " points")
    if first == second:
        raise SpecError(f"both axes are the column {first!r}; name two different ones, or use prediction_curve")
    columns = [moving_column(opened, first), moving_column(opened, second)]
    given = (first_values, second_values)
    x, y = (axis_values(opened, column, values, size, rows) for column, values in zip(columns, given))
    if len(x) * len(y) > MOST_POINTS:
        raise SpecError(f"{len(x):,} × {len(y):,} points are too many; {MOST_POINTS:,} are the most")
    cells, inputs, words = held_row(opened, at, rows)
    network = HeldNetwork(opened, other_parameters(opened, parameters), inputs, columns)
    values = network.over(network.part(columns[0], x), network.part(columns[1], y))
    held = {name: cell for name, cell in cells.items() if name not in (first, second)}
    return PredictionGrid(first, second, x, y, values, *_meaning(opened), held, words, _threshold(opened))


def prediction_curve(
    model: Any,
    column: str,
    rows: Any = None,
    *,
    at: Any = None,
    size: int = 300,
    values: Any = None,
    parameters: Parameters | None = None,
) -> PredictionCurve:
    """What `model` says along one column, the others held; a category gives a bar for each level, the missing and the
    rare one among them. Arguments and errors as in `prediction_grid`.
    """
    opened = open_model(model)
    size = count_of("size", size, 2, " points")
    moving = moving_column(opened, column)
    step = moving.step
    if isinstance(step, CategoryStep):
        if values is not None:
            raise SpecError(f"{column!r} is a category, all of whose levels are shown; leave out its values")
        names, cells_of_levels = level_values(step)
        points, inside = np.array(names, dtype=object), cells_of_levels
    else:
        points = inside = axis_values(opened, moving, values, size, rows)
    cells, inputs, words = held_row(opened, at, rows)
    network = HeldNetwork(opened, other_parameters(opened, parameters), inputs, [moving])
    found = network.along(network.part(moving, inside))
    levels = isinstance(step, CategoryStep) or (isinstance(step, NumberStep) and bool(step.levels) and values is None)
    held = {name: cell for name, cell in cells.items() if name != column}
    return PredictionCurve(
        column, points, levels, found, *_meaning(opened), cells[column], held, words, _threshold(opened)
    )


def _meaning(opened: Opened) -> tuple[tuple[str, ...], str]:
    if opened.classes is None:
        return opened.outputs, "prediction"
    return tuple(str(label) for label in opened.classes), "probability"


def _threshold(opened: Opened) -> float | None:
    if opened.classes is None or len(opened.classes) != 2 or opened.multilabel:
        return None
    return 0.5 if opened.decision is None else opened.decision.threshold


def _cell(value: Any) -> str:
    if isinstance(value, np.datetime64):
        return str(value.astype("datetime64[m]"))
    return value if isinstance(value, str) else f"{value:.6g}"
