"""Scores of predicted labels beside accuracy: precision, recall, specificity, F, balanced accuracy, MCC.

All take labels `truth` and `predicted`, both (rows,), and `weights` (rows,) or None. For those of one class, `positive`
names it and all other labels are the rest. They raise `InputError` for missing labels, a `positive` that occurs nowhere
and weights that cannot weigh, and `ShapeError` for unequal lengths or no rows. A score that would divide by zero is 0,
as in scikit-learn, without an interval, and `detail` says why.
"""

from __future__ import annotations

import math
from typing import Any

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
from .few_rows import honest
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
    parts = np.zeros_like(cells.weight)  # how much a row of each cell counts beside one of tp
    parts[place], parts[:, place], parts[place, place] = 2 * beta**2 / (1 + beta**2), 2 / (1 + beta**2), 1.0
    mass = float((parts * cells.weight).sum())
    detail, rows = f"positive class {cells.labels[place]!r}", int(cells.rows.sum())
    if mass == 0:
        return Score(name, 0.0, None, rows, detail=f"{detail}; no row is of the class or predicted so, counted as 0")
    share = float(cells.weight[place, place]) / mass
    slopes = -share * parts / mass
    slopes[place, place] = (1 - share) / mass
    effective = mass**2 / float((parts**2 * cells.squares).sum())
    inner = by_effective_rows(share, spread_of(cells, slopes), effective, level)
    low, high = (2 * end / (1 + end) for end in (inner.low, inner.high))
    interval = Interval(low, high, level, "Wilson of tp / (tp + fp + fn)")
    of_class = cells.rows[place].sum()
    fewest = min((int(of_class), cells.labels[place]), (rows - int(of_class), "other"), key=lambda pair: pair[0])
    return honest(Score(name, value, interval, rows, detail=detail), *fewest, measured="F1")


def balanced_accuracy_of(cells: Cells, level: float) -> Score:
    """`balanced_accuracy` from counts."""
    present = np.flatnonzero(cells.actual)
    values = recalls(cells)[present]
    intervals = [
        share_interval(np.arange(len(cells.labels)) == k, cells.weight[k], cells.squares[k], level) for k in present
    ]
    interval = mean_interval([part for part in intervals if part is not None], values, level)
    detail = f"mean recall of {len(present)} classes" if len(present) > 1 else "the recall of the only class"
    score = Score("balanced accuracy", float(values.mean()), interval, int(cells.rows.sum()), detail=detail)
    return honest(score, *cells.smallest())


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
    return honest(Score("MCC", value, interval, rows), *cells.smallest())


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
    averages are all equal to the accuracy. The interval follows from the influence of each row.
    """
    total, rows = float(cells.weight.sum()), int(cells.rows.sum())
    same, effective = np.eye(len(cells.labels)), total**2 / float(cells.squares.sum())
    if kind == "micro":
        interval = share_interval(same.astype(bool), cells.weight, cells.squares, level)
        return Score(f"micro {name}", float(np.trace(cells.weight)) / total, interval, rows, detail="the accuracy")
    values, below_actual, below_predicted = _figure(name, cells)
    present = cells.actual + cells.predicted > 0
    shares = present / present.sum() if kind == "macro" else cells.actual / total
    value = float(shares @ values)
    # Of each class: a row more in its own cell, in its row (actual) and in its column (predicted).
    gain = shares * (below_actual + below_predicted)
    slopes = same * gain - (shares * values * below_actual)[:, None] - (shares * values * below_predicted)[None, :]
    if kind == "weighted":
        slopes += (values[:, None] - value) / total
    interval = by_effective_rows(value, spread_of(cells, slopes), effective, level)
    detail = f"over {int(present.sum())} classes" + (", weighted by their rows" if kind == "weighted" else "")
    score = Score(f"{kind} {name}", value, interval, rows, detail=detail)
    return honest(score, *cells.smallest(), measured="F1")


def _figure(name: str, cells: Cells) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(values by class, 1 / the weight of its row where that divides, 1 / that of its column)."""
    zero, one = np.zeros(len(cells.labels)), np.ones(len(cells.labels))
    if name == "precision":
        return precisions(cells), zero, divided(one, cells.predicted)
    if name == "recall":
        return recalls(cells), divided(one, cells.actual), zero
    half = divided(one, cells.actual + cells.predicted)
    return f_betas(cells), half, half


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
