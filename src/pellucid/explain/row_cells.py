"""One row in any form (dict, array, list, one-row table or frame) as raw cells by column."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..data.read import read
from ..data.table import Table
from ..errors import ColumnError, InputError, ShapeError, nearest
from .opened import Opened


def row_cells(opened: Opened, row: Any) -> dict[str, Any]:
    """Column → cell: the training columns that the network uses, and whatever else the row holds.

    Arrays and lists give the cells of all training columns in order; dicts, tables and frames by name, in any order and
    beside other columns. Raises `ColumnError` for a column that is missing and `ShapeError` for the wrong number of
    cells and for more rows than one, `InputError` for a text.
    """
    if isinstance(row, (str, Path)):
        raise InputError(
            f"a row is a dict, an array or a table of one row, got the text {str(row)!r}; a row of a file is asked for "
            "by its number with rows=pellucid.read(path)"
        )
    named = _named(opened, row)
    if named is None:
        cells = np.asarray(row, dtype=object).reshape(-1).tolist()
        if len(cells) != len(opened.columns):
            raise ShapeError(f"the row has {len(cells)} cells, but the model takes {len(opened.columns)}")
        return dict(zip(opened.columns, cells))
    for name in dict.fromkeys(opened.sources):
        if name not in named:
            own = isinstance(row, Mapping)
            what, advice = ("row", "give None if unknown") if own else ("table", "the model needs it")
            raise ColumnError(f"the {what} has no column {name!r}{nearest(name, named)}; {advice}")
    return named


def _named(opened: Opened, row: Any) -> dict[str, Any] | None:
    """The cells of a row whose columns have names, else None."""
    if isinstance(row, Mapping) and not any(isinstance(cell, (list, tuple, np.ndarray)) for cell in row.values()):
        return {str(name): cell for name, cell in row.items()}
    if isinstance(row, (list, tuple, np.ndarray)) and not (len(row) and isinstance(row[0], Mapping)):
        array = np.asarray(row, dtype=object)
        if array.ndim == 2:
            _one(len(array))
        return None
    table = row if isinstance(row, Table) else read(row)
    _one(len(table))
    if not set(opened.sources) & set(table.names) and len(table.names) == len(opened.columns):
        return dict(zip(opened.columns, table.row(0).values()))  # trained on an array: only the place is known
    return table.row(0)


def _one(rows: int) -> None:
    if rows != 1:
        raise ShapeError(f"this takes the cells of one row, got {rows:,}; choose one, such as X[5:6]")
