"""Rows that repeat an earlier row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .table import Column, Table


def repeated_rows(table: Table, *, ignoring: tuple[str, ...] = ()) -> np.ndarray:
    """Which rows hold the same values as an earlier row in all columns but the ignored ones, bool (rows,).

    Two missing values count as the same.
    """
    columns = table.drop(ignoring)
    if not columns.columns:
        return np.zeros(table.rows, dtype=bool)
    _, first = np.unique(_groups(columns), return_index=True)
    repeated = np.ones(table.rows, dtype=bool)
    repeated[first] = False
    return repeated


def rows_seen(table: Table, before: Table) -> np.ndarray:
    """Which rows of `table` hold the same values as some row of `before`, in the columns of `table`, bool (rows,).

    Two missing values count as the same. No row is seen when a column is of another kind there.
    """
    if any(before[c.name].kind != c.kind for c in table) or not table.columns:
        return np.zeros(len(table), dtype=bool)
    groups = _groups(Table([_below(before[c.name], c) for c in table]))
    return np.isin(groups[len(before) :], groups[: len(before)])


def _below(first: Column, second: Column) -> Column:
    """Both columns as one; the levels of the second are found among those of the first, or come after them."""
    if first.kind != "category":
        return replace(first, values=np.concatenate([first.values, second.values]))
    place = {level: code for code, level in enumerate((*first.levels, *(set(second.levels) - set(first.levels))))}
    codes = np.array([*(place[level] for level in second.levels), -1], dtype=first.values.dtype)
    return replace(first, values=np.concatenate([first.values, codes[second.values]]), levels=tuple(place))


def _groups(table: Table) -> np.ndarray:
    """A number for each row, equal for equal rows, int64 (rows,)."""
    groups = np.zeros(len(table), dtype=np.int64)
    for column in table:
        _, codes = np.unique(column.values, return_inverse=True, equal_nan=True)
        # Both factors stay below the number of rows, so the product of two fits in 64 bits for any real table.
        _, groups = np.unique(groups * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)
    return groups
