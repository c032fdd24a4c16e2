"""The share of rows that prediction intervals really cover: of all rows, and of each fifth of the predictions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..data.days import date_text
from ..estimators.prediction_intervals import PredictionIntervals
from ..metrics.intervals import quantile_for, wilson
from ..records import Finding, Interval, Record, figure, percent, share_with_interval

PARTS = 5
FEWEST_ROWS = 50  # ten in each fifth
# A fifth is named when its coverage is this far off, and farther than chance takes one of all fifths in 1 of 100 runs.
FAR_OFF, CHANCE = 0.05, 0.01


@dataclass(frozen=True)
class PartCoverage(Record):
    """The `rows` of a part of the predictions, from `low` to `high`: the share that was `covered`, with its Wilson
    interval, and the mean `width` of their intervals."""

    low: float
    high: float
    rows: int
    covered: float
    interval: Interval
    width: float


@dataclass(frozen=True)
class Coverage(Record):
    """The share of `rows` whose true number lay in the interval of the level, with its Wilson interval, and the mean
    width of the intervals in the units of the target, named by `unit` where it is known.

    `fifths` tells the same of the rows by their prediction, lowest first; () below 50 rows.
    """

    level: float
    covered: float
    interval: Interval
    width: float
    rows: int
    unit: str = ""
    fifths: tuple[PartCoverage, ...] = ()

    def in_words(self) -> str:
        """One sentence."""
        said = f"the {self.level * 100:g}% intervals cover {share_with_interval(self.covered, self.interval)}"
        said += f" of the rows and are {figure(self.width)}{f' {self.unit}'.rstrip()} wide on average"
        if not self.fifths:
            return said
        return f"{said}; by fifths of the prediction, lowest first: {self.shares()}"

    def shares(self) -> str:
        """`83.1%, 80.5%, …`, of the fifths."""
        return ", ".join(percent(part.covered) for part in self.fifths)


def coverage_on(truth: np.ndarray, predicted: np.ndarray, intervals: PredictionIntervals) -> tuple[Coverage, ...]:
    """What the intervals cover of rows: numbers (rows,) both."""
    order = np.argsort(predicted, kind="stable")
    parts = np.array_split(order, PARTS) if len(order) >= FEWEST_ROWS else []
    found = []
    for level in intervals.levels:
        low, high = intervals.around(predicted, level)
        inside = (truth >= low) & (truth <= high)
        whole, *fifths = (_part(predicted[rows], inside[rows], (high - low)[rows]) for rows in (order, *parts))
        found.append(
            Coverage(level, whole.covered, whole.interval, whole.width, whole.rows, intervals.unit, tuple(fifths))
        )
    return tuple(found)


def _part(predicted: np.ndarray, inside: np.ndarray, width: np.ndarray) -> PartCoverage:
    rows, hits = len(predicted), int(inside.sum())
    ends = float(predicted.min()), float(predicted.max())
    return PartCoverage(*ends, rows, hits / rows, wilson(hits, rows), float(width.mean()))


def uneven_intervals(coverage: tuple[Coverage, ...], learned_from: int, dates: bool = False) -> Finding | None:
    """UNEVEN_INTERVALS: in a fifth of the predictions the intervals cover far fewer rows than promised, or far more,
    which is information only.

    By chance a fifth of m rows covers level ± the standard error √(level (1 - level) (1/m + 5/n)), where n rows, a
    fifth of them near, have made the intervals (`learned_from`); Bonferroni's correction is for all fifths and levels.
    Predictions are days since 1970-01-01 with `dates`.
    """
    parts = [(one.level, part) for one in coverage for part in one.fifths]
    if not parts:
        return None
    limit = quantile_for(1 - CHANCE / len(parts))
    off = np.array([part.covered - level for level, part in parts])
    errors = np.array(
        [math.sqrt(level * (1 - level) * (1 / part.rows + PARTS / learned_from)) for level, part in parts]
    )
    off[np.abs(off) <= np.maximum(limit * errors, FAR_OFF)] = 0.0
    if not off.any():
        return None
    narrow = bool(off.min() < 0)
    level, part = parts[int(off.argmin() if narrow else off.argmax())]
    low, high = (date_text(round(end)) if dates else figure(end) for end in (part.low, part.high))
    covered = f"{share_with_interval(part.covered, part.interval)} of {part.rows:,} rows"
    return Finding(
        "UNEVEN_INTERVALS",
        "warning" if narrow else "information",
        f"Where predictions lie from {low} to {high}, the {level * 100:g}% intervals cover {covered}",
        f"The promise of intervals is one about all rows together; here they are too {'narrow' if narrow else 'wide'}",
        "Do not lean on the intervals of such predictions; more rows or columns may help there"
        if narrow
        else "Nothing need be done, unless narrower intervals are wanted there",
    )
