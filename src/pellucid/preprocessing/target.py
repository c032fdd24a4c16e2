"""The target column: labels to codes and back, numbers to standardized numbers and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..data.table import Column
from ..errors import ColumnError, ShapeError, SpecError, nearest
from ..records import Record
from . import weighted
from .categories import sort_levels
from .conversion import cell_text, column_levels, column_numbers, is_missing

TASKS = ("classification", "regression")
TRANSFORMS = ("standardize", "none", "log1p_standardize")
Label = str | int | float | bool


@dataclass(frozen=True)
class ClassTarget(Record):
    """Sorted labels of a classification target; the code of a label is its place.

    `dtype` is the NumPy type in which labels come back: that of the array they came from, "|O" (texts) for a
    column of a table.
    """

    name: str
    labels: tuple[Label, ...]
    dtype: str = "|O"

    @property
    def positive(self) -> Label:
        """The positive class of a binary target, `labels[1]`. Raises `SpecError` when there are more classes."""
        if len(self.labels) != 2:
            raise SpecError(f"only a binary target has a positive class; {self.name!r} has {len(self.labels)} classes")
        return self.labels[1]

    @cached_property
    def classes(self) -> np.ndarray:
        """The labels as an array (classes,) of their type."""
        return np.array(self.labels, dtype=self.dtype)

    @cached_property
    def _codes(self) -> dict[str | None, int]:
        # Labels meet by their text, so that a table's "1" finds the 1 of an array.
        return {cell_text(label): code for code, label in enumerate(self.labels)}

    def encode(self, values: Column | np.ndarray) -> np.ndarray:
        """Codes int64 (rows,). Raises `ColumnError` that names the row of a missing or unknown label."""
        found, where = _labels(values)
        codes = np.array([self._codes.get(cell_text(label), -1) for label in found], dtype=np.int64)[where]
        if (codes < 0).any():
            row = int(np.argmax(codes < 0))
            label = found[where[row]]
            what = "no value" if label is None else f"the unknown label {label!r}"
            hint = "; drop the row" if label is None else nearest(str(label), map(str, self.labels))
            raise ColumnError(f"row {_number(values, row)}: the target {self.name!r} has {what}{hint}")
        encoded: np.ndarray = codes
        return encoded

    def one_hot(self, values: Column | np.ndarray) -> np.ndarray:
        """Ones in the column of each row's label, float64 (rows, classes). Raises as `encode` does."""
        ones: np.ndarray = np.eye(len(self.labels))[self.encode(values)]
        return ones

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """The labels (rows,) of codes (rows,)."""
        labels: np.ndarray = self.classes[np.asarray(codes)]
        return labels

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ClassTarget:
        """The inverse of `to_dict`."""
        return cls(values["name"], tuple(values["labels"]), values["dtype"])


@dataclass(frozen=True)
class NumberTarget(Record):
    """One or several numbers to be predicted: (y − center) / spread, of log(1 + y) with "log1p_standardize".

    `center` and `spread` have one entry per output. `flat` remembers that the target was one-dimensional, so that
    `decode` gives that shape back.
    """

    name: str
    center: tuple[float, ...]
    spread: tuple[float, ...]
    transform: str = "standardize"
    flat: bool = True

    def encode(self, values: Column | np.ndarray) -> np.ndarray:
        """Standardized numbers (rows, outputs). Raises `ColumnError` that names the row of a value that is missing."""
        numbers = _numbers(values, self.name)
        if numbers.shape[1] != len(self.center):
            raise ColumnError(f"the target {self.name!r} has {len(self.center)} outputs, got {numbers.shape[1]}")
        changed = _log1p(numbers, self.name) if self.transform == "log1p_standardize" else numbers
        scaled: np.ndarray = (changed - np.array(self.center)) / np.array(self.spread)
        return scaled

    def decode(self, outputs: np.ndarray) -> np.ndarray:
        """Numbers in their own units from `outputs` (rows, outputs) or (rows,): the inverse of `encode`."""
        outputs = np.asarray(outputs, dtype=np.float64).reshape(len(outputs), len(self.center))
        changed = outputs * np.array(self.spread) + np.array(self.center)
        result: np.ndarray = np.expm1(changed) if self.transform == "log1p_standardize" else changed
        return result[:, 0] if self.flat else result

    def decode_one(self, output: float) -> float:
        """The same for the one output of one row."""
        changed = output * self.spread[0] + self.center[0]
        return float(np.expm1(changed)) if self.transform == "log1p_standardize" else changed

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> NumberTarget:
        """The inverse of `to_dict`."""
        return cls(**{**values, "center": tuple(values["center"]), "spread": tuple(values["spread"])})


def fit_target(
    values: Column | np.ndarray,
    task: str,
    *,
    name: str = "",
    transform: str = "standardize",
    weights: np.ndarray | None = None,
) -> ClassTarget | NumberTarget:
    """Learn the target from training rows: `fit_classes` or `fit_number_target`, as `task` says.

    Raises `SpecError` for another task than "classification" or "regression".
    """
    if task == "classification":
        return fit_classes(values, name=name)
    if task == "regression":
        return fit_number_target(values, name=name, transform=transform, weights=weights)
    raise SpecError(f"unknown task {task!r}{nearest(str(task), TASKS)}")


