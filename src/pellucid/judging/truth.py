"""The target column as the judge sees it: class codes with labels in words, or numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..data.booleans import boolean_words
from ..data.days import DateUnit, days_of
from ..data.table import Column, Table
from ..data.task import Task, class_name, guess_task
from ..errors import ColumnError, InputError, nearest
from ..estimators.decision import AS_IS, Decision


@dataclass(frozen=True, eq=False)
class Truth:
    """What should be predicted. `values` (rows,): codes 0 … for classes (labels in `labels`), float64 for numbers.

    Dates are numbers, days since 1970-01-01, and have a `date_unit`.
    """

    name: str
    kind: str
    values: np.ndarray
    labels: tuple[str, ...]
    reason: str
    date_unit: DateUnit = ""

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

    @property
    def has_own_order(self) -> bool:
        """Whether the labels are a pair such as nein and ja, which estimators would sort the other way."""
        return boolean_words(self.labels) is not None and list(self.labels) != sorted(self.labels)

    def take(self, rows: np.ndarray) -> Truth:
        """The given rows."""
        return replace(self, values=self.values[rows])


def split_off_target(table: Table, target: str) -> tuple[Table, Truth, np.ndarray]:
    """(inputs, truth, known): both for the rows that have a target, bool `known` (rows,) says which these are.

    Whether the task is one of classes or of numbers is a property of the whole column, as its kind is. Raises
    `ColumnError` for targets that cannot be learned.
    """
    column = table[target]
    task: Task = guess_task(column)
    truth, known = truth_of(column, tuple(task.classes), task.reason, task.date_unit)
    return table.take(known).drop([target]), truth, known


def truth_of(
    column: Column, labels: tuple[str, ...], reason: str = "", date_unit: DateUnit = ""
) -> tuple[Truth, np.ndarray]:
    """The truth in the rows of `column` that have a value, and bool (rows,) which these are; no `labels`: numbers, or
    with a `date_unit` dates.

    Raises `InputError` for a label that is not among `labels` (with its row), for values that are no numbers or
    no dates, and when no row has a value.
    """
    known = ~column.missing
    if not known.any():
        where = "this row" if len(column) == 1 else f"these {len(column):,} rows"
        raise InputError(f"the target {column.name!r} has no value in {where}")
    if labels:
        return Truth(column.name, "classification", codes_of(column, labels)[known], labels, reason), known
    expected = "date" if date_unit else "number"
    if column.kind != expected:
        held = {"category": "texts", "number": "numbers", "date": "dates"}[column.kind]
        raise InputError(f"the target {column.name!r} should hold {expected}s, but it holds {held} here")
    values = days_of(column.values[known]) if date_unit else column.values[known]
    return Truth(column.name, "regression", values, (), reason, date_unit), known


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


def decide(probability: np.ndarray, decision: Decision = AS_IS) -> np.ndarray:
    """The predicted codes (rows,) of probabilities (rows, classes), as `MLPClassifier.predict` decides."""
    return decision.codes(probability)
