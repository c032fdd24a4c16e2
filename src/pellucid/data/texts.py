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
from .table import MISSING_CODE

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
    if numbers is not None:
        return number_draft(name, *numbers)
    return levels_draft(name, *encode(cells), decimal)


def levels_draft(name: str, levels: pl.Series, codes: np.ndarray, decimal: str | None = None) -> Draft:
    """As `text_draft`, for texts not all of which are plain numbers, as `encode` gives them."""
    numbers = None
    levels, codes, note = cleaned_levels(levels, codes)
    if decimal != "," or not grouped_by_points(levels):
        numbers = _numbers(levels)
    if numbers is not None:
        return number_draft(name, np.append(numbers[0], np.nan)[codes], numbers[1], note)
    dates = parse_dates(levels)
    if dates is not None:
        moments = np.append(dates.moments, np.datetime64("NaT", "us"))
        return date_draft(name, moments[codes], _join(dates.words, note), dates.form)
    numerals = parse_numerals(levels, decimal)
    if numerals is not None:
        stray = np.append(np.isnan(numerals.values), False)[codes]
        present = int((codes >= 0).sum())
        if present and stray.sum() <= WORDS_SHARE * present:
            return words_among_numbers(name, codes, numerals, note)
    return words_draft(name, levels, codes, note, numerals)


def words_draft(name: str, levels: pl.Series, codes: np.ndarray, note: str, numerals: Numerals | None) -> Draft:
    """A category column, with one spelling for each of yes and no, and a word on why it is not numbers."""
    strays = _strays(levels, codes, numerals)
    pair = boolean_words(levels.to_list())
    if pair is not None and len(levels) > 2:
        counts = np.bincount(codes[codes >= 0], minlength=len(levels)).tolist()
        merged = one_spelling(levels.to_list(), counts)
        note = _join(note, f"spellings {', '.join(levels)} taken as {' and '.join(sorted(set(merged.values())))}")
        levels, codes = _recoded(levels.replace(merged), codes)
    what = f"text, a pair of {pair[1]} and {pair[0]}" if pair else "text"
    draft = category_draft(name, levels, codes, what)
    return Draft(replace(draft.column, reason=_join(draft.column.reason, note, strays)))


def words_among_numbers(name: str, codes: np.ndarray, numerals: Numerals, note: str) -> Draft:
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
    bare, note = _without_marks(cells.unique().drop_nulls())
    if bare is None:
        return cells, ""
    cells = cells.str.strip_chars()
    gone = cells.str.to_lowercase().is_in(MISSING_MARKS).fill_null(True)
    return cells.set(gone, None), note


def cleaned_levels(levels: pl.Series, codes: np.ndarray) -> tuple[pl.Series, np.ndarray, str]:
    """As `cleaned`, for the different texts of a column and the place of each row's, as `encode` gives them."""
    bare, note = _without_marks(levels)
    return (levels, codes, "") if bare is None else (*_recoded(bare, codes), note)


def _without_marks(levels: pl.Series) -> tuple[pl.Series | None, str]:
    """Different texts without the blanks around, marks as null, and the note; None where nothing changes."""
    stripped = levels.str.strip_chars()
    marked = stripped.str.to_lowercase().is_in(MISSING_MARKS)
    if not marked.any() and (levels == stripped).all():
        return None, ""
    met = sorted(set(stripped.filter(marked).to_list()))
    shown = " and ".join(repr(mark) if mark else "blank" for mark in met)
    return stripped.set(marked, None), f"{shown} taken as missing" if met else ""


def _recoded(texts: pl.Series, codes: np.ndarray) -> tuple[pl.Series, np.ndarray]:
    """Levels and codes when the levels were changed to `texts`, some of them equal or null now."""
    levels, places = encode(texts)
    return levels, np.append(places, np.int32(MISSING_CODE))[codes]


def _numbers(cells: pl.Series) -> tuple[np.ndarray, bool] | None:
    """All texts as float64 with NaN for null, and whether all are written as whole numbers; None when one is none."""
    import polars as pl

    missing = cells.null_count()
    for kind in (pl.Int64, pl.Float64):
        head = cells.head(100)
        if head.cast(kind, strict=False).null_count() > head.null_count():
            continue
        numbers = cells.cast(kind, strict=False)
        if numbers.null_count() == missing:
            whole = kind == pl.Int64 and missing < len(cells)
            return np.array(numbers.cast(pl.Float64).to_numpy(), dtype=np.float64), whole
    return None


def _strays(levels: pl.Series, codes: np.ndarray, numerals: Numerals | None) -> str:
    """A note when most texts are numbers: how many are not, and the row of the first of them.

    Not its text: reasons are kept in model files, and those hold no rare levels.
    """
    if numerals is None or len(numerals.values) != len(levels):
        return ""
    unread = np.isnan(numerals.values)
    if unread.sum() > len(levels) / 2 or not unread.any():
        return ""
    stray = np.append(unread, False)[codes]
    count, row = int(stray.sum()), int(stray.argmax())
    counted = "1 cell is" if count == 1 else f"{count:,} cells are"
    return f"{counted} no number, the first in row {row + 1:,}"


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
