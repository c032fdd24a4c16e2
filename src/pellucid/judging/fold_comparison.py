"""Two plans of how to train, compared over folds and seeds, with the spread of the difference split by its causes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.split import Split
from ..errors import SpecError
from ..metrics.paired_tests import resampled_t_test
from .comparison import Comparison, VarianceSplit, difference_of
from .fold_models import FoldModels, fold_models
from .row_losses import row_losses
from .rungs import fold_scores
from .sweep import checked_seeds


def compare_over_folds(
    first: Any,
    second: Any,
    source: Any,
    target: str | None,
    names: tuple[str, str],
    folds: int | Sequence[Split],
    seeds: int | Sequence[int],
) -> Comparison:
    """Train both plans in every fold with every seed; paired over folds, each fold's figures means over seeds."""
    numbers = checked_seeds(seeds)
    scores: list[list[list[dict[str, float]]]] = []
    changes: list[np.ndarray] = []
    splits: list[Split] = []
    kept: FoldModels | None = None
    for fold in fold_models([first, second], source, target, folds, numbers):
        predictions = [[answer(fold.table) for answer in plan] for plan in fold.answers]
        scores.append([[fold_scores(fold.truth, one) for one in plan] for plan in predictions])
        losses = [np.stack([row_losses(fold.truth, one) for one in plan]) for plan in predictions]
        changes.append(losses[0] - losses[1])
        splits.append(fold.split)
        kept = fold
    if kept is None or len(splits) < 2:
        raise SpecError(f"a comparison over folds needs two folds or more, got {len(splits)}")
    share = float(np.mean([len(split.held_out) / len(split.training) for split in splits]))
    found = []
    for name in scores[0][0][0]:
        if all(name in one for fold in scores for plan in fold for one in plan):
            table = np.array([[np.mean([one[name] for one in plan]) for plan in fold] for fold in scores])
            test = resampled_t_test(table[:, 0], table[:, 1], held_out_share=share)
            means = float(table[:, 0].mean()), float(table[:, 1].mean())
            found.append(difference_of(name, means, test, names, rows_needed=False))
    truth, rows = kept.truth, sum(len(split.held_out) for split in splits)
    loss = "log loss" if truth.is_classes else "squared error"
    variance = split_variance(changes, loss) if len(numbers) > 1 else None
    return Comparison(names, truth.name, truth.kind, rows, "out of fold", tuple(found), found[0].sentence, variance)


def split_variance(changes: Sequence[np.ndarray], loss: str) -> VarianceSplit:
    """The variance of a loss difference by cause, from differences (seeds, held-out rows) of each fold.

    Between seeds within a fold; between folds beyond what seeds and rows explain (folds share training rows, so this is
    a lower bound); and of the rows scored: the variance of a row's difference over their number.
    """
    seeds = len(changes[0])
    means = [change.mean(axis=1) for change in changes]
    by_seed = float(np.mean([mean.var(ddof=1) for mean in means]))
    by_row = [change.mean(axis=0) for change in changes]
    noise = [change.var(axis=0, ddof=1).mean() / seeds for change in changes]
    # The mean over seeds still holds a part of each row's noise between seeds, which is no spread between rows.
    samples = [max(row.var(ddof=1) - extra, 0.0) / len(row) for row, extra in zip(by_row, noise) if len(row) > 1]
    sample = float(np.mean(samples)) if samples else 0.0
    between = float(np.var([mean.mean() for mean in means], ddof=1))
    return VarianceSplit(loss, by_seed, max(between - by_seed / seeds - sample, 0.0), sample, seeds, len(changes))
