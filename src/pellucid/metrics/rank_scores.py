"""Scores of an order of rows: the area under the ROC curve and the average precision, exact under ties."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..errors import InputError, ShapeError
from ..records import Interval, Score
from .checks import class_codes, numbers, row_weights, same_rows
from .curves import area_of, average_precision_of
from .few_rows import honest
from .intervals import delong, newcombe, newcombe_variance, wilson
from .ranking import Ranking, ranking, rows_above
from .ranks import area, precision_area
from .ratios import student_quantile

MANY_ROWS = 100  # from so many rows of the smaller class on, DeLong's variance alone covers


def roc_auc(
    truth: Any, scores: Any, *, labels: Sequence[Any] | None = None, weights: Any = None, level: float = 0.95
) -> Score:
    """The chance that a row of the positive class scores higher than one of the other, ties counting half.

    `truth` (rows,) holds class codes; `scores` is (rows,) or (rows, 2) for two classes, of which code 1 is
    the positive one, or (rows, classes): then the value is the plain (macro) average over the classes in
    `truth`, each against the rest. Any numbers will do as scores, larger meaning likelier. `labels` are the
    names of the classes, by code, for `detail`. The interval is DeLong's on the logit scale, with the larger of
    his and Newcombe's variance below 100 rows of a class; where the area is 0 or 1 it is Newcombe's score interval,
    for the smallest class. With fewer than 5 rows of a class there is none. Raises `InputError` when `truth` holds
    one class only.
    """
    table, codes, w, names = _checked(truth, scores, labels, weights)
    if table.shape[1] > 2:
        return _macro(table, codes, w, names, level)
    groups = ranking(codes == 1, table[:, -1], w)
    value, sizes = area_of(groups), _sizes(groups)
    variance, by_rows = area_variance(groups, value), newcombe_variance(value, *sizes)
    few = min(sizes) < MANY_ROWS and by_rows > variance > 0
    interval = _area_interval(value, by_rows if few else variance, *sizes, level)
    if few and "DeLong" in interval.method:  # of few rows DeLong's variance is often far too small (docs/coverage.md)
        interval = replace(interval, method="Newcombe's variance, logit scale")
    score = Score("ROC AUC", value, interval, len(codes), detail=f"positive class {names[1]!r}")
    return honest(score, *_fewest(codes, w, names))


def average_precision(
    truth: Any, scores: Any, *, labels: Sequence[Any] | None = None, weights: Any = None, level: float = 0.95
) -> Score:
    """The area under precision and recall, Σ (recall gained at a threshold) × (precision there); ties are one step.

    Arguments and errors as `roc_auc`; with several classes the macro average. What scores that know nothing reach is
    the share of the positive class, which `detail` tells. The interval is made on the logit scale by the influence of
    each row, with Student's t for as many degrees of freedom as positive rows less one.
    """
    table, codes, w, names = _checked(truth, scores, labels, weights)
    share = _shares(codes, w, len(names))
    if table.shape[1] == 2:
        value, variance, positives = _precision_area(ranking(codes == 1, table[:, -1], w))
        detail = f"positive class {names[1]!r}; {share[1]:.4f} by chance"
    else:
        weights = np.ones(len(codes)) if w is None else w
        present = np.flatnonzero(share)
        found = [precision_area(codes == code, table[:, code], weights) for code in present]
        value, positives = float(np.mean([one.value for one in found])), min(one.positives for one in found)
        variance = float((np.mean([one.parts for one in found], axis=0) ** 2).sum()) * _unbiased(positives)
        detail = f"macro average over {len(present)} classes, each against the rest"
    interval = _precision_interval(value, variance, positives, level)
    score = Score("average precision", value, interval, len(codes), detail=detail)
    return honest(score, *_fewest(codes, w, names), classes=len(names))


def area_variance(groups: Ranking, value: float) -> float:
    """DeLong's variance of the area `value` under the ROC curve, from groups of equal scores."""
    up, down = _sizes(groups)
    # Of each positive group the share of negative rows above it, of each negative one the positive rows above it.
    of_positives = _spread(groups.negatives, 1 - value, groups.positive_squares) / float(groups.positives.sum()) ** 2
    of_negatives = _spread(groups.positives, value, groups.negative_squares) / float(groups.negatives.sum()) ** 2
    return of_positives * _unbiased(up) + of_negatives * _unbiased(down)


def _spread(rows: np.ndarray, mean: float, squares: np.ndarray) -> float:
    """Σ squares × (the share of `rows` above each group, equal scores counting half, minus `mean`)²."""
    total, found = float(rows.sum()), 0.0
    for part, above in rows_above(rows):
        above /= total
        above -= mean
        above *= above
        above *= squares[part]
        found += float(above.sum())
    return found


def _unbiased(rows: float) -> float:
    """DeLong divides by the rows less one."""
    return rows / (rows - 1) if rows > 1 else 1.0


