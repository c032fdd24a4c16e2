"""Scores of predicted labels beside accuracy: precision, recall, specificity, F, balanced accuracy, MCC.

All take labels `truth` and `predicted`, both (rows,), and `weights` (rows,) or None. For those of one class, `positive`
names it and all other labels are the rest. They raise `InputError` for missing labels, a `positive` that occurs nowhere
and weights that cannot weigh, and `ShapeError` for unequal lengths or no rows. A score that would divide by zero is 0,
as in scikit-learn, without an interval, and `detail` says why.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from ..errors import InputError
from ..records import Interval, Score
from .cells import (
    Cells,
    by_effective_rows,
    cells_of,
    divided,
    f_betas,
    mean_interval,
    precisions,
    recalls,
    share_interval,
    spread_of,
)
from .checks import distinct_labels, positions, row_weights, two_label_arrays
from .few_rows import ENOUGH_ROWS, honest
from .intervals import quantile_for


def precision(truth: Any, predicted: Any, *, positive: Any = 1, weights: Any = None, level: float = 0.95) -> Score:
    """Of the rows predicted `positive`, the share that is; with Wilson's interval."""
    return precision_of(*_two_classes(truth, predicted, positive, weights), level)


def recall(truth: Any, predicted: Any, *, positive: Any = 1, weights: Any = None, level: float = 0.95) -> Score:
    """Of the rows that are `positive`, the share predicted so (sensitivity); with Wilson's interval."""
    return recall_of(*_two_classes(truth, predicted, positive, weights), level)


def specificity(truth: Any, predicted: Any, *, positive: Any = 1, weights: Any = None, level: float = 0.95) -> Score:
    """Of the rows that are not `positive`, the share not predicted so; with Wilson's interval."""
    return specificity_of(*_two_classes(truth, predicted, positive, weights), level)


def f1(truth: Any, predicted: Any, *, positive: Any = 1, weights: Any = None, level: float = 0.95) -> Score:
    """The harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn); the interval is `f_beta`'s."""
    return f_beta_of(*_two_classes(truth, predicted, positive, weights), 1.0, level)


def f_beta(
    truth: Any, predicted: Any, beta: float, *, positive: Any = 1, weights: Any = None, level: float = 0.95
) -> Score:
    """The harmonic mean of precision and recall in which recall weighs β² times as much.

    F = 2J / (1 + J), where J is the share of tp in tp + fp + fn (weighted by β), so the interval is Wilson's for J,
    carried over. Raises `InputError` also unless beta is above 0.
    """
    if not 0 < beta < math.inf:
        raise InputError(f"beta should be above 0, such as 2 to weigh recall more, or 0.5 for less; got {beta!r}")
    return f_beta_of(*_two_classes(truth, predicted, positive, weights), beta, level)


def balanced_accuracy(truth: Any, predicted: Any, *, weights: Any = None, level: float = 0.95) -> Score:
    """The mean of the recalls of all classes in `truth`; their Wilson intervals joined by Zou and Donner's MOVER."""
    return balanced_accuracy_of(_all_classes(truth, predicted, weights), level)


def mcc(truth: Any, predicted: Any, *, weights: Any = None, level: float = 0.95) -> Score:
    """Matthews' correlation coefficient of truth and prediction, for any number of classes; 1 is perfect, 0 chance.

    Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", Computational Biology and
    Chemistry 28 (2004). The interval is made on Fisher's z scale by the influence of each row, after two rows were
    spread evenly over all cells.
    """
    return mcc_of(_all_classes(truth, predicted, weights), level)


def precision_of(cells: Cells, place: int, level: float) -> Score:
    """`precision` of the class at `place`, from counts."""
    reason = "no row is predicted so, counted as 0"
    column = (slice(None), place)
    return _share("precision", cells, place, column, np.arange(len(cells.labels)) == place, reason, level)


def recall_of(cells: Cells, place: int, level: float) -> Score:
    """`recall` of the class at `place`, from counts."""
    reason = "no row is of the class, counted as 0"
    return _share("recall", cells, place, place, np.arange(len(cells.labels)) == place, reason, level)


