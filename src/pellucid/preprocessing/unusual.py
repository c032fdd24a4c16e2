"""What is unusual about a cell, seen from the training rows: missing, out of range, of a level that they lacked."""

from __future__ import annotations

import numpy as np

from ..data.table import Column
from .categories import CategoryStep
from .conversion import column_levels, column_moments, column_numbers
from .dates import DateStep
from .numbers import NumberStep

# Which rows, bool (rows,), and the words about each of them, text (rows,).
Remark = tuple[np.ndarray, np.ndarray]


def unusual(step: NumberStep | CategoryStep | DateStep, column: Column) -> list[Remark]:
    """Remarks about the cells of `column` (rows,); levels rarer than the preparation keeps count as new."""
    if isinstance(step, CategoryStep):
        return _unusual_levels(step, column)
    if isinstance(step, NumberStep):
        values = column_numbers(column)
        return [*_missing(step.name, np.isnan(values)), *_outside(step.name, values, step.low, step.high)]
    moments = column_moments(column)
    if step.last is None:
        return _missing(step.name, np.isnat(moments))
    first, last = np.datetime64(step.origin, "us"), np.datetime64(step.last, "us")
    early, late = moments < first, moments > last
    return [
        *_missing(step.name, np.isnat(moments)),
        *_same(early, f"{step.name} before {first.astype('datetime64[D]')}"),
        *_same(late, f"{step.name} after {last.astype('datetime64[D]')}"),
    ]


def _unusual_levels(step: CategoryStep, column: Column) -> list[Remark]:
    codes, levels = column_levels(column)
    known = np.array([step.knows(level) for level in levels] + [True])
    new = ~known[codes]
    words = np.array([f"{step.name} has the new level {level!r}" for level in levels] + [""], dtype=object)
    return [*_missing(step.name, codes < 0), *([(new, words[codes])] if new.any() else [])]


def _outside(name: str, values: np.ndarray, low: float | None, high: float | None) -> list[Remark]:
    if low is None or high is None:
        return []
    return [
        *_same(values < low, f"{name} below {low:g}, the lowest in training"),
        *_same(values > high, f"{name} above {high:g}, the highest in training"),
    ]


def _missing(name: str, rows: np.ndarray) -> list[Remark]:
    return _same(rows, f"{name} is missing")


def _same(rows: np.ndarray, words: str) -> list[Remark]:
    return [(rows, np.full(len(rows), words, dtype=object))] if rows.any() else []
