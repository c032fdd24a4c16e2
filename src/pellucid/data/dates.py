"""Texts that are dates: recognized by their form, all or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl

_YEAR_FIRST = r"^(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})"
_YEAR_LAST = r"^(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4})"
_TIME = (
    r"(?:[T ](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<sec>\d{2})(?:\.(?P<part>\d{1,9}))?)?"
    r" ?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?$"
)


def parse_dates(texts: pl.Series) -> tuple[np.ndarray, str] | None:
    """Moments datetime64[us] (texts,) and the form in words, or None when one text or more is not a date.

    Known forms are yyyy-mm-dd (or with /), m/d/yyyy and d/m/yyyy, each with or without a time and a zone.
    Which of the last two is meant is seen from the numbers above 12. When there is none, m/d/yyyy is taken and the
    words say so. Times with a zone become UTC. `texts` must hold no null.
    """
    for pattern in (_YEAR_FIRST, _YEAR_LAST):
        if texts.head(1).str.contains(pattern + _TIME).all() and texts.str.contains(pattern + _TIME).all():
            return _parse(texts.str.extract_groups(pattern + _TIME).struct.unnest())
    return None


def _parse(parts: pl.DataFrame) -> tuple[np.ndarray, str] | None:
    import polars as pl

    form = "dates of the form yyyy-mm-dd"
    if "first" in parts.columns:
        first, second = (parts[c].cast(pl.Int32) > 12 for c in ("first", "second"))
        if first.any() and second.any():
            return None
        order = ("day", "month") if first.any() else ("month", "day")
        parts = parts.rename({"first": order[0], "second": order[1]})
        form = "dates of the form d/m/yyyy" if first.any() else "dates of the form m/d/yyyy"
        if not first.any() and not second.any():
            form += " (no day above 12, so d/m/yyyy would fit as well)"
    moments = _moments(parts)
    if moments is None:
        return None
    if parts["hour"].is_not_null().any():
        form += " with a time"
    if parts["zone"].is_not_null().any():
        if parts["zone"].is_null().any():
            return None
        moments = moments - _offsets(parts["zone"])
        form += ", brought to UTC"
    return moments, form


def _moments(parts: pl.DataFrame) -> np.ndarray | None:
    """Dates and times without their zone; None when one is impossible, such as the 30th of February."""
    import polars as pl

    def two(name: str) -> pl.Expr:
        return pl.col(name).fill_null("0").str.zfill(2)

    part = pl.col("part").fill_null("0").str.slice(0, 6).str.pad_end(6, "0")
    text = pl.format(
        "{}-{}-{} {}:{}:{}.{}",
        *("year", two("month"), two("day"), two("hour"), two("minute"), two("sec"), part),
    )
    stamps = parts.select(text.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)).to_series()
    return None if stamps.null_count() else stamps.to_numpy().astype("datetime64[us]")


def _offsets(zones: pl.Series) -> np.ndarray:
    """What the clocks of each zone are ahead of UTC, timedelta64[m]."""
    minutes = {zone: _minutes(zone) for zone in zones.unique()}
    return np.array([minutes[zone] for zone in zones], dtype="timedelta64[m]")


def _minutes(zone: str) -> int:
    if zone == "Z":
        return 0
    sign = -1 if zone[0] == "-" else 1
    return sign * (60 * int(zone[1:3]) + int(zone[-2:]))