def specificity_of(cells: Cells, place: int, level: float) -> Score:
    """`specificity` for the class at `place`, from counts."""
    others = np.arange(len(cells.labels)) != place
    hits = np.broadcast_to(others, (int(others.sum()), len(others)))
    return _share("specificity", cells, place, others, hits, "all rows are of the class, counted as 0", level)


def f_beta_of(cells: Cells, place: int, beta: float, level: float) -> Score:
    """`f_beta` of the class at `place`, from counts."""
    name = "F1" if beta == 1 else f"F{beta:g}"
    value = float(f_betas(cells, beta)[place])
    detail, rows = f"positive class {cells.labels[place]!r}", int(cells.rows.sum())
    interval = _f_interval(cells, place, beta, level)
    if interval is None:
        return Score(name, 0.0, None, rows, detail=f"{detail}; no row is of the class or predicted so, counted as 0")
    of_class = cells.rows[place].sum()
    fewest = min((int(of_class), cells.labels[place]), (rows - int(of_class), "other"), key=lambda pair: pair[0])
    return honest(Score(name, value, interval, rows, detail=detail), *fewest)


def _f_interval(cells: Cells, place: int, beta: float, level: float) -> Interval | None:
    """Wilson's for the share of tp in tp + fp + fn, carried over; None where the class occurs nowhere."""
    parts = np.zeros_like(cells.weight)  # how much a row of each cell counts beside one of tp
    parts[place], parts[:, place], parts[place, place] = 2 * beta**2 / (1 + beta**2), 2 / (1 + beta**2), 1.0
    mass = float((parts * cells.weight).sum())
    if mass == 0:
        return None
    share = float(cells.weight[place, place]) / mass
    slopes = -share * parts / mass
    slopes[place, place] = (1 - share) / mass
    effective = mass**2 / float((parts**2 * cells.squares).sum())
    inner = by_effective_rows(share, spread_of(cells, slopes), effective, level)
    low, high = (2 * end / (1 + end) for end in (inner.low, inner.high))
    return Interval(low, high, level, "Wilson of tp / (tp + fp + fn)")


def balanced_accuracy_of(cells: Cells, level: float) -> Score:
    """`balanced_accuracy` from counts."""
    present = np.flatnonzero(cells.actual)
    values = recalls(cells)[present]
    intervals = [_class_interval("recall", cells, int(place), level) for place in present]
    interval = mean_interval([part for part in intervals if part], values, level)
    detail = f"mean recall of {len(present)} classes" if len(present) > 1 else "the recall of the only class"
    score = Score("balanced accuracy", float(values.mean()), interval, int(cells.rows.sum()), detail=detail)
    return honest(score, *cells.smallest(), classes=len(cells.labels))


def mcc_of(cells: Cells, level: float) -> Score:
    """`mcc` from counts."""
    rows = int(cells.rows.sum())
    if (cells.predicted > 0).sum() < 2 or (cells.actual > 0).sum() < 2:
        which = "truth" if (cells.actual > 0).sum() < 2 else "the prediction"
        return Score("MCC", 0.0, None, rows, detail=f"{which} has one class only, counted as 0")
    value = _correlation(cells)[0]
    # Cells without rows would make the interval far too narrow, and give it no width at 1 and -1 (docs/coverage.md).
    size = cells.weight.size
    fuller = cells._replace(
        weight=cells.weight + 2 / size * cells.weight.sum() / rows,
        squares=cells.squares + 2 / size * cells.squares.sum() / rows,
    )
    center, slopes = _correlation(fuller)
    reach = quantile_for(level) * math.sqrt(spread_of(fuller, slopes)) / (1 - center**2)
    low, high = math.tanh(math.atanh(center) - reach), math.tanh(math.atanh(center) + reach)
    method = "Fisher's z by the influence function, two rows spread"
    interval = Interval(min(low, value), max(high, value), level, method)
    return honest(Score("MCC", value, interval, rows), *cells.smallest(), classes=len(cells.labels))


