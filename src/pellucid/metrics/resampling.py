"""Ten scores of the same rows in the same resamples: how they spread, and how they move together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from ..records import Interval, Record, counted
from .checks import labels_of, numbers, row_weights, same_rows
from .few_rows import ENOUGH_ROWS, FEWEST_ROWS, NOT_MEASURED
from .intervals import poisson_counts, quantile_for
from .ranking import weights_of_both

NAMES = (
    "accuracy",
    "balanced accuracy",
    "precision",
    "recall",
    "F1",
    "MCC",
    "log loss",
    "Brier score",
    "ROC AUC",
    "average precision",
)


@dataclass(frozen=True, eq=False, repr=False)
class Resamples(Record):
    """`values` (10,) of the scores `names` on the rows, and `draws` (draws, 10) of them in resamples of the rows.

    A draw in which a score has no value, for want of rows of a class, is NaN there. `detail` says what few rows of a
    class make of the intervals; it is "" from 10 rows of each class on.
    """

    names: tuple[str, ...]
    values: np.ndarray
    draws: np.ndarray
    rows_of_class: int = ENOUGH_ROWS
    detail: str = ""

    def interval(self, name: str, level: float = 0.95) -> Interval | None:
        """The percentiles of a score's draws; None below 5 rows of a class, `KeyError` for another name."""
        quantile_for(level)
        if name not in self.names:
            raise KeyError(name)
        if self.rows_of_class < FEWEST_ROWS:
            return None
        drawn = self.draws[:, self.names.index(name)]
        low, high = np.quantile(drawn[np.isfinite(drawn)], [(1 - level) / 2, (1 + level) / 2])
        return Interval(float(low), float(high), level, f"bootstrap, percentiles of {len(drawn):,} draws")

    def __repr__(self) -> str:
        return f"Resamples({len(self.draws):,} draws of {', '.join(self.names)})"


def resample_scores(
    truth: Any,
    probabilities: Any,
    *,
    threshold: float = 0.5,
    positive: Any = 1,
    weights: Any = None,
    draws: int = 1000,
    seed: int = 0,
) -> Resamples:
    """Ten scores for two classes in `draws` bootstrap resamples that they all share.

    `truth` (rows,) are labels, `probabilities` (rows,) those of the class `positive`, which is predicted from
    `threshold` on. Each row counts Poisson(1) times in a resample. The rows are sorted once; every draw then takes a
    few passes over them, whatever the number of scores. Raises `InputError` unless both classes have rows that weigh
    something, for values that are no probabilities and for fewer than 100 draws; `ShapeError` for unequal lengths.
    """
    labels, chances = labels_of("truth", truth), numbers("probabilities", probabilities, dimensions=(1,))
    same_rows(("truth", labels), ("probabilities", chances))
    hits = np.asarray(labels == positive) & np.ones(len(labels), dtype=bool)
    if (chances < 0).any() or (chances > 1).any() or hits.all() or not hits.any():
        raise InputError(
            f"expected probabilities in [0, 1] and rows of class {positive!r} and of another; got probabilities from "
            f"{chances.min():g} to {chances.max():g} and {int(hits.sum()):,} of {len(hits):,} rows of the class"
        )
    if draws < 100:
        raise InputError(f"expected at least 100 bootstrap draws; got {draws}; 1000 serve well")
    w = row_weights(weights_of_both(hits, weights), len(hits))
    order = np.argsort(-chances, kind="stable")
    rows = _Sorted(chances[order].astype(np.float64), hits[order], w[order], threshold)
    found = np.empty((draws, len(NAMES)))
    for block, counts in poisson_counts(len(hits), draws, seed):
        found[block] = rows.scores(counts)
    values = rows.scores(np.ones((1, len(hits))))[0]
    return Resamples(NAMES, values, found, *_fewest(positive, hits, w))


def _fewest(positive: Any, hits: np.ndarray, weights: np.ndarray) -> tuple[int, str]:
    """(rows of the smaller class that weigh something, what so few of them make of the intervals)."""
    of_class, rows = int((hits & (weights > 0)).sum()), int((weights > 0).sum())
    fewest, which = min((of_class, f"class {positive!r}"), (rows - of_class, "the other class"))
    how_many = f"{counted(fewest, 'row')} of {which}"
    if fewest < FEWEST_ROWS:
        return fewest, f"no interval: {how_many}, and {FEWEST_ROWS} are needed"
    return fewest, "" if fewest >= ENOUGH_ROWS else f"{how_many}: {NOT_MEASURED}"


class _Sorted:
    """Rows with the highest probabilities first, and their ten scores when each counts some number of times."""

    def __init__(self, chances: np.ndarray, hits: np.ndarray, weights: np.ndarray, threshold: float) -> None:
        eps = np.finfo(np.float64).eps
        given = np.where(hits, chances, 1 - chances)
        self.weights = None if (weights == 1).all() else weights
        self.hits = hits.astype(np.float64)
        self.costs = np.stack([-np.log(np.clip(given, eps, 1 - eps)), (1 - given) ** 2])
        self.called = int(np.count_nonzero(chances >= threshold))
        starts = np.concatenate([[0], np.flatnonzero(np.diff(chances)) + 1])
        self.starts = starts if len(starts) < len(chances) else None

    def scores(self, counts: np.ndarray) -> np.ndarray:
        """The scores (draws, 10) for counts (draws, rows)."""
        w = counts if self.weights is None else counts * self.weights
        losses = np.einsum("dr,kr->dk", w, self.costs)
        up = w * self.hits
        called, right = w[:, : self.called].sum(axis=1), up[:, : self.called].sum(axis=1)
        if self.starts is not None:
            w, up = np.add.reduceat(w, self.starts, axis=1), np.add.reduceat(up, self.starts, axis=1)
        found, taken = np.cumsum(up, axis=1), np.cumsum(w, axis=1)
        total, positives = taken[:, -1], found[:, -1].copy()
        with np.errstate(divide="ignore", invalid="ignore"):
            precision = np.einsum("dr,dr->d", up, np.divide(found, taken, out=np.zeros_like(found), where=taken > 0))
            # Pairs in which the negative row scores higher, equal scores counting half.
            found -= up / 2
            found *= w - up
            area = found.sum(axis=1) / (positives * (total - positives))
            return np.stack(
                [
                    *_of_counts(right, called, positives, total),
                    *(losses / total[:, None]).T,
                    area,
                    precision / positives,
                ],
                axis=1,
            )


def _of_counts(tp: np.ndarray, called: np.ndarray, positives: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, ...]:
    """Accuracy, balanced accuracy, precision, recall, F1 and MCC, each (draws,)."""
    negatives, rest = total - positives, total - called
    tn = negatives - (called - tp)
    recall = tp / positives
    product = np.sqrt(called) * np.sqrt(rest) * np.sqrt(positives) * np.sqrt(negatives)
    return (
        (tp + tn) / total,
        (recall + tn / negatives) / 2,
        np.divide(tp, called, out=np.zeros_like(tp), where=called > 0),
        recall,
        2 * tp / (called + positives),
        np.divide(tp * total - called * positives, product, out=np.zeros_like(tp), where=product > 0),
    )
