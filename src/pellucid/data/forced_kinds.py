"""A kind that the user names wins over the one that was guessed."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ColumnError, SpecError, nearest
from .columns import Draft, category_draft, date_draft, encode, number_draft
from .dates import parse_dates
from .numerals import parse_numerals
from .table import Column, Role
from .texts import cleaned, words_among_numbers

if TYPE_CHECKING:
    import polars as pl

NAMED_KINDS = ("number", "category", "date", "text", "identifier")


def forced_draft(draft: Draft, cells: pl.Series | None, kind: str, decimal: str | None = None) -> Draft:
    """The column of `draft` as the kind that the user named: a number, a category or a date, and an input in any case.

    The kinds "text" and "identifier" set the column aside as it is. `cells` are the texts that it was read from, when
    there are such. Words that are no number become missing with a warning; texts that are no date are an error.
    Raises SpecError for an unknown kind, ColumnError when the values cannot be of that kind.
    """
    column = draft.column
    if kind not in NAMED_KINDS:
        raise SpecError(f"column {column.name!r}: no kind {kind!r}{nearest(str(kind), NAMED_KINDS)}")
    asked = f"read as {kind} because it was asked for"
    if kind in ("text", "identifier"):
        role: Role = "text" if kind == "text" else "identifier"
        return draft._replace(column=replace(column, role=role, reason=_join(column.reason, asked)))
    if column.kind == kind and (kind != "number" or not draft.findings):
        return draft._replace(column=replace(column, reason=_join(column.reason, asked)))
    texts, note = cleaned(cells if cells is not None else _texts(column))
    levels, codes = encode(texts)
    if kind == "category":
        return category_draft(column.name, levels, codes, _join("text", asked, note))
    if kind == "date":
        return _dates(column.name, texts, levels, codes, _join(asked, note))
    numerals = parse_numerals(levels, decimal)
    if numerals is None:
        if levels.is_empty():
            return number_draft(column.name, np.full(len(column), np.nan), False, asked)
        raise ColumnError(f"column {column.name!r} cannot be read as numbers: its values are like {levels[0]!r}")
    return words_among_numbers(column.name, codes, numerals, _join(asked, note))


def _dates(name: str, texts: pl.Series, levels: pl.Series, codes: np.ndarray, note: str) -> Draft:
    dates = parse_dates(levels)
    if dates is None:
        row = next((i for i, text in enumerate(texts) if text is not None), 0)
        bad = next((i for i, text in enumerate(texts) if text is not None and _no_date(levels, text)), row)
        raise ColumnError(
            f"column {name!r} cannot be read as dates of one form: row {bad + 1:,} holds {texts[bad]!r}; expected the "
            "like of 2024-05-31 or 31.5.2024 in every row"
        )
    moments = np.append(dates.moments, np.datetime64("NaT", "us"))
    return date_draft(name, moments[codes], _join(dates.words, note), dates.form)


def _no_date(levels: pl.Series, text: str) -> bool:
    return parse_dates(levels.filter(levels == text)) is None


def _texts(column: Column) -> pl.Series:
    """The values as the texts that they would have in a file."""
    import polars as pl

    texts = [None if value is None else _text(value) for value in column.objects()]
    return pl.Series(column.name, texts, dtype=pl.String)


def _text(value: float | str | datetime.datetime) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return value.isoformat() if isinstance(value, datetime.datetime) else value


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
