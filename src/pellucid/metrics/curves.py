"""Curves of a score for one class against the rest: ROC, precision and recall, and counts at every threshold.

A row is predicted positive where its score is at least the threshold. Thresholds are the distinct scores, highest
first, so that rows with equal scores stay together; the area never depends on the order of the rows. `truth` may hold
any labels: those equal to `positive` are the positive class, all others the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np

from ..errors import InputError
from ..records import Record, figure
from .ranking import Ranking, positive_rows, ranking, rows_above, weights_of_both


@dataclass(frozen=True)
class Reference(Record):
    """A line to compare a curve with: its corners `x` and `y`, and the area under it."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    area: float


@dataclass(frozen=True, eq=False, repr=False)
class _Counts(Record):
    """Counts at thresholds (points,), from "nothing is predicted positive" (infinity) to "everything is".

    `tp` and `fp` are the rows (or their weights) at or above the threshold that are of the class `positive` and that
    are not; `positives` and `negatives` are all rows of either kind. `area` is exact, also when points are left out.
    """

    positive: Any
    thresholds: np.ndarray
    tp: np.ndarray
    fp: np.ndarray
    positives: float
    negatives: float
    area: float

    @property
    def fn(self) -> np.ndarray:
        """Positive rows below the threshold, (points,)."""
        return self.positives - self.tp

    @property
    def tn(self) -> np.ndarray:
        """Other rows below the threshold, (points,)."""
        return self.negatives - self.fp

    @property
    def recall(self) -> np.ndarray:
        """The share of the positive rows that is predicted so, (points,); also called sensitivity."""
        return self.tp / self.positives

    @property
    def fpr(self) -> np.ndarray:
        """The share of the other rows that is predicted positive, (points,): 1 - specificity."""
        return self.fp / self.negatives

    @property
    def precision(self) -> np.ndarray:
        """The share of right ones among the rows predicted positive, (points,); NaN at infinity, where none is."""
        predicted = self.tp + self.fp
        return np.divide(self.tp, predicted, out=np.full(len(predicted), np.nan), where=predicted > 0)

    def at(self, threshold: float) -> int:
        """The place of the point whose rows are those with a score of at least `threshold`.

        Where points were left out it is the nearest kept one above.
        """
        return int(np.searchsorted(-self.thresholds, -threshold, side="right")) - 1

    def thinned(self, points: int = 200, keep: Sequence[float] = ()) -> Self:
        """The same curve with about `points` points, evenly spaced along it; the area stays that of all.

        The points at the thresholds `keep` stay. Raises `InputError` for fewer than two points.
        """
        if points < 2:
            raise InputError(f"a curve needs at least 2 points; got {points}")
        if len(self.thresholds) <= points:
            return self
        way = (self.recall + self.fpr) / 2  # from 0 to 1 along the curve
        places = np.searchsorted(way, np.linspace(0, 1, points - len(keep) if points > len(keep) + 2 else points))
        chosen = np.union1d(places.clip(max=len(way) - 1), [self.at(t) for t in keep]).astype(np.int64)
        arrays = {f.name: getattr(self, f.name) for f in fields(self) if isinstance(getattr(self, f.name), np.ndarray)}
        return replace(self, **{name: array[chosen] for name, array in arrays.items()})

    def __repr__(self) -> str:
        points = f"{len(self.thresholds):,} points"
        return f"{type(self).__name__}(positive={self.positive!r}, area={self.area:.6g}, {points})"


class RocCurve(_Counts):
    """The ROC curve: `fpr` to the right, `recall` upwards; the area is the chance that a positive row scores higher."""

    best = Reference("every positive row above all others", (0.0, 0.0, 1.0), (0.0, 1.0, 1.0), 1.0)
    random = Reference("scores that know nothing", (0.0, 1.0), (0.0, 1.0), 0.5)


class PrecisionRecallCurve(_Counts):
    """Precision and recall at every threshold; the area is the average precision, Σ (recall gained) × precision.

    There is no point at recall 0: of no rows no share can be right. Unlike recall, precision is no monotone function of
    the threshold; `falls` finds where a higher threshold lowers it, and `explain` says why, in counts.
    """

    @property
    def best(self) -> Reference:
        """All positive rows found before any other."""
        share = self.positives / (self.positives + self.negatives)
        return Reference("every positive row above all others", (0.0, 1.0, 1.0), (1.0, 1.0, share), 1.0)

    @property
    def random(self) -> Reference:
        """The share of the positive class, which scores that know nothing have at every threshold."""
        share = self.positives / (self.positives + self.negatives)
        return Reference("scores that know nothing", (0.0, 1.0), (share, share), share)

    def falls(self) -> np.ndarray:
        """The places of points whose precision is lower than at the next lower threshold."""
        precision = self.precision
        return np.flatnonzero(precision[:-1] < precision[1:])

    def explain(self, place: int) -> str:
        """In words and counts, how precision changes from the point after `place` to that at `place`, a higher one."""
        if not 1 <= place < len(self.thresholds) - 1:
            raise InputError(f"expected a place from 1 to {len(self.thresholds) - 2}; got {place}")
        right, called = self.tp, self.tp + self.fp
        before, after = self.precision[place + 1], self.precision[place]
        change = "falls" if after < before else "rises" if after > before else "stays"
        gone, lost = called[place + 1] - called[place], right[place + 1] - right[place]
        become = "becomes" if right[place + 1] == 1 else "become"
        return (
            f"raising the threshold from {figure(self.thresholds[place + 1])} to {figure(self.thresholds[place])} "
            f"takes out {_count(gone)} {'row' if gone == 1 else 'rows'}, {_count(lost)} of class {self.positive!r}: "
            f"{_count(right[place + 1])} right of {_count(called[place + 1])} {become} {_count(right[place])} of "
            f"{_count(called[place])}, and precision {change} from {before:.4f} to {after:.4f}"
        )