def fit_classes(values: Column | np.ndarray, *, name: str = "") -> ClassTarget:
    """The labels of a column of a table (as texts) or of an array (rows,) (in their own type), sorted.

    Texts that are all numbers sort by value. Raises `ColumnError` for a missing label and for fewer than two classes.
    """
    name = name or (values.name if isinstance(values, Column) else "target")
    found, where = _labels(values)
    used = [found[place] for place in np.unique(where)]
    if None in used:
        row = _number(values, int(np.argmax(where == found.index(None))))
        raise ColumnError(f"row {row}: the target {name!r} has no value; drop rows without an answer before training")
    if len(used) < 2:
        shown = f"only the class {used[0]!r}" if used else "no class"
        raise ColumnError(f"a classification target needs at least two classes; {name!r} has {shown}")
    if isinstance(values, Column):
        return ClassTarget(name, sort_levels(used))
    try:
        labels = tuple(sorted(used))
    except TypeError:
        kinds = sorted({type(label).__name__ for label in used})
        raise ColumnError(f"the labels of {name!r} must be of one type, got {' and '.join(kinds)}") from None
    return ClassTarget(name, labels, np.asarray(values).dtype.str)


def fit_number_target(
    values: Column | np.ndarray,
    *,
    name: str = "",
    transform: str = "standardize",
    weights: np.ndarray | None = None,
) -> NumberTarget:
    """Center and spread of a column, or of an array (rows,) or (rows, outputs): weighted mean and standard deviation.

    "none" leaves the numbers alone. An output that does not vary gets the spread 1.
    Raises `ColumnError` for missing values, or values ≤ −1 where a logarithm is asked for; `SpecError` for an unknown
    `transform`.
    """
    if transform not in TRANSFORMS:
        raise SpecError(f"unknown transform of the target {transform!r}{nearest(str(transform), TRANSFORMS)}")
    name = name or (values.name if isinstance(values, Column) else "target")
    numbers = _numbers(values, name)
    flat = isinstance(values, Column) or np.ndim(values) == 1
    if transform == "none":
        outputs = numbers.shape[1]
        return NumberTarget(name, (0.0,) * outputs, (1.0,) * outputs, transform, flat)
    changed = _log1p(numbers, name) if transform == "log1p_standardize" else numbers
    if not len(numbers):
        raise ColumnError(f"the target {name!r} has no rows")
    weights = weighted.check_weights(weights, len(numbers))
    counted = weights > 0
    found = [weighted.mean_and_spread(output[counted], weights[counted]) for output in changed.T]
    return NumberTarget(name, tuple(c for c, _ in found), tuple(s or 1.0 for _, s in found), transform, flat)


def _labels(values: Column | np.ndarray) -> tuple[list[Any], np.ndarray]:
    """Labels that occur (None when missing), and the place of each row's label among them (rows,)."""
    if isinstance(values, Column):
        codes, levels = column_levels(values)
        return [*levels, None], np.where(codes < 0, len(levels), codes)
    values = np.asarray(values)
    if values.ndim != 1:
        raise ShapeError(f"labels must be one per row, got an array of shape {values.shape}")
    if values.dtype != object:
        found, where = np.unique(values, return_inverse=True)
        return [None if is_missing(label) else label for label in found.tolist()], where.reshape(-1)
    places: dict[Any, int] = {}
    plain = [None if is_missing(v) else v.item() if isinstance(v, np.generic) else v for v in values]
    where = np.array([places.setdefault(label, len(places)) for label in plain], dtype=np.int64)
    return list(places), where


def _number(values: Column | np.ndarray, row: int) -> int:
    """The number of a row in messages: from 1 in a table, from 0 in an array, as it is indexed."""
    return row + isinstance(values, Column)


def _numbers(values: Column | np.ndarray, name: str) -> np.ndarray:
    """A target as finite float64 (rows, outputs)."""
    try:
        numbers = column_numbers(values) if isinstance(values, Column) else np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        if isinstance(error, ColumnError):
            raise
        raise ColumnError(f"the target {name!r} must hold numbers: {error}") from None
    if numbers.ndim not in (1, 2):
        raise ShapeError(f"the target must have the shape (rows,) or (rows, outputs), got {numbers.shape}")
    numbers = numbers.reshape(len(numbers), -1) if numbers.size else numbers.reshape(len(numbers), 1)
    bad = ~np.isfinite(numbers)
    if bad.any():
        row = int(np.argmax(bad.any(axis=1)))
        got = numbers[row].tolist()
        raise ColumnError(f"row {_number(values, row)}: the target {name!r} must be a finite number, got {got}")
    return numbers


def _log1p(numbers: np.ndarray, name: str) -> np.ndarray:
    bad = numbers <= -1
    if bad.any():
        row = int(np.argmax(bad.any(axis=1)))
        raise ColumnError(f"row {row}: log(1 + y) needs values above -1, but {name!r} has {numbers[row].min()}")
    logarithms: np.ndarray = np.log1p(numbers)
    return logarithms
