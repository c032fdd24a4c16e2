"""One row as it comes (array, list, dict) becomes a design row; its columns and cells are checked on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import ColumnError, InputError, ShapeError, nearest
from ..preprocessing.cells import CellReader, cell_reader
from .learned import Learned

# NumPy's letters of float64 and float32.
FLOATS = "df"
PLAIN = {float, int, np.float64, np.float32, np.int64}


class RowReader:
    """Design rows (inputs,), in the type of the parameters, of single rows.

    Arrays, lists and tuples give the cells of all training columns in order, dicts those of the columns that are used,
    by name. Raises `ShapeError` for the wrong number of cells, `ColumnError` for names that are missing or unknown and
    for a cell that cannot be used, `InputError` for what is no row.
    """

    def __init__(self, learned: Learned) -> None:
        self.names, self._count = learned.names, learned.column_count
        place = {name: k for k, name in enumerate(self.names)}
        self._readers: list[tuple[str, int, CellReader]] = [
            (step.name, place[step.name], cell_reader(step)) for step in learned.preparation.columns
        ]
        self._numbers = learned.preparation.number_matrix
        places = [k for _, k, _ in self._readers]
        self._places = None if places == list(range(len(self.names))) else np.array(places, dtype=np.intp)
        self._dtype = next(iter(learned.parameters.values())).dtype

    def row(self, row: Any) -> np.ndarray:
        """The design row of a row in any form."""
        if isinstance(row, dict):
            return self.mapping(row)
        if isinstance(row, np.ndarray) and row.ndim == 1:
            return self.array(row)
        if isinstance(row, (list, tuple)):
            return self.sequence(row)
        if isinstance(row, Mapping):  # after the others, because asking takes long
            return self.mapping(row)
        raise InputError(f"a row must be a list, a tuple, a one-dimensional array or a dict, got {_shown(row)}")

    def array(self, row: np.ndarray) -> np.ndarray:
        """From an array (columns,)."""
        if row.shape[0] != self._count:
            raise self.wrong_count(row.shape[0], "the row", "cells")
        if self._numbers is None or row.dtype.char not in FLOATS:
            return self._other_array(row)
        try:
            design = self._numbers.row(row if self._places is None else row.take(self._places))
        except ColumnError:  # a number beyond ±1e30, refused by column alone
            return self._cells(row.tolist())
        return design if self._dtype is design.dtype else design.astype(self._dtype)

    def _other_array(self, row: np.ndarray) -> np.ndarray:
        if self._numbers is not None and row.dtype.kind in "fiub":
            return self.array(row.astype(np.float64))
        return self._cells(array_cells(row))

    def sequence(self, row: Sequence[Any]) -> np.ndarray:
        """From a list or tuple (columns,)."""
        if len(row) != len(self.names):
            raise self.wrong_count(len(row), "the row", "cells")
        if self._numbers is not None and PLAIN.issuperset(map(type, row)):
            try:
                return self.array(np.array(row, dtype=np.float64))
            except OverflowError:  # a whole number beyond the floats, which is refused by name
                pass
        return self._cells(row)

    def mapping(self, row: Mapping[Any, Any]) -> np.ndarray:
        """From a dict column → cell."""
        design: list[float] = []
        for name, _, read in self._readers:
            try:
                cell = row[name]
            except KeyError:
                raise ColumnError(f"the row has no column {name!r}{nearest(name, row)}; give None if unknown") from None
            design += read(cell)
        if len(row) > len(self._readers):
            self._refuse_unknown(row)
        return np.array(design, self._dtype)

    def _cells(self, row: Sequence[Any]) -> np.ndarray:
        design: list[float] = []
        for _, k, read in self._readers:
            design += read(row[k])
        return np.array(design, self._dtype)

    def _refuse_unknown(self, row: Mapping[Any, Any]) -> None:
        for name in row:
            if name not in self.names:
                raise ColumnError(f"the model knows no column {name!r}{nearest(str(name), self.names)}; leave it out")

    def wrong_count(self, count: int, what: str, of: str) -> ShapeError:
        """The error for `count` cells or columns where the model takes another number."""
        names = ", ".join(map(repr, self.names[:12])) + (", …" if len(self.names) > 12 else "")
        return ShapeError(f"{what} has {count} {of}, but the model takes the {len(self.names)} columns {names}")


def array_cells(array: np.ndarray) -> list[Any]:
    """The cells of an array (columns,) or the rows of one (rows, columns), as Python; moments stay NumPy's."""
    if array.dtype.kind in "Mm":
        return list(array) if array.ndim == 1 else [list(row) for row in array]
    cells: list[Any] = array.tolist()
    return cells


def _shown(row: Any) -> str:
    text = repr(row)
    return f"{type(row).__name__} {text if len(text) <= 40 else text[:40] + '…'}"
