"""Times of day, such as 10:30 and 9:05:30 pm, as minutes since midnight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl

TIMES_TOLD = "times of day in minutes since midnight (10:30 is 630)"
_TIME = (
    r"(?i)^(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d(?:\.\d{1,9})?))?(?: ?(?P<half>[ap])\.?m\.?)?$"
)


def clock_minutes(texts: pl.Series) -> np.ndarray:
    """Minutes since midnight as float64 (texts,) of texts without null, NaN for what is no time of day."""
    import polars as pl

    if not texts.str.contains(":", literal=True).any():
        return np.full(len(texts), np.nan)
    parts = texts.str.extract_groups(_TIME).struct.unnest()
    hour, half = pl.col("hour").cast(pl.Int32), pl.col("half").str.to_lowercase()
    of_half = pl.when(hour.is_between(1, 12)).then(hour % 12 + 12 * (half == "p").cast(pl.Int32))
    hours = pl.when(half.is_null()).then(pl.when(hour < 24).then(hour)).otherwise(of_half)
    seconds = pl.col("second").cast(pl.Float64).fill_null(0.0)
    found = parts.select(60.0 * hours + pl.col("minute").cast(pl.Int32) + seconds / 60).to_series()
    return np.array(found.fill_null(float("nan")).to_numpy(), dtype=np.float64)
