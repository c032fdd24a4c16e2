"""Intervals around predicted numbers, in their own units."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ..errors import InputError, SpecError
from ..records import Record


@dataclass(frozen=True)
class PredictionIntervals(Record):
    """How far true numbers lie from predicted ones: within `reach[k]` for the share `levels[k]` of new rows.

    `reach` is in the units of the target, or with `logarithmic` in those of log(1 + target), so that intervals are
    wider where predictions are larger and never go below -1. It was measured on `rows` rows that had no part in the
    training. `unit` names the unit where it is known, such as "days". Raises `SpecError` for numbers that can be no
    such thing.
    """

    levels: tuple[float, ...]
    reach: tuple[float, ...]
    logarithmic: bool
    rows: int
    unit: str = ""

    def __post_init__(self) -> None:
        numbers = (*self.levels, *self.reach, self.rows)
        if not all(isinstance(n, (int, float)) and not isinstance(n, bool) and math.isfinite(n) for n in numbers):
            raise SpecError(f"intervals of the levels {self.levels} with the reach {self.reach}")
        rising = all(x < y for x, y in pairwise(self.levels))
        wider = all(x <= y for x, y in pairwise(self.reach))
        if len(self.levels) != len(self.reach) or not rising or not wider or min(self.reach, default=0.0) < 0:
            raise SpecError(f"intervals of the levels {self.levels} with the reach {self.reach}")
        if not all(0 < level < 1 for level in self.levels):
            raise SpecError(f"levels of intervals are shares between 0 and 1, got {self.levels}")

    def around(self, predicted: Any, level: float) -> tuple[Any, Any]:
        """(low, high) around predictions of any shape, in their own units.

        Raises `InputError` for a level that is not among `levels`.
        """
        if level not in self.levels:
            known = " and ".join(f"{known:g}" for known in self.levels) or "none"
            raise InputError(f"there is no interval of the level {level!r}; there is {known}")
        reach = self.reach[self.levels.index(level)]
        if not self.logarithmic:
            return predicted - reach, predicted + reach
        middle = np.log1p(predicted)
        return np.expm1(middle - reach), np.expm1(middle + reach)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> PredictionIntervals:
        """The inverse of `to_dict`."""
        return cls(
            tuple(values["levels"]),
            tuple(values["reach"]),
            values["logarithmic"],
            values["rows"],
            values.get("unit", ""),
        )


def the_intervals(intervals: PredictionIntervals | None) -> PredictionIntervals:
    """The intervals of a model; raises `InputError` where it has none."""
    if intervals is None:
        raise InputError(
            "this model has no prediction intervals: they come from out-of-fold rows, as climb and pellucid train "
            "make them; or set intervals_ to what pellucid.prediction_intervals gives"
        )
    return intervals
