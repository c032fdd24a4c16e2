"""The row at which the other columns are held while one or two move: one of the rows, or their middle."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data.table import Column, Table
from ..errors import InputError
from ..preprocessing.dates import DateStep
from ..preprocessing.numbers import NumberStep
from ..records import counted
from .column_pieces import Step, steps_of
from .opened import Opened
from .the_row import number_of_rows, some_rows, the_row


def held_row(opened: Opened, at: Any, rows: Any) -> tuple[dict[str, Any], np.ndarray, str]:
    """(raw cells by column, inputs float64 (inputs,), words on where they come from).

    `at` is a row as `the_row` takes it; None: medians of numbers and dates, the most frequent level of categories and
    of numbers that have a 0/1 column for each value. Raises `InputError` where there is neither a row nor rows.
    """
    if at is not None:
        cells, inputs = the_row(opened, at, rows if isinstance(at, (int, np.integer)) else None)
        used = {step.name: cells[step.name] for step in steps_of(opened)}
        return used, inputs, f"row {at}" if isinstance(at, (int, np.integer)) else "the given row"
    if rows is None:
        raise InputError(
            "which cells should the other columns hold? Give at=…, a row, or rows=…, whose medians and most frequent "
            "levels are taken"
        )
    some_rows(rows)
    words = f"the medians and most frequent levels of {counted(number_of_rows(rows), 'row')}"
    if opened.preparation is None:
        inputs = np.median(opened.design(rows), axis=0)
        return dict(zip(opened.names, inputs.tolist())), inputs, words
    table = opened.table(rows)
    cells = {step.name: _typical(step, table) for step in opened.preparation.columns}
    return cells, opened.preparation.transform_row(cells), words


def _typical(step: Step, table: Table) -> Any:
    column = table[step.name]
    present = column.take(~column.missing)
    if not len(present):
        return None
    if isinstance(step, NumberStep) and column.kind == "number" and not step.levels:
        return float(np.median(present.values))
    if isinstance(step, DateStep) and column.kind == "date":
        order = np.sort(present.values)
        return order[len(order) // 2].item()
    return _most_frequent(present)


def _most_frequent(column: Column) -> Any:
    values, counts = np.unique(column.values, return_counts=True)
    return column.cell(int(np.argmax(column.values == values[counts.argmax()])))
