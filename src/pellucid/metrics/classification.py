"""Scores of predicted classes and probabilities: accuracy, log loss, area under the ROC curve, counts."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError, ShapeError
from ..records import Interval, Record, Score
from .checks import class_codes, distinct_labels, labels_of, numbers, positions, row_weights, same_rows
from .intervals import bootstrap, delong, newcombe, wilson
from .ranks import Area, area, effective_rows


def accuracy(truth: Any, predicted: Any, *, weights: Any = None, level: float = 0.95) -> Score:
    """The share of rows whose predicted label (rows,) is the true one (rows,), with Wilson's interval.

    With `weights` (rows,) the share is weighted, and the interval is that of the effective number of rows,
    (Σw)² / Σw². Raises `InputError` for missing labels or when numbers are compared with text, `ShapeError`
    for unequal lengths or no rows.
    """
    truth, predicted = _two_label_arrays(truth, predicted)
    w = row_weights(weights, len(truth))
    hits = truth == predicted
    share = float(w[hits].sum() / w.sum())
    rows = effective_rows(w)
    interval = wilson(min(share, 1.0) * rows, rows, level)
    if weights is not None:
        interval = dataclasses.replace(interval, method=f"Wilson, {rows:,.1f} effective rows")
    return Score("accuracy", share, interval, len(truth))


def log_loss(
    truth: Any,
    probabilities: Any,
    *,
    weights: Any = None,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Score:
    """The mean of -ln(probability given to the true class), in nats; the smaller, the better.

    `truth` (rows,) holds class codes, 0 to classes - 1; `probabilities` is (rows,) for class 1 of two, or
    (rows, classes) with rows that sum to 1. A probability of 0 for the true class would cost infinity; it
    is raised to the spacing of its floating type, as scikit-learn does, and `detail` says in how many rows.
    The interval is `intervals.bootstrap`'s. Raises `InputError` for codes that are no class and for values
    that are no probabilities, `ShapeError` for unequal lengths.
    """
    chances = _probabilities(probabilities)
    codes = class_codes("truth", truth, chances.shape[1])
    same_rows(("truth", codes), ("probabilities", chances))
    w = row_weights(weights, len(codes))
    given = chances[np.arange(len(codes)), codes]
    smallest = np.finfo(given.dtype).eps
    cost = -np.log(np.clip(given, smallest, 1 - smallest).astype(np.float64))
    sure = int(np.count_nonzero(given < smallest))
    return Score(
        "log loss",
        float(np.average(cost, weights=w)),
        bootstrap(lambda sums: sums[:, 1] / sums[:, 0], np.stack([w, w * cost]), level=level, draws=draws, seed=seed),
        len(codes),
        higher_is_better=False,
        detail=f"probability 0 for the true class in {sure:,} rows, counted as {smallest:.1e}" if sure else "",
    )


def roc_auc(
    truth: Any, scores: Any, *, labels: Sequence[Any] | None = None, weights: Any = None, level: float = 0.95
) -> Score:
    """The chance that a row of the positive class scores higher than one of the other, ties counting half.

    `truth` (rows,) holds class codes; `scores` is (rows,) or (rows, 2) for two classes, of which code 1 is
    the positive one, or (rows, classes): then the value is the plain (macro) average over the classes in
    `truth`, each against the rest. Any numbers will do as scores, larger meaning likelier. `labels` are the
    names of the classes, by code, for `detail`. The interval is DeLong's on the logit scale; where a class
    has a single row or the area is 0 or 1 it is Newcombe's, for the smallest class. Raises `InputError`
    when `truth` holds one class only.
    """
    table = numbers("scores", scores)
    classes = 2 if table.ndim == 1 else table.shape[1]
    if classes < 2 or (labels is not None and len(labels) != classes):
        named = "" if labels is None else f" and {len(labels)} labels"
        raise ShapeError(f"scores has shape {table.shape}{named}; give (rows,) for two classes or a column a class")
    codes = class_codes("truth", truth, classes)
    same_rows(("truth", codes), ("scores", table))
    w = row_weights(weights, len(codes))
    present = [code for code in range(classes) if w[codes == code].any()]
    names = list(range(classes)) if labels is None else list(labels)
    if len(present) < 2:
        raise InputError(
            f"the area under the ROC curve compares rows of different classes, and all {len(codes):,} rows are "
            f"of class {names[present[0]]!r} or weigh nothing; score rows of at least two classes"
        )
    if classes == 2:
        areas = [area(codes == 1, table if table.ndim == 1 else table[:, 1], w)]
        detail = f"positive class {names[1]!r}"
    else:
        areas = [area(codes == code, table[:, code], w) for code in present]
        absent = [repr(names[code]) for code in range(classes) if code not in present]
        detail = f"macro average over {len(present)} classes, each against the rest"
        detail += f"; without {', '.join(absent)}, absent from the rows" if absent else ""
    value = float(np.mean([one.value for one in areas]))
    return Score("ROC AUC", value, _area_interval(value, areas, level), len(codes), detail=detail)


@dataclass(frozen=True, eq=False, repr=False)
class ConfusionCounts(Record):
    """How many rows of each actual class were given each predicted class.

    `counts` (classes, classes) has a row for each actual and a column for each predicted label, both in the
    order of `labels`. `tp fp fn tn` are counted for the class `positive` against all others.
    """

    labels: tuple[Any, ...]
    counts: np.ndarray
    positive: Any = None

    @property
    def tp(self) -> int:
        """Rows of the positive class that were predicted so."""
        place = self._positive_place()
        return int(self.counts[place, place])

    @property
    def fp(self) -> int:
        """Rows of other classes that were predicted as the positive one."""
        return int(self.counts[:, self._positive_place()].sum()) - self.tp

    @property
    def fn(self) -> int:
        """Rows of the positive class that were predicted as another."""
        return int(self.counts[self._positive_place()].sum()) - self.tp

    @property
    def tn(self) -> int:
        """Rows of other classes that were predicted as one of the others."""
        return int(self.counts.sum()) - self.tp - self.fp - self.fn

    def _positive_place(self) -> int:
        if self.positive is None:
            raise InputError(
                f"there are {len(self.labels)} classes and none is named as the positive one; "
                f"call confusion_counts(…, positive={self.labels[0]!r}) or read `counts`"
            )
        return self.labels.index(self.positive)

    def __repr__(self) -> str:
        counts = self.counts.tolist()
        return f"ConfusionCounts(labels={self.labels!r}, counts={counts!r}, positive={self.positive!r})"

    def _repr_html_(self) -> str:
        names = [html.escape(str(label)) for label in self.labels]
        head = "".join(f"<th>predicted {name}</th>" for name in names)
        body = "".join(
            f"<tr><th>actual {name}</th>{''.join(f'<td>{count:,}</td>' for count in row)}</tr>"
            for name, row in zip(names, self.counts.tolist(), strict=True)
        )
        return f"<table><tr><th></th>{head}</tr>{body}</table>"


def confusion_counts(
    truth: Any, predicted: Any, labels: Sequence[Any] | None = None, *, positive: Any = None
) -> ConfusionCounts:
    """Count the pairs of true label (rows,) and predicted label (rows,).

    `labels` gives the order; left out, it is all labels that occur, sorted. `positive` is the class that
    `tp fp fn tn` speak of; left out, it is the second of two labels. Raises `InputError` for a value that
    is not among the labels, with its row and the nearest label.
    """
    truth, predicted = _two_label_arrays(truth, predicted)
    order = distinct_labels(truth, predicted) if labels is None else tuple(np.asarray(labels).tolist())
    if len(set(order)) < len(order):
        raise InputError(f"labels should be different from each other; got {order!r}")
    if positive is None and len(order) == 2:
        positive = order[1]
    elif positive is not None:
        positive = order[int(positions("positive", np.asarray([positive]), order)[0])]
    actual, guess = positions("truth", truth, order), positions("predicted", predicted, order)
    size = len(order)
    counts = np.bincount(actual * size + guess, minlength=size * size).reshape(size, size)
    counts.setflags(write=False)
    return ConfusionCounts(order, counts, positive)


def _two_label_arrays(truth: Any, predicted: Any) -> tuple[np.ndarray, np.ndarray]:
    actual, guess = labels_of("truth", truth), labels_of("predicted", predicted)
    same_rows(("truth", actual), ("predicted", guess))
    kinds = {"text" if array.dtype.kind in "US" else "numbers" for array in (actual, guess) if array.dtype.kind != "O"}
    if len(kinds) == 2:
        raise InputError(
            f"truth and predicted should be labels of one kind; truth starts with {actual[0].item()!r} and "
            f"predicted with {guess[0].item()!r}; turn both into the same labels first"
        )
    if actual.dtype.kind in "biu" and guess.dtype.kind == "f" and (guess != np.round(guess)).any():
        row = int((guess != np.round(guess)).argmax())
        raise InputError(
            f"predicted should be labels, but row {row} is {guess[row]:g} while truth holds whole numbers; "
            "turn probabilities into labels first, such as probability >= 0.5"
        )
    return actual, guess


def _probabilities(values: Any) -> np.ndarray:
    """Probabilities as (rows, classes), checked; one column or none is the probability of class 1 of two."""
    array = numbers("probabilities", values)
    outside = (array < 0) | (array > 1)
    if outside.any():
        place = np.argwhere(outside)[0]
        raise InputError(
            f"probabilities should lie in [0, 1]; row {place[0]} has {array[tuple(place)]:g}; "
            "give probabilities, not raw scores"
        )
    if array.ndim == 1 or array.shape[1] == 1:
        positive = array.reshape(-1)
        return np.stack([1 - positive, positive], axis=1)
    sums = array.sum(axis=1, dtype=np.float64)
    wrong = np.abs(sums - 1) > 1e-3  # room for probabilities that were printed with a few decimals
    if wrong.any():
        row = int(wrong.argmax())
        raise InputError(f"the probabilities of a row should sum to 1; those of row {row} sum to {sums[row]:.6g}")
    return array


def _area_interval(value: float, areas: list[Area], level: float) -> Interval:
    parts = np.mean([one.parts for one in areas], axis=0)
    variance = float((parts**2).sum())
    smallest = min(areas, key=lambda one: min(one.positives, one.negatives))
    if not 0 < value < 1 or variance <= 1e-30 or min(smallest.positives, smallest.negatives) < 2:
        return newcombe(min(max(value, 0.0), 1.0), smallest.positives, smallest.negatives, level)
    return delong(value, variance, level)
