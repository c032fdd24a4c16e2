"""From raw cells to the network's inputs, cell by cell: what was filled, what was scaled and how, which level is on."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.missing_marks import MISSING_MARKS
from ..errors import InputError
from ..preprocessing.categories import CategoryStep
from ..preprocessing.cells import cell_reader
from ..preprocessing.conversion import cell_moment, cell_number, is_missing, number_text
from ..preprocessing.dates import DateStep, date_part
from ..preprocessing.numbers import NumberStep
from ..records import Record
from .opened import Opened

# What the numbers of those parts of a date mean that do not say so themselves.
PARTS_COUNT = {"weekday": "weekday 0 is Monday", "elapsed": "elapsed in days since {origin}"}


@dataclass(frozen=True)
class Scaled(Record):
    """How a number became an input: value = (log1p of `start` or itself - `center`) / `divisor`, held within ±`clip`.

    With `between` = (x0, y0, x1, y1) the value lies on the straight line from (x0, y0) to (x1, y1) instead.
    """

    start: float
    log1p: bool
    center: float
    divisor: float
    clip: float | None
    between: tuple[float, ...] = ()


@dataclass(frozen=True)
class PreparedInput(Record):
    """One input of the network: its name and value, and the arithmetic where it is a scaled number (else None)."""

    name: str
    value: float
    scaled: Scaled | None


@dataclass(frozen=True)
class PreparedCell(Record):
    """What became of one cell: `cell` as it came, `used` what took its place, `note` what must be said about it."""

    column: str
    cell: Any
    used: Any
    note: str
    inputs: tuple[PreparedInput, ...]


def prepared_cells(opened: Opened, cells: Mapping[str, Any]) -> tuple[PreparedCell, ...]:
    """Every column that the network uses, in order; raises `ColumnError` for a cell that cannot be used."""
    if opened.preparation is None:
        return tuple(_as_it_is(name, cells[name]) for name in opened.columns)
    return tuple(_prepared(step, cells[step.name]) for step in opened.preparation.columns)


def design_row(cells: tuple[PreparedCell, ...]) -> np.ndarray:
    """The network's inputs, float64 (inputs,)."""
    return np.array([one.value for cell in cells for one in cell.inputs], dtype=np.float64)


def _as_it_is(name: str, cell: Any) -> PreparedCell:
    number = cell_number(cell, name)
    if math.isnan(number):
        raise InputError(f"{name} is missing, and a plain network takes no missing values; fill gaps first")
    return PreparedCell(name, number, number, "", (PreparedInput(name, number, None),))


def _prepared(step: NumberStep | CategoryStep | DateStep, cell: Any) -> PreparedCell:
    values = cell_reader(step)(cell)
    if isinstance(cell, np.generic) and not isinstance(cell, np.datetime64):
        cell = cell.item()
    if isinstance(step, NumberStep):
        return _number(step, cell, values)
    return _category(step, cell, values) if isinstance(step, CategoryStep) else _date(step, cell, values)


def _number(step: NumberStep, cell: Any, values: list[float]) -> PreparedCell:
    gap = _is_gap(cell)
    used = step.fill if gap else cell_number(cell, step.name)
    note = f"missing, filled with {used:g}" if gap else _outside(step, used)
    return PreparedCell(step.name, None if gap else _as_written(cell), used, note, _number_inputs(step, used, values))


def _number_inputs(step: NumberStep, used: float, values: list[float]) -> tuple[PreparedInput, ...]:
    """The inputs that a number step makes; only the first may be a scaled number."""
    scaled = [_scaled(step, used)] if step.number else []
    rest = len(step.names) - len(scaled)
    return tuple(
        PreparedInput(name, float(value), how)
        for name, value, how in zip(step.names, values, [*scaled, *[None] * rest])
    )


def _scaled(step: NumberStep, used: float) -> Scaled:
    scaling = step.scaling
    if not scaling.knots:
        return Scaled(used, step.log1p, scaling.center, scaling.divisor, step.clip)
    changed = math.copysign(math.log1p(abs(used)), used) if step.log1p else used
    last = len(scaling.knots) - 1
    right = min(max(int(np.searchsorted(scaling.knots, changed)), 1), last) if last else 0
    left = max(right - 1, 0)
    ends = (scaling.knots[left], scaling.scores[left], scaling.knots[right], scaling.scores[right])
    return Scaled(used, step.log1p, 0.0, 1.0, step.clip, ends)


def _outside(step: NumberStep, used: float) -> str:
    if step.low is not None and used < step.low:
        return f"below {step.low:g}, the lowest in training"
    if step.high is not None and used > step.high:
        return f"above {step.high:g}, the highest in training"
    return ""


def _category(step: CategoryStep, cell: Any, values: list[float]) -> PreparedCell:
    inputs = tuple(PreparedInput(name, float(value), None) for name, value in zip(step.names, values))
    gap = _is_gap(cell)
    text = "" if gap else (number_text(cell) if isinstance(cell, float) else str(cell).strip())
    on = _level(step, values)
    if gap and step.fill is not None:
        note = f"missing, taken for {step.fill!r}, the most frequent level in training"
    elif gap:
        note = "missing, a level of its own" if step.missing_level else "missing, as no training row was"
    else:
        note = "" if step.knows(text) else "a new level: training kept none of that name"
    if note and on is None:
        note += f"; all inputs of {step.name} are 0"
    elif note and not gap:
        note += f", so it is {on}"
    return PreparedCell(step.name, None if gap else _as_written(cell), on, note, inputs)


def _level(step: CategoryStep, values: list[float]) -> str | None:
    """The level that is on; None when none is, or, with "ordinal", when it cannot be told from the first."""
    if step.encoding == "ordinal":
        place = round(values[0] * max(len(step.places) - 1, 1))
        return step.places[place]
    return step.places[values.index(1.0)] if 1.0 in values else None


def _date(step: DateStep, cell: Any, values: list[float]) -> PreparedCell:
    gap = _is_gap(cell)
    moments = np.array([cell_moment(None if gap else cell, step.name)])
    inputs: list[PreparedInput] = []
    for part, inner in zip(step.parts, step.steps):
        number = float(date_part(moments, part, step.origin)[0])
        own = values[len(inputs) : len(inputs) + len(inner.names)]
        inputs += _number_inputs(inner, inner.fill if math.isnan(number) else number, own)
    if step.flag:
        inputs.append(PreparedInput(step.names[-1], float(values[-1]), None))
    counts = [words for part, words in PARTS_COUNT.items() if part in step.parts]
    note = "missing, each part filled with what training learned" if gap else "; ".join(counts)
    note = note.format(origin=step.origin.removesuffix("T00:00:00.000000"))
    return PreparedCell(
        step.name, None if gap else _as_written(cell), None if gap else str(moments[0]), note, tuple(inputs)
    )


def _is_gap(cell: Any) -> bool:
    return cell.strip().lower() in MISSING_MARKS or not cell.strip() if isinstance(cell, str) else is_missing(cell)


def _as_written(cell: Any) -> Any:
    """The cell as a record can hold it: a text, a number, a date, or what else it is as text."""
    return cell if isinstance(cell, (str, int, float, datetime.date)) else str(cell)
