"""Scores over folds and what may be concluded from them.

Folds share training rows, so their scores are not independent. The variance of a mean over k folds is taken as
(1/k + n_test/n_train) s², after Nadeau and Bengio (2003), Machine Learning 52, equation 9, with k - 1 degrees of
freedom in Student's t.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..data.split import Split, repeated_folds, repeated_grouped_folds, repeated_stratified_folds, time_folds
from ..errors import InputError
from ..metrics.over_folds import nadeau_bengio
from ..records import Interval
from .wide import WIDE_FOLDS, is_wide

# Up to this many training rows every table is cut three times; above, one cut has more than a thousand rows a fold,
# and repeating it narrows the interval by less than the folds' own dependence widens it.
REPEAT_UP_TO = 5_000
FOLDS, REPEATS = 5, 3
FEWEST_ROWS = 8


def make_folds(
    rows: int,
    classes: np.ndarray | None,
    groups: np.ndarray | None,
    rng: np.random.Generator,
    moments: np.ndarray | None = None,
    columns: int = 1,
) -> list[Split]:
    """5 folds, three times up to 5,000 rows and once above; stratified by class, or whole groups where given.

    A wide table, by its `columns`, is cut into 3 folds once.

    With `moments` (rows,) the folds go forward in time; those whose training rows are of one class or fewer than 8 are
    left out, and when fewer than two are left, the folds are made by chance. `classes` (rows,) are labels, `groups`
    (rows,) codes. Raises `InputError` when there are too few rows, groups, or rows of a class, and when the groups
    leave one class alone in the training rows of a fold.
    """
    wide = is_wide(columns)
    cuts, repeats = WIDE_FOLDS if wide else FOLDS, REPEATS if rows <= REPEAT_UP_TO and not wide else 1
    forward = [] if moments is None else _forward(moments, classes, cuts)
    if len(forward) >= 2:
        return forward
    if groups is None:
        if classes is None:
            return repeated_folds(rows, cuts, repeats, rng=rng)
        return repeated_stratified_folds(classes, cuts, repeats, rng=rng)
    folds = repeated_grouped_folds(groups, cuts, repeats, rng=rng)
    if classes is not None and any(len(np.unique(classes[fold.training])) < 2 for fold in folds):
        raise InputError(
            "the groups cannot be judged: when one fold of them is held out, all other training rows are of one class; "
            "more groups of each class are needed"
        )
    return folds


def _forward(moments: np.ndarray, classes: np.ndarray | None, cuts: int) -> list[Split]:
    if len(np.unique(moments)) < 3:
        return []
    folds = time_folds(moments, cuts)
    enough = [fold for fold in folds if len(fold.training) >= FEWEST_ROWS]
    return [fold for fold in enough if classes is None or len(np.unique(classes[fold.training])) > 1]


def first_round(folds: Sequence[Split]) -> list[Split]:
    """The folds up to the first that holds out a row again."""
    seen: set[int] = set()
    found = []
    for fold in folds:
        rows = fold.held_out.tolist()
        if not seen.isdisjoint(rows):
            break
        seen.update(rows)
        found.append(fold)
    return found


def folds_in_words(folds: list[Split], planned: int) -> str:
    """How many fits every rung had, of how many that were planned, and how the folds were made."""
    parts = folds[0].rule.split(", ")
    remark, a_round = ", ".join(parts[2:]), parts[0].split(" of ")[1]
    cut = f" of {planned}, the time was up" if len(folds) < planned else ""
    return f"{len(folds)} fits a rung{cut}, {a_round} folds a round{', ' + remark if remark else ''}"


def fold_interval(values: np.ndarray, folds: list[Split], level: float = 0.95) -> Interval:
    """The interval of the mean of one value a fold (a score, or a paired difference of two)."""
    return nadeau_bengio(values, [len(f.training) for f in folds], [len(f.held_out) for f in folds], level)


def standard_error(values: np.ndarray) -> float:
    """The plain standard error of a mean over folds, for the one-standard-error rule (Breiman et al., 1984)."""
    values = np.asarray(values, dtype=float)
    return float(values.std(ddof=1) / np.sqrt(len(values)))
