"""A kind that the user names wins over the one that was guessed."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ColumnError, SpecError, nearest
from .columns import Draft, category_draft, date_draft, encode, number_draft
from .dates import Order, parse_dates
from .missing_marks import cleaned_levels, without_gaps
from .numerals import parse_numerals
from .table import Column, Role
from .texts import words_among_dates, words_among_numbers

if TYPE_CHECKING:
    import polars as pl

# Dates with the order of day, month and year.
_ORDERS: dict[str, Order] = {"date:dmy": "dmy", "date:mdy": "mdy"}
_TOLD_APART = {"d/m/yyyy": "%d/%m/%Y", "m/d/yyyy": "%m/%d/%Y", "d-m-yyyy": "%d-%m-%Y", "m-d-yyyy": "%m-%d-%Y"}
# Numbers with their decimal mark.
DECIMAL_MARKS = {"number:point": ".", "number:comma": ","}
NAMED_KINDS = ("number", *DECIMAL_MARKS, "category", "date", *_ORDERS, "text", "identifier")


def forced_draft(draft: Draft, cells: pl.Series | None, kind: str, decimal: str | None = None) -> Draft:
    """The column of `draft` as the kind that the user named: a number, a category or a date, and an input in any case.

    The kinds "text" and "identifier" set the column aside as it is; "date:dmy" and "date:mdy" are dates whose day comes
    before or after the month, "number:point" and "number:comma" numbers with that decimal mark. `cells` are the texts
    that it was read from, when there are such. Cells that are no number or no date become missing with a warning.
    Raises SpecError for an unknown kind, ColumnError when no value is of that kind.
    """
    column = draft.column
    if kind not in NAMED_KINDS:
        raise SpecError(f"column {column.name!r}: no kind {kind!r}{nearest(str(kind), NAMED_KINDS)}")
    asked = f"read as {kind} because it was asked for"
    if kind in ("text", "identifier"):
        role: Role = "text" if kind == "text" else "identifier"
        return Draft(replace(column, role=role, reason=_join(column.reason, asked)))
    if kind in DECIMAL_MARKS and column.kind == "number" and cells is None:
        return draft._replace(column=replace(column, reason=_join(column.reason, asked)))
    if column.kind == kind and (kind != "number" or not draft.findings):
        findings = () if kind == "category" else draft.findings
        return draft._replace(column=replace(column, reason=_join(column.reason, asked)), findings=findings)
    levels, codes, note = cleaned_levels(*encode(cells if cells is not None else _texts(column)))
    if kind == "category":
        return category_draft(column.name, levels, codes, _join("text", asked, note))
    levels, codes, note = without_gaps(levels, codes, note)
    if kind in DECIMAL_MARKS:
        return _numbers(column.name, levels, codes, _join(asked, note), DECIMAL_MARKS[kind], sure=True)
    if kind == "number":
        return _numbers(column.name, levels, codes, _join(asked, note), decimal)
    return _dates(column.name, levels, codes, _join(asked, note), _ORDERS.get(kind))


def _numbers(
    name: str, levels: pl.Series, codes: np.ndarray, note: str, decimal: str | None, sure: bool = False
) -> Draft:
    numerals = parse_numerals(levels, decimal, sure)
    if numerals is not None:
        return words_among_numbers(name, codes, numerals, note)
    if levels.is_empty():
        return number_draft(name, np.full(len(codes), np.nan), False, note)
    raise ColumnError(f"column {name!r} cannot be read as numbers: its values are like {levels[0]!r}")


def _dates(name: str, levels: pl.Series, codes: np.ndarray, note: str, order: Order | None) -> Draft:
    counts = np.bincount(codes + 1, minlength=len(levels) + 1)[1:]
    dates = parse_dates(levels, counts, 1.0, order)
    if dates is not None:
        return words_among_dates(name, codes, dates, note)
    if levels.is_empty():
        return date_draft(name, np.full(len(codes), np.datetime64("NaT", "us")), note)
    raise ColumnError(
        f"column {name!r} cannot be read as dates: its values are like {levels[0]!r}; expected the like of 2024-05-31 "
        "or 31.5.2024"
    )


def _texts(column: Column) -> pl.Series:
    """The values as the texts that they would have in a file; dates whose day came first or second as they were."""
    import polars as pl

    if column.kind == "date" and column.form == "yyyymmdd":
        return pl.Series(column.name, column.values).dt.strftime("%Y%m%d")
    if column.kind == "date" and column.form in _TOLD_APART:
        return pl.Series(column.name, column.values).dt.strftime(_TOLD_APART[column.form] + " %H:%M:%S%.6f")
    texts = [None if value is None else _text(value) for value in column.objects()]
    return pl.Series(column.name, texts, dtype=pl.String)


def _text(value: float | str | datetime.datetime) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return value.isoformat() if isinstance(value, datetime.datetime) else value


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
