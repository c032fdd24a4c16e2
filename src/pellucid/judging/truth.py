"""The target column as the judge sees it: class codes with labels in words, or numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..data.booleans import boolean_words
from ..data.table import Column, Table
from ..data.task import Task, class_name, guess_task
from ..errors import ColumnError, InputError, nearest


@dataclass(frozen=True, eq=False)
class Truth:
    """What should be predicted. `values` (rows,): codes 0 … for classes (labels in `labels`), float64 for numbers."""

    name: str
    kind: str
    values: np.ndarray
    labels: tuple[str, ...]
    reason: str

    @property
    def is_classes(self) -> bool:
        """Whether classes are predicted rather than numbers."""
        return self.kind == "classification"

    @property
    def targets(self) -> np.ndarray:
        """What an estimator's fit gets: label texts or numbers (rows,)."""
        return np.asarray(self.labels)[self.values] if self.is_classes else self.values

    @property
    def own_targets(self) -> np.ndarray:
        """As `targets`; labels that are all whole numbers are numbers, so that predictions compare with the column."""
        whole = self.is_classes and all(label.lstrip("-").isdecimal() for label in self.labels)
        return self.targets.astype(np.int64) if whole else self.targets

    def take(self, rows: np.ndarray) -> Truth:
        """The given rows."""
        return Truth(self.name, self.kind, self.values[rows], self.labels, self.reason)


def split_off_target(table: Table, target: str) -> tuple[Table, Truth, np.ndarray]:
    """(inputs, truth, known): both for the rows that have a target, bool `known` (rows,) says which these are.

    Whether the task is one of classes or of numbers is a property of the whole column, as its kind is. Raises
    `ColumnError` for targets that cannot be learned.
    """
    column = table[target]
    task: Task = guess_task(column)
    truth, known = truth_of(column, tuple(task.classes), task.reason)
    return table.take(known).drop([target]), truth, known


def truth_of(column: Column, labels: tuple[str, ...], reason: str = "") -> tuple[Truth, np.ndarray]:
    """The truth in the rows of `column` that have a value, and bool (rows,) which these are; no `labels`: numbers.

    Raises `InputError` for a label that is not among `labels` (with its row), for values that are no numbers, and
    when no row has a value.
    """
    known = ~column.missing
    if not known.any():
        raise InputError(f"the target {column.name!r} has no value in these {len(column):,} rows")
    if labels:
        return Truth(column.name, "classification", codes_of(column, labels)[known], labels, reason), known
    if column.kind != "number":
        raise InputError(f"the target {column.name!r} should hold numbers, but it holds {column.kind} values here")
    return Truth(column.name, "regression", column.values[known], (), reason), known


def codes_of(column: Column, labels: tuple[str, ...]) -> np.ndarray:
    """Each row's place in `labels`, -1 where missing; raises `InputError` for a label that is not among them."""
    found, inverse = np.unique(label_texts(column), return_inverse=True)
    place = {"": -1, **{label: k for k, label in enumerate(labels)}}
    if len(labels) == 2 and boolean_words(labels):  # TRUE is the class true
        lowered = {label.lower(): k for label, k in place.items()}
        place |= {str(text): lowered[str(text).lower()] for text in found if str(text).lower() in lowered}
    unknown = [str(text) for text in found if text not in place]
    if unknown:
        row = int(np.flatnonzero(found[inverse] == unknown[0])[0])
        raise InputError(
            f"the target {column.name!r} holds {unknown[0]!r} (row {row + 1:,}), "
            f"which is none of the classes{nearest(unknown[0], labels)}"
        )
    return np.array([place[str(text)] for text in found])[inverse]


def label_texts(column: Column) -> np.ndarray:
    """Every row's label as text, "" where missing: levels as they are, whole numbers without a decimal point."""
    if column.kind == "category":
        return np.array([*column.levels, ""])[column.values]
    if column.kind == "date":
        raise ColumnError(f"the column {column.name!r} holds dates; expected classes")
    values, inverse = np.unique(column.values, return_inverse=True)
    return np.array(["" if np.isnan(value) else class_name(value) for value in values.tolist()])[inverse]


def decide(probability: np.ndarray, threshold: float = 0.5) -> np.ndarray:
    """The predicted codes (rows,) of probabilities (rows, classes), as `MLPClassifier.predict` decides.

    The second of two classes from the threshold on, else the most probable one.
    """
    if probability.shape[1] == 2:
        return (probability[:, 1] >= threshold).astype(int)
    return probability.argmax(axis=1)
