"""Scores over folds and what may be concluded from them.

Folds share training rows, so their scores are not independent. The variance of a mean over k folds is taken as
(1/k + n_test/n_train) s², after Nadeau and Bengio (2003), Machine Learning 52, equation 9, with k - 1 degrees of
freedom in Student's t.
"""

from __future__ import annotations

import numpy as np

from ..data.split import Split, repeated_folds, repeated_grouped_folds, repeated_stratified_folds
from ..records import Interval

# Up to this many training rows every table is cut three times; above, one cut has more than a thousand rows a fold,
# and repeating it narrows the interval by less than the folds' own dependence widens it.
REPEAT_UP_TO = 5_000
FOLDS, REPEATS = 5, 3


def make_folds(
    rows: int, strata: np.ndarray | None, groups: np.ndarray | None, rng: np.random.Generator
) -> list[Split]:
    """5 folds, three times up to 5,000 rows and once above; stratified by class, or whole groups where given."""
    repeats = REPEATS if rows <= REPEAT_UP_TO else 1
    if groups is not None:
        return repeated_grouped_folds(groups, FOLDS, repeats, rng=rng)
    if strata is not None:
        return repeated_stratified_folds(strata, FOLDS, repeats, rng=rng)
    return repeated_folds(rows, FOLDS, repeats, rng=rng)


def folds_in_words(folds: list[Split]) -> str:
    """How many fits every rung had, and how the folds were made."""
    first = folds[0]
    remark = ", ".join(first.rule.split(", ")[2:])
    per_round = (len(first.held_out) + len(first.training)) / len(first.held_out)
    return f"{len(folds)} fits a rung, {per_round:.0f} folds a round{', ' + remark if remark else ''}"


def fold_interval(values: np.ndarray, folds: list[Split], level: float = 0.95) -> Interval:
    """The interval of the mean of one value a fold (a score, or a paired difference of two)."""
    from scipy.stats import t

    values = np.asarray(values, dtype=float)
    k = len(values)
    share = float(np.mean([len(f.held_out) / len(f.training) for f in folds]))
    error = float(np.sqrt((1 / k + share) * values.var(ddof=1)))
    reach = float(t.ppf((1 + level) / 2, k - 1)) * error
    mean = float(values.mean())
    return Interval(mean - reach, mean + reach, level, f"corrected t over {k} folds")


def standard_error(values: np.ndarray) -> float:
    """The plain standard error of a mean over folds, for the one-standard-error rule (Breiman et al., 1984)."""
    values = np.asarray(values, dtype=float)
    return float(values.std(ddof=1) / np.sqrt(len(values)))
