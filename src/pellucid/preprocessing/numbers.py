"""A column of numbers: fill, flag, logarithm, scale, and a 0/1 column for each value of a code."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.table import Column
from ..records import Record, counted
from . import weighted
from .conversion import cell_number, column_numbers, number_text
from .imputation import fill_value
from .recipes import NumberRecipe
from .scaling import Scaling, fit_scaling

LEVEL_COUNTS = (3, 24)
LEVEL_SHARE = 0.005
LEVEL_ROWS = 10
LEVELS_COVER = 0.95
SKEWED = 0.75


@dataclass(frozen=True)
class NumberStep(Record):
    """A fitted column of numbers.

    Design columns in order: the scaled number (when `number`), the flag of missing cells (when `flag`), then one 0/1
    column for each of `levels`, compared after filling and before the logarithm. `low` and `high` are the smallest and
    largest training values.
    """

    name: str
    fill: float
    scaling: Scaling
    number: bool = True
    flag: bool = False
    log1p: bool = False
    clip: float | None = None
    levels: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the design columns: "Age", "Age missing", "hr=0"."""
        number = (self.name,) if self.number else ()
        flag = (f"{self.name} missing",) if self.flag else ()
        return (*number, *flag, *(f"{self.name}={number_text(level)}" for level in self.levels))

    def column(self, column: Column) -> np.ndarray:
        """The design columns (rows, outputs) of `column`.

        Raises `ColumnError` that names the row of what is no finite number.
        """
        return self.array(column_numbers(column))

    def array(self, values: np.ndarray) -> np.ndarray:
        """The design columns (rows, outputs) of plain numbers (rows,), NaN where missing."""
        missing = np.isnan(values)
        values = np.where(missing, self.fill, values)
        result = np.empty((len(values), self.number + self.flag + len(self.levels)), order="F")
        if self.number:
            changed = np.copysign(np.log1p(np.abs(values)), values) if self.log1p else values
            scaled = self.scaling.column(changed)
            result[:, 0] = scaled if self.clip is None else np.clip(scaled, -self.clip, self.clip)
        if self.flag:
            result[:, int(self.number)] = missing
        for place, level in enumerate(self.levels, self.number + self.flag):
            result[:, place] = values == level
        return result

    def cell(self, value: Any) -> list[float]:
        """The design columns (outputs,) of one raw cell: a number, a text that holds one, or None."""
        return self.one(cell_number(value, self.name))

    def one(self, value: float) -> list[float]:
        """The design columns (outputs,) of one plain number, NaN when missing."""
        missing = value != value
        if missing:
            value = self.fill
        result = []
        if self.number:
            # NumPy's own log1p, so that a cell gets the same last digit as a whole column.
            changed = math.copysign(float(np.log1p(abs(value))), value) if self.log1p else value
            scaled = self.scaling.cell(changed)
            result.append(scaled if self.clip is None else min(max(scaled, -self.clip), self.clip))
        if self.flag:
            result.append(float(missing))
        result.extend([float(value == level) for level in self.levels])
        return result

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> NumberStep:
        """The inverse of `to_dict`."""
        return cls(**{**values, "scaling": Scaling.from_dict(values["scaling"]), "levels": tuple(values["levels"])})


def fit_numbers(
    name: str, values: np.ndarray, weights: np.ndarray, recipe: NumberRecipe, levels: tuple[float, ...] = ()
) -> NumberStep | str:
    """The step for plain numbers `values` (rows,) with NaN where missing and positive weights (rows,).

    `levels` are the values that get a 0/1 column. Where the rows hold nothing to learn from, the reason comes instead.
    """
    missing = np.isnan(values)
    gaps = bool(missing.any())
    present, of_present = (values[~missing], weights[~missing]) if gaps else (values, weights)
    if not len(present):
        return "no training row has a value"
    fill = fill_value(present, of_present, recipe)
    flag = gaps if recipe.missing_flag == "auto" else bool(recipe.missing_flag)
    filled = np.where(missing, fill, values) if gaps else values
    low, high = float(present.min()), float(present.max())
    constant = low == high and (not gaps or fill == low)
    if constant and not (gaps and flag):
        return f"every training row has the value {_shown(fill)}"
    log1p = is_skewed(present, of_present) if recipe.log1p == "auto" else bool(recipe.log1p)
    changed = np.copysign(np.log1p(np.abs(filled)), filled) if log1p else filled
    scaling = Scaling() if constant else fit_scaling(changed, weights, recipe.scale)
    clip = None if recipe.scale == "none" else recipe.clip
    return NumberStep(name, fill, scaling, not constant, flag, log1p, clip, () if constant else levels, low, high)


def is_skewed(values: np.ndarray, weights: np.ndarray) -> bool:
    """The rule of `log1p="auto"` (see `NumberRecipe`) on numbers without gaps."""
    if values.min() < 0:
        return False
    before = weighted.skewness(values, weights)
    if before <= SKEWED or abs(weighted.skewness(np.log1p(values), weights)) >= before:
        return False
    return len(np.unique(values)) > LEVEL_COUNTS[1]


def level_values(values: np.ndarray, weights: np.ndarray, recipe: NumberRecipe) -> tuple[float, ...]:
    """The values that `levels` of the recipe gives a 0/1 column, ascending; NaN in `values` (rows,) is missing."""
    if recipe.levels is False:
        return ()
    missing = np.isnan(values)
    if missing.all():
        return ()
    present = values[~missing]
    if recipe.levels == "auto" and len(np.unique(present[:1000])) > LEVEL_COUNTS[1]:
        return ()
    found, counts = weighted.distinct(present, weights[~missing])
    total = counts.sum()
    least = max(LEVEL_SHARE * total, LEVEL_ROWS) * (1 - weighted.TOLERANCE)
    frequent = (counts >= least) & (found == np.floor(found))
    if recipe.levels == "auto":
        fits = LEVEL_COUNTS[0] <= len(found) <= LEVEL_COUNTS[1] and bool((found == np.floor(found)).all())
        if not fits or frequent.sum() < 2 or counts[frequent].sum() < LEVELS_COVER * total:
            return ()
    return tuple(found[frequent].tolist())


def number_story(step: NumberStep, missing: float, recipe: NumberRecipe) -> str:
    """What the step does, in plain words; `missing` is the weight of the training rows without a value."""
    parts = []
    if missing:
        flagged = " and flagged" if step.flag else ""
        parts.append(f"{missing:,.10g} missing filled with the {recipe.impute} {_shown(step.fill)}{flagged}")
    if not step.number:
        return f"{step.name}: {'; '.join(parts)}; every other training row has the same value, so only the flag is used"
    if step.log1p:
        parts.append("log(1 + x) taken")
    scaling = step.scaling
    center, divisor = _shown(scaling.center), _shown(scaling.divisor)
    parts.append(
        {
            "standard": f"minus the mean {center}, divided by the standard deviation {divisor}",
            "robust": f"minus the median {center}, divided by the interquartile range {divisor}",
            "min_max": f"minus the minimum {center}, divided by the range {divisor}",
            "max_abs": f"divided by the largest absolute value {divisor}",
            "quantile": f"turned into normal scores by {len(scaling.knots)} knots",
            "none": "not scaled",
        }[recipe.scale]
    )
    if step.levels:
        parts.append(f"and a 0/1 column for each of {counted(len(step.levels), 'value')}")
    return f"{step.name}: {'; '.join(parts)}"


def _shown(number: float) -> str:
    return f"{number:.6g}"
