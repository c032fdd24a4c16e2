"""A column of dates: its parts (year, month, day, weekday, hour, days elapsed) as columns of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.table import Column
from ..records import Record
from .conversion import cell_moment, column_moments
from .numbers import NumberStep, fit_numbers, level_values
from .recipes import DATE_PARTS, DateRecipe

# Parts that come round again; only these can have a 0/1 column per value.
CYCLIC = ("month", "day", "weekday", "hour")


@dataclass(frozen=True)
class DateStep(Record):
    """A fitted column of dates: one number step per part, then the flag of missing cells when `flag`.

    `origin` is the first training moment (ISO text), from which "elapsed" counts days, and `last` the last one.
    `form` is the form of the texts that the training dates were read from, "" where they came as dates.
    """

    name: str
    origin: str
    parts: tuple[str, ...]
    steps: tuple[NumberStep, ...]
    flag: bool = False
    last: str | None = None
    form: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the design columns: "dteday month", "dteday weekday=0"."""
        flag = (f"{self.name} missing",) if self.flag else ()
        return (*(name for step in self.steps for name in step.names), *flag)

    def column(self, column: Column) -> np.ndarray:
        """The design columns (rows, outputs). Raises `ColumnError` that names the row of what is no date."""
        return self._array(column_moments(column))

    def cell(self, value: Any) -> list[float]:
        """The design columns (outputs,) of one raw cell: a date, a datetime, an ISO text or None."""
        result: list[float] = self._array(np.array([cell_moment(value, self.name)]))[0].tolist()
        return result

    def _array(self, moments: np.ndarray) -> np.ndarray:
        blocks = [step.array(date_part(moments, part, self.origin)) for part, step in zip(self.parts, self.steps)]
        if self.flag:
            blocks.append(np.isnat(moments)[:, None].astype(np.float64))
        return np.hstack(blocks)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> DateStep:
        """The inverse of `to_dict`. Raises ValueError for unknown parts, parts without steps, or no first moment."""
        if not set(values["parts"]) <= set(DATE_PARTS) or len(values["parts"]) != len(values["steps"]):
            raise ValueError(f"the parts {values['parts']!r} with {len(values['steps'])} steps")
        if np.isnat(np.datetime64(values["origin"], "us")):
            raise ValueError("a date column without a first moment")
        steps = tuple(NumberStep.from_dict(step) for step in values["steps"])
        return cls(**{**values, "parts": tuple(values["parts"]), "steps": steps})


def date_part(moments: np.ndarray, part: str, origin: str) -> np.ndarray:
    """One part of datetime64[us] `moments` (rows,) as float64, NaN where there is no date."""
    days = moments.astype("datetime64[D]")
    if part == "year":
        number = moments.astype("datetime64[Y]").astype(np.int64) + 1970.0
    elif part == "month":
        number = moments.astype("datetime64[M]").astype(np.int64) % 12 + 1.0
    elif part == "day":
        number = (days - moments.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1.0
    elif part == "weekday":
        # Day 0 of the epoch, 1 January 1970, was a Thursday.
        number = (days.astype(np.int64) + 3.0) % 7
    elif part == "hour":
        number = (moments - days).astype(np.int64) / 3.6e9
    else:
        number = (moments - np.datetime64(origin, "us")).astype(np.int64) / 8.64e10
    number[np.isnat(moments)] = np.nan
    return number


def origin_of(moments: np.ndarray) -> str:
    """The first moment as ISO text. At least one must be present."""
    return str(moments[~np.isnat(moments)].min())


def date_levels(moments: np.ndarray, weights: np.ndarray, recipe: DateRecipe) -> dict[str, tuple[float, ...]]:
    """The values that get a 0/1 column, by part; `moments` (rows,), positive weights (rows,)."""
    parts = [part for part in _parts(recipe) if part in CYCLIC]
    found = {part: level_values(date_part(moments, part, ""), weights, recipe.numbers) for part in parts}
    return {part: levels for part, levels in found.items() if levels}


def fit_dates(
    name: str, moments: np.ndarray, weights: np.ndarray, recipe: DateRecipe, levels: Mapping[str, tuple[float, ...]]
) -> DateStep | str:
    """The step for datetime64 `moments` (rows,) with positive weights (rows,), `levels` as `date_levels` gives them.

    Where the rows hold nothing to learn from, the reason comes instead.
    """
    missing = np.isnat(moments)
    if missing.all():
        return "no training row has a value"
    origin = origin_of(moments)
    steps = {}
    for part in _parts(recipe):
        numbers = date_part(moments[~missing], part, origin)
        step = fit_numbers(f"{name} {part}", numbers, weights[~missing], recipe.numbers, levels.get(part, ()))
        # A part that never differs teaches nothing; a flag of its own would repeat that of the column.
        if isinstance(step, NumberStep) and step.number:
            steps[part] = step
    wanted = recipe.numbers.missing_flag
    flag = bool(missing.any()) if wanted == "auto" else bool(wanted)
    if not steps and not (flag and missing.any()):
        return f"every training row has the same {'date' if recipe.parts == 'auto' else ' and '.join(_parts(recipe))}"
    return DateStep(name, origin, tuple(steps), tuple(steps.values()), flag, str(moments[~missing].max()))


def date_story(step: DateStep, missing: float) -> str:
    """What the step does, in plain words; `missing` is the weight of the training rows without a value."""
    parts = [f"split into {', '.join(step.parts)}" if step.parts else "only the flag of missing dates is used"]
    codes = [part for part, of_part in zip(step.parts, step.steps) if of_part.levels]
    if codes:
        parts.append(f"a 0/1 column for each {', '.join(codes)}")
    if missing:
        parts.append(
            f"{missing:,.10g} missing filled with the middle of each part{' and flagged' if step.flag else ''}"
        )
    return f"{step.name}: {'; '.join(parts)}"


def _parts(recipe: DateRecipe) -> tuple[str, ...]:
    return DATE_PARTS if recipe.parts == "auto" else recipe.parts
