"""A column of texts becomes numbers, dates or categories, by what its texts have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..records import Finding
from .booleans import boolean_words, one_spelling
from .clock import TIMES_TOLD, clock_minutes
from .columns import Draft, category_draft, date_draft, encode, number_draft
from .dates import Dates, days_in_digits, parse_dates
from .missing_marks import cleaned_levels, recoded, without_gaps
from .numerals import Numerals, grouped_by_points, parse_numerals
from .strays import (
    DOUBTFUL_SHARE,
    STRAYS_SHARE,
    ambiguous,
    ambiguous_mark,
    kept_as_text,
    numbers_with_more,
    taken_as_missing,
)

if TYPE_CHECKING:
    import polars as pl

# A number alone, or with a unit, a letter or a currency beside it.
_NUMBER = r"[-+−]?\d[\d.,' \u{a0}]*"
NUMBER_WITH_MORE = rf"^(?:[<>≤≥~$€£¥₹]|[A-Z]{{3}}\s)?\s*{_NUMBER}[^\d\s.,]{{0,5}}$"
_BESIDE_NUMBERS = r"[^\d\s.,'+−-]"
# Fewer different texts are levels rather than numbers.
_DIFFERENT = 10
LEADING_ZEROS = r"^\s*0\d{2,}\s*$"


def text_draft(name: str, cells: pl.Series, decimal: str | None = None) -> Draft:
    """Decide the kind of a column of texts (polars strings, null where missing) and convert it.

    Blanks around a text do not count, and a text that is one of `MISSING_MARKS` is a missing value. Texts are dates
    when 99 % of them are; or numbers when 99 % of them are, read by `decimal` where it matters; and else categories, as
    digits with leading zeros (00123) are.
    """
    numbers = None if decimal == "," else _numbers(cells)
    if numbers is not None and not (numbers[1] and cells.str.contains(LEADING_ZEROS).any()):
        return digits_draft(name, *numbers)
    return levels_draft(name, *encode(cells), decimal)


def levels_draft(name: str, levels: pl.Series, codes: np.ndarray, decimal: str | None = None) -> Draft:
    """As `text_draft`, for texts not all of which are plain numbers, as `encode` gives them."""
    levels, codes, note = cleaned_levels(levels, codes)
    bare, places, told = without_gaps(levels, codes, note)
    if _are_codes(bare, places):
        return words_draft(name, levels, codes, _join("digits with leading zeros", note))
    numbers = None
    if decimal != "," or not grouped_by_points(bare):
        numbers = _numbers(bare)
    if numbers is not None:
        return digits_draft(name, np.append(numbers[0], np.nan)[places], numbers[1], told)
    if not bare.str.contains(r"\d").any():
        return words_draft(name, levels, codes, note)
    counts = np.bincount(places + 1, minlength=len(bare) + 1)[1:]
    few, some = STRAYS_SHARE * counts.sum(), DOUBTFUL_SHARE * counts.sum()
    dates = parse_dates(bare, counts, DOUBTFUL_SHARE)
    if dates is not None and counts[np.isnat(dates.moments)].sum() <= few:
        return words_among_dates(name, places, dates, told)
    minutes = clock_minutes(bare)
    if len(minutes) and counts[np.isnan(minutes)].sum() <= few:
        return words_among_numbers(name, places, Numerals(minutes, TIMES_TOLD), told)
    numerals = parse_numerals(bare, decimal)
    if numerals is not None and counts[np.isnan(numerals.values)].sum() <= few:
        return words_among_numbers(name, places, numerals, told)
    draft = words_draft(name, levels, codes, _join(note, _strays(places, numerals)))
    if dates is not None:
        return draft._replace(findings=(kept_as_text(name, "date", places, np.isnat(dates.moments)),))
    if numerals is not None and counts[np.isnan(numerals.values)].sum() <= some:
        return draft._replace(findings=(kept_as_text(name, "number", places, np.isnan(numerals.values)),))
    more = bare.str.contains(NUMBER_WITH_MORE).fill_null(False).to_numpy()
    if len(bare) >= _DIFFERENT and counts[~more].sum() <= few and bare.str.contains(_BESIDE_NUMBERS).any():
        return draft._replace(findings=(numbers_with_more(name, int(counts[more].sum())),))
    return draft


def digits_draft(name: str, values: np.ndarray, whole: bool, note: str = "") -> Draft:
    """A number column, or a date column where all are whole numbers such as 20240531."""
    days = days_in_digits(values) if whole else None
    if days is None:
        return number_draft(name, values, whole, note)
    return date_draft(name, days, _join("dates of the form yyyymmdd", note), "yyyymmdd")


def _are_codes(texts: pl.Series, places: np.ndarray) -> bool:
    """Whether 00123 and its like are codes, such as ZIP codes, which lose their zeros as numbers.

    99 % of the cells must be digits alone, and all of these of one length or 1 % with leading zeros, lest a slip or two
    makes texts of numbers. Two digits, such as those of months, are numbers.
    """
    zeros = texts.str.contains(LEADING_ZEROS).to_numpy()
    if not zeros.any():
        return False
    digits = texts.str.contains(r"^\d+$").to_numpy()
    counts = np.bincount(places + 1, minlength=len(texts) + 1)[1:]
    few = STRAYS_SHARE * counts.sum()
    of_one_length = texts.filter(digits).str.len_chars().n_unique() == 1
    return bool(counts[~digits].sum() <= few and (of_one_length or counts[zeros].sum() >= few))


def words_draft(name: str, levels: pl.Series, codes: np.ndarray, note: str) -> Draft:
    """A category column, with one spelling for each of yes and no."""
    pair = boolean_words(levels.to_list())
    merging = ""
    if pair is not None and len(levels) > 2:
        counts = np.bincount(codes[codes >= 0], minlength=len(levels)).tolist()
        merged = one_spelling(levels.to_list(), counts)
        merging = f"spellings {', '.join(levels)} taken as {' and '.join(sorted(set(merged.values())))}"
        levels, codes = recoded(levels.replace(merged), codes)
    what = f"text, a pair of {pair[1]} and {pair[0]}" if pair else "text"
    draft = category_draft(name, levels, codes, what)
    return Draft(replace(draft.column, reason=_join(draft.column.reason, merging, note)))


def words_among_numbers(name: str, codes: np.ndarray, numerals: Numerals, note: str) -> Draft:
    """A number column; the cells that are no number become missing, and WORDS_IN_NUMBERS tells the row of the first."""
    values = np.append(numerals.values, np.nan)[codes]
    whole = not numerals.note and bool((numerals.values == np.round(numerals.values))[~np.isnan(numerals.values)].all())
    told, findings = _missing(name, "number", codes, np.isnan(numerals.values))
    draft = number_draft(name, values, whole, _join(note, numerals.note, told))
    if numerals.doubtful:
        findings += (ambiguous_mark(name, numerals.doubtful),)
    return draft._replace(findings=findings + draft.findings)


def words_among_dates(name: str, codes: np.ndarray, dates: Dates, note: str) -> Draft:
    """A date column; the cells that are no date become missing, and WORDS_IN_DATES tells the row of the first.

    AMBIGUOUS_DATES tells that day and month could have been told apart either way.
    """
    told, findings = _missing(name, "date", codes, np.isnat(dates.moments))
    if dates.other:
        findings += (ambiguous(name, dates.form, dates.other),)
    moments = np.append(dates.moments, np.datetime64("NaT", "us"))[codes]
    draft = date_draft(name, moments, _join(dates.words, note, told), dates.form)
    return draft._replace(findings=findings)


def _missing(name: str, kind: str, codes: np.ndarray, unread: np.ndarray) -> tuple[str, tuple[Finding, ...]]:
    if not unread.any():
        return "", ()
    told, finding = taken_as_missing(name, kind, codes, unread)
    return told, (finding,)


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


def _strays(codes: np.ndarray, numerals: Numerals | None) -> str:
    """A note when most texts are numbers: how many cells are not, and the row of the first of them."""
    if numerals is None:
        return ""
    unread = np.isnan(numerals.values)
    if unread.sum() > len(unread) / 2 or not unread.any():
        return ""
    stray = np.append(unread, False)[codes]
    count, row = int(stray.sum()), int(stray.argmax())
    counted = "1 cell is" if count == 1 else f"{count:,} cells are"
    return f"{counted} no number, the first in row {row + 1:,}"


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
