"""What is to be learned from a target column: one of a few classes, or a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..errors import ColumnError
from ..records import Record
from .booleans import no_before_yes
from .days import DateUnit, date_unit_of
from .table import Column

# Whole numbers with at most this many different values are taken for class labels.
MOST_NUMBERED_CLASSES = 10


@dataclass(frozen=True)
class Task(Record):
    """`kind`, for a classification the sorted class names (no before yes), and why this was concluded.

    A date is predicted as a number of days; `date_unit` says whether to the day or to the second, "" for other targets.
    """

    kind: Literal["classification", "regression"]
    classes: tuple[str, ...]
    reason: str
    date_unit: DateUnit = ""


def guess_task(column: Column) -> Task:
    """Conclude the task from the values of the target; missing values do not count.

    A category is a classification, and so is a number with two different values or with whole values of which at
    most ten differ; any other number is a regression, and so are dates, which are predicted in days.
    Raises ColumnError for a column with no value or only one, and texts that all differ.
    """
    present = column.values[~column.missing]
    distinct = np.unique(present)
    if len(distinct) < 2:
        got = f"one value only, {class_names(column)[0]!r}" if len(distinct) else "no value at all"
        raise ColumnError(f"target {column.name!r} has {got}; expected two different values or more to learn from")
    if column.kind == "date":
        names = class_names(column)
        why = f"{len(distinct):,} different dates from {names[0]} to {names[-1]}, predicted in days"
        return Task("regression", (), why, date_unit_of(present))
    if column.kind == "category":
        if len(distinct) == len(present) and len(present) > 2:
            raise ColumnError(
                f"target {column.name!r} holds {len(present):,} texts that all differ; expected classes that repeat; "
                "choose another column"
            )
        classes = no_before_yes(class_names(column))
        return Task("classification", classes, f"text with {len(distinct)} different values")
    whole = bool((distinct == np.round(distinct)).all())
    if len(distinct) == 2 or (whole and len(distinct) <= MOST_NUMBERED_CLASSES):
        what = "whole numbers" if whole else "numbers"
        return Task("classification", class_names(column), f"{what} with {len(distinct)} different values")
    why = f"{len(distinct):,} different values from {distinct[0]:,.10g} to {distinct[-1]:,.10g}"
    return Task("regression", (), f"numbers with {why}")


def class_names(column: Column) -> tuple[str, ...]:
    """The different values as texts, in their order: levels of a category, `0` and `1` rather than `0.0` and `1.0`."""
    distinct = np.unique(column.values[~column.missing])
    if column.kind == "category":
        return tuple(sorted(column.levels[code] for code in distinct))
    if column.kind == "date":
        return tuple(str(np.datetime_as_string(moment, unit="s")).removesuffix("T00:00:00") for moment in distinct)
    return tuple(class_name(value) for value in distinct.tolist())


def class_name(value: float) -> str:
    """A number as the name of a class: `3` for 3.0, `0.5` for 0.5."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
