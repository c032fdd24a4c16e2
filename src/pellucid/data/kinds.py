"""What role a column plays: an input of the network, an identifier, free text, a constant or nothing at all.

The role is a guess from the values and says only whether a column serves as an input; the reason gives the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .columns import Draft
from .in_order import of_columns
from .table import Column, Role

# With fewer rows, values differ by chance: only a telling name makes an identifier, and nothing but sentences a text.
ENOUGH_ROWS = 50
# More levels than this, and fewer rows a level than this, leave too little to learn from.
MANY_LEVELS = 50
ROWS_A_LEVEL = 5

_IDENTIFIER_WORDS = {"id", "ids", "identifier", "index", "idx", "instant", "key", "uuid", "guid", "rownum", "rowid"}
# What pandas calls a column under a blank name, which holds the numbers of the rows, or what is left of them; and we.
_UNNAMED, _FIRST_UNNAMED = re.compile(r"Unnamed: ?\d+"), "column_1"
_TIME_WORDS = {"year", "years", "yr", "month", "week", "day", "days", "hour", "time", "t", "date", "step"}


def with_roles(drafts: Sequence[Draft]) -> list[Column]:
    """The columns with role and reason filled in.

    A counting column stays an input when the table would otherwise hold fewer than two inputs: `x = 1, 2, 3, …`
    beside one `y` is a curve to fit.
    """
    columns = of_columns(_with_role, drafts, len(drafts[0].column) if drafts else 0)
    if sum(c.role == "input" for c in columns) >= 2:
        return columns
    return [
        _back_to_input(c, d)
        if c.role == "identifier" and not (c.asked or _named_identifier(c.name) or c.name == _FIRST_UNNAMED)
        else c
        for c, d in zip(columns, drafts, strict=True)
    ]


def _back_to_input(column: Column, draft: Draft) -> Column:
    reason = f"{draft.column.reason}, kept as an input because the table has no other"
    return replace(column, role="input", reason=reason)


def _with_role(draft: Draft) -> Column:
    if draft.column.role != "input" or draft.column.asked:
        return draft.column
    role, why = _role(draft)
    reason = draft.column.reason
    return replace(draft.column, role=role, reason=f"{reason}; {why}" if reason and why else reason or why)


def _role(draft: Draft) -> tuple[Role, str]:
    column = draft.column
    missing = column.missing
    present = column.values[~missing] if missing.any() else column.values
    rows = len(column)
    if not len(present):
        return "empty", f"all {rows:,} values are missing"
    if len(present) == rows > 1 and bool((present == present[0]).all()):
        return "constant", f"the same value {_shown(column)} in all {rows:,} rows"
    if column.kind == "number" and draft.whole and len(present) == rows and _all_differ(present):
        return _counting(column)
    if column.kind == "category":
        return _wordy(column, present)
    return "input", ""


def _all_differ(values: np.ndarray) -> bool:
    # Most columns repeat a value early; most of those that do not, count up.
    if len(np.unique(values[:1000])) < len(values[:1000]):
        return False
    return bool((values[1:] > values[:-1]).all()) or len(np.unique(values)) == len(values)


def _counting(column: Column) -> tuple[Role, str]:
    """Whole numbers that all differ: an identifier when they count up evenly or are named like one."""
    rows = len(column)
    steps = column.values[1:] - column.values[:-1]
    step = float(steps[0]) if len(steps) else 0.0
    all_differ = f"{rows:,} different values in {rows:,} rows"
    even = step > 0 and bool((steps == step).all())
    of_rows = column.name == _FIRST_UNNAMED and even and step == 1 and column.values[0] in (0, 1)
    if rows >= 2 and (of_rows or _named_identifier(column.name)):
        counting = f", counting up by {step:g}" if even else f", and the name {column.name!r}"
        return "identifier", f"{all_differ}{counting}: an identifier"
    if even and rows >= ENOUGH_ROWS and not _words(column.name) & _TIME_WORDS:
        return "identifier", f"{all_differ}, counting up by {step:g}: an identifier"
    return "input", ""


def _wordy(column: Column, present: np.ndarray) -> tuple[Role, str]:
    """Texts that all differ or have too many levels to learn from."""
    rows = len(column)
    used = [column.levels[code] for code in np.flatnonzero(column.level_counts())]
    distinct = len(used)
    spaced = any(" " in level for level in used)
    counted = f"{distinct:,} different value{'' if distinct == 1 else 's'}"
    if distinct == rows and not spaced and rows >= (2 if _named_identifier(column.name) else ENOUGH_ROWS):
        return "identifier", f"{rows:,} different values in {rows:,} rows, none with a space: an identifier"
    if rows < ENOUGH_ROWS:
        sentences = distinct > 1 and np.mean([len(level.split()) for level in used]) >= 5
        return ("text", "five words or more in an average value: free text") if sentences else ("input", counted)
    a_level = len(present) / distinct
    if (distinct > MANY_LEVELS and a_level < ROWS_A_LEVEL) or distinct == rows:
        few = f"{distinct:,} different values in {len(present):,} rows, {a_level:.1f} rows a value"
        return "text", f"{few}: too few to learn from"
    return "input", counted


def _named_identifier(name: str) -> bool:
    return bool(_words(name) & _IDENTIFIER_WORDS) or _UNNAMED.fullmatch(name) is not None


def _words(name: str) -> set[str]:
    """The lower-case words of a column name: PassengerId, customer_id and customerID all hold the word id."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def _shown(column: Column) -> str:
    value = column.cell(0)
    return f"{value:g}" if isinstance(value, float) else repr(str(value))
