"""`local_formula`: what a network computes near one row, in the units of the table's columns, and how far that holds.

The inputs of the network are scaled numbers and 0/1 columns; here their weights are taken back to the columns: a slope
for each number, an effect for each level.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engines.contract import Parameters
from ..records import Record, counted, figure
from .column_pieces import MIRRORED, ColumnAtRow, columns_at, inverse, written
from .linear_pieces import LinearPiece, linear_piece, reach, same_units_on
from .opened import Opened
from .parameter_sets import opened_with
from .text_table import aligned, html_table
from .the_row import the_row
from .unit_names import unit_name

Numbers = tuple[float, ...]


@dataclass(frozen=True)
class LevelEffect(Record):
    """What another level would change: `effect` (outputs,) on the score, and whether the formula `holds` there too."""

    level: Any
    effect: Numbers
    holds: bool


@dataclass(frozen=True)
class ColumnTerm(Record):
    """The part of one column in the formula; tuples have one entry an output.

    A number adds `part` = `slope` · u, u being the `cell` or what `transform` makes of it, which is written for numbers
    below 0 too where the formula reaches them. The formula holds from `low`
    to `high` of the column, the others held; `ends` say what is there, "" where there is no end. A level, a missing
    number, and a number with a 0/1 column for each value have no slope and add `part`; `levels` are what they may be.
    `unit` is what the elapsed part of a date counts.
    """

    name: str
    column: str
    cell: Any
    part: Numbers
    slope: Numbers | None = None
    transform: str = ""
    low: float | None = None
    high: float | None = None
    ends: tuple[str, str] = ("", "")
    levels: tuple[LevelEffect, ...] = ()
    unit: str = ""

    @property
    def words(self) -> str:
        """`log(1 + Fare)`, `Sex`."""
        return written(self.transform, self.name)


@dataclass(frozen=True)
class LocalFormula(Record):
    """`score` (outputs,) = `intercept` + the parts of the `columns`.

    `outputs` name the scores and `meaning` says what they are: logits before any calibration, or the target in its own
    units. `exact` formulas hold to the last digit until a unit switches; others are tangents. `on` of `units` hidden
    units are switched on.
    """

    outputs: tuple[str, ...]
    meaning: str
    exact: bool
    score: Numbers
    intercept: Numbers
    columns: tuple[ColumnTerm, ...]
    on: int
    units: int

    def __getitem__(self, name: str) -> ColumnTerm:
        """The term of the column, or part of a date, of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def __repr__(self) -> str:
        kind = "exact" if self.exact else "a tangent"
        return f"LocalFormula({self.meaning}, {counted(len(self.columns), 'column')}, {kind})"

    def __str__(self) -> str:
        return "\n".join([self._title(), *self._notes(), *(self._text(k) for k in range(len(self.outputs)))])

    def _repr_html_(self) -> str:
        return "".join(
            html_table(f"{self.meaning} of {name}: {figure(score)}", HEAD, self._lines(k), self._notes())
            for k, (name, score) in enumerate(zip(self.outputs, self.score))
        )

    def _title(self) -> str:
        scores = ", ".join(f"{name}: {figure(score)}" for name, score in zip(self.outputs, self.score))
        return f"{self.meaning} of {scores}"

    def _notes(self) -> list[str]:
        return [self._how_far(), *self._dates()]

    def _dates(self) -> list[str]:
        """What holds for the parts of one date, which no cell can move alone."""
        parts: dict[str, list[ColumnTerm]] = {}
        for term in self.columns:
            if term.name != term.column:
                parts.setdefault(term.column, []).append(term)
        notes = []
        for column, terms in parts.items():
            units = "".join(f"; {term.name} counts {term.unit}" for term in terms if term.unit)
            notes.append(
                f"The parts of {column} come from one date: another date moves several of them, and each holds as far "
                f"as it says with the others held{units}."
            )
        return notes

    def _how_far(self) -> str:
        if not self.exact:
            return "A tangent: activations are smooth, so it holds near the row only, and there nearly."
        if not self.units:
            return "Exact everywhere on these lines: no unit can switch."
        are = "unit is" if self.units == 1 else "units are"
        return f"Exact until a unit switches; {self.on} of {self.units} hidden {are} on."

    def _text(self, output: int) -> str:
        name = f"{self.outputs[output]}:\n" if len(self.outputs) > 1 else ""
        return name + aligned(HEAD, self._lines(output))

    def _lines(self, output: int) -> list[tuple[str, ...]]:
        first = ("(intercept)", "", "", figure(self.intercept[output], sign=True), "", "")
        ordered = sorted(self.columns, key=lambda column: -abs(column.part[output]))
        return [first, *(_line(column, output, self.exact) for column in ordered)]


HEAD = ("column", "cell", "slope", "part", "holds", "at its ends")
MOST_LEVELS = 4


