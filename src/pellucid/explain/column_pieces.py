"""A column of the rows as the network sees it near one cell: straight pieces of numbers, and levels.

A number x becomes u (x itself, or log(1 + x), below 0 -log(1 + |x|)), and u becomes an input along straight lines: one,
with flat ends where scaled values are held (`clip`), or several between the knots of a quantile scale. A piece is where
one line holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..preprocessing.categories import MISSING, CategoryStep
from ..preprocessing.conversion import cell_moment, cell_number, cell_text, number_text
from ..preprocessing.dates import DateStep, date_part
from ..preprocessing.numbers import NumberStep
from ..preprocessing.scaling import Scaling
from .opened import Opened

LOG = "log(1 + x)"
MIRRORED = "sign(x) × log(1 + |x|)"  # the same from 0 on; what the preparation does below it
Step = NumberStep | CategoryStep | DateStep
HELD = "the preparation holds it at its end"
KNOT = "a knot of the preparation"
NEW = "(new)"


@dataclass(frozen=True, eq=False)
class Piece:
    """The straight line that a number lies on: d input / d u, and the ends in u, with words on what is there."""

    u: float
    slope: float
    low: float
    high: float
    ends: tuple[str, str]


@dataclass(frozen=True, eq=False)
class ColumnAtRow:
    """One column, or one part of a date, at one row.

    `start` is the place of its first input, `block` (k,) are its inputs now. A number has a `piece`, unless it is
    missing or has a 0/1 column for each value. `levels` are (label, its inputs (k,)) of what else the cell may be, the
    cell's own among them where there is no piece. `unit` is what the elapsed part of a date counts.
    """

    name: str
    column: str
    cell: Any
    start: int
    block: np.ndarray
    transform: str
    piece: Piece | None
    levels: tuple[tuple[Any, np.ndarray], ...]
    unit: str = ""

    @property
    def own_level(self) -> Any:
        """The label of the cell among `levels`, None for a number on its piece."""
        if self.piece is not None:
            return None
        return next((label for label, block in self.levels if np.array_equal(block, self.block)), None)


def written(transform: str, name: str) -> str:
    """`log(1 + Fare)`: what a `transform` makes of the column `name`, which without one is the column itself."""
    return transform.replace("x", name) if transform else name


def transform_of(step: NumberStep, lowest: float | None = None) -> str:
    """The transform of a number, mirrored where a training row is below 0, or a row whose input is the `lowest`."""
    if not step.log1p:
        return ""
    below = step.low is not None and step.low < 0
    if lowest is not None:
        scaling = step.scaling
        u = np.interp(lowest, scaling.scores, scaling.knots) if scaling.knots else None
        below |= bool((lowest * scaling.divisor + scaling.center if u is None else u) < 0)
    return MIRRORED if below else LOG


def columns_at(opened: Opened, cells: dict[str, Any]) -> list[ColumnAtRow]:
    """Every column that the network gets at a row of raw `cells` by name, in the order of its inputs."""
    found: list[ColumnAtRow] = []
    start = 0
    for step in steps_of(opened):
        for column in _of_step(step, cells[step.name], start):
            found.append(column)
        start += len(step.names)
    return found


def steps_of(opened: Opened) -> tuple[Step, ...]:
    """The fitted steps of the columns in order; a plain network takes each input as it is."""
    if opened.preparation is None:
        return tuple(NumberStep(name, 0.0, Scaling()) for name in opened.names)
    return opened.preparation.columns


def inverse(transform: str, u: float) -> float:
    """x of u."""
    return math.copysign(math.expm1(min(abs(u), 700.0)), u) if transform and math.isfinite(u) else u


def changed(transform: str, x: float) -> float:
    """u of x; negative numbers are mirrored, as the preparation does."""
    return math.copysign(math.log1p(abs(x)), x) if transform else x


def _of_step(step: Step, cell: Any, start: int) -> Iterator[ColumnAtRow]:
    if isinstance(step, CategoryStep):
        yield _category(step, cell, start)
    elif isinstance(step, NumberStep):
        yield _number(step, step.name, cell_number(cell, step.name), start)
    else:
        moment = np.array([cell_moment(cell, step.name)], dtype="datetime64[us]")
        for part, of_part in zip(step.parts, step.steps):
            found = _number(of_part, step.name, float(date_part(moment, part, step.origin)[0]), start)
            days = f"days since {step.origin.removesuffix('T00:00:00.000000')}"
            yield replace(found, unit=days) if part == "elapsed" else found
            start += len(of_part.names)
        if step.flag:
            missing = float(np.isnat(moment[0]))
            flags = tuple((label, np.array([float(label)])) for label in (0, 1))
            yield ColumnAtRow(
                f"{step.name} missing", step.name, int(missing), start, np.array([missing]), "", None, flags
            )


def _number(step: NumberStep, column: str, x: float, start: int) -> ColumnAtRow:
    missing = math.isnan(x)
    shown = None if missing else x
    block = np.array(step.one(x))
    levels: dict[Any, float] = {}
    piece = None
    transform = LOG if step.log1p else ""
    if step.levels:
        levels = {_whole(value): value for value in sorted({*step.levels, *([] if missing else [x])})}
    elif not step.number:  # every training row that had a value had the same one
        levels[_whole(step.fill)] = step.fill
    elif not missing:
        piece = piece_at(step, changed(transform, x))
    if step.flag or missing:
        levels[MISSING] = math.nan
    choices = tuple((label, np.array(step.one(value))) for label, value in levels.items())
    return ColumnAtRow(step.name, column, shown, start, block, transform, piece, choices)


def _category(step: CategoryStep, cell: Any, start: int) -> ColumnAtRow:
    block, text = np.array(step.cell(cell)), cell_text(cell)
    levels = [(place, np.array(step.cell(None if place == MISSING else place))) for place in step.places]
    if not any(np.array_equal(block, other) for _, other in levels):
        levels.append((NEW, block))
    return ColumnAtRow(step.name, step.name, text, start, block, "", None, tuple(levels))


def _whole(value: float) -> Any:
    return int(value) if value == int(value) else float(number_text(value))


def piece_at(step: NumberStep, u: float) -> Piece:
    """The piece of the preparation's line that u lies on; at a corner the piece to its right."""
    points, values = _corners(step)
    if not len(points):
        return Piece(u, 1 / step.scaling.divisor, -math.inf, math.inf, ("", ""))
    k = int(np.searchsorted(points, u, side="right"))
    low, high = ([-math.inf, *points][k], [*points, math.inf][k])
    inside = 0 < k < len(points)
    slope = float((values[k] - values[k - 1]) / (points[k] - points[k - 1])) if inside else 0.0
    corner = [HELD, *[KNOT] * (len(points) - 2), HELD] if len(points) > 1 else [KNOT]
    ends = ("" if k == 0 else corner[k - 1], "" if k == len(points) else corner[k])
    return Piece(u, slope, float(low), float(high), ends)


def _corners(step: NumberStep) -> tuple[np.ndarray, np.ndarray]:
    """Where the line from u to the input bends, ascending, and the input there; flat outside, none: endless."""
    scaling, clip = step.scaling, step.clip
    if not scaling.knots:
        if clip is None:
            return np.empty(0), np.empty(0)
        ends = np.array([-clip, clip])
        return scaling.center + ends * scaling.divisor, ends
    knots, scores = np.array(scaling.knots), np.array(scaling.scores)
    if clip is None or clip >= max(-scores[0], scores[-1]):
        return knots, scores
    crossings = np.interp([-clip, clip], scores, knots)
    within = knots[(knots > crossings[0]) & (knots < crossings[1])]
    points = np.unique([crossings[0], *within, crossings[1]])
    return points, np.clip(np.interp(points, knots, scores), -clip, clip)
