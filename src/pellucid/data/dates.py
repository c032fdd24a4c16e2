"""Texts that are dates: recognized by their form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import polars as pl

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? +)?"
_TIME = (
    r"(?:(?:T|,? +)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<sec>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?: ?(?P<half>[ap]m))? ?(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$"
)
_LAST_YEAR = r"(?P<year>\d{4}|\d{2})"
# The form in words → its pattern. The words d/m stand for d/m or m/d, whichever the numbers allow.
_FORMS = {
    "yyyy-mm-dd": r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
    "d.m.yyyy": rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_LAST_YEAR}",
    "d/m/yyyy": rf"(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/{_LAST_YEAR}",
    "d-m-yyyy": rf"(?P<first>\d{{1,2}})-(?P<second>\d{{1,2}})-{_LAST_YEAR}",
    "d month yyyy": rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-/. ]+{_MONTH},?[-/ ]*{_LAST_YEAR}",
    "month d, yyyy": rf"{_WEEKDAY}{_MONTH}[- ]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[- ]+(?P<year>\d{{4}})",
    "yyyy-month-dd": rf"(?P<year>\d{{4}})[-/ ]{_MONTH}[-/ ](?P<day>\d{{1,2}})",
    "yyyymmdd": r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    "yyyy-mm": r"(?P<year>(?:19|20)\d{2})[-/](?P<month>\d{1,2})",
    "mm/yyyy": r"(?P<month>\d{1,2})[-/](?P<year>(?:19|20)\d{2})",
    "month yyyy": rf"{_MONTH},?[-/ ]+(?P<year>(?:19|20)\d{{2}})",
}
# Years of two digits below this are of this century, the others of the last: the rule of POSIX.
_CENTURY_TURNS = 69
# Cells that tell whether a form is worth trying on all.
_LOOKED_AT = 20

# What days may be when they are written as whole numbers, and how many different ones tell it.
_FIRST_DAY, _LAST_DAY, _FEWEST_DAYS = 19_000_101, 21_001_231, 5

Order = Literal["dmy", "mdy"]


class Dates(NamedTuple):
    """Moments datetime64[us] (texts,), NaT for what is no date, their form in words, and as `dates_in_form` takes it.

    `other` is the form that would fit as well, "" where there is none.
    """

    moments: np.ndarray
    words: str
    form: str
    other: str = ""


def parse_dates(
    texts: pl.Series, counts: np.ndarray | None = None, strays: float = 0.0, order: Order | None = None
) -> Dates | None:
    """The dates in `texts` (no null), or None when a greater share than `strays` of the cells is not a date.

    `counts` (texts,) says how many cells hold each text, one each when it is left out. All dates are of one form, that
    which fits most cells.

    The year comes first (2024-05-31, with - / or ., or 20240531), or last after two numbers (31.5.2024, 5/31/2024,
    31-5-24), or the month is an English name (31 May 2024, May 31, 2024); each with or without a time, AM or PM, and a
    zone. Months (2024-05, 05/2024, May 2024) are their first day.
    Whether 1/2 is the first of February or the second of January is said by `order`, or seen from the numbers above
    12. When there is none, m/d/yyyy and d-m-yyyy are taken and the words say so. Times with a zone become UTC.
    """
    counts = np.ones(len(texts), dtype=np.int64) if counts is None else counts
    total = int(counts.sum())
    form = _likeliest(texts, counts, strays * total) if total else None
    if form is None:
        return None
    whole = _pattern(form)
    fits = texts.str.contains(whole)
    dates = _parse(texts.filter(fits).str.extract_groups(whole).struct.unnest(), counts[fits.to_numpy()], form, order)
    moments = np.full(len(texts), np.datetime64("NaT", "us"))
    moments[fits.to_numpy()] = dates.moments
    lost = counts[np.isnat(moments)].sum()
    return None if lost == total or lost > strays * total else dates._replace(moments=moments)


def _likeliest(texts: pl.Series, counts: np.ndarray, strays: float) -> str | None:
    """The form of the most cells, where at most `strays` of them have another one."""
    total = counts.sum()
    ends = np.cumsum(counts)
    some = texts.gather(np.searchsorted(ends, (np.arange(_LOOKED_AT) + 0.5) * total / _LOOKED_AT, side="right"))
    best, fewest = None, min(strays + 1, total)
    for form in _FORMS:
        whole = _pattern(form)
        # Most texts are no dates: a few cells, evenly spread, tell it.
        if 2 * strays < total and some.str.contains(whole).mean() < 0.5:  # type: ignore[operator]
            continue
        others = counts[~texts.str.contains(whole).to_numpy()].sum()
        if others < fewest and others <= strays:
            best, fewest = form, others
    return best


def dates_in_form(texts: pl.Series, form: str) -> np.ndarray:
    """Moments datetime64[us] (texts,), NaT for null and for what is no date of a form that `parse_dates` has found.

    Each text is read by itself. Years of two digits, times and zones may be there or not.
    """
    base = form if form in _FORMS else _swapped(form)
    parts = texts.str.extract_groups(_pattern(base)).struct.unnest()
    if "first" in parts.columns:
        day, month = ("first", "second") if form == base else ("second", "first")
        parts = parts.rename({day: "day", month: "month"})
    moments = _moments(_with_months_and_years(parts)).to_numpy().astype("datetime64[us]")
    return moments - _offsets(parts["zone"])


def days_in_digits(values: np.ndarray) -> np.ndarray | None:
    """Whole numbers float64 (rows,) like 20240531 as datetime64[D], NaN as NaT; None unless that is what they are.

    All must be days of the years 1900 to 2100, and five of them different: of other numbers of eight digits in that
    range only one in 27 is a day.
    """
    first = values[:1] if len(values) and values[0] == values[0] else values[~np.isnan(values)][:1]
    if not len(first) or not _FIRST_DAY <= first[0] <= _LAST_DAY:
        return None
    known = ~np.isnan(values)
    present = values[known]
    if present.min() < _FIRST_DAY or present.max() > _LAST_DAY or len(np.unique(present)) < _FEWEST_DAYS:
        return None
    numbers = present.astype(np.int64)
    year, month, day = numbers // 10_000, numbers // 100 % 100, numbers % 100
    if ((month < 1) | (month > 12) | (day < 1)).any():
        return None
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    if (days.astype("datetime64[M]") != months).any():
        return None
    result = np.full(len(values), np.datetime64("NaT", "D"))
    result[known] = days
    return result


def _pattern(form: str) -> str:
    return rf"(?i)^{_FORMS[form]}{_TIME}"


def _swapped(form: str) -> str:
    return form.replace("d", "_").replace("m", "d").replace("_", "m")


def _parse(parts: pl.DataFrame, counts: np.ndarray, form: str, order: Order | None) -> Dates:
    """Years of two digits or of four, and a zone or none, as most cells have them: the others are no dates."""
    import polars as pl

    note = other = ""
    if "first" in parts.columns:
        parts, form, other = _ordered(parts, counts, form, order)
        note = f" (no day above 12, so {other} would fit as well)" if other else ""
    if "day" not in parts.columns:
        note = ", each the first of its month"
    written = form
    short, zoned = parts["year"].str.len_chars() == 2, parts["zone"].is_not_null()
    if _most(short, counts):
        written = form.replace("yyyy", "yy")
        note += f" (years below {_CENTURY_TURNS} taken as 20yy, others as 19yy)"
    usual = (short == _most(short, counts)) & (zoned == _most(zoned, counts))
    parts = parts.with_columns(year=pl.when(usual).then(pl.col("year")))
    moments = _moments(_with_months_and_years(parts)).to_numpy().astype("datetime64[us]")
    words = f"dates of the form {written}{note}"
    if parts["hour"].is_not_null().any():
        words += " with a time"
    if _most(zoned, counts):
        moments = moments - _offsets(parts["zone"])
        words += ", brought to UTC"
    return Dates(moments, words, form, other)


def _most(marked: pl.Series, counts: np.ndarray) -> bool:
    """Whether most cells are among those whose text is marked."""
    return bool(2 * counts[marked.to_numpy()].sum() > counts.sum())


def _with_months_and_years(parts: pl.DataFrame) -> pl.DataFrame:
    """Months as numbers, years with four digits, and the first day where only the month is known."""
    import polars as pl

    if "day" not in parts.columns:
        parts = parts.with_columns(day=pl.lit("1"))
    if "name" in parts.columns:
        numbers = {name: str(i) for i, name in enumerate(_MONTHS, start=1)}
        parts = parts.with_columns(month=pl.col("name").str.slice(0, 3).str.to_lowercase().replace_strict(numbers))
    late = pl.col("year").cast(pl.Int32) < _CENTURY_TURNS
    century = pl.when(late).then(pl.lit("20")).otherwise(pl.lit("19"))
    short = pl.col("year").str.len_chars() == 2
    return parts.with_columns(year=pl.when(short).then(century + pl.col("year")).otherwise(pl.col("year")))


def _ordered(parts: pl.DataFrame, counts: np.ndarray, form: str, order: Order | None) -> tuple[pl.DataFrame, str, str]:
    """The parts with day and month told apart, the form that fits most cells, and the other one when both would."""
    import polars as pl

    first, second = (counts[(parts[c].cast(pl.Int32) > 12).to_numpy()].sum() for c in ("first", "second"))
    swapped = _swapped(form)
    day_first = order == "dmy" if order else first > second or (first == second and "-" in form)
    names = ("day", "month") if day_first else ("month", "day")
    taken, left = (form, swapped) if day_first else (swapped, form)
    return parts.rename({"first": names[0], "second": names[1]}), taken, "" if order or first or second else left


def _moments(parts: pl.DataFrame) -> pl.Series:
    """Dates and times without their zone; null where one is impossible, such as the 30th of February or 13 PM."""
    import polars as pl

    def two(name: str) -> pl.Expr:
        return pl.col(name).fill_null("0").str.zfill(2)

    hour = two("hour")
    if parts["half"].is_not_null().any():
        clock = pl.col("hour").cast(pl.Int32)
        late = pl.col("half").str.to_lowercase() == "pm"
        of_day = pl.when(clock.is_between(1, 12)).then(clock % 12 + 12 * late.cast(pl.Int32))
        turned = pl.when(pl.col("half").is_null()).then(clock.fill_null(0)).otherwise(of_day)
        hour = turned.cast(pl.String).str.zfill(2)
    part = pl.col("part").fill_null("0").str.slice(0, 6).str.pad_end(6, "0")
    text = pl.format(
        "{}-{}-{} {}:{}:{}.{}", pl.col("year"), two("month"), two("day"), hour, two("minute"), two("sec"), part
    )
    return parts.select(text.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)).to_series()


def _offsets(zones: pl.Series) -> np.ndarray:
    """What the clocks of each zone are ahead of UTC, timedelta64[m]."""
    minutes = {zone: _minutes(zone) for zone in zones.unique()}
    return np.array([minutes[zone] for zone in zones], dtype="timedelta64[m]")


def _minutes(zone: str | None) -> int:
    if zone is None or zone.upper() in ("Z", "UTC", "GMT"):
        return 0
    sign = -1 if zone[0] == "-" else 1
    return sign * (60 * int(zone[1:3]) + int(zone[3:].removeprefix(":") or 0))
