"""Numbers as people write them: $1,200 and 1.200,50 € and 12 % and (35)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl

_CURRENCY = r"(?:[$€£¥₹]|USD|EUR|GBP|CHF)"
_SPACES = "[ \u00a0\u2009\u202f]"


def _written(thousands: str, decimal: str) -> str:
    """The pattern of a number with these marks; spaces and apostrophes mark thousands too."""
    groups = "|".join(rf"(?:{mark}\d{{3}})+" for mark in (thousands, _SPACES, "'"))
    grouped = rf"\d{{1,3}}(?:{groups})(?:{decimal}\d*)?"
    return rf"^[+-]?(?:{grouped}|\d+{decimal}?\d*|{decimal}\d+)(?:[eE][+-]?\d+)?$"


_POINT, _COMMA = _written(",", r"\."), _written(r"\.", ",")
_GROUPED_BY_POINTS = r"^[+-]?\d{1,3}(?:\.\d{3})+$"
# A comma that cannot stand between thousands: before one, two or more than three digits, or after a zero.
_SURE_COMMA = r"^[+-]?(?:\d+,(?:\d{1,2}|\d{4,})|0\d*,\d+|\d{4,},\d+|\d{1,3}(?:\.\d{3})+,\d+)$"


@dataclass(frozen=True)
class Numerals:
    """Numbers float64 (texts,) with NaN where a text is none, and in words what was taken off them.

    `doubtful` is a mark that stands between thousands as they were read, but could be the decimal mark; "" for none.
    """

    values: np.ndarray
    note: str
    doubtful: str = ""


def parse_numerals(texts: pl.Series, decimal: str | None = None, sure: bool = False) -> Numerals | None:
    """The numbers in `texts` (no null), read with decimal point or comma, whichever reads more of them.

    `decimal` decides a draw and without it the point; "." also rules the comma out, and where it is `sure` each rules
    out the other. None when no text is a number,
    when some numbers are percentages and others not, or when two currencies meet.
    """
    bare = _bare(texts)
    point, comma = bare["text"].str.contains(_POINT), bare["text"].str.contains(_COMMA)
    by_comma = decimal != "." and (sure or (comma.sum(), decimal == ",") > (point.sum(), False))
    matched = comma if by_comma else point
    found = bare["symbol"].filter(matched).drop_nulls().unique().to_list()
    some = bare["percent"].filter(matched)
    if not matched.any() or len(found) > 1 or (some.any() and not some.all()):
        return None
    left = bare["text"].filter(matched)
    notes = [
        "written with a decimal comma" if by_comma and left.str.contains(",", literal=True).any() else "",
        f"thousands marks ({_marked(left, by_comma)}) taken off" if _marked(left, by_comma) else "",
        f"{found[0]} taken off" if found else "",
        "percent signs taken off (12 % is 12)" if some.any() else "",
        "in parentheses taken as negative" if (bare["closed"] & matched).any() else "",
        "a minus behind the number put before it" if (bare["behind"] & matched).any() else "",
    ]
    values = _values(texts, bare["text"], matched, by_comma)
    told = decimal is not None or "$" in found
    doubtful = "" if told else _doubtful(left, by_comma)
    return Numerals(values, ", ".join(note for note in notes if note), doubtful)


def _doubtful(numbers: pl.Series, by_comma: bool) -> str:
    """The mark between thousands where no number shows that it is none between whole and parts: 1,234 alone."""
    mark = _thousands(by_comma)
    marked = numbers.filter(numbers.str.contains(mark, literal=True))
    one_group = marked.str.contains(rf"^[+-]?[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}$")
    others = numbers.str.contains(r"[' \u00a0\u2009\u202f]" + ("|,." if by_comma else r"|\."))
    return mark if len(marked) and one_group.all() and not others.any() else ""


def numerals_by(texts: pl.Series, by_comma: bool, *, either: bool = False) -> np.ndarray:
    """Numbers float64 (texts,) of texts without null, each read by itself with decimal comma or point; NaN for none.

    With `either` a text that is a number only with the other mark is read with that.
    """
    bare = _bare(texts)["text"]
    values = _values(texts, bare, bare.str.contains(_COMMA if by_comma else _POINT), by_comma)
    if either:
        others = _values(texts, bare, bare.str.contains(_POINT if by_comma else _COMMA), not by_comma)
        values = np.where(np.isnan(values), others, values)
    return values


def reads_by_comma(texts: pl.Series, decimal: str | None) -> bool:
    """Whether the numbers among `texts` (no null) have a decimal comma, by the rules of `text_draft`."""
    import polars as pl

    if decimal == ".":
        return False
    plain = not texts.cast(pl.Float64, strict=False).null_count()
    if plain and (decimal is None or texts.str.contains(".", literal=True).any()):
        return decimal == "," and grouped_by_points(texts)
    bare = _bare(texts)["text"]
    point, comma = bare.str.contains(_POINT).sum(), bare.str.contains(_COMMA).sum()
    return (comma, decimal == ",") > (point, False)


def _bare(texts: pl.Series) -> pl.DataFrame:
    """What is left of each `text` without parentheses, percent sign and currency, and whether these were there."""
    import polars as pl

    bare = texts.str.replace_all("−", "-", literal=True)
    closed = bare.str.contains(r"^\(.*\d.*\)$")
    bare = bare.str.replace(r"^\((.*)\)$", "-$1")
    behind = bare.str.contains(r"^\d[^-]*-$")  # as SAP writes negative numbers
    bare = bare.str.replace(r"^(\d[^-]*)-$", "-$1")
    percent = bare.str.contains(r"\d\s*%$")
    bare = bare.str.replace(r"\s*%$", "")
    symbols = bare.str.extract(rf"^[+-]?\s*({_CURRENCY})|({_CURRENCY})$", 1).fill_null(
        bare.str.extract(rf"\d\s*({_CURRENCY})$", 1)
    )
    bare = bare.str.replace(rf"^([+-]?)\s*{_CURRENCY}\s*", "$1").str.replace(rf"(\d)\s*{_CURRENCY}$", "$1")
    return pl.DataFrame({"text": bare, "closed": closed, "behind": behind, "percent": percent, "symbol": symbols})


def _values(texts: pl.Series, bare: pl.Series, matched: pl.Series, by_comma: bool) -> np.ndarray:
    """The numbers where `matched`; with a decimal point also what the plain reading takes for a number."""
    import polars as pl

    plain = bare.str.replace_all(rf"[{_thousands(by_comma)}' \u00a0\u2009\u202f]", "")
    if by_comma:
        plain = plain.str.replace(",", ".", literal=True)
    numbers = plain.set(~matched, None).cast(pl.Float64, strict=False)
    if not by_comma:
        # inf, nan and whatever else the plain reading takes for a number.
        numbers = numbers.fill_null(texts.cast(pl.Float64, strict=False))
    return np.array(numbers.fill_null(float("nan")).to_numpy(), dtype=np.float64)


def _thousands(by_comma: bool) -> str:
    return "." if by_comma else ","


def _marked(bare: pl.Series, by_comma: bool) -> str:
    """1,234 with the thousands mark of the first text that has one, "" for none; no cell, as reasons are kept."""
    marks = bare.str.extract(rf"\d([{_thousands(by_comma)}' \u00a0\u2009\u202f])\d{{3}}").drop_nulls()
    return "" if marks.is_empty() else f"1{marks[0]}234"


def grouped_by_points(texts: pl.Series) -> bool:
    """Whether every text of four digits or more is written like 1.200, which a decimal point would make 1.2."""
    plain = texts.str.contains(r"^[+-]?\d{1,3}$")
    grouped = texts.str.contains(_GROUPED_BY_POINTS)
    return bool(grouped.any() and (plain | grouped).all())


def decimal_of(frame: pl.DataFrame, delimiter_is_comma: bool, rows: int = 1000) -> str | None:
    """The decimal mark of the numbers in a frame of texts: a comma when a column of numbers cannot be read otherwise.

    None when no column tells. Beside another delimiter than the comma, a draw is decided for the comma.
    """
    import polars as pl

    sure, doubtful = _commas(frame, rows)
    if sure:
        return ","
    if doubtful and not delimiter_is_comma:
        points = frame.head(rows).select(pl.all().str.contains(r"^\s*[+-]?\d+\.\d+\s*$").any()).row(0)
        return None if any(points) else ","
    return None


def only_commas_before_three_digits(frame: pl.DataFrame, rows: int = 1000) -> bool:
    """Whether the numbers with a comma in a frame of texts may all be whole numbers with thousands marks."""
    sure, doubtful = _commas(frame, rows)
    return doubtful and not sure


def _commas(frame: pl.DataFrame, rows: int) -> tuple[bool, bool]:
    """Whether a column of numbers has commas that must be decimal marks, and whether one has commas that may be."""
    doubtful = False
    for name in frame.columns:
        cells = frame[name].head(rows).drop_nulls().str.strip_chars()
        commas = cells.filter(cells.str.contains(",", literal=True))
        if commas.is_empty():
            continue
        bare = commas.str.replace_all(rf"\s*(?:%|{_CURRENCY})\s*", "")
        reading = cells.str.replace_all(rf"\s*(?:%|{_CURRENCY})\s*", "").str.contains(_COMMA)
        if reading.mean() < 0.9:  # type: ignore[operator]
            continue
        if bare.str.contains(_SURE_COMMA).any():
            return True, True
        doubtful = True
    return False, doubtful