def _correlation(cells: Cells) -> tuple[float, np.ndarray]:
    """MCC, and by how much it changes with a row more in each cell, (classes, classes)."""
    actual, predicted, total = cells.actual, cells.predicted, float(cells.weight.sum())
    right = float(np.trace(cells.weight))
    of_predicted, of_actual = total**2 - float(predicted @ predicted), total**2 - float(actual @ actual)
    below = math.sqrt(of_predicted) * math.sqrt(of_actual)
    value = min(max((right * total - float(actual @ predicted)) / below, -1.0), 1.0)
    slopes = (total * np.eye(len(actual)) + right - predicted[:, None] - actual[None, :]) / below
    slopes -= value * ((total - predicted)[None, :] / of_predicted + (total - actual)[:, None] / of_actual)
    return value, slopes


def mean_of_classes(kind: str, name: str, cells: Cells, level: float) -> Score:
    """The "macro" (plain), "weighted" (by the rows of each class) or "micro" (of pooled counts) average of a figure.

    `name` is "precision", "recall" or "F1"; the average is over the classes that occur in truth or prediction. Micro
    averages are all equal to the accuracy. The interval of a macro average joins those of the classes, by MOVER: a
    class whose rows are all right or all wrong has width. That of a weighted one follows from the influence of each
    row, but of weighted precision is joined too while a class of the rows was predicted less than 10 times.
    """
    total, rows = float(cells.weight.sum()), int(cells.rows.sum())
    if kind == "micro":
        same = np.eye(len(cells.labels), dtype=bool)
        interval = share_interval(same, cells.weight, cells.squares, level)
        return Score(f"micro {name}", float(np.trace(cells.weight)) / total, interval, rows, detail="the accuracy")
    figures = _figures(name, cells)
    present = cells.actual + cells.predicted > 0
    shares = present / present.sum() if kind == "macro" else cells.actual / total
    value = float(shares @ figures.values)
    detail = f"over {int(present.sum())} classes"
    if kind == "macro":
        interval = _macro_interval(name, cells, figures, level)
    else:
        seldom = bool((cells.rows.sum(axis=0) < ENOUGH_ROWS)[cells.actual > 0].any())
        joined = name == "precision" and seldom
        interval = (_weighted_precision_interval if joined else _weighted_interval)(cells, figures, value, level)
        detail += ", weighted by their rows"
    score = Score(f"{kind} {name}", value, interval, rows, detail=detail)
    return honest(score, *cells.smallest(), classes=len(cells.labels))


def _macro_interval(name: str, cells: Cells, figures: Figures, level: float) -> Interval:
    """The intervals of the classes, joined with the correlations that confused rows make between their figures.

    The figure of a class of which no row tells counts as 0 and may be anything up to 1, which is no chance.
    """
    present = np.flatnonzero(cells.actual + cells.predicted)
    found = [_class_interval(name, cells, int(place), level) for place in present]
    parts = [part or Interval(0.0, 0.0, level, "no row") for part in found]
    related = figures.correlations(cells)[np.ix_(present, present)]
    joined = mean_interval(parts, figures.values[present], level, related)
    return replace(joined, high=min(1.0, joined.high + found.count(None) / len(present)))


def _class_interval(name: str, cells: Cells, place: int, level: float) -> Interval | None:
    """The interval of one class; None where no row tells of it."""
    hits = np.arange(len(cells.labels)) == place
    if name == "F1":
        return _f_interval(cells, place, 1.0, level)
    part = place if name == "recall" else (slice(None), place)
    return share_interval(hits, cells.weight[part], cells.squares[part], level)


def _weighted_interval(cells: Cells, figures: Figures, value: float, level: float) -> Interval:
    """Wilson's of as many rows as the influence of each row asks for."""
    total = float(cells.weight.sum())
    shares, values = cells.actual / total, figures.values
    # Of each class: a row more in its own cell, in its row (actual) and in its column (predicted).
    of_actual, of_predicted = shares * figures.below_actual, shares * figures.below_predicted
    slopes = np.diag(of_actual + of_predicted)
    slopes -= (values * of_actual)[:, None] + (values * of_predicted)[None, :] - (values[:, None] - value) / total
    return by_effective_rows(value, spread_of(cells, slopes), total**2 / float(cells.squares.sum()), level)