def local_formula(model: Any, row: Any, rows: Any = None, *, parameters: Parameters | None = None) -> LocalFormula:
    """The linear formula by which `model` scores one row, in column units, and how far it holds in each column.

    `model` is a fitted MLPClassifier, MLPRegressor or FittedNetwork; `row` is a dict from column to cell, a table or
    frame of one row, an array (columns,), or the number of a row of `rows`, counted from 0. `parameters` are others
    than the model's, such as `recording.at(epoch)`. Arithmetic is float64. Raises `InputError` for a row that does not
    exist, `ColumnError` and `ShapeError` for cells that do not fit, `SpecError` for parameters that do not.
    """
    opened = opened_with(model, parameters)
    cells, inputs = the_row(opened, row, rows)
    piece = linear_piece(inputs, opened.parameters, opened.activations)
    scale, shift, meaning = score_units(opened)
    gradient = piece.gradient * scale[:, None]
    columns = columns_at(opened, cells)
    holds = _levels_that_hold(opened, inputs, columns, piece)
    terms = tuple(_term(piece, column, gradient, where) for column, where in zip(columns, holds))
    score = piece.scores * scale + shift
    intercept = score - np.sum([term.part for term in terms], axis=0)
    on = sum(int((Z > 0).sum()) for Z, switches in zip(piece.Z, piece.switches) if switches)
    units = sum(len(Z) for Z, switches in zip(piece.Z, piece.switches) if switches)
    return LocalFormula(opened.outputs, meaning, piece.exact, _t(score), _t(intercept), terms, on, units)


def score_units(opened: Opened) -> tuple[np.ndarray, np.ndarray, str]:
    """(factor, summand, words): from raw outputs (outputs,) to what people read, each (outputs,)."""
    outputs = opened.network.outputs
    if opened.classes is not None:
        return np.ones(outputs), np.zeros(outputs), "logit" if opened.loss.link == "sigmoid" else "score before softmax"
    if opened.target is None:
        return np.ones(outputs), np.zeros(outputs), "prediction"
    log = opened.target.transform == "log1p_standardize"
    return (
        np.array(opened.target.spread),
        np.array(opened.target.center),
        "log(1 + prediction)" if log else "prediction",
    )


def _term(piece: LinearPiece, column: ColumnAtRow, gradient: np.ndarray, holds: np.ndarray) -> ColumnTerm:
    weights = gradient[:, column.start : column.start + len(column.block)]
    own = weights @ column.block
    levels = tuple(
        LevelEffect(label, _t(weights @ block - own), bool(where))
        for (label, block), where in zip(column.levels, holds)
    )
    if column.piece is None:
        return ColumnTerm(column.name, column.column, column.cell, _t(own), levels=levels, unit=column.unit)
    line = column.piece
    slope = weights[:, 0] * line.slope
    low, high, ends = _interval(piece, column) if piece.exact else (None, None, ("", ""))
    part = _t(slope * line.u)
    below = line.u < 0 if low is None else low < 0
    transform = MIRRORED if column.transform and below else column.transform
    return ColumnTerm(
        column.name, column.column, column.cell, part, _t(slope), transform, low, high, ends, levels, column.unit
    )


def _interval(piece: LinearPiece, column: ColumnAtRow) -> tuple[float, float, tuple[str, str]]:
    """From where to where the column may move, in its own units, and what is at the ends."""
    line = column.piece
    assert line is not None
    low, high, ends = line.low, line.high, list(line.ends)
    if line.slope:
        found = reach(piece, column.start)
        for side, step, switch in ((0, found.low, found.at_low), (1, found.high, found.at_high)):
            end = line.u + step / line.slope
            inner = end > low if side == 0 else end < high
            if switch is None or not inner:
                continue
            low, high = (end, high) if side == 0 else (low, end)
            ends[side] = f"unit {unit_name(*switch[:2])} switches {'on' if switch[2] else 'off'}"
    return inverse(column.transform, low), inverse(column.transform, high), (ends[0], ends[1])


def _levels_that_hold(
    opened: Opened, inputs: np.ndarray, columns: list[ColumnAtRow], piece: LinearPiece
) -> list[np.ndarray]:
    """For each column which of its levels leave every unit as it is; of a tangent only the row's own."""
    if not piece.exact:
        return [np.array([label == c.own_level for label, _ in c.levels], dtype=bool) for c in columns]
    counts = [len(column.levels) for column in columns]
    others = np.tile(inputs, (sum(counts), 1))
    at = 0
    for column in columns:
        for _, block in column.levels:
            others[at, column.start : column.start + len(block)] = block
            at += 1
    same = same_units_on(others, piece, opened.parameters, opened.activations)
    return np.split(same, np.cumsum(counts)[:-1])


def _line(term: ColumnTerm, output: int, exact: bool) -> tuple[str, ...]:
    part = figure(term.part[output] + 0.0, sign=True)
    cell = "missing" if term.cell is None else term.cell if isinstance(term.cell, str) else f"{term.cell:g}"
    if term.slope is None:
        held = [str(level.level) for level in term.levels if level.holds]
        words = f"{len(held)} of {len(term.levels)} levels" if exact and len(term.levels) > 1 else ""
        more = ", …" if len(held) > MOST_LEVELS else ""
        return (term.name, cell, "", part, words, f"{', '.join(held[:MOST_LEVELS])}{more}" if words else "")
    # A slope of -0 is none.
    slope = f"{figure(term.slope[output] + 0.0, sign=True)} × {term.words}"
    if term.low is None or term.high is None:
        return (term.name, cell, slope, part, "", "")
    ends = " … ".join(words or "no end" for words in term.ends) if any(term.ends) else ""
    return (term.name, cell, slope, part, f"{_end(term.low)} … {_end(term.high)}", ends)


def _end(value: float) -> str:
    return {np.inf: "∞", -np.inf: "-∞"}.get(value) or f"{value:.5g}"


def _t(values: np.ndarray) -> Numbers:
    return tuple(float(value) for value in values)
