"""How well one column alone tells the target: a near-perfect one is often the answer in disguise."""

from __future__ import annotations

import numpy as np

from .table import Column

_BINS = 50
# Pulls the mean of a bin toward the overall mean by so many rows; fills empty bins and breaks no near-perfect column.
_PULL = 0.1
_ROWS_A_BIN = 5
_FOLDS = 5


class ToldAlone:
    """How well one column alone tells a target, out of fold; what hangs on the target is worked out once.

    For a classification: the ROC AUC of each class against the rest, averaged over the classes. For a regression:
    R² on the ranks of the target, so that a skewed target does not hide a copy. Five folds, each scored with the
    means of the other four.
    """

    def __init__(self, target: Column, classification: bool) -> None:
        self._known = ~target.missing
        truth = target.values[self._known]
        # Shuffled by a seed of its own, lest a rhythm in the rows fall in step with the folds; then spread over the
        # target.
        order = np.random.default_rng(0).permutation(len(truth))
        order = order[np.argsort(truth[order], kind="stable")]
        self._folds = np.empty(len(truth), dtype=np.int64)
        self._folds[order] = np.arange(len(truth)) % _FOLDS
        self._ranks = None if classification else _average_ranks(*_ranked(truth))
        self._classes = [truth == value for value in np.unique(truth)] if classification else []

    def score(self, column: Column) -> float:
        """The quality of the target's mean within bins of the column; NaN when there is too little to tell.

        The column is cut into at most 50 bins of equal counts (a category into its levels; missing is a bin of its
        own).
        """
        if len(self._folds) < 2 * _FOLDS * _ROWS_A_BIN:
            return float("nan")
        cells, counts = _cells(_bins(column.take(self._known)), self._folds)
        if self._ranks is not None:
            return _r_squared(self._ranks, cells, counts)
        return float(np.mean([_auc(truth, cells, counts) for truth in self._classes]))


def _bins(column: Column) -> np.ndarray:
    """A bin number for each row, int64 (rows,), from 0 without gaps."""
    bins = column.values.astype(np.int64) if column.kind == "category" else np.full(len(column), -1, dtype=np.int64)
    if column.kind != "category":
        present = ~column.missing
        places, sizes = _ranked(column.values[present])
        count = max(2, min(_BINS, len(column) // _ROWS_A_BIN))
        if len(sizes) > count:
            places = np.floor(_average_ranks(places, sizes) / len(places) * count).astype(np.int64)
        bins[present] = places
    bins += 1
    filled = np.bincount(bins) > 0
    numbers: np.ndarray = (np.cumsum(filled) - 1)[bins]
    return numbers


def _cells(bins: np.ndarray, folds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A number for each pair of fold and bin, int64 (rows,), and how many rows each has, (folds, bins)."""
    width = int(bins.max()) + 1
    cells = folds * width + bins
    return cells, np.bincount(cells, minlength=_FOLDS * width).reshape(_FOLDS, width)


def _out_of_fold(sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The mean of each bin over the other folds, (folds, bins), a little pulled toward the mean of all their rows."""
    other_sums, other_counts = sums.sum(axis=0) - sums, counts.sum(axis=0) - counts
    means = other_sums.sum(axis=1, keepdims=True) / other_counts.sum(axis=1, keepdims=True)
    guesses: np.ndarray = (other_sums + _PULL * means) / (other_counts + _PULL)
    return guesses


def _r_squared(truth: np.ndarray, cells: np.ndarray, counts: np.ndarray) -> float:
    truth = truth - truth.mean()
    spread = float((truth**2).sum())
    sums = np.bincount(cells, truth, counts.size).reshape(counts.shape)
    guess = _out_of_fold(sums, counts)
    unexplained = spread - 2 * (guess * sums).sum() + (guess**2 * counts).sum()
    return float(1 - unexplained / spread) if spread else float("nan")


def _auc(truth: np.ndarray, cells: np.ndarray, counts: np.ndarray) -> float:
    """The chance that a row of the class is guessed above another row, ties by half (Mann and Whitney's U)."""
    inside = np.bincount(cells, truth, counts.size).reshape(counts.shape)
    guess = _out_of_fold(inside, counts).ravel()
    _, places = np.unique(guess.round(12), return_inverse=True)
    own, others = np.bincount(places, inside.ravel()), np.bincount(places, (counts - inside).ravel())
    below = np.cumsum(others) - others
    return float((own * (below + others / 2)).sum() / (own.sum() * others.sum()))


def _ranked(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The place of each value (rows,) among the distinct ones, and how often each of these comes (distinct,)."""
    _, places, sizes = np.unique(values, return_inverse=True, return_counts=True)
    return places, sizes


def _average_ranks(places: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """How many values are smaller, plus half of the equal others: ties share their average rank, from 0."""
    below = np.cumsum(sizes) - sizes
    ranks: np.ndarray = (below + (sizes - 1) / 2)[places]
    return ranks
