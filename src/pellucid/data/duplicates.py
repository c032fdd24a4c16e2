"""Rows that repeat an earlier row."""

from __future__ import annotations

import numpy as np

from .table import Table


def repeated_rows(table: Table, *, ignoring: tuple[str, ...] = ()) -> np.ndarray:
    """Which rows hold the same values as an earlier row in all columns but the ignored ones, bool (rows,).

    Two missing values count as the same.
    """
    columns = table.drop(ignoring)
    if not columns.columns:
        return np.zeros(table.rows, dtype=bool)
    groups = np.zeros(table.rows, dtype=np.int64)
    for column in columns:
        _, codes = np.unique(column.values, return_inverse=True, equal_nan=True)
        # Both factors stay below the number of rows, so the product of two fits in 64 bits for any real table.
        _, groups = np.unique(groups * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)
    _, first = np.unique(groups, return_index=True)
    repeated = np.ones(table.rows, dtype=bool)
    repeated[first] = False
    return repeated
