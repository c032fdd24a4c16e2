"""Cumulative gains: how much of a class is found when rows are taken in the order of their scores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import InputError
from ..records import Record
from .curves import Reference
from .ranking import positive_rows, ranking, weights_of_both


@dataclass(frozen=True, eq=False, repr=False)
class GainsCurve(Record):
    """`taken` of all rows, those with the highest scores, hold `found` of the rows of the class; both (points,).

    Both are shares and run from 0 to 1; rows with equal scores are taken together, with a straight line across them.
    `thresholds` are the scores that were taken to, `area` is the exact area under the curve, also when points are left
    out, and `base` the share of the class in all rows.
    """

    positive: Any
    thresholds: np.ndarray
    taken: np.ndarray
    found: np.ndarray
    base: float
    area: float

    @property
    def lift(self) -> np.ndarray:
        """How many times as many rows of the class are found as by taking at random, (points,); NaN for no rows."""
        return np.divide(self.found, self.taken, out=np.full(len(self.taken), np.nan), where=self.taken > 0)

    @property
    def best(self) -> Reference:
        """All rows of the class are taken first."""
        return Reference("every positive row first", (0.0, self.base, 1.0), (0.0, 1.0, 1.0), 1 - self.base / 2)

    @property
    def random(self) -> Reference:
        """Any share of the rows holds that share of the class."""
        return Reference("rows taken at random", (0.0, 1.0), (0.0, 1.0), 0.5)

    def thinned(self, points: int = 200) -> GainsCurve:
        """The same curve with at most `points` points, evenly spaced along it; the area stays that of all."""
        if points < 2:
            raise InputError(f"a curve needs at least 2 points; got {points}")
        if len(self.taken) <= points:
            return self
        places = np.searchsorted((self.taken + self.found) / 2, np.linspace(0, 1, points)).clip(max=len(self.taken) - 1)
        chosen = np.unique(places)
        return replace(self, thresholds=self.thresholds[chosen], taken=self.taken[chosen], found=self.found[chosen])

    def __repr__(self) -> str:
        return f"GainsCurve(positive={self.positive!r}, area={self.area:.6g}, {len(self.taken):,} points)"


def cumulative_gains(truth: Any, scores: Any, *, positive: Any = 1, weights: Any = None) -> GainsCurve:
    """The gains of taking rows by `scores` (rows,), for labels `truth` (rows,).

    Raises `InputError` when only one of the classes has rows (or weight), for NaN and infinite scores; `ShapeError` for
    unequal lengths.
    """
    mask, ranks = positive_rows(truth, scores, positive)
    groups = ranking(mask, ranks, weights_of_both(mask, weights))
    rows, hits = (
        np.concatenate([[0.0], np.cumsum(a)]) for a in (groups.positives + groups.negatives, groups.positives)
    )
    taken, found = rows / rows[-1], hits / hits[-1]
    thresholds = np.concatenate([[np.inf], groups.scores])
    area = float(np.trapezoid(found, taken))
    return GainsCurve(positive, thresholds, taken, found, float(hits[-1] / rows[-1]), area)
