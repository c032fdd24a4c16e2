"""A column of categories: each level a 0/1 column or a place in line; rare, missing and new levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..data.table import Column
from ..errors import ColumnError, nearest
from ..records import Record, counted
from . import weighted
from .conversion import cell_text, column_levels, number_text, parse_number
from .recipes import ENCODINGS, UNKNOWN, CategoryRecipe

MISSING = "(missing)"
RARE = "(rare)"
# Up to so many, each place is looked for in all rows, which is faster than to go from row to row.
_FEW_PLACES = 16


@dataclass(frozen=True)
class CategoryStep(Record):
    """A fitted column of categories.

    Places in line: the sorted `levels`, then "(missing)" when `missing_level`, then "(rare)" when `rare_level`.
    Names of rare levels are not kept: whatever is not in `levels` is rare or unknown. `fill` is the level that missing
    cells get, None when they are a level of their own.
    """

    name: str
    levels: tuple[str, ...]
    encoding: str = "one_hot"
    missing_level: bool = False
    rare_level: bool = False
    fill: str | None = None
    handle_unknown: str = "rare"

    @cached_property
    def places(self) -> tuple[str, ...]:
        """All levels that have a place, in order."""
        return (*self.levels, *[MISSING] * self.missing_level, *[RARE] * self.rare_level)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the design columns: "Sex=female", "Embarked=(missing)"; with "ordinal" the column's own."""
        if self.encoding == "ordinal":
            return (self.name,)
        return tuple(f"{self.name}={place}" for place in self.places)

    def _row(self, place: int) -> list[float]:
        """The design values of a place; zeros for the place after the last, which is that of what has none."""
        count = len(self.places)
        if self.encoding == "ordinal":
            return [place / max(count - 1, 1) if place < count else 0.0]
        row = [0.0] * count
        if place < count:
            row[place] = 1.0
        return row

    @cached_property
    def _index(self) -> dict[str, int]:
        # "1" is also found by "1.0": numbers written in another way are the same level unless both are levels.
        numbers = ((parse_number(level), place) for place, level in enumerate(self.levels))
        written = {number_text(number): place for number, place in numbers if number is not None}
        return {**written, **{level: place for place, level in enumerate(self.levels)}}

    def knows(self, text: str) -> bool:
        """Whether a level was kept from the training rows, however its number is written."""
        if text in self._index or not text.strip():
            return True
        number = parse_number(text)
        return number is not None and number_text(number) in self._index

    def _place(self, text: str | None) -> int:
        place = None if text is None else self._index.get(text)
        if place is not None:
            return place
        if text is not None and text.strip():
            number = parse_number(text)
            place = None if number is None else self._index.get(number_text(number))
            if place is not None:
                return place
        elif self.fill is not None:
            return self._index[self.fill]
        elif self.missing_level:
            return len(self.levels)
        if self.handle_unknown == "error":
            what = "no value, and no training row lacked one" if text is None else f"the unknown level {text!r}"
            raise ColumnError(f"column {self.name!r} has {what}{nearest(text or '', self.levels)}")
        rare = self.rare_level and self.handle_unknown == "rare"
        return len(self.places) - 1 if rare else len(self.places)

    def column(self, column: Column) -> np.ndarray:
        """The design columns (rows, outputs) of `column`, matched by the text of its levels, whatever their order.

        Raises `ColumnError` that names the row of an unknown level when `handle_unknown` is "error".
        """
        codes, levels = column_levels(column)
        places = np.full(len(levels) + 1, len(self.places))
        for code in np.flatnonzero(np.bincount(codes + 1, minlength=1)) - 1:
            try:
                places[code] = self._place(levels[code] if code >= 0 else None)
            except ColumnError as error:
                raise ColumnError(f"row {int(np.argmax(codes == code)) + 1:,}: {error}") from None
        places = places[codes]
        count = len(self.places)
        if self.encoding == "ordinal":
            return np.where(places < count, places / max(count - 1, 1), 0.0)[:, None]
        if count <= _FEW_PLACES:
            return np.asarray((np.arange(count)[:, None] == places).T, dtype=np.float64)
        design = np.zeros((len(places), count))
        known = np.flatnonzero(places < count)
        design[known, places[known]] = 1.0
        return design

    def cell(self, value: Any) -> list[float]:
        """The design columns (outputs,) of one raw cell: a text, a number (1.0 is level "1") or None."""
        return self._row(self._place(cell_text(value)))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> CategoryStep:
        """The inverse of `to_dict`. Raises ValueError for an encoding or a rule that does not exist."""
        if values["encoding"] not in ENCODINGS or values["handle_unknown"] not in UNKNOWN:
            raise ValueError(
                f"the encoding {values['encoding']!r} with {values['handle_unknown']!r} for unknown levels"
            )
        return cls(**{**values, "levels": tuple(values["levels"])})


def fit_categories(column: Column, weights: np.ndarray, recipe: CategoryRecipe) -> CategoryStep | str:
    """The step for a column of categories, or of numbers taken as such, with positive weights (rows,).

    Where the rows hold nothing to learn from, the reason comes instead.
    """
    codes, texts = column_levels(column)
    present = codes >= 0
    counts = np.bincount(codes[present], weights=weights[present], minlength=len(texts))
    seen = sorted((code for code in range(len(texts)) if counts[code] > 0), key=lambda c: (-counts[c], texts[c]))
    if not seen:
        return "no training row has a value"
    missing = not present.all()
    least = recipe.min_frequency * (1 - weighted.TOLERANCE)
    kept = [code for code in seen[: recipe.max_levels] if counts[code] >= least]
    # Filling needs a level to fill with, so the most frequent one stays even when all are rare.
    kept = kept or (seen[:1] if missing and recipe.impute == "mode" else [])
    levels = sort_levels([texts[code] for code in kept])
    own_level = missing and recipe.impute == "level"
    fill = texts[seen[0]] if recipe.impute == "mode" else None
    step = CategoryStep(
        column.name, levels, recipe.encoding, own_level, len(kept) < len(seen), fill, recipe.handle_unknown
    )
    if len(step.places) < 2:
        return _why_constant(step, texts[seen[0]], len(seen), recipe)
    return step


def _why_constant(step: CategoryStep, only: str, seen: int, recipe: CategoryRecipe) -> str:
    if seen == 1:
        return f"every training row has the level {only!r}"
    return f"none of its {seen:,} levels is on {recipe.min_frequency:g} training rows or more"


def sort_levels(levels: list[str]) -> tuple[str, ...]:
    """Levels by value when all are numbers, else by text."""
    numbers = {level: parse_number(level) for level in levels}
    if all(number is not None for number in numbers.values()):
        return tuple(sorted(levels, key=lambda level: (numbers[level] or 0.0, level)))
    return tuple(sorted(levels))


def category_story(step: CategoryStep, missing: float, rare: int) -> str:
    """What the step does, in plain words; `missing` is the weight of training rows without a value."""
    how = "the place in line, 0 to 1, of" if step.encoding == "ordinal" else "a 0/1 column for each of"
    parts = [f"{how} {counted(len(step.places), 'level')}"]
    if missing and step.fill is not None:
        parts.append(f"{missing:,.10g} missing filled with the most frequent level {step.fill!r}")
    elif missing:
        parts.append(f"{missing:,.10g} missing are a level of their own")
    if rare:
        parts.append(f"{rare:,} rare {'level shares' if rare == 1 else 'levels share'} one place")
    return f"{step.name}: {'; '.join(parts)}"
