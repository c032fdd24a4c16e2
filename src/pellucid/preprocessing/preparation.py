"""From a `Table` to the design matrix: fitted on training rows, then applied to any rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..data.table import Column, Table
from ..errors import ColumnError, nearest
from ..records import Record
from .categories import CategoryStep, category_story, fit_categories
from .conversion import column_levels, column_moments, column_numbers
from .dates import DateStep, date_levels, date_story, fit_dates
from .number_matrix import NumberMatrix
from .numbers import NumberStep, fit_numbers, level_values, number_story
from .recipes import CategoryRecipe, DateRecipe, NumberRecipe, PreparationSpec, Recipe
from .weighted import check_weights

Step = NumberStep | CategoryStep | DateStep
# Part of a date (or "" for a plain number) → the values that get a 0/1 column.
Levels = dict[str, tuple[float, ...]]

STEPS: dict[str, type[NumberStep] | type[CategoryStep] | type[DateStep]] = {
    "number": NumberStep,
    "category": CategoryStep,
    "date": DateStep,
}
MOST_AUTO_LEVELS = 128
MOST_TURNED = 1 << 22


@dataclass(frozen=True)
class Preparation(Record):
    """What was learned from the training rows, and how to apply it.

    `columns` are the fitted steps in the order of the table, `set_aside` gives the reason for each column that is not
    used, `story` one sentence per column of the table.
    """

    columns: tuple[Step, ...]
    set_aside: Mapping[str, str]
    story: tuple[str, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The name of each design column."""
        return tuple(name for step in self.columns for name in step.names)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The column of the table that each design column comes from."""
        return tuple(step.name for step in self.columns for _ in step.names)

    def transform(self, table: Table, dtype: npt.DTypeLike = np.float64) -> np.ndarray:
        """The design matrix (rows, len(names)), C-contiguous. Columns that were not used in training are ignored.

        Raises `ColumnError` when a column is missing, or names row and column of a cell that cannot be used.
        """
        shape = (len(table), len(self.names))
        # Column by column is written several times faster; where that needs little memory, it is turned at the end.
        small = len(table) * len(self.names) <= MOST_TURNED
        result = np.empty(shape, dtype, order="F" if small else "C")
        start = 0
        for step in self.columns:
            stop = start + len(step.names)
            result[:, start:stop] = step.column(table[step.name])
            start = stop
        return np.ascontiguousarray(result)

    @cached_property
    def number_matrix(self) -> NumberMatrix | None:
        """All steps at once, where all are steps of numbers; else None."""
        numbers = [step for step in self.columns if isinstance(step, NumberStep)]
        return NumberMatrix(numbers) if len(numbers) == len(self.columns) else None

    @cached_property
    def _array_places(self) -> np.ndarray | None:
        return _places(self.columns, {step.name: int(step.name[1:]) for step in self.columns})

    def transform_matrix(
        self, matrix: np.ndarray, dtype: npt.DTypeLike = np.float64, names: Sequence[str] | None = None
    ) -> np.ndarray:
        """The design matrix of floats (rows, columns) with NaN where missing, bit for bit as `transform` gives it.

        `names` are those of the columns, None for an array without names, whose columns are called x0, x1, …. Only
        where there is a `number_matrix`. Raises `ColumnError` that names row and column of a number beyond ±1e30.
        """
        numbers = self.number_matrix
        if numbers is None:
            raise ColumnError("only a preparation of number columns takes a matrix; give a table")
        if names is None:
            return numbers.design(matrix, self._array_places, dtype)
        places = _places(self.columns, {name: place for place, name in enumerate(names)})
        return numbers.design(matrix, places, dtype)

    def transform_row(self, row: Mapping[str, Any]) -> np.ndarray:
        """The design row (len(names),) of raw cells by column name; None, NaN and empty texts are missing.

        Equal to the row that `transform` gives. Raises `ColumnError` when a column is absent or a cell unusable.
        """
        result: list[float] = []
        for step in self.columns:
            if step.name not in row:
                raise ColumnError(f"the row has no column {step.name!r}{nearest(step.name, row)}; give None if unknown")
            result += step.cell(row[step.name])
        return np.array(result)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; each column says its kind."""
        kinds = {step: kind for kind, step in STEPS.items()}
        columns = [{"kind": kinds[type(step)], **step.to_dict()} for step in self.columns]
        return {"columns": columns, "set_aside": dict(self.set_aside), "story": list(self.story)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Preparation:
        """The inverse of `to_dict`."""
        columns = [STEPS[c["kind"]].from_dict({k: v for k, v in c.items() if k != "kind"}) for c in values["columns"]]
        return cls(tuple(columns), dict(values["set_aside"]), tuple(values["story"]))


def _places(steps: Sequence[Step], of: Mapping[str, int]) -> np.ndarray | None:
    """Where the steps' columns stand in a matrix; None when they are its first ones in order."""
    places = [of[step.name] for step in steps]
    return None if places == list(range(len(places))) else np.array(places, dtype=np.intp)


def fit_preparation(
    table: Table, spec: PreparationSpec | None = None, *, weights: np.ndarray | None = None
) -> Preparation:
    """Learn from the rows of `table`, which must be training rows only, how columns become the design matrix.

    Columns with the role "input" are used, and those that `spec.columns` names. Columns that hold nothing to learn
    from on these rows are set aside with the reason. `weights` (rows,): a row of weight 2 counts as the row given
    twice, a row of weight 0 as absent, in every statistic (frequencies too, so weights should be about 1 on average).

    Raises `ColumnError` for a misspelt name in `spec.columns`, a cell that cannot be used, and when no column is left.
    """
    spec = spec or PreparationSpec()
    for name in spec.columns:
        _ = table[name]
    weights = check_weights(weights, len(table))
    if (weights == 0).any():
        table, weights = table.take(weights > 0), weights[weights > 0]
    if not len(table):
        raise ColumnError("there are no rows to learn the preparation from")
    recipes = {c.name: spec.of(c.name, c.kind) for c in table if c.role == "input" or c.name in spec.columns}
    levels = _limited({name: _levels(table[name], weights, recipe) for name, recipe in recipes.items()}, recipes)
    steps: list[Step] = []
    story: list[str] = []
    set_aside: dict[str, str] = {}
    for column in table:
        recipe = recipes.get(column.name)
        step: Step | str = column.reason or column.role
        told = ""
        if recipe is not None:
            step, told = _fit(column, weights, recipe, levels[column.name])
        if isinstance(step, str):
            set_aside[column.name] = step
            told = f"{column.name}: not used, because {step}"
        else:
            steps.append(step)
        story.append(told)
    if not steps:
        raise ColumnError(f"no column is left to learn from: {'; '.join(f'{n}: {r}' for n, r in set_aside.items())}")
    return Preparation(tuple(steps), set_aside, tuple(story))


def _fit(column: Column, weights: np.ndarray, recipe: Recipe, levels: Levels) -> tuple[Step | str, str]:
    """The step and its story, or the reason why there is none."""
    missing = float(weights[column.missing].sum())
    if isinstance(recipe, NumberRecipe):
        numbers = fit_numbers(column.name, column_numbers(column), weights, recipe, levels.get("", ()))
        return numbers, number_story(numbers, missing, recipe) if isinstance(numbers, NumberStep) else ""
    if isinstance(recipe, CategoryRecipe):
        categories = fit_categories(column, weights, recipe)
        if isinstance(categories, str):
            return categories, ""
        codes = column_levels(column)[0]
        rare = len(np.unique(codes[codes >= 0])) - len(categories.levels)
        return categories, category_story(categories, missing, rare)
    dates = fit_dates(column.name, column_moments(column), weights, recipe, levels)
    if isinstance(dates, str):
        return dates, ""
    return replace(dates, form=column.form), date_story(dates, missing)


def _levels(column: Column, weights: np.ndarray, recipe: Recipe) -> Levels:
    if isinstance(recipe, NumberRecipe):
        return {"": level_values(column_numbers(column), weights, recipe)}
    return date_levels(column_moments(column), weights, recipe) if isinstance(recipe, DateRecipe) else {}


def _limited(levels: dict[str, Levels], recipes: Mapping[str, Recipe]) -> dict[str, Levels]:
    """No 0/1 columns for those who did not ask for them when all such columns together are too many."""
    automatic = [name for name, recipe in recipes.items() if _levels_setting(recipe) == "auto"]
    total = sum(len(values) for name in automatic for values in levels[name].values())
    return {**levels, **{name: {} for name in automatic}} if total > MOST_AUTO_LEVELS else levels


def _levels_setting(recipe: Recipe) -> bool | str:
    numbers = recipe.numbers if isinstance(recipe, DateRecipe) else recipe
    return numbers.levels if isinstance(numbers, NumberRecipe) else False
