"""Predicted labels beside true ones: accuracy, and how many rows of each class were given each label."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from ..records import Record, Score
from .checks import distinct_labels, positions, row_weights, two_label_arrays
from .intervals import wilson
from .ranks import effective_rows


def accuracy(truth: Any, predicted: Any, *, weights: Any = None, level: float = 0.95) -> Score:
    """The share of rows whose predicted label (rows,) is the true one (rows,), with Wilson's interval.

    With `weights` (rows,) the share is weighted, and the interval is that of the effective number of rows,
    (Σw)² / Σw². Raises `InputError` for missing labels or when numbers are compared with text, `ShapeError`
    for unequal lengths or no rows.
    """
    truth, predicted = two_label_arrays(truth, predicted)
    w = row_weights(weights, len(truth))
    hits = truth == predicted
    share = float(w[hits].sum() / w.sum())
    rows = effective_rows(w)
    interval = wilson(min(share, 1.0) * rows, rows, level)
    if weights is not None:
        interval = dataclasses.replace(interval, method=f"Wilson, {rows:,.1f} effective rows")
    return Score("accuracy", share, interval, len(truth))


@dataclass(frozen=True, eq=False, repr=False)
class ConfusionCounts(Record):
    """How many rows of each actual class were given each predicted class.

    `counts` (classes, classes) has a row for each actual and a column for each predicted label, both in the
    order of `labels`. `tp fp fn tn` are counted for the class `positive` against all others. Where rows were weighted
    all of them are sums of weights.
    """

    labels: tuple[Any, ...]
    counts: np.ndarray
    positive: Any = None

    @property
    def tp(self) -> int | float:
        """Rows of the positive class that were predicted so."""
        place = self._positive_place()
        return _plain(self.counts[place, place])

    @property
    def fp(self) -> int | float:
        """Rows of other classes that were predicted as the positive one."""
        return _plain(self.counts[:, self._positive_place()].sum()) - self.tp

    @property
    def fn(self) -> int | float:
        """Rows of the positive class that were predicted as another."""
        return _plain(self.counts[self._positive_place()].sum()) - self.tp

    @property
    def tn(self) -> int | float:
        """Rows of other classes that were predicted as one of the others."""
        return _plain(self.counts.sum()) - self.tp - self.fp - self.fn

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


def _plain(count: Any) -> int | float:
    """A count as Python's int, a sum of weights as its float."""
    found: int | float = count.item()
    return found


def confusion_counts(
    truth: Any,
    predicted: Any,
    labels: Sequence[Any] | None = None,
    *,
    positive: Any = None,
    weights: Any = None,
) -> ConfusionCounts:
    """Count the pairs of true label (rows,) and predicted label (rows,); with `weights` (rows,) their sums.

    `labels` gives the order; left out, it is all labels that occur, sorted. `positive` is the class that
    `tp fp fn tn` speak of; left out, it is the second of two labels. Raises `InputError` for a value that
    is not among the labels, with its row and the nearest label, and for weights that cannot weigh.
    """
    truth, predicted = two_label_arrays(truth, predicted)
    order = distinct_labels(truth, predicted) if labels is None else tuple(np.asarray(labels).tolist())
    if len(set(order)) < len(order):
        raise InputError(f"labels should be different from each other; got {order!r}")
    if positive is None and len(order) == 2:
        positive = order[1]
    elif positive is not None:
        positive = order[int(positions("positive", np.asarray([positive]), order)[0])]
    actual, guess = positions("truth", truth, order), positions("predicted", predicted, order)
    size = len(order)
    w = None if weights is None else row_weights(weights, len(truth))
    counts = np.bincount(actual * size + guess, w, minlength=size * size).reshape(size, size)
    counts.setflags(write=False)
    return ConfusionCounts(order, counts, positive)
