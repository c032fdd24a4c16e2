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
    """How far true numbers lie from predicted ones, for the share `levels[k]` of new rows.

    An interval reaches `reach[k]` times the scale of its prediction to both sides. The scale is `scales` at the
    predictions `knots`, straight lines between these, level beyond; 1 everywhere where there are none. It is 1 in the
    mean, so `reach` is how far intervals reach on average, in the units of the target, or with `logarithmic` in those
    of log(1 + target), so that intervals never go below -1. Both ends are at least `lowest`, where the target can be no
    smaller. All was measured on `rows` rows that had no part in the training. `unit` names the unit where it is known,
    such as "days". Raises `SpecError` for numbers that can be no such thing.
    """

    levels: tuple[float, ...]
    reach: tuple[float, ...]
    logarithmic: bool
    rows: int
    unit: str = ""
    knots: tuple[float, ...] = ()
    scales: tuple[float, ...] = ()
    lowest: float | None = None

    def __post_init__(self) -> None:
        numbers = (*self.levels, *self.reach, self.rows, *self.knots, *self.scales, self.lowest or 0.0)
        if not all(isinstance(n, (int, float)) and not isinstance(n, bool) and math.isfinite(n) for n in numbers):
            raise SpecError(f"intervals of the levels {self.levels} with the reach {self.reach}")
        rising = all(x < y for x, y in pairwise(self.levels))
        wider = all(x <= y for x, y in pairwise(self.reach))
        if len(self.levels) != len(self.reach) or not rising or not wider or min(self.reach, default=0.0) < 0:
            raise SpecError(f"intervals of the levels {self.levels} with the reach {self.reach}")
        if not all(0 < level < 1 for level in self.levels):
            raise SpecError(f"levels of intervals are shares between 0 and 1, got {self.levels}")
        upwards = all(x < y for x, y in pairwise(self.knots))
        if len(self.knots) != len(self.scales) or not upwards or min(self.scales, default=1.0) <= 0:
            raise SpecError(f"the scales {self.scales[:8]} at the predictions {self.knots[:8]} are none")

    def around(self, predicted: Any, level: float) -> tuple[Any, Any]:
        """(low, high) around predictions of any shape, in their own units.

        Raises `InputError` for a level that is not among `levels`.
        """
        if level not in self.levels:
            known = " and ".join(f"{known:g}" for known in self.levels) or "none"
            raise InputError(f"there is no interval of the level {level!r}; there is {known}")
        reach = self.reach[self.levels.index(level)] * self.scale(predicted)
        if self.logarithmic:
            middle = np.log1p(predicted)
            low, high = np.expm1(middle - reach), np.expm1(middle + reach)
        else:
            low, high = predicted - reach, predicted + reach
        if self.lowest is not None:
            low, high = np.maximum(low, self.lowest), np.maximum(high, self.lowest)
        return (low, high) if np.ndim(predicted) else (float(low), float(high))

    def scale(self, predicted: Any) -> Any:
        """How much farther than on average intervals reach around predictions of any shape."""
        return np.interp(predicted, self.knots, self.scales) if self.knots else 1.0

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> PredictionIntervals:
        """The inverse of `to_dict`; files of earlier versions have no scale and no lowest number."""
        return cls(
            tuple(values["levels"]),
            tuple(values["reach"]),
            values["logarithmic"],
            values["rows"],
            values.get("unit", ""),
            tuple(values.get("knots", ())),
            tuple(values.get("scales", ())),
            values.get("lowest"),
        )


def the_intervals(intervals: PredictionIntervals | None) -> PredictionIntervals:
    """The intervals of a model; raises `InputError` where it has none."""
    if intervals is None:
        raise InputError(
            "this model has no prediction intervals: they come from out-of-fold rows, as climb and pellucid train "
            "make them; or set intervals_ to what pellucid.prediction_intervals gives"
        )
    return intervals
