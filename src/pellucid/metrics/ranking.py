"""Rows in the order of their scores, those with equal scores as one group: what all curves and areas are made of."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ..errors import InputError
from .checks import distinct_labels, labels_of, numbers, row_weights, same_rows

BLOCK = 1 << 15


class Ranking(NamedTuple):
    """The groups of equal scores, highest first, each (groups,): the score and how many rows have it.

    `positives` and `negatives` are weights of rows, plain counts where all weigh 1, and `positive_squares` and
    `negative_squares` the sums of their squares. Rows with no weight are left out.
    """

    scores: np.ndarray
    positives: np.ndarray
    negatives: np.ndarray
    positive_squares: np.ndarray
    negative_squares: np.ndarray


def ranking(positive: np.ndarray, scores: np.ndarray, weights: np.ndarray | None = None) -> Ranking:
    """Rank a mask of positive rows by their scores, all (rows,); equal scores never depend on the order of the rows."""
    if weights is not None and not np.all(weights == 1):
        return _weighted(positive, scores.astype(np.float64, copy=False) + 0.0, weights)
    if scores.dtype != np.float32:
        scores = scores.astype(np.float64, copy=False)
    scores = scores + scores.dtype.type(0)  # -0.0 becomes 0.0
    if scores.min() >= 0 and scores.max() < 2:
        return _packed(positive, scores)
    scores = scores.astype(np.float64, copy=False)
    order = np.argsort(scores)
    return _grouped(scores[order], positive[order])


def rows_above(rows: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Of each group how many `rows` (groups,) stand above it, its own counting half: block by block, as (place, counts
    (block,)), which may be written to. There may be millions of groups, and a block stays in the processor's cache."""
    reached = 0.0
    for start in range(0, len(rows), BLOCK):
        part = slice(start, start + BLOCK)
        above = np.cumsum(rows[part])
        end = float(above[-1])
        above -= rows[part] / 2
        above += reached
        reached += end
        yield part, above


def positive_rows(truth: Any, scores: Any, positive: Any) -> tuple[np.ndarray, np.ndarray]:
    """(which rows have the label `positive`, their scores), both (rows,), checked; the other labels are the rest.

    Raises `InputError` when no row or every row is positive, for gaps, and for NaN and infinite scores.
    """
    labels = labels_of("truth", truth)
    ranks = numbers("scores", scores, dimensions=(1,))
    same_rows(("truth", labels), ("scores", ranks))
    mask = rows_of_class(labels, positive)
    if mask.all():
        raise InputError(
            f"all {len(mask):,} rows are of the positive class {positive!r}; a curve compares rows of two classes"
        )
    return mask, ranks


def rows_of_class(labels: np.ndarray, positive: Any) -> np.ndarray:
    """Which of the labels (rows,) are `positive`, (rows,); raises `InputError` when none is."""
    mask = np.asarray(labels == positive)
    if mask.shape != labels.shape or not mask.any():
        known = distinct_labels(labels)
        raise InputError(
            f"no row of truth is of the positive class {positive!r}; its labels are {', '.join(map(repr, known[:8]))}"
            f"{' …' if len(known) > 8 else ''}; pass positive=… or rows of both classes"
        )
    return mask


def weights_of_both(positive: np.ndarray, weights: Any) -> np.ndarray | None:
    """Checked weights (rows,), None for none; raises `InputError` when one of the two classes weighs nothing."""
    if weights is None:
        return None
    w = row_weights(weights, len(positive))
    for mask, name in ((positive, "positive"), (~positive, "other")):
        if not w[mask].any():
            raise InputError(f"the rows of the {name} class weigh nothing; two classes are compared here")
    return w


def _packed(positive: np.ndarray, scores: np.ndarray) -> Ranking:
    """For float64 or float32 scores in [0, 2), whose two highest bits are zero: class and score in one integer, several
    times faster.

    Bits of floats that are not negative stand in the order of their values, and sorting integers needs no permutation.
    """
    whole = np.dtype(f"u{scores.itemsize}").type
    keys = scores.view(whole) << whole(1)
    keys |= positive.view(np.uint8)
    keys.sort()
    lowest = 0 if sys.byteorder == "little" else scores.itemsize - 1  # which byte holds the last bit
    mask = keys.view(np.uint8)[lowest :: scores.itemsize] & np.uint8(1)
    keys >>= whole(1)
    return _grouped(keys.view(scores.dtype), mask)


def _grouped(ascending: np.ndarray, positive: np.ndarray) -> Ranking:
    changes = ascending[1:] != ascending[:-1]
    if changes.all():
        scores, positives = ascending[::-1], positive[::-1].astype(np.float64)
        negatives = 1 - positives
    else:
        ends = np.append(np.flatnonzero(changes), len(ascending) - 1)
        found = np.cumsum(positive, dtype=np.int32 if len(positive) < 2**31 else np.int64)[ends]
        positives, rows = (np.diff(counts, prepend=first)[::-1] for counts, first in ((found, 0), (ends, -1)))
        scores, positives = ascending[ends][::-1], positives.astype(np.float64)
        negatives = rows - positives
    return Ranking(scores, positives, negatives, positives, negatives)


def _weighted(positive: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> Ranking:
    counted = weights > 0
    if not counted.all():
        positive, scores, weights = positive[counted], scores[counted], weights[counted]
    order = np.argsort(scores)
    ascending, positive, weights = scores[order], positive[order], weights[order]
    starts = np.concatenate([[0], np.flatnonzero(ascending[1:] != ascending[:-1]) + 1])
    up, down = np.where(positive, weights, 0.0), np.where(positive, 0.0, weights)
    return Ranking(ascending[starts][::-1], *(np.add.reduceat(w, starts)[::-1] for w in (up, down, up**2, down**2)))
