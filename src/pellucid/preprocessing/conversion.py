"""Cells and columns of another kind than at training, brought to the kind that a fitted step expects.

A file that is read again may give "3" where training had 3. Numbers and texts meet through `number_text`: whole numbers
are written without a point (3.0 is "3"), others as Python writes them.
"""

from __future__ import annotations

import datetime
import math
from typing import Any

import numpy as np

from ..data.table import Column
from ..errors import ColumnError

NAT = np.datetime64("NaT", "us")


def number_text(number: float) -> str:
    """A number as the text of a level: 1.0 → "1", 1.5 → "1.5"."""
    return str(int(number)) if number == int(number) else repr(float(number))


def parse_number(text: str) -> float | None:
    """The finite number that a text holds, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def cell_number(value: Any, name: str) -> float:
    """One cell as a float; NaN when missing (None, NaN, an empty text).

    Raises `ColumnError` for infinities and for what is no number.
    """
    if value is None:
        return math.nan
    if isinstance(value, str):
        if not value.strip():
            return math.nan
        parsed = parse_number(value)
        if parsed is None:
            raise ColumnError(f"column {name!r} must hold numbers, got {value!r}; correct the cell or leave it empty")
        return parsed
    try:
        number = float(value)
    except (TypeError, ValueError):
        if is_missing(value):
            return math.nan
        raise ColumnError(f"column {name!r} must hold numbers, got {value!r}") from None
    if math.isinf(number):
        raise ColumnError(f"column {name!r} must hold finite numbers, got {number}; leave unknown cells empty")
    return number


def column_numbers(column: Column) -> np.ndarray:
    """A column as float64 (rows,), NaN when missing. Raises `ColumnError` that names the row."""
    if column.kind == "number":
        infinite = np.isinf(column.values)
        if infinite.any():
            row = int(np.argmax(infinite))
            raise _at(column, row, f"finite numbers, got {column.values[row]}; leave unknown cells empty")
        return np.asarray(column.values, dtype=np.float64)
    if column.kind == "date":
        raise ColumnError(f"column {column.name!r} must hold numbers, but it holds dates")
    parsed = [math.nan if not level.strip() else parse_number(level) for level in column.levels]
    bad = np.array([*(p is None for p in parsed), False])[column.values]
    if bad.any():
        row = int(np.argmax(bad))
        raise _at(column, row, f"numbers, got {column.cell(row)!r}; correct the cell or leave it empty")
    numbers: np.ndarray = np.array([*(math.nan if p is None else p for p in parsed), math.nan])[column.values]
    return numbers


def cell_text(value: Any) -> str | None:
    """One cell as the text of a level; None when missing."""
    if isinstance(value, str):
        return value
    if is_missing(value):
        return None
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (float, np.floating)) and math.isfinite(value):
        return number_text(float(value))
    return str(value)


def column_levels(column: Column) -> tuple[np.ndarray, tuple[str, ...]]:
    """A column as codes (rows,), −1 when missing, and the text of each code."""
    if column.kind == "category":
        return column.values, column.levels
    if column.kind == "date":
        raise ColumnError(f"column {column.name!r} must hold categories, but it holds dates")
    found, codes = np.unique(column.values, return_inverse=True)
    codes = np.where(np.isnan(column.values), -1, codes.reshape(-1))
    return codes, tuple(cell_text(number) or "" for number in found.tolist())


def cell_moment(value: Any, name: str) -> np.datetime64:
    """One cell as datetime64[us]: a date, a datetime, a datetime64 or an ISO text; NaT when missing.

    Moments with a time zone are taken in UTC. Raises `ColumnError` for what is no date.
    """
    if is_missing(value) or (isinstance(value, str) and not value.strip()):
        return NAT
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value.strip())
        except ValueError:
            raise ColumnError(
                f"column {name!r} must hold dates such as '2024-05-31' or '2024-05-31T14:00', got {value!r}"
            ) from None
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        value = value.astimezone(datetime.UTC).replace(tzinfo=None)
    if isinstance(value, np.datetime64):
        moment: np.datetime64 = value.astype("datetime64[us]")
        return moment
    if isinstance(value, datetime.date):
        return np.datetime64(value, "us")
    raise ColumnError(f"column {name!r} must hold dates, got {value!r}")


def column_moments(column: Column) -> np.ndarray:
    """A column as datetime64[us] (rows,). Raises `ColumnError` that names the row."""
    if column.kind == "date":
        return column.values.astype("datetime64[us]")
    if column.kind == "number":
        if column.missing.all():
            return np.full(len(column), NAT)
        raise ColumnError(f"column {column.name!r} must hold dates, but it holds numbers")
    moments = np.full(len(column.levels) + 1, NAT)
    for code in np.unique(column.values[column.values >= 0]).tolist():
        try:
            moments[code] = cell_moment(column.levels[code], column.name)
        except ColumnError as error:
            row = int(np.argmax(column.values == code))
            raise ColumnError(f"row {row + 1:,}: {error}") from None
    result: np.ndarray = moments[column.values]
    return result


def is_missing(value: Any) -> bool:
    """Whether a cell holds None, NaN, NaT or pandas' NA."""
    if value is None:
        return True
    if isinstance(value, (float, np.floating)):
        return math.isnan(value)
    if isinstance(value, np.datetime64):
        return bool(np.isnat(value))
    return type(value).__name__ in ("NAType", "NaTType")


def _at(column: Column, row: int, rest: str) -> ColumnError:
    return ColumnError(f"row {row + 1:,}: column {column.name!r} must hold {rest}")
