"""What to do with the columns of a table: plain values, chosen before any row is seen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeVar

from ..errors import SpecError, nearest
from ..records import Record

Auto = bool | Literal["auto"]

IMPUTES = ("median", "mean", "mode", "constant")
SCALES = ("standard", "none", "max_abs", "min_max", "robust", "quantile")
ENCODINGS = ("one_hot", "ordinal")
UNKNOWN = ("rare", "zeros", "error")
CATEGORY_IMPUTES = ("level", "mode")
DATE_PARTS = ("year", "month", "day", "weekday", "hour", "elapsed")

T = TypeVar("T")


def _one_of(what: str, value: Any, allowed: tuple[Any, ...]) -> None:
    if not any(value is a or (isinstance(value, str) and value == a) for a in allowed):
        raise SpecError(f"{what} must be one of {', '.join(map(repr, allowed))}, got {value!r}")


def _number(what: str, value: Any, least: float = -math.inf) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value < least:
        bound = "" if least == -math.inf else f" of at least {least:g}"
        raise SpecError(f"{what} must be a finite number{bound}, got {value!r}")


@dataclass(frozen=True)
class NumberRecipe(Record):
    """How a column of numbers becomes design columns. The steps, in order:

    1. `impute`: missing cells get the median, mean, mode (smallest of several) or `constant`.
    2. `missing_flag`: one more column, 1 where the cell was missing. "auto": when a training row has it missing.
    3. `log1p`: x → log(1 + x). "auto": when no training value is negative, more than 24 differ, their moment
       skewness m₃ / m₂^1.5 is above 0.75, and the logarithm brings it closer to 0. A negative value that comes later
       is mirrored, x → −log(1 − x), so that nothing becomes undefined.
    4. `scale`, with statistics of the training rows after steps 1 and 3:
       "standard" (x − mean) / standard deviation · "robust" (x − median) / (0.75 quantile − 0.25 quantile) ·
       "min_max" to 0 … 1 · "max_abs" x / largest absolute value · "none" ·
       "quantile" normal scores: straight lines between at most 100 knots (xₖ, Φ⁻¹(pₖ)), where pₖ is the share of
       rows below xₖ plus half the share at xₖ; scores are held in −3 … 3. A scale of zero width divides by 1.
    5. `clip`: scaled values are held in −clip … clip (not with "none"), so that one wild cell in a new row cannot
       drown all others; None turns it off.
    6. `levels`: one 0/1 column for each value besides the number itself, because small whole numbers are often codes
       (hour, month, grade). A value needs 0.5 % of the rows, and at least 10 of them, for a column of its own.
       "auto": when the training rows hold 3 to 24 different values, all whole, those with a column cover 95 % of the
       rows, and all such columns of the table together are at most 128 (else none gets any).
       True asks for the whole numbers of this column however many there are; False for none.

    Raises `SpecError` for unknown words and numbers out of range.
    """

    impute: str = "median"
    constant: float = 0.0
    missing_flag: Auto = "auto"
    log1p: Auto = "auto"
    scale: str = "standard"
    clip: float | None = 10.0
    levels: Auto = "auto"

    def __post_init__(self) -> None:
        _one_of("impute", self.impute, IMPUTES)
        _one_of("scale", self.scale, SCALES)
        for what in ("missing_flag", "log1p", "levels"):
            _one_of(what, getattr(self, what), ("auto", True, False))
        _number("constant", self.constant)
        if self.clip is not None:
            _number("clip", self.clip, 1)


@dataclass(frozen=True)
class CategoryRecipe(Record):
    """How a column of categories becomes design columns.

    `encoding="one_hot"` gives one 0/1 column per level; "ordinal" one column, the level's place in sorted order
    divided by the last place, so from 0 to 1 (levels that are all numbers sort by value).

    A level on fewer than `min_frequency` training rows (sum of weights), or beyond the `max_levels` most frequent
    ones, joins the level "(rare)". A missing cell is the level "(missing)", however few they are (`impute="level"`),
    or is filled with the most frequent level (`impute="mode"`).

    A level that no training row had becomes "(rare)" when some training row was rare, else all zeros
    (`handle_unknown="rare"`), always all zeros ("zeros"), or raises `ColumnError` ("error"). The same holds for a
    missing cell where training had none.

    Raises `SpecError` for unknown words and numbers out of range.
    """

    encoding: str = "one_hot"
    impute: str = "level"
    min_frequency: float = 5
    max_levels: int = 50
    handle_unknown: str = "rare"

    def __post_init__(self) -> None:
        _one_of("encoding", self.encoding, ENCODINGS)
        _one_of("impute", self.impute, CATEGORY_IMPUTES)
        _one_of("handle_unknown", self.handle_unknown, UNKNOWN)
        _number("min_frequency", self.min_frequency, 0)
        _number("max_levels", self.max_levels, 1)


@dataclass(frozen=True)
class DateRecipe(Record):
    """How a column of dates becomes design columns: each part is a column of numbers, prepared as `numbers` says.

    `parts` out of "year", "month" (1-12), "day" (1-31), "weekday" (0 is Monday), "hour" (0-23, minutes as fractions)
    and "elapsed" (days since the first training row). "auto" takes all that differ between training rows. Missing
    dates get the filled value of every part and one flag for the column.

    Raises `SpecError` for an unknown part.
    """

    parts: Literal["auto"] | tuple[str, ...] = "auto"
    numbers: NumberRecipe = field(default_factory=lambda: NumberRecipe(log1p=False))

    def __post_init__(self) -> None:
        if self.parts == "auto":
            return
        parts = (self.parts,) if isinstance(self.parts, str) else tuple(self.parts)
        for part in parts:
            if part not in DATE_PARTS:
                raise SpecError(f"unknown part of a date {part!r}{nearest(part, DATE_PARTS)}")
        object.__setattr__(self, "parts", parts)


RECIPES: dict[str, type[NumberRecipe] | type[CategoryRecipe] | type[DateRecipe]] = {
    "number": NumberRecipe,
    "category": CategoryRecipe,
    "date": DateRecipe,
}
Recipe = NumberRecipe | CategoryRecipe | DateRecipe


@dataclass(frozen=True)
class PreparationSpec(Record):
    """The recipe of each kind of column, and of single columns by name.

    `columns` takes precedence over the kind: `{"Pclass": CategoryRecipe()}` treats a column of numbers as categories.
    A column named there is used even when its role would set it aside.
    """

    numbers: NumberRecipe = field(default_factory=NumberRecipe)
    categories: CategoryRecipe = field(default_factory=CategoryRecipe)
    dates: DateRecipe = field(default_factory=DateRecipe)
    columns: Mapping[str, Recipe] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kinds = (("numbers", NumberRecipe), ("categories", CategoryRecipe), ("dates", DateRecipe))
        for what, kind in kinds:
            if not isinstance(getattr(self, what), kind):
                raise SpecError(f"{what} must be a {kind.__name__}, got {getattr(self, what)!r}")
        for name, recipe in self.columns.items():
            if not isinstance(recipe, NumberRecipe | CategoryRecipe | DateRecipe):
                raise SpecError(
                    f"the recipe of column {name!r} must be a recipe such as NumberRecipe(), got {recipe!r}"
                )

    def of(self, name: str, kind: str) -> Recipe:
        """The recipe of the column `name` of `kind` "number", "category" or "date"."""
        by_kind: dict[str, Recipe] = {"number": self.numbers, "category": self.categories, "date": self.dates}
        return self.columns.get(name, by_kind[kind])

    def to_dict(self) -> dict[str, Any]:
        """Plain values; each recipe of a single column says its kind."""
        kinds = {recipe: kind for kind, recipe in RECIPES.items()}
        return {
            "numbers": self.numbers.to_dict(),
            "categories": self.categories.to_dict(),
            "dates": self.dates.to_dict(),
            "columns": {name: {"kind": kinds[type(r)], **r.to_dict()} for name, r in self.columns.items()},
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> PreparationSpec:
        """The inverse of `to_dict`. Raises `SpecError` for unknown names."""
        return cls(
            numbers=_built(NumberRecipe, values.get("numbers", {})),
            categories=_built(CategoryRecipe, values.get("categories", {})),
            dates=_date_recipe(values.get("dates", {})),
            columns={name: recipe_from_dict(recipe) for name, recipe in values.get("columns", {}).items()},
        )


def recipe_from_dict(values: Mapping[str, Any]) -> Recipe:
    """A recipe from its plain values and its `kind`. Raises `SpecError` for unknown names."""
    kind = values.get("kind")
    if kind not in RECIPES:
        raise SpecError(f"unknown kind of recipe {kind!r}{nearest(str(kind), RECIPES)}")
    rest = {name: value for name, value in values.items() if name != "kind"}
    return _date_recipe(rest) if kind == "date" else _built(RECIPES[kind], rest)


def _date_recipe(values: Mapping[str, Any]) -> DateRecipe:
    if "numbers" in values:
        values = {**values, "numbers": _built(NumberRecipe, values["numbers"])}
    return _built(DateRecipe, values)


def _built(kind: type[T], values: Mapping[str, Any]) -> T:
    known = [f.name for f in fields(kind)]  # type: ignore[arg-type]
    for name in values:
        if name not in known:
            raise SpecError(f"{kind.__name__} has no {name!r}{nearest(name, known)}")
    return kind(**values)
