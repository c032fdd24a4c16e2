"""Rows that repeat an earlier row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .table import Column, Table

if TYPE_CHECKING:
    import polars as pl


def repeated_rows(table: Table, *, ignoring: tuple[str, ...] = ()) -> np.ndarray:
    """Which rows hold the same values as an earlier row in all columns but the ignored ones, bool (rows,).

    Two missing values count as the same. Rows are compared by a hash of 64 bits: among ten million rows, two that
    differ are taken for the same with a chance of three in a million.
    """
    columns = table.drop(ignoring)
    if not columns.columns:
        return np.zeros(table.rows, dtype=bool)
    return np.asarray(~_hashes(columns).is_first_distinct())


def rows_seen(table: Table, before: Table) -> np.ndarray:
    """Which rows of `table` hold the same values as some row of `before`, in the columns of `table`, bool (rows,).

    Two missing values count as the same. No row is seen when a column is of another kind there.
    """
    if any(before[c.name].kind != c.kind for c in table) or not table.columns:
        return np.zeros(len(table), dtype=bool)
    groups = _hashes(Table([_below(before[c.name], c) for c in table])).to_numpy()
    return np.isin(groups[len(before) :], groups[: len(before)])


def _below(first: Column, second: Column) -> Column:
    """Both columns as one; the levels of the second are found among those of the first, or come after them."""
    if first.kind != "category":
        return replace(first, values=np.concatenate([first.values, second.values]))
    place = {level: code for code, level in enumerate((*first.levels, *(set(second.levels) - set(first.levels))))}
    codes = np.array([*(place[level] for level in second.levels), -1], dtype=first.values.dtype)
    return replace(first, values=np.concatenate([first.values, codes[second.values]]), levels=tuple(place))


def _hashes(table: Table) -> pl.Series:
    """A number for each row, equal for equal rows."""
    import polars as pl

    # Dates as their integers, NaT the smallest; Polars hashes 0 and -0, and any two NaN, alike.
    arrays = [column.values.view(np.int64) if column.kind == "date" else column.values for column in table]
    return pl.DataFrame([pl.Series(str(place), array) for place, array in enumerate(arrays)]).hash_rows()
