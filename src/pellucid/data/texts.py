"""A column of texts becomes numbers when every text is a number, dates when every text is a date, else categories."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .columns import Draft, category_draft, date_draft, encode, number_draft
from .dates import parse_dates

if TYPE_CHECKING:
    import polars as pl

# Compared in lower case and without the blanks around. "None" and "unknown" are not here: tables use them as answers.
MISSING_MARKS = ("", "na", "n/a", "nan", "null", "?")


def text_draft(name: str, cells: pl.Series) -> Draft:
    """Decide the kind of a column of texts (polars strings, null where missing) and convert it.

    Blanks around a text do not count, and a text that is one of `MISSING_MARKS` is a missing value.
    """
    numbers = _numbers(cells)
    note = ""
    if numbers is None:
        cells, note = _cleaned(cells)
        numbers = _numbers(cells)
    if numbers is not None:
        return number_draft(name, numbers, _whole(cells), note)
    levels, codes = encode(cells)
    dates = parse_dates(levels)
    if dates is not None:
        moments = np.append(dates[0], np.datetime64("NaT", "us"))
        return date_draft(name, moments[codes], f"{dates[1]}{', ' + note if note else ''}")
    draft = category_draft(name, levels, codes)
    reason = ", ".join(part for part in (draft.column.reason, note, _strays(cells, levels)) if part)
    return Draft(replace(draft.column, reason=reason))


def _numbers(cells: pl.Series) -> np.ndarray | None:
    """All texts as float64 with NaN for null, or None when one is not a number."""
    import polars as pl

    numbers = cells.cast(pl.Float64, strict=False)
    if numbers.null_count() > cells.null_count():
        return None
    return np.array(numbers.fill_null(float("nan")).to_numpy(), dtype=np.float64)


def _whole(cells: pl.Series) -> bool:
    import polars as pl

    head = cells.drop_nulls().head(1)
    if head.is_empty() or head.cast(pl.Int64, strict=False).null_count():
        return False
    return cells.cast(pl.Int64, strict=False).null_count() == cells.null_count()


def _cleaned(cells: pl.Series) -> tuple[pl.Series, str]:
    """Texts without the blanks around, marks as null, and a note naming the marks that were met."""
    levels = cells.unique().drop_nulls()
    stripped = levels.str.strip_chars()
    marked = stripped.str.to_lowercase().is_in(MISSING_MARKS)
    if not marked.any() and (levels == stripped).all():
        return cells, ""
    met = sorted(set(stripped.filter(marked).to_list()))
    cells = cells.str.strip_chars()
    gone = cells.str.to_lowercase().is_in(MISSING_MARKS).fill_null(True)
    cells = cells.set(gone, None)
    shown = " and ".join(repr(mark) if mark else "blank" for mark in met)
    return cells, f"{shown} taken as missing" if met else ""


def _strays(cells: pl.Series, levels: pl.Series) -> str:
    """A note when most texts are numbers: how many are not, and the row of the first of them.

    Not its text: reasons are kept in model files, and those hold no rare levels.
    """
    import polars as pl

    strays = levels.filter(levels.cast(pl.Float64, strict=False).is_null())
    if len(strays) > len(levels) / 2:
        return ""
    stray = cells.is_in(strays.to_list())
    row = stray.arg_true()[0]
    counted = "1 cell is" if stray.sum() == 1 else f"{stray.sum():,} cells are"
    return f"{counted} no number, the first in row {row + 1:,}"
