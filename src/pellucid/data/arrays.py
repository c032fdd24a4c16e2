"""One-dimensional arrays and Python sequences become columns."""

from __future__ import annotations

import datetime
import decimal
import math
import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import ColumnError
from .columns import Draft, boolean_draft, date_draft, number_draft
from .texts import text_draft


def array_draft(name: str, values: np.ndarray) -> Draft:
    """A column from an array (rows,) of numbers, bools, datetimes, texts or Python objects."""
    if values.ndim != 1:
        raise ColumnError(f"column {name!r} must be one-dimensional, got an array of shape {values.shape}")
    kind = values.dtype.kind
    if kind in "fiu":
        return number_draft(name, values.astype(np.float64), whole=kind in "iu")
    if kind == "b":
        return boolean_draft(name, values, np.zeros(len(values), dtype=bool))
    if kind == "M":
        return date_draft(name, values)
    if kind == "m":
        return duration_draft(name, values)
    if kind == "U" and len(values):
        import polars as pl

        return text_draft(name, pl.Series(name, values.tolist(), dtype=pl.String))
    if kind in "UTO":
        return sequence_draft(name, values.tolist())
    raise ColumnError(f"column {name!r} holds {values.dtype}; expected numbers, texts, dates or true/false")


def duration_draft(name: str, values: np.ndarray) -> Draft:
    """A number column of seconds from timedelta64 (rows,)."""
    return number_draft(name, values / np.timedelta64(1, "s"), whole=False, note="durations in seconds")


def sequence_draft(name: str, values: Sequence[Any]) -> Draft:
    """A column from Python values: all of one sort keep their kind, a mixture is read as text."""
    import polars as pl

    cells = [None if _absent(v) else v for v in values]
    present = [v for v in cells if v is not None]
    missing = np.array([v is None for v in cells], dtype=bool)
    if not present:
        return number_draft(name, np.full(len(cells), np.nan), whole=False)
    if all(isinstance(v, (bool, np.bool_)) for v in present):
        return boolean_draft(name, np.array([bool(v) for v in cells]), missing)
    if all(isinstance(v, (numbers.Real, decimal.Decimal)) for v in present):
        whole = all(isinstance(v, numbers.Integral) for v in present)
        floats = [math.nan if v is None else float(v) for v in cells]
        return number_draft(name, np.array(floats, dtype=np.float64), whole)
    if all(isinstance(v, (datetime.date, np.datetime64)) for v in present):
        return date_draft(name, np.array([_moment(v) for v in cells], dtype="datetime64[us]"))
    nested = next((row for row, v in enumerate(cells) if isinstance(v, (list, tuple, dict, set, np.ndarray))), None)
    if nested is not None:
        got = type(cells[nested]).__name__
        raise ColumnError(f"column {name!r}, row {nested + 1:,}: expected one value a cell, got a {got}; unpack it")
    return text_draft(name, pl.Series(name, [None if v is None else str(v) for v in cells], dtype=pl.String))


def _absent(value: Any) -> bool:
    """None, NaN, NaT and pandas' NA: whatever is missing or differs from itself."""
    if type(value) is str:  # most often asked
        return False
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return bool(np.isnat(value))
    return isinstance(value, (float, np.floating, decimal.Decimal)) and bool(value != value)


def _moment(value: Any) -> np.datetime64:
    if value is None:
        return np.datetime64("NaT", "us")
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        value = value.astimezone(datetime.UTC).replace(tzinfo=None)
    return np.datetime64(value, "us")
