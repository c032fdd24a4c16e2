"""What drives a hidden unit, in the words of the table's columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..nn.network import Tape
from ..nn.parameters import Parameters, weight_name
from ..preprocessing.categories import MISSING, CategoryStep
from ..preprocessing.dates import DateStep
from ..preprocessing.numbers import NumberStep
from ..records import Record, figure
from .column_pieces import steps_of, transform_of, written
from .opened import Opened

# Rows whose slopes are kept at once, and the most that are looked at above the first layer, where each row has its own.
MOST_ROWS = 1000


@dataclass(frozen=True)
class Driver(Record):
    """One column, or part of a date, and what it does to a unit's pre-activation.

    `influence` is the root mean square over the rows of what the column adds, its mean left out. `slope` is per unit of
    the column (of what its `transform` makes of it, such as log(1 + x)), None for levels and for a scale that is no
    straight line; `rises` says in which direction a number works. `highest` and `lowest` are the levels that raise it
    most and least, with what they add. Above the first layer the slopes are means over the rows.
    """

    name: str
    column: str
    influence: float
    slope: float | None = None
    transform: str = ""
    rises: bool | None = None
    highest: tuple[str, float] | None = None
    lowest: tuple[str, float] | None = None

    @property
    def words(self) -> str:
        """`rises with Age (+0.03 a unit)`, `Sex: male +1.2, female -0.4`."""
        if self.highest is not None and self.lowest is not None:
            ends = [f"{label} {figure(effect, sign=True)}" for label, effect in (self.highest, self.lowest)]
            return f"{self.name}: {', '.join(dict.fromkeys(ends))}"
        of = written(self.transform, self.name)
        how = "" if self.slope is None else f" ({figure(self.slope, sign=True)} a unit)"
        return f"{'rises' if self.rises else 'falls'} with {of}{how}"


@dataclass(frozen=True, eq=False)
class ColumnGroup:
    """The inputs `places` that come from one column or part of a date; no `step`: a flag of missing dates.

    `transform` is what the preparation does to the numbers before it scales them, as `column_pieces` writes it.
    """

    name: str
    column: str
    places: slice
    step: NumberStep | CategoryStep | None
    transform: str = ""


def column_groups(opened: Opened, lowest: np.ndarray) -> list[ColumnGroup]:
    """All columns that the network gets, and the parts of dates, in the order of its inputs; `lowest` (inputs,) are
    the smallest of them in the rows that are looked at."""
    groups: list[ColumnGroup] = []

    def add(name: str, column: str, width: int, step: NumberStep | CategoryStep | None) -> None:
        start = groups[-1].places.stop if groups else 0
        transform = transform_of(step, float(lowest[start])) if isinstance(step, NumberStep) and step.number else ""
        groups.append(ColumnGroup(name, column, slice(start, start + width), step, transform))

    for step in steps_of(opened):
        if not isinstance(step, DateStep):
            add(step.name, step.name, len(step.names), step)
            continue
        for part in step.steps:
            add(part.name, step.name, len(part.names), part)
        if step.flag:
            add(f"{step.name} missing", step.name, 1, None)
    return groups


def slopes_of_layer(tape: Tape, parameters: Parameters, layer: int) -> np.ndarray:
    """d pre-activation / d input of each unit, (1 or rows, units, inputs): one for all rows in the first layer."""
    slopes = parameters[weight_name(0)][None]
    for k in range(1, layer + 1):
        below = tape[k - 1]
        bends = below.activation.derivative(below.Z, below.A)
        slopes = parameters[weight_name(k)] @ (bends[:, :, None] * slopes)
    return slopes


def drivers_of(groups: list[ColumnGroup], slopes: np.ndarray, X: np.ndarray) -> tuple[Driver, ...]:
    """The drivers of one unit, most first, from its `slopes` (1 or rows, inputs) at the rows X (rows, inputs)."""
    moves = slopes * (X - X.mean(axis=0))
    mean = slopes.mean(axis=0)
    found = []
    for group in groups:
        influence = float(np.sqrt((moves[:, group.places].sum(axis=1) ** 2).mean()))
        found.append(_driver(group, mean[group.places], influence))
    return tuple(sorted(found, key=lambda driver: -driver.influence))


def _driver(group: ColumnGroup, weights: np.ndarray, influence: float) -> Driver:
    step = group.step
    if isinstance(step, NumberStep) and step.number and not step.levels:
        slope = None if step.scaling.knots else float(weights[0]) / step.scaling.divisor
        return Driver(group.name, group.column, influence, slope, group.transform, bool(weights[0] > 0))
    effects = {label: float(weights @ block) for label, block in _levels(step)}
    highest, lowest = (choose(effects.items(), key=lambda pair: pair[1]) for choose in (max, min))
    return Driver(group.name, group.column, influence, highest=highest, lowest=lowest)


def _levels(step: NumberStep | CategoryStep | None) -> list[tuple[str, np.ndarray]]:
    if step is None:
        return [("0", np.array([0.0])), ("1", np.array([1.0]))]
    if isinstance(step, CategoryStep):
        return [(place, np.array(step.cell(None if place == MISSING else place))) for place in step.places]
    values: Any = step.levels or (step.fill,)
    levels = [(f"{value:g}", np.array(step.one(value))) for value in values]
    return [*levels, (MISSING, np.array(step.one(np.nan)))] if step.flag else levels


def boundary_terms(
    groups: list[ColumnGroup], names: tuple[str, ...], weights: np.ndarray, bias: float, spread: np.ndarray
) -> tuple[tuple[tuple[str, float], ...], float]:
    """(terms, constant): a unit of the first layer is on where the sum of factor · what the words name is above
    -constant. First come those that move it most, by the `spread` (inputs,) of what they stand for over the rows.

    Words are a column, its logarithm as the preparation takes it, a 0/1 input such as "Sex=female", or "scaled Age"
    where the scale is no line.
    """
    terms: list[tuple[float, str, float]] = []
    constant, moves = bias, (np.abs(weights) * spread).tolist()
    for group in groups:
        step, numbers = group.step, 0
        if isinstance(step, NumberStep) and step.number:
            numbers, weight, scaling = 1, float(weights[group.places.start]), step.scaling
            words = written(group.transform, step.name)
            if scaling.knots:
                words, factor = f"scaled {words}", weight
            else:
                factor = weight / scaling.divisor
                constant -= factor * scaling.center
            terms.append((moves[group.places.start], words, factor))
        places = range(group.places.start + numbers, group.places.stop)
        terms += [(moves[place], names[place], float(weights[place])) for place in places]
    return tuple((words, factor) for _, words, factor in sorted(terms, key=lambda term: -term[0])), constant
