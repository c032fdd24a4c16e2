"""What is unusual about a cell, seen from the training rows: missing, out of range, not finite, of a new level, of a
wrong type."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..data.table import Column
from .categories import CategoryStep
from .conversion import column_levels, column_moments, column_numbers
from .dates import DateStep
from .numbers import NumberStep

_LONGEST_CELL = 40


class Remark(NamedTuple):
    """What is said of some rows: `code` MISSING, OUT_OF_RANGE, NOT_FINITE, NEW_LEVEL or WRONG_TYPE, the numbers of the
    `rows` (n,), and which of the `words` each of them gets (n,)."""

    code: str
    rows: np.ndarray
    words: Sequence[str]
    which: np.ndarray


def unusual(step: NumberStep | CategoryStep | DateStep, column: Column, strays: Column | None = None) -> list[Remark]:
    """Remarks about the cells of `column` (rows,); levels rarer than the preparation keeps count as new.

    `strays` holds the cells that did not fit the kind of the column, where there were any; in `column` these are
    missing, but nothing is said of that.
    """
    if isinstance(step, CategoryStep):
        return _unusual_levels(step, column)
    fits = np.ones(len(column), dtype=bool) if strays is None else strays.missing
    if isinstance(step, NumberStep):
        values = column_numbers(column)
        found = [*_missing(step.name, np.isnan(values) & fits), *_outside(step.name, values, step.low, step.high)]
        return found + _wrong(step.name, "number", strays)
    moments = column_moments(column)
    found = _missing(step.name, np.isnat(moments) & fits)
    if step.last is not None:
        first, last = np.datetime64(step.origin, "us"), np.datetime64(step.last, "us")
        found += _same("OUT_OF_RANGE", moments < first, f"{step.name} before {first.astype('datetime64[D]')}")
        found += _same("OUT_OF_RANGE", moments > last, f"{step.name} after {last.astype('datetime64[D]')}")
    return found + _wrong(step.name, "date", strays)


def _unusual_levels(step: CategoryStep, column: Column) -> list[Remark]:
    codes, levels = column_levels(column)
    known = np.array([step.knows(level) for level in levels] + [True])
    rows = np.flatnonzero(~known[codes])
    words = [f"{step.name} has the new level {level!r}" for level in levels]
    new = [Remark("NEW_LEVEL", rows, words, codes[rows])] if len(rows) else []
    return [*_missing(step.name, codes < 0), *new]


def _outside(name: str, values: np.ndarray, low: float | None, high: float | None) -> list[Remark]:
    if low is None or high is None:
        return []
    return [
        *_same("OUT_OF_RANGE", values < low, f"{name} below {low:g}, the lowest in training"),
        *_same("OUT_OF_RANGE", values > high, f"{name} above {high:g}, the highest in training"),
    ]


def _wrong(name: str, kind: str, strays: Column | None) -> list[Remark]:
    if strays is None:
        return []
    endless = np.array([kind == "number" and _is_number(level) for level in strays.levels] + [False])
    words = [
        _not_finite(name, level) if number else f"{name} is no {kind}: {_short(level)!r}"
        for level, number in zip(strays.levels, endless)
    ]
    rows = {
        "NOT_FINITE": np.flatnonzero(endless[strays.values]),
        "WRONG_TYPE": np.flatnonzero(~endless[strays.values] & ~strays.missing),
    }
    return [Remark(code, there, words, strays.values[there]) for code, there in rows.items() if len(there)]


def _not_finite(name: str, text: str) -> str:
    return f"{name} is infinite" if math.isinf(float(text)) else f"{name} is beyond ±1e30: {text}"


def _is_number(text: str) -> bool:
    """Whether a text that was read as no finite number is one all the same, such as inf."""
    try:
        return not math.isnan(float(text))
    except ValueError:
        return False


def _missing(name: str, rows: np.ndarray) -> list[Remark]:
    return _same("MISSING", rows, f"{name} is missing")


def _same(code: str, mask: np.ndarray, words: str) -> list[Remark]:
    rows = np.flatnonzero(mask)
    return [Remark(code, rows, [words], np.zeros(len(rows), dtype=np.int64))] if len(rows) else []


def _short(cell: str) -> str:
    return cell if len(cell) <= _LONGEST_CELL else cell[: _LONGEST_CELL - 1] + "…"