class ThresholdCurve(_Counts):
    """Every count and every figure that follows from it, as functions of the threshold; the area is that of ROC.

    Scores that have no value at an end are NaN (precision, where nothing is predicted positive) or 0 (F1 and MCC, which
    tend to it); accuracy, recall and specificity always have one.
    """

    @property
    def accuracy(self) -> np.ndarray:
        """The share of all rows that is predicted right, (points,)."""
        return (self.tp + self.tn) / (self.positives + self.negatives)

    @property
    def specificity(self) -> np.ndarray:
        """The share of the other rows that is not predicted positive, (points,)."""
        return self.tn / self.negatives

    @property
    def balanced_accuracy(self) -> np.ndarray:
        """The mean of recall and specificity, (points,)."""
        return (self.recall + self.specificity) / 2

    @property
    def youden(self) -> np.ndarray:
        """Youden's J, recall + specificity - 1, (points,)."""
        return self.recall + self.specificity - 1

    @property
    def f1(self) -> np.ndarray:
        """2 tp / (2 tp + fp + fn), (points,)."""
        return self.f_beta(1.0)

    def f_beta(self, beta: float) -> np.ndarray:
        """The harmonic mean of precision and recall in which recall weighs β² times as much, (points,)."""
        return (1 + beta**2) * self.tp / (self.tp + self.fp + beta**2 * self.positives)

    @property
    def mcc(self) -> np.ndarray:
        """Matthews' correlation of truth and prediction, (points,); 0 where all rows are predicted alike."""
        called, rest = self.tp + self.fp, self.fn + self.tn
        product = np.sqrt(called) * np.sqrt(rest) * np.sqrt(self.positives * self.negatives)
        return np.divide(self.tp * self.tn - self.fp * self.fn, product, out=np.zeros(len(product)), where=product > 0)


def roc_curve(truth: Any, scores: Any, *, positive: Any = 1, weights: Any = None) -> RocCurve:
    """The ROC curve of `scores` (rows,), larger meaning likelier `positive`, for labels `truth` (rows,).

    Raises `InputError` when only one of the classes has rows (or weight), for NaN and infinite scores and for weights
    below zero; `ShapeError` for unequal lengths.
    """
    return RocCurve(*_counted(positive, _ranked(truth, scores, positive, weights)))


def precision_recall_curve(truth: Any, scores: Any, *, positive: Any = 1, weights: Any = None) -> PrecisionRecallCurve:
    """Precision and recall at every threshold; arguments and errors as `roc_curve`."""
    groups = _ranked(truth, scores, positive, weights)
    return PrecisionRecallCurve(*_counted(positive, groups)[:-1], area=average_precision_of(groups))


def threshold_curve(truth: Any, scores: Any, *, positive: Any = 1, weights: Any = None) -> ThresholdCurve:
    """tp, fp, fn and tn at every distinct threshold, and the scores made of them; arguments as `roc_curve`."""
    return ThresholdCurve(*_counted(positive, _ranked(truth, scores, positive, weights)))


def area_of(groups: Ranking) -> float:
    """The area under the ROC curve: the chance that a positive row outscores another, equal scores counting half."""
    found = 0.0
    for part, above in rows_above(groups.positives):
        above *= groups.negatives[part]
        found += float(above.sum())
    return found / float(groups.positives.sum() * groups.negatives.sum())


def average_precision_of(groups: Ranking) -> float:
    """Σ (recall gained at a threshold) × (precision there): no line is drawn between points."""
    tp, called = np.cumsum(groups.positives), np.cumsum(groups.positives + groups.negatives)
    return float((groups.positives * (tp / called)).sum() / tp[-1])


def _ranked(truth: Any, scores: Any, positive: Any, weights: Any) -> Ranking:
    mask, ranks = positive_rows(truth, scores, positive)
    return ranking(mask, ranks, weights_of_both(mask, weights))


def _counted(positive: Any, groups: Ranking) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, float, float, float]:
    thresholds = np.concatenate([[np.inf], groups.scores])
    tp, fp = (np.concatenate([[0.0], np.cumsum(rows)]) for rows in (groups.positives, groups.negatives))
    for array in (thresholds, tp, fp):
        array.setflags(write=False)
    return positive, thresholds, tp, fp, float(tp[-1]), float(fp[-1]), area_of(groups)


def _count(rows: float) -> str:
    return f"{rows:,.0f}" if rows == round(rows) else figure(rows)
