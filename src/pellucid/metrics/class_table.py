"""A row of scores for every class, and their averages, each called by its name."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..records import Record, Score, with_interval
from .cells import Cells, cells_of
from .checks import distinct_labels, positions, row_weights, two_label_arrays
from .decision_scores import f_beta_of, mean_of_classes, precision_of, recall_of

AVERAGES = ("macro", "micro", "weighted")
FIGURES = ("precision", "recall", "F1")


@dataclass(frozen=True)
class ClassScores(Record):
    """One class against all others: the rows that are of it, those predicted so, and three scores with intervals."""

    label: Any
    rows: int
    predicted: int
    precision: Score
    recall: Score
    f1: Score


@dataclass(frozen=True)
class ClassTable(Record):
    """The scores of every class, in the order of the labels, and "macro", "micro" and "weighted" averages of them.

    A macro average counts every class alike, a weighted one by its rows, a micro one pools the counts of all classes
    (and is the accuracy, whatever it is the average of). They differ, so each score says in its name which it is.
    """

    classes: tuple[ClassScores, ...]
    averages: tuple[Score, ...]

    def __getitem__(self, name: Any) -> ClassScores | Score:
        """The scores of the class of that label, or the average of that name, such as "macro F1"."""
        for scores in self.classes:
            if scores.label == name:
                return scores
        for score in self.averages:
            if score.name == name:
                return score
        raise KeyError(name)

    def by_kind(self) -> dict[str, tuple[Score, ...]]:
        """The averages by "macro", "micro" and "weighted": of each precision, recall and F1."""
        size = len(FIGURES)
        return {kind: self.averages[size * place : size * (place + 1)] for place, kind in enumerate(AVERAGES)}

    def _repr_html_(self) -> str:
        def cell(score: Score) -> str:
            return f"<td>{with_interval(score.value, score.interval)}</td>"

        head = "<tr><th></th><th>rows</th><th>predicted</th><th>precision</th><th>recall</th><th>F1</th></tr>"
        body = "".join(
            f"<tr><th>{html.escape(str(one.label))}</th><td>{one.rows:,}</td><td>{one.predicted:,}</td>"
            f"{cell(one.precision)}{cell(one.recall)}{cell(one.f1)}</tr>"
            for one in self.classes
        )
        for kind, scores in self.by_kind().items():
            body += f"<tr><th>{kind} average</th><td></td><td></td>{''.join(map(cell, scores))}</tr>"
        return f"<table>{head}{body}</table>"


def tabulate_classes(
    truth: Any, predicted: Any, labels: Sequence[Any] | None = None, *, weights: Any = None, level: float = 0.95
) -> ClassTable:
    """Precision, recall and F1 of every class and their averages, for labels (rows,) and (rows,).

    `labels` gives the classes and their order; left out, it is all that occur, sorted. Raises `InputError` for a value
    that is not among the labels and for missing ones, `ShapeError` for unequal lengths or no rows.
    """
    actual, guess = two_label_arrays(truth, predicted)
    order = distinct_labels(actual, guess) if labels is None else tuple(np.asarray(labels).tolist())
    w = None if weights is None else row_weights(weights, len(actual))
    return table_of(cells_of(order, positions("truth", actual, order), positions("predicted", guess, order), w), level)


def table_of(cells: Cells, level: float) -> ClassTable:
    """`tabulate_classes` from counts."""
    classes = tuple(
        ClassScores(
            label,
            int(cells.rows[place].sum()),
            int(cells.rows[:, place].sum()),
            precision_of(cells, place, level),
            recall_of(cells, place, level),
            f_beta_of(cells, place, 1.0, level),
        )
        for place, label in enumerate(cells.labels)
    )
    return ClassTable(
        classes, tuple(mean_of_classes(kind, name, cells, level) for kind in AVERAGES for name in FIGURES)
    )
