"""Bare arrays become `Column`s: numbers, yes/no values, dates and categories, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..records import Finding
from .table import MISSING_CODE, Column

if TYPE_CHECKING:
    import polars as pl

BOOLEAN_LEVELS = ("False", "True")
# Beyond this a number is a mark for "no value" or a slip: its square overflows single precision.
LARGEST = 1e30
# For so few levels a table of them is faster than looking each cell up among the sorted ones.
_FEW_LEVELS = 1000
# Rows that are looked at together: what is computed of them stays in the processor's cache.
_BLOCK = 1 << 16


class Draft(NamedTuple):
    """A column whose role is not decided yet; `whole` says that its numbers were written as integers.

    `findings` tells what was repaired in it.
    """

    column: Column
    whole: bool = False
    findings: tuple[Finding, ...] = ()


def number_draft(name: str, values: np.ndarray, whole: bool, note: str = "") -> Draft:
    """A number column from float64 (rows,) with NaN where missing.

    Infinities and numbers beyond ±1e30 become missing, are counted, and are told in INFINITE_AS_MISSING.
    """
    findings: tuple[Finding, ...] = ()
    if any(_any_endless(values[start : start + _BLOCK]) for start in range(0, len(values), _BLOCK)):
        with np.errstate(invalid="ignore"):
            endless = np.abs(values) > LARGEST
        infinite = int(np.isinf(values).sum())
        huge = int(endless.sum()) - infinite
        counted = " and ".join(
            _count(n, what) for n, what in ((infinite, "infinite value"), (huge, "value beyond ±1e30")) if n
        )
        findings = (_endless(name, values, endless, counted),)
        values = np.where(endless, np.nan, values)
        note = _join(note, f"{counted} taken as missing")
    missing = int(np.isnan(values).sum())
    what = "whole numbers" if whole else "numbers"
    reason = _join(what, f"{missing:,} of {len(values):,} missing" if missing else "", note)
    if missing == len(values):
        reason = _join("no value to tell the kind from", note)
    column = Column(name, "number", np.ascontiguousarray(values, dtype=np.float64), reason=reason)
    return Draft(column, whole, findings)


def _any_endless(values: np.ndarray) -> bool:
    with np.errstate(invalid="ignore"):
        return bool((np.abs(values) > LARGEST).any())


def _endless(name: str, values: np.ndarray, endless: np.ndarray, counted: str) -> Finding:
    row = int(endless.argmax())
    return Finding(
        "INFINITE_AS_MISSING",
        "warning",
        f"column {name!r}: {counted} taken as missing, the first in row {row + 1:,}",
        "No network can compute with such a number, and usually it stands for a value that is not known",
        "If it is a measurement, give the column in other units or as a logarithm",
    )


def boolean_draft(name: str, values: np.ndarray, missing: np.ndarray) -> Draft:
    """A category column with the levels False and True from bool (rows,) and the rows that are missing."""
    codes = np.where(missing, MISSING_CODE, values.astype(bool)).astype(np.int32)
    return Draft(Column(name, "category", codes, BOOLEAN_LEVELS, reason="values that are true or false"))


def date_draft(name: str, moments: np.ndarray, note: str = "dates", form: str = "") -> Draft:
    """A date column from datetime64 (rows,) of any unit, kept in microseconds; `form` is that of the texts it was."""
    return Draft(Column(name, "date", moments.astype("datetime64[us]"), reason=note, form=form))


def category_draft(name: str, levels: pl.Series, codes: np.ndarray, note: str = "text") -> Draft:
    """A category column from its sorted levels and int32 codes (rows,), as `encode` gives them."""
    missing = int((codes < 0).sum())
    reason = _join(note, f"{missing:,} of {len(codes):,} missing" if missing else "")
    return Draft(Column(name, "category", codes, tuple(levels.to_list()), reason=reason))


def encode(cells: pl.Series) -> tuple[pl.Series, np.ndarray]:
    """The sorted different texts of a series, and for each row its place among them, int32 (rows,), -1 for null."""
    levels = cells.unique().drop_nulls().sort()
    if levels.is_empty():
        return levels, np.full(len(cells), MISSING_CODE, dtype=np.int32)
    if len(levels) <= _FEW_LEVELS:
        import polars as pl

        found = cells.cast(pl.Enum(levels)).to_physical().cast(pl.Int32)
        return levels, np.array(found.fill_null(MISSING_CODE).to_numpy())
    places = levels.search_sorted(cells).to_numpy().astype(np.int32)
    return levels, np.where(cells.is_null().to_numpy(), np.int32(MISSING_CODE), places)


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
