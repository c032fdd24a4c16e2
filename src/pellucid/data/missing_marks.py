"""Texts that stand for no value: taken out of a column of texts, and named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .columns import encode
from .table import MISSING_CODE

if TYPE_CHECKING:
    import polars as pl

SPREADSHEET_ERRORS = ("#div/0!", "#name?", "#null!", "#num!", "#ref!", "#value!")
# Compared in lower case and without the blanks around. "None" and "unknown" are not here: tables use them as answers.
MISSING_MARKS = ("", "na", "n/a", "#n/a", "nan", "null", "?", "-", "--", *SPREADSHEET_ERRORS)
# Among numbers and dates these can be no answer.
MARKS_AMONG_NUMBERS = ("none", ".")


def cleaned(cells: pl.Series) -> tuple[pl.Series, str]:
    """Texts without the blanks around, marks as null, and a note naming the marks that were met."""
    bare, note = _without_marks(cells.unique().drop_nulls())
    if bare is None:
        return cells, ""
    different = cells.unique().drop_nulls()
    kept = different.filter(_signs(different.str.strip_chars())).str.strip_chars()
    cells = cells.str.strip_chars()
    gone = (cells.str.to_lowercase().is_in(MISSING_MARKS) & ~cells.is_in(kept.to_list())).fill_null(True)
    return cells.set(gone, None), note


def cleaned_levels(levels: pl.Series, codes: np.ndarray) -> tuple[pl.Series, np.ndarray, str]:
    """As `cleaned`, for the different texts of a column and the place of each row's, as `encode` gives them."""
    bare, note = _without_marks(levels)
    return (levels, codes, "") if bare is None else (*recoded(bare, codes), note)


def without_gaps(levels: pl.Series, codes: np.ndarray, note: str) -> tuple[pl.Series, np.ndarray, str]:
    """The result of `cleaned_levels` as it is if the texts are numbers or dates: None and . are missing, too."""
    marked = levels.str.to_lowercase().is_in(MARKS_AMONG_NUMBERS)
    if not marked.any():
        return levels, codes, note
    met = _named(levels.filter(marked))
    return *recoded(levels.set(marked, None), codes), f"{note}, {met}" if note else met


def _without_marks(levels: pl.Series) -> tuple[pl.Series | None, str]:
    """Different texts without the blanks around, marks as null, and the note; None where nothing changes."""
    stripped = levels.str.strip_chars()
    marked = stripped.str.to_lowercase().is_in(MISSING_MARKS) & ~_signs(stripped)
    if not marked.any() and (levels == stripped).all():
        return None, ""
    return stripped.set(marked, None), _named(stripped.filter(marked))


def _signs(texts: pl.Series) -> pl.Series:
    """Which texts are + and - as answers: where a + stands, and all else that says anything is made of such signs."""
    signs = texts.str.contains(r"^[+±/-]+$")
    others = texts.filter(~signs & ~texts.str.to_lowercase().is_in(MISSING_MARKS))
    return signs & (others.is_empty() and bool(texts.str.contains("+", literal=True).any()))


def _named(marks: pl.Series) -> str:
    shown = " and ".join(repr(mark) if mark else "blank" for mark in sorted(set(marks.to_list())))
    return f"{shown} taken as missing" if shown else ""


def recoded(texts: pl.Series, codes: np.ndarray) -> tuple[pl.Series, np.ndarray]:
    """Levels and codes when the levels were changed to `texts`, some of them equal or null now."""
    levels, places = encode(texts)
    return levels, np.append(places, np.int32(MISSING_CODE))[codes]
