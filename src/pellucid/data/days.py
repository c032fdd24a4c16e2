"""Dates as days, which is how a network predicts them, and days as dates again."""

from __future__ import annotations

from typing import Literal

import numpy as np

# What a date that is predicted is told to: the day, or the second where the dates of the table have a time. "" for what
# is no date.
DateUnit = Literal["", "day", "second"]
MICROSECONDS_A_DAY = 86_400e6
# The years 1 to 9999, which calendars know.
_FIRST, _LAST = -719_162.0, 2_932_896.0


def days_of(moments: np.ndarray) -> np.ndarray:
    """Days since 1970-01-01 as float64 (rows,) of datetime64[us] (rows,), NaN where there is no date."""
    days: np.ndarray = np.where(np.isnat(moments), np.nan, moments.astype(np.int64) / MICROSECONDS_A_DAY)
    return days


def date_unit_of(moments: np.ndarray) -> DateUnit:
    """ "day" when all dates of datetime64 (rows,) are at midnight, else "second"."""
    present = moments[~np.isnat(moments)]
    return "day" if (present == present.astype("datetime64[D]")).all() else "second"


def moments_of(
    days: np.ndarray, unit: DateUnit, towards: Literal["nearest", "past", "future"] = "nearest"
) -> np.ndarray:
    """Days since 1970-01-01 (rows,) as datetime64[D] or [ms] (rows,), rounded to the unit.

    What lies before the year 1 or after 9999 is brought to these.
    """
    steps = np.clip(days, _FIRST, _LAST) * (1 if unit == "day" else 86_400)
    rounded = {"nearest": np.rint, "past": np.floor, "future": np.ceil}[towards](steps)
    whole = rounded.astype(np.int64)
    # Polars knows no datetime64[s].
    return whole.astype("datetime64[D]") if unit == "day" else whole.astype("datetime64[s]").astype("datetime64[ms]")


def date_text(days: float) -> str:
    """`2024-05-31`, with the time of day where it is not midnight."""
    moment = moments_of(np.array([days]), "second")[0].astype("datetime64[s]")
    return str(moment).removesuffix("T00:00:00")
