"""Rows to be drawn on a prediction: their cells in one or two columns, and their answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..data.read import read
from ..data.table import Column, Table
from ..errors import InputError, ShapeError, nearest
from ..preprocessing.categories import MISSING, RARE
from ..records import counted

DAY = 86_400e6  # microseconds


class ShownRows(NamedTuple):
    """`cells` (rows,) of each column, `answers` (rows,): places among the outputs, or numbers; how many are left out
    because a cell is missing."""

    cells: tuple[np.ndarray, ...]
    answers: np.ndarray
    left_out: int


def shown_rows(
    rows: Any, columns: Sequence[str], outputs: Sequence[str], *, numbers: bool, levels: Sequence[str] | None = None
) -> ShownRows:
    """`rows` is (X, y): X a table or frame with the columns, or an array with just these, (rows, len(columns)).

    Cells become numbers (dates: days since 1970-01-01), with `levels` the places among these. Raises `ShapeError` for
    shapes that do not fit, `InputError` for a class that is none of the outputs.
    """
    if not isinstance(rows, tuple) or len(rows) != 2:
        raise InputError(f"rows are given as (X, y), the cells and the answers, got {type(rows).__name__}")
    X, y = rows
    cells = [_cells(X, name, place, len(columns), levels) for place, name in enumerate(columns)]
    answers = _numbers(y) if numbers else _places(y, outputs)
    if any(len(one) != len(answers) for one in cells):
        raise ShapeError(f"X has {counted(len(cells[0]), 'row')} and y {len(answers):,}; each row has one answer")
    kept = np.isfinite(np.column_stack([*cells, answers])).all(axis=1)
    return ShownRows(tuple(one[kept] for one in cells), answers[kept], int((~kept).sum()))


def axis_numbers(values: np.ndarray) -> np.ndarray:
    """Numbers as they are, moments as days since 1970-01-01, which is how matplotlib counts."""
    if values.dtype.kind != "M":
        return values.astype(np.float64)
    days = values.astype("datetime64[us]").astype(np.int64) / DAY
    return np.where(np.isnat(values), np.nan, days)


def _cells(X: Any, name: str, place: int, width: int, levels: Sequence[str] | None) -> np.ndarray:
    if isinstance(X, Table) or hasattr(X, "columns") or isinstance(X, dict):
        table = X if isinstance(X, Table) else read(X)
        return _of_column(table[name], levels)
    array = np.asarray(X)
    array = array[:, None] if array.ndim == 1 and width == 1 else array
    if array.ndim != 2 or array.shape[1] != width:
        raise ShapeError(f"X must be a table with the columns, or an array (rows, {width}), got {array.shape}")
    return _of_column(read({name: array[:, place]})[name], levels) if levels is not None else _numbers(array[:, place])


def _of_column(column: Column, levels: Sequence[str] | None) -> np.ndarray:
    if levels is None:
        if column.kind == "category":
            raise InputError(f"{column.name!r} holds categories in these rows, but numbers or dates in the record")
        return np.where(column.missing, np.nan, axis_numbers(column.values))
    places = {level: float(place) for place, level in enumerate(levels)}
    rare = places.get(RARE, np.nan)
    cells = [column.cell(row) for row in range(len(column))]
    return np.array([places.get(MISSING, np.nan) if cell is None else places.get(_text(cell), rare) for cell in cells])


def _numbers(values: Any) -> np.ndarray:
    try:
        array = np.asarray(getattr(values, "values", values))
        return axis_numbers(array.reshape(-1))
    except (TypeError, ValueError):
        raise InputError("rows to draw must hold numbers or dates here; texts have no place on the axis") from None


def _places(y: Any, outputs: Sequence[str]) -> np.ndarray:
    labels = [y.cell(row) for row in range(len(y))] if isinstance(y, Column) else np.asarray(y).reshape(-1).tolist()
    places = {name: float(place) for place, name in enumerate(outputs)}
    found = []
    for label in labels:
        text = _text(label)
        gone = label is None or text == "nan"
        if text not in places and not gone:
            raise InputError(f"y holds {text!r}, which is no class of the model{nearest(text, places)}")
        found.append(np.nan if gone else places[text])
    return np.array(found)


def _text(label: Any) -> str:
    """Whole floats as integers, as class labels are written."""
    return f"{label:g}" if isinstance(label, float) else str(label)
