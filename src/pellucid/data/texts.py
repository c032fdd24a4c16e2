"""A column of texts becomes numbers, dates or categories, by what its texts have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..records import Finding
from .booleans import boolean_words, one_spelling
from .columns import Draft, category_draft, date_draft, encode, number_draft
from .dates import parse_dates
from .numerals import Numerals, grouped_by_points, parse_numerals

if TYPE_CHECKING:
    import polars as pl

# Compared in lower case and without the blanks around. "None" and "unknown" are not here: tables use them as answers.
MISSING_MARKS = ("", "na", "n/a", "nan", "null", "?", "-")
# In a column of numbers, words are taken for missing up to this share of the cells that are not empty.
WORDS_SHARE = 0.01


def text_draft(name: str, cells: pl.Series, decimal: str | None = None) -> Draft:
    """Decide the kind of a column of texts (polars strings, null where missing) and convert it.

    Blanks around a text do not count, and a text that is one of `MISSING_MARKS` is a missing value. Texts are numbers
    when 99 % of them are, read by `decimal` where it matters; then dates, when all of them are; and else categories.
    """
    numbers = None if decimal == "," else _numbers(cells)
    note = ""
    if numbers is None:
        cells, note = cleaned(cells)
        if decimal != "," or not grouped_by_points(cells.drop_nulls()):
            numbers = _numbers(cells)
    if numbers is not None:
        return number_draft(name, numbers, _whole(cells), note)
    levels, codes = encode(cells)
    dates = parse_dates(levels)
    if dates is not None:
        moments = np.append(dates.moments, np.datetime64("NaT", "us"))
        return date_draft(name, moments[codes], _join(dates.words, note), dates.form)
    numerals = parse_numerals(levels, decimal)
    if numerals is not None:
        stray = np.append(np.isnan(numerals.values), False)[codes]
        present = int((codes >= 0).sum())
        if present and stray.sum() <= WORDS_SHARE * present:
            return words_among_numbers(name, cells, numerals, codes, note)
    return words_draft(name, cells, levels, codes, note, numerals)


def words_draft(
    name: str, cells: pl.Series, levels: pl.Series, codes: np.ndarray, note: str, numerals: Numerals | None
) -> Draft:
    """A category column, with one spelling for each of yes and no, and a word on why it is not numbers."""
    pair = boolean_words(levels.to_list())
    if pair is not None and len(levels) > 2:
        counts = np.bincount(codes[codes >= 0], minlength=len(levels)).tolist()
        merged = one_spelling(levels.to_list(), counts)
        cells = cells.replace(merged)
        note = _join(note, f"spellings {', '.join(levels)} taken as {' and '.join(sorted(set(merged.values())))}")
        levels, codes = encode(cells)
    what = f"text, a pair of {pair[1]} and {pair[0]}" if pair else "text"
    draft = category_draft(name, levels, codes, what)
    strays = _strays(cells, levels, numerals)
    return Draft(replace(draft.column, reason=_join(draft.column.reason, note, strays)))


def words_among_numbers(name: str, cells: pl.Series, numerals: Numerals, codes: np.ndarray, note: str) -> Draft:
    """A number column; the cells that are no number become missing, and WORDS_IN_NUMBERS tells the row of the first.

    Not its text: findings are kept in model files, and those hold no rare levels.
    """
    values = np.append(numerals.values, np.nan)[codes]
    whole = not numerals.note and bool((numerals.values == np.round(numerals.values))[~np.isnan(numerals.values)].all())
    stray = (codes >= 0) & np.isnan(values)
    count, present = int(stray.sum()), int((codes >= 0).sum())
    findings: tuple[Finding, ...] = ()
    told = ""
    if count:
        row = int(stray.argmax())
        counted = f"{count:,} of {present:,} values {'is' if count == 1 else 'are'} no number"
        told = f"{counted} and taken as missing, the first in row {row + 1:,}"
        findings = (_words(name, told),)
    draft = number_draft(name, values, whole, _join(note, numerals.note, told))
    return draft._replace(findings=findings + draft.findings)


def _words(name: str, told: str) -> Finding:
    return Finding(
        "WORDS_IN_NUMBERS",
        "warning",
        f"column {name!r}: {told}",
        "A column with at most 1 % of such cells is taken for numbers",
        f"If they are slips, correct them; if the column holds categories, say --as {name}=category (kinds= of read)",
    )


def cleaned(cells: pl.Series) -> tuple[pl.Series, str]:
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


def _numbers(cells: pl.Series) -> np.ndarray | None:
    """All texts as float64 with NaN for null, or None when one is not a number."""
    import polars as pl

    if cells.head(100).cast(pl.Float64, strict=False).null_count() > cells.head(100).null_count():
        return None
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


def _strays(cells: pl.Series, levels: pl.Series, numerals: Numerals | None) -> str:
    """A note when most texts are numbers: how many are not, and the row of the first of them.

    Not its text: reasons are kept in model files, and those hold no rare levels.
    """
    if numerals is None or len(numerals.values) != len(levels):
        return ""
    strays = levels.filter(np.isnan(numerals.values))
    if len(strays) > len(levels) / 2 or strays.is_empty():
        return ""
    stray = cells.is_in(strays.to_list()).fill_null(False)
    row = stray.arg_true()[0]
    counted = "1 cell is" if stray.sum() == 1 else f"{stray.sum():,} cells are"
    return f"{counted} no number, the first in row {row + 1:,}"


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
