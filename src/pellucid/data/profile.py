"""`profile_table`: what each column holds, what is made of it and why, as a record and as a text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..records import Finding, Record, counted
from .in_order import of_columns
from .read import read
from .table import Column, Kind, Role
from .table_findings import table_findings
from .task import Task, class_name, guess_task

_LEVELS_SHOWN = 10
_BLOCK = 1 << 16
# Numbers from which on sorting takes longer than counting, and the longest range that is counted.
_MANY = 1 << 17


@dataclass(frozen=True)
class NumberSummary(Record):
    """Mean, standard deviation (divided by rows - 1; NaN for one row), extremes and quartiles of the present values."""

    mean: float
    std: float
    min: float
    lower_quartile: float
    median: float
    upper_quartile: float
    max: float


@dataclass(frozen=True)
class ColumnProfile(Record):
    """One column in figures. `levels` holds the ten most frequent values of a category with their counts,
    `numbers` is for numbers only, `first` and `last` (ISO texts) for dates only."""

    name: str
    kind: Kind
    role: Role
    reason: str
    rows: int
    missing: int
    missing_share: float
    distinct: int
    numbers: NumberSummary | None = None
    levels: tuple[tuple[str, int], ...] = ()
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True)
class TargetProfile(Record):
    """The target: its task and, for a classification, the rows of each class; `missing` rows cannot be learned from."""

    name: str
    task: Task
    missing: int
    counts: tuple[tuple[str, int], ...] = ()
    numbers: NumberSummary | None = None


@dataclass(frozen=True)
class Profile(Record):
    """A table in figures: its columns, its target when one was named, and what should be known about it."""

    source: str
    rows: int
    columns: tuple[ColumnProfile, ...]
    target: TargetProfile | None
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        codes = ", ".join(f.code for f in self.findings) or "no findings"
        size = f"{counted(self.rows, 'row')} × {counted(len(self.columns), 'column')}"
        return f"Profile({self.source or 'table'}: {size}; {codes})"

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, width: int = 100) -> str:
        """An aligned text for a terminal of `width` characters (60 at least)."""
        from .profile_text import profile_text

        return profile_text(self, max(width, 60))


def profile_table(source: Any, target: str | None = None) -> Profile:
    """Profile a `pellucid.Table` or whatever `pellucid.read` takes.

    Raises what `read` raises, and ColumnError when there is no column `target` or nothing can be learned from it.
    """
    table = read(source)
    goal = table[target] if target is not None else None
    task = guess_task(goal) if goal is not None else None
    return Profile(
        source=table.source,
        rows=table.rows,
        columns=tuple(of_columns(profile_column, list(table), table.rows)),
        target=_target_profile(goal, task) if goal is not None and task is not None else None,
        findings=(*table.findings, *table_findings(table, goal, task)),
    )


def profile_column(column: Column) -> ColumnProfile:
    """One column in figures."""
    missing = int(column.missing.sum())
    present = column.values[~column.missing] if missing else column.values
    counts = _counts(column) if column.kind == "category" else []
    ascending = _sorted(present) if column.kind != "category" else present
    dated = column.kind == "date" and len(present)
    return ColumnProfile(
        name=column.name,
        kind=column.kind,
        role=column.role,
        reason=column.reason,
        rows=len(column),
        missing=missing,
        missing_share=missing / len(column) if len(column) else 0.0,
        distinct=len(counts) if column.kind == "category" else _distinct(ascending),
        numbers=_summary(present, ascending) if column.kind == "number" and len(present) else None,
        levels=tuple(counts[:_LEVELS_SHOWN]),
        first=_iso(ascending[0]) if dated else None,
        last=_iso(ascending[-1]) if dated else None,
    )


def _sorted(values: np.ndarray) -> np.ndarray:
    """As `np.sort`; many whole numbers of a short range are counted, which is faster than to compare them."""
    if len(values) < _MANY or values.dtype != np.float64 or (values[:1000] % 1).any():
        return np.sort(values)
    low, high = float(values.min()), float(values.max())
    if high - low > _MANY or abs(low) > _MANY:
        return np.sort(values)
    whole = (values - low).astype(np.intp)
    if not np.array_equal(whole + low, values):
        return np.sort(values)
    counts = np.bincount(whole)
    return np.repeat(np.arange(len(counts)) + low, counts)


def _distinct(ascending: np.ndarray) -> int:
    """How many different values there are among sorted ones."""
    return len(ascending) and 1 + int(np.count_nonzero(ascending[1:] != ascending[:-1]))


def _target_profile(column: Column, task: Task) -> TargetProfile:
    missing = int(column.missing.sum())
    if task.date_unit:
        return TargetProfile(column.name, task, missing)
    if task.kind == "regression":
        known = column.values[~column.missing]
        return TargetProfile(column.name, task, missing, numbers=_summary(known, _sorted(known)))
    counts = dict(_counts(column))
    return TargetProfile(column.name, task, missing, tuple((name, counts[name]) for name in task.classes))


def _counts(column: Column) -> list[tuple[str, int]]:
    """The different values with their rows, the most frequent first, ties in order of value."""
    if column.kind == "category":
        all_counts = column.level_counts()
        values = np.flatnonzero(all_counts)
        counts = all_counts[values]
    else:
        values, counts = np.unique(column.values[~column.missing], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    pairs = zip(values[order].tolist(), counts[order].tolist(), strict=True)
    if column.kind == "category":
        return [(column.levels[value], count) for value, count in pairs]
    return [(class_name(value), count) for value, count in pairs]


def _summary(present: np.ndarray, ascending: np.ndarray) -> NumberSummary:
    low, first, median, third, high = (_quantile(ascending, share) for share in (0, 0.25, 0.5, 0.75, 1))
    mean = float(present.mean())
    std = math.sqrt(_squares(present, mean) / (len(present) - 1)) if len(present) > 1 else float("nan")
    return NumberSummary(mean, std, low, first, median, third, high)


def _squares(values: np.ndarray, mean: float) -> float:
    """The sum of the squared deviations, some rows at a time, which stay in the processor's cache."""
    parts = (values[start : start + _BLOCK] - mean for start in range(0, len(values), _BLOCK))
    return math.fsum(float((part * part).sum()) for part in parts)


def _quantile(ascending: np.ndarray, share: float) -> float:
    """As `numpy.quantile`, which would look for the order again."""
    below, step = divmod(share * (len(ascending) - 1), 1)
    low, high = ascending[int(below)], ascending[min(int(below) + 1, len(ascending) - 1)]
    return float(low + (high - low) * step if step < 0.5 else high - (high - low) * (1 - step))


def _iso(moment: np.datetime64) -> str:
    """The day alone when the time is midnight."""
    return str(np.datetime_as_string(moment, unit="s")).removesuffix("T00:00:00")
