"""One row: its raw cells by column, and the inputs that the preparation makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..data.read import read
from ..data.table import Table
from ..errors import InputError, ShapeError
from .opened import Opened
from .prepared_cells import design_row, prepared_cells
from .row_cells import row_cells


def the_row(opened: Opened, row: Any, rows: Any = None) -> tuple[dict[str, Any], np.ndarray]:
    """(raw cells by column, inputs float64 (inputs,)) of a row: its cells as `ledger` takes them, or its number in
    `rows`, counted from 0.

    Raises `InputError` for a number that no row has, `ColumnError` and `ShapeError` for cells that do not fit.
    """
    if isinstance(row, (int, np.integer)) and not isinstance(row, bool):
        return _numbered(opened, int(row), rows)
    if rows is not None:
        raise InputError(f"with rows, row is the number of one of them, counted from 0; got {type(row).__name__}")
    prepared = prepared_cells(opened, row_cells(opened, row))
    cells = {one.column: one.cell.strip() if isinstance(one.cell, str) else one.cell for one in prepared}
    return cells, design_row(prepared)


def row_of(row: Any, rows: Any = None) -> Any:
    """`row` itself, or the row of that number of `rows`, in a form that `row_cells` takes, with all of its columns.

    Raises `InputError` for a number that no row has, and for a number or rows without the other.
    """
    if not isinstance(row, (int, np.integer)) or isinstance(row, bool):
        if rows is not None:
            raise InputError(f"with rows, row is the number of one of them, counted from 0; got {type(row).__name__}")
        return row
    _check_number(int(row), rows)
    if isinstance(rows, (list, tuple, np.ndarray)):
        return rows[int(row)]
    table = rows if isinstance(rows, Table) else read(rows)
    return table.take(slice(int(row), int(row) + 1))


def _check_number(number: int, rows: Any) -> None:
    """Raise `InputError` unless there are rows and one of that number."""
    if rows is None:
        raise InputError(f"row {number} of what? Pass the table as rows=…, or the cells of the row themselves")
    count = number_of_rows(rows)
    if not 0 <= number < count:
        held = f"the rows are numbered 0 to {count - 1}" if count else "there are no rows"
        raise InputError(f"there is no row {number}: {held}")


def _numbered(opened: Opened, number: int, rows: Any) -> tuple[dict[str, Any], np.ndarray]:
    _check_number(number, rows)
    if opened.preparation is None:
        return the_row(opened, np.asarray(rows)[number])
    table = opened.table(rows).take(slice(number, number + 1))
    return table.row(0), opened.preparation.transform(table)[0]


def number_of_rows(rows: Any) -> int:
    """How many rows there are in what `predict` takes. Raises `InputError` where that cannot be told."""
    if isinstance(rows, Mapping):
        return min((len(column) for column in rows.values()), default=0)
    if hasattr(rows, "__len__") and not isinstance(rows, (str, bytes)):
        return len(rows)
    raise InputError(
        f"rows must be a table, a frame or an array, got {type(rows).__name__}; pellucid.read reads a file"
    )


def some_rows(rows: Any) -> None:
    """Raise `ShapeError` for a table without rows."""
    if number_of_rows(rows) == 0:
        raise ShapeError("the table holds no rows; give one with at least one row")