def _weighted_precision_interval(cells: Cells, figures: Figures, value: float, level: float) -> Interval:
    """The intervals of the classes, joined by MOVER, with the spread of the shares that weigh them.

    A class that was never predicted counts as 0 and may be anything up to 1: no row has an influence that could tell.
    """
    present = np.flatnonzero(cells.actual + cells.predicted)
    found = [_class_interval("precision", cells, int(place), level) for place in present]
    parts = [part or Interval(0.0, 1.0, level, "no row") for part in found]
    weights, values = cells.actual[present] / cells.weight.sum(), figures.values[present]
    related = figures.correlations(cells)[np.ix_(present, present)]
    rows = float(cells.weight.sum()) ** 2 / float(cells.squares.sum())
    shares = quantile_for(level) ** 2 * max(float(weights @ values**2) - value**2, 0.0) / rows
    below = weights * (values - np.array([part.low for part in parts]))
    above = weights * (np.array([part.high for part in parts]) - values)
    low, high = (math.sqrt(max(0.0, float(side @ related @ side)) + shares) for side in (below, above))
    method = "Wilson of each class, joined by MOVER"
    return Interval(max(0.0, value - low), min(1.0, value + high), level, method)


class Figures(NamedTuple):
    """A figure of every class: (values, 1 / the weight of its row where that divides, 1 / that of its column)."""

    values: np.ndarray
    below_actual: np.ndarray
    below_predicted: np.ndarray

    def correlations(self, cells: Cells) -> np.ndarray:
        """(classes, classes), by the influence of each row: rows of one class that are predicted another move both."""
        of_actual, of_predicted = self.values * self.below_actual, self.values * self.below_predicted
        both = cells.squares * of_actual[:, None] * of_predicted[None, :]
        np.fill_diagonal(both, 0.0)
        wrong = cells.squares * (1 - np.eye(len(cells.labels)))
        own = self.below_actual + self.below_predicted - of_actual - of_predicted
        spread = wrong.sum(axis=1) * of_actual**2 + wrong.sum(axis=0) * of_predicted**2
        spread += np.diagonal(cells.squares) * own**2
        found = divided(both + both.T, np.sqrt(np.outer(spread, spread)))
        np.fill_diagonal(found, 1.0)
        return found


def _figures(name: str, cells: Cells) -> Figures:
    zero, one = np.zeros(len(cells.labels)), np.ones(len(cells.labels))
    if name == "precision":
        return Figures(precisions(cells), zero, divided(one, cells.predicted))
    if name == "recall":
        return Figures(recalls(cells), divided(one, cells.actual), zero)
    half = divided(one, cells.actual + cells.predicted)
    return Figures(f_betas(cells), half, half)


def _share(name: str, cells: Cells, place: int, part: Any, hits: np.ndarray, reason: str, level: float) -> Score:
    """A score that is a share of the rows in some cells; Wilson's interval is shown however few they are."""
    weight = cells.weight[part]
    interval = share_interval(hits, weight, cells.squares[part], level)
    value = float(weight[hits].sum()) / float(weight.sum()) if interval else 0.0
    detail = f"positive class {cells.labels[place]!r}" + ("" if interval else f"; {reason}")
    return Score(name, min(value, 1.0), interval, int(cells.rows.sum()), detail=detail)


def _two_classes(truth: Any, predicted: Any, positive: Any, weights: Any) -> tuple[Cells, int]:
    actual, guess = two_label_arrays(truth, predicted)
    labels = distinct_labels(actual, guess)
    place = int(positions("positive", np.asarray([positive]), labels)[0])
    return _counted(actual, guess, labels, weights), place


def _all_classes(truth: Any, predicted: Any, weights: Any) -> Cells:
    actual, guess = two_label_arrays(truth, predicted)
    return _counted(actual, guess, distinct_labels(actual, guess), weights)


def _counted(actual: np.ndarray, guess: np.ndarray, labels: tuple[Any, ...], weights: Any) -> Cells:
    w = None if weights is None else row_weights(weights, len(actual))
    return cells_of(labels, positions("truth", actual, labels), positions("predicted", guess, labels), w)
