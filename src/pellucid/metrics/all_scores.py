"""All scores of one set of rows in one call, with one set of resamples for those that need them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..records import Score
from .cells import Cells, cells_of, share_interval
from .checks import class_codes, same_rows
from .decision_scores import (
    balanced_accuracy_of,
    f_beta_of,
    mcc_of,
    mean_of_classes,
    precision_of,
    recall_of,
    specificity_of,
)
from .probability_scores import Rows, based, brier_losses, brier_of, checked, log_loss_of, log_losses, skill_of
from .rank_scores import average_precision, roc_auc
from .ratios import ratio_intervals
from .regression import errors_of, mae, mean_score, median_absolute_error, r2, rmse


def score_classes(
    truth: Any,
    probabilities: Any,
    *,
    predicted: Any = None,
    labels: Sequence[Any] | None = None,
    base: Any = None,
    weights: Any = None,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> tuple[Score, ...]:
    """Every score of predicted probabilities, for two classes or more, in the order in which they are read.

    `truth` (rows,) holds class codes, `probabilities` is (rows,) for class 1 of two or (rows, classes). `predicted`
    (rows,) are the codes that were decided for; left out, the class of the highest probability (class 1 of two from 0.5
    on). `labels` name the classes by code, `base` (classes,) are the shares of the training rows that skill is measured
    against. Two classes: accuracy, balanced accuracy, precision, recall, specificity, F1, MCC, log loss, Brier score,
    their skills, ROC AUC and average precision; more: macro and weighted averages in place of those of one class.
    Where all rows are of one class there is nothing to tell apart: accuracy, log loss and Brier score are left, and of
    two classes recall or specificity. Raises as the single scores do.
    """
    rows = checked(truth, probabilities, weights, labels)
    classes = rows.chances.shape[1]
    if predicted is None:
        guess = (rows.chances[:, 1] >= 0.5).astype(np.int64) if classes == 2 else rows.chances.argmax(axis=1)
    else:
        guess = class_codes("predicted", predicted, classes)
        same_rows(("predicted", guess), ("truth", rows.codes))
    cells = cells_of(tuple(rows.labels), rows.codes, guess, None if weights is None else rows.weights)
    losses = _losses(rows, base, level, draws, seed)
    if np.count_nonzero(cells.actual) < 2:
        return (_accuracy(cells, level), *_of_one_class(cells, level), losses[0], losses[2])
    decided = [_accuracy(cells, level), balanced_accuracy_of(cells, level), *_decisions(cells, level)]
    ranked = [
        score(rows.codes, rows.chances, labels=rows.labels, weights=weights, level=level)
        for score in (roc_auc, average_precision)
    ]
    return (*decided, mcc_of(cells, level), *losses, *ranked)


def score_numbers(
    truth: Any, predicted: Any, *, weights: Any = None, level: float = 0.95, draws: int = 1000, seed: int = 0
) -> tuple[Score, ...]:
    """RMSE, MAE, median absolute error and, where the target varies, R², of numbers (rows,) or (rows, outputs)."""
    actual, error, w = errors_of(truth, predicted, weights)
    if actual.shape[1] == 1:
        squared, size = error[:, 0] ** 2, np.abs(error[:, 0])
        intervals = ratio_intervals([(w * squared, w), (w * size, w)], level=level, draws=draws, seed=seed)
        scores = [
            mean_score("RMSE", squared, w, np.sqrt, intervals[0]),
            mean_score("MAE", size, w, np.positive, intervals[1]),
        ]
    else:
        scores = [f(truth, predicted, weights=weights, level=level, draws=draws, seed=seed) for f in (rmse, mae)]
    scores.append(median_absolute_error(truth, predicted, weights=weights, level=level))
    if len(actual) > 1 and (actual[w > 0] != actual[w > 0][0]).any():
        scores.append(r2(truth, predicted, weights=weights, level=level, draws=draws, seed=seed))
    return tuple(scores)


def _accuracy(cells: Cells, level: float) -> Score:
    hits = np.eye(len(cells.labels), dtype=bool)
    share = float(cells.weight[hits].sum() / cells.weight.sum())
    interval = share_interval(hits, cells.weight, cells.squares, level)
    return Score("accuracy", min(share, 1.0), interval, int(cells.rows.sum()))


def _decisions(cells: Cells, level: float) -> list[Score]:
    if len(cells.labels) == 2:
        shares = [f(cells, 1, level) for f in (precision_of, recall_of, specificity_of)]
        return [*shares, f_beta_of(cells, 1, 1.0, level)]
    names = (("macro", "precision"), ("macro", "F1"), ("weighted", "F1"))
    return [mean_of_classes(kind, name, cells, level) for kind, name in names]


def _of_one_class(cells: Cells, level: float) -> list[Score]:
    """Recall where all rows are of the positive class of two, specificity where none is."""
    if len(cells.labels) != 2:
        return []
    return [recall_of(cells, 1, level) if cells.actual[1] else specificity_of(cells, 1, level)]


def _losses(rows: Rows, base: Any, level: float, draws: int, seed: int) -> list[Score]:
    w, costs = rows.weights, (log_losses(rows), brier_losses(rows))
    named, own = based(rows, base), base is None
    intervals = ratio_intervals([(w * cost, w) for cost in costs], level=level, draws=draws, seed=seed)
    return [
        log_loss_of(rows, costs[0], intervals[0]),
        skill_of("log loss skill", rows, costs[0], log_losses(named), own, level),
        brier_of(rows, costs[1], intervals[1]),
        skill_of("Brier skill", rows, costs[1], brier_losses(named), own, level),
    ]