def precision_area_variance(groups: Ranking) -> float:
    """The variance of the average precision by the influence of each row, from groups of equal scores.

    A positive row counts at its own threshold, and every row changes the precision at all thresholds below it.
    """
    tp, called = np.cumsum(groups.positives), np.cumsum(groups.positives + groups.negatives)
    share, total = tp / called, tp[-1]
    value = float((groups.positives * share).sum() / total)
    one_more, one_wrong = (
        np.cumsum((groups.positives * change / total)[::-1])[::-1]
        for change in (1 / called - tp / called**2, -tp / called**2)
    )
    of_positives = (share - value) / total + one_more
    variance = (groups.positive_squares * of_positives**2).sum() + (groups.negative_squares * one_wrong**2).sum()
    return float(variance)


def _checked(
    truth: Any, scores: Any, labels: Sequence[Any] | None, weights: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None, list[Any]]:
    """(scores as (rows, classes), where one column stands for two classes; codes; weights; names of the classes)."""
    table = numbers("scores", scores)
    classes = 2 if table.ndim == 1 else table.shape[1]
    if classes < 2 or (labels is not None and len(labels) != classes):
        named = "" if labels is None else f" and {len(labels)} labels"
        raise ShapeError(f"scores has shape {table.shape}{named}; give (rows,) for two classes or a column a class")
    codes = class_codes("truth", truth, classes)
    same_rows(("truth", codes), ("scores", table))
    w = None if weights is None else row_weights(weights, len(codes))
    names = list(range(classes)) if labels is None else list(labels)
    present = np.flatnonzero(_shares(codes, w, classes))
    if len(present) < 2:
        raise InputError(
            f"the area under a curve compares rows of different classes, and all {len(codes):,} rows are "
            f"of class {names[present[0]]!r} or weigh nothing; score rows of at least two classes"
        )
    # A table of two columns stands as one or two; the last is that of the positive class.
    return (np.broadcast_to(table[:, None], (len(table), 2)) if table.ndim == 1 else table), codes, w, names


def _shares(codes: np.ndarray, w: np.ndarray | None, classes: int) -> np.ndarray:
    mass = np.bincount(codes, w, minlength=classes)
    return mass / mass.sum()


def _fewest(codes: np.ndarray, w: np.ndarray | None, names: list[Any]) -> tuple[int, Any]:
    """(rows of the smallest class that has any, its name)."""
    rows = np.bincount(codes if w is None else codes[w > 0], minlength=len(names))
    present = np.flatnonzero(rows)
    place = int(present[rows[present].argmin()])
    return int(rows[place]), names[place]


def _sizes(groups: Ranking) -> tuple[float, float]:
    """Effective rows of both classes, (Σw)² / Σw²."""
    return (
        float(groups.positives.sum() ** 2 / groups.positive_squares.sum()),
        float(groups.negatives.sum() ** 2 / groups.negative_squares.sum()),
    )


def _macro(table: np.ndarray, codes: np.ndarray, w: np.ndarray | None, names: list[Any], level: float) -> Score:
    weights = np.ones(len(codes)) if w is None else w
    present = np.flatnonzero(_shares(codes, w, len(names)))
    areas = [area(codes == code, table[:, code], weights) for code in present]
    absent = [repr(name) for code, name in enumerate(names) if code not in present]
    detail = f"macro average over {len(present)} classes, each against the rest"
    detail += f"; without {', '.join(absent)}, absent from the rows" if absent else ""
    value = float(np.mean([one.value for one in areas]))
    variance = float((np.mean([one.parts for one in areas], axis=0) ** 2).sum())
    smallest = min(areas, key=lambda one: min(one.positives, one.negatives))
    interval = _area_interval(value, variance, smallest.positives, smallest.negatives, level)
    score = Score("ROC AUC", value, interval, len(codes), detail=detail)
    return honest(score, *_fewest(codes, w, names), classes=len(names))


def _area_interval(value: float, variance: float, positives: float, negatives: float, level: float) -> Interval:
    if not 0 < value < 1 or variance <= 1e-30 or min(positives, negatives) < 2:
        return newcombe(min(max(value, 0.0), 1.0), positives, negatives, level)
    return delong(value, variance, level)


def _precision_area(groups: Ranking) -> tuple[float, float, float]:
    """(average precision, its variance, effective positive rows)."""
    positives = _sizes(groups)[0]
    return average_precision_of(groups), precision_area_variance(groups) * _unbiased(positives), positives


def _precision_interval(value: float, variance: float, positives: float, level: float) -> Interval:
    if not 0 < value < 1 - 1e-12 or variance <= 0 or positives < 2:
        return wilson(min(value, 1.0) * positives, positives, level)
    reach = student_quantile(level, positives - 1) * math.sqrt(variance) / (value * (1 - value))
    center = math.log(value / (1 - value))
    low, high = (1 / (1 + math.exp(min(-(center + side * reach), 700.0))) for side in (-1, 1))
    return Interval(low, high, level, "Student's t by the influence function, logit scale")
