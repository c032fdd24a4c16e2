"""The target column as the judge sees it: class codes with labels in words, or numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..data.table import Column, Table
from ..data.task import Task, guess_task
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

    def take(self, rows: np.ndarray) -> Truth:
        """The given rows."""
        return Truth(self.name, self.kind, self.values[rows], self.labels, self.reason)


def split_off_target(table: Table, target: str) -> tuple[Table, Truth, int]:
    """(inputs, truth, rows left out because their target is missing).

    Raises `ColumnError` and `InputError` for targets that cannot be learned.
    """
    column = table[target]
    known = ~column.missing
    left_out = int((~known).sum())
    if left_out == len(table):
        raise InputError(f"the target {target!r} is missing in all {len(table)} rows")
    if left_out:
        table, column = table.take(known), column.take(known)
    task: Task = guess_task(column)
    if task.kind == "regression":
        return table.drop([target]), Truth(target, task.kind, column.values, (), task.reason), left_out
    labels = tuple(task.classes)
    codes = codes_of(column, labels)
    return table.drop([target]), Truth(target, task.kind, codes, labels, task.reason), left_out


def codes_of(column: Column, labels: tuple[str, ...]) -> np.ndarray:
    """Each row's place in `labels`; raises `InputError` naming the first row whose label is not among them."""
    texts = label_texts(column)
    place = {label: k for k, label in enumerate(labels)}
    unknown = [text for text in np.unique(texts) if text not in place]
    if unknown:
        row = int(np.flatnonzero(texts == unknown[0])[0])
        raise InputError(
            f"the target {column.name!r} holds {unknown[0]!r} (row {row + 1}), "
            f"but the classes are known to be {', '.join(labels)}{nearest(unknown[0], labels)}"
        )
    names, inverse = np.unique(texts, return_inverse=True)
    return np.array([place[str(name)] for name in names])[inverse]


def label_texts(column: Column) -> np.ndarray:
    """Every row's label as text: levels as they are, whole numbers without a decimal point."""
    if column.kind == "category":
        return np.asarray(column.levels)[column.values]
    if column.kind == "date":
        raise ColumnError(f"the target {column.name!r} is a date; predict a number or a class instead")
    values, inverse = np.unique(column.values, return_inverse=True)
    return np.array([str(int(v)) if v == int(v) else repr(float(v)) for v in values])[inverse]
