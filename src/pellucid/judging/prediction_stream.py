"""Predictions batch by batch, for tables of any length: read with the kinds that the model knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from ..data.column_findings import listed
from ..data.forced_kinds import DECIMAL_MARKS
from ..data.in_order import in_order
from ..data.known_kinds import KnownColumn, KnownReader
from ..data.row_stream import RowStream
from ..data.table import Column, Table
from ..errors import ColumnError, close_to, nearest
from ..preprocessing.categories import CategoryStep
from ..preprocessing.dates import DateStep
from ..preprocessing.unusual import Remark
from ..records import Finding
from .notes import Coded, joined, remarks, stacked
from .predictions import identifiers, predicted_columns

if TYPE_CHECKING:
    import polars as pl

BLOCK_ROWS = 1 << 14

Made = TypeVar("Made")


class PredictionStream:
    """Iterating gives, for each batch of rows, the columns of `prediction_columns`, in the order of the rows.

    A cell that does not fit its kind is treated as missing, and its note says so. Values are arrays, `Coded`, and for
    identifiers what the file held. `findings` tell what was guessed in reading, and of columns that are reordered or
    not used; once all batches were taken also of new levels, wrong types and infinite numbers.

    Raises `ColumnError` when a column that the model needs is missing.
    """

    def __init__(self, model: Any, rows: RowStream) -> None:
        self._model, self._rows = model, rows
        self._columns = _columns_of(model, rows)
        self._counts = {code: Counter[str]() for code in ("NEW_LEVEL", "WRONG_TYPE", "NOT_FINITE")}
        self.rows = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self.made(lambda columns: columns)

    def made(self, what: Callable[[dict[str, Any]], Made]) -> Iterator[Made]:
        """What is made of the columns of each batch, in order. Several batches are worked on at once, in threads."""
        from threadpoolctl import threadpool_limits

        inputs = {there: name for name, there in self._columns.items()}
        card = getattr(self._model, "card_", None)
        known = [known_column(step, card.kinds if card else {}) for step in self._model.preparation_.columns]
        kept = identifiers(self._model, self._rows.names)
        batches = self._rows.batches(list(dict.fromkeys([*inputs, *kept])))
        first = next(batches)
        reader = KnownReader(known, first.select(list(inputs)).rename(inputs), self._rows.decimal, self._rows.delimiter)

        def work(frame: pl.DataFrame) -> tuple[int, list[tuple[str, Remark]], Made]:
            read = reader.table(frame.select(list(inputs)).rename(inputs), self._rows.source)
            found = remarks(self._model.preparation_, read.table, read.strays)
            notes = joined(frame.height, [remark for _, remark in found])
            predicted = {**in_blocks(self._model, _whole(self._model, read.table)), "note": notes}
            return frame.height, found, what({n: frame[n] for n in kept if n not in predicted} | predicted)

        # The products of matrices are so small that threads of their own would only get in each other's way.
        with threadpool_limits(limits=1):
            for rows, found, made in in_order(work, chain([first], batches)):
                self._count(rows, found)
                yield made

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What should be known about the table and its rows so far."""
        order = _order_findings(self._model, self._rows.names)
        return (*self._rows.findings, *order, *_cell_findings(self._counts))

    def _count(self, rows: int, found: list[tuple[str, Remark]]) -> None:
        self.rows += rows
        for name, remark in found:
            if remark.code in self._counts:
                self._counts[remark.code][name] += len(remark.rows)


def in_blocks(model: Any, table: Table) -> dict[str, np.ndarray | Coded]:
    """`predicted_columns`, a few rows at a time: design matrices that fit the processor's cache are made faster."""
    starts = range(0, len(table), BLOCK_ROWS)
    blocks = [predicted_columns(model, table.take(slice(start, start + BLOCK_ROWS))) for start in starts]
    return {name: stacked([block[name] for block in blocks]) for name in blocks[0]}


def known_column(step: Any, kinds: Mapping[str, str]) -> KnownColumn:
    """What a step of the preparation and the kinds that the user named, by column, know of its column."""
    if isinstance(step, CategoryStep):
        return KnownColumn(step.name, "category", step.levels)
    if isinstance(step, DateStep):
        return KnownColumn(step.name, "date", form=step.form)
    return KnownColumn(step.name, "number", form=DECIMAL_MARKS.get(kinds.get(step.name, ""), ""))


def _columns_of(model: Any, rows: RowStream) -> dict[str, str]:
    """Which column of the file each column of the preparation is: that of its name, or of its place when the model was
    trained on an array without names."""
    steps = [step.name for step in model.preparation_.columns]
    if not hasattr(model, "feature_names_in_"):
        if len(rows.names) != model.n_features_in_:
            raise ColumnError(
                f"{rows.source} has {len(rows.names)} columns, but the model was trained on {model.n_features_in_} "
                "without names; give the same columns in the same order"
            )
        places = {f"x{k}": name for k, name in enumerate(rows.names)}
        return {name: places[name] for name in steps}
    absent = [name for name in steps if name not in rows.names]
    if absent:
        spare = [name for name in rows.names if name not in steps] or rows.names
        if len(absent) == 1:
            raise ColumnError(
                f"{rows.source}: the column {absent[0]!r} of the training rows is missing{nearest(absent[0], spare)}"
            )
        close = [name for name in (close_to(name, spare) for name in absent) if name is not None]
        meant = f"; did you mean {listed(close)}?" if close else nearest(absent[0], spare)
        raise ColumnError(f"{rows.source}: the columns {listed(absent)} of the training rows are missing{meant}")
    return {name: name for name in steps}


def _whole(model: Any, table: Table) -> Table:
    """The table with all columns of training; those that the network never gets are missing values."""
    names = [str(name) for name in getattr(model, "feature_names_in_", [f"x{k}" for k in range(model.n_features_in_)])]
    gap = np.full(len(table), np.nan)
    return Table([table[name] if name in table else Column(name, "number", gap) for name in names], table.source)


def _order_findings(model: Any, names: Sequence[str]) -> list[Finding]:
    """REORDERED_COLUMNS and EXTRA_COLUMNS."""
    if not hasattr(model, "feature_names_in_"):
        return []
    trained = [str(name) for name in model.feature_names_in_]
    card = getattr(model, "card_", None)
    known = {*trained, *((card.target, *card.identifiers, *card.set_aside) if card else ())}
    found = []
    if [name for name in names if name in trained] != [name for name in trained if name in names]:
        found.append(
            Finding(
                "REORDERED_COLUMNS",
                "warning",
                "the columns stand in another order than in training",
                "They are matched by name, so every value reaches the right input",
                "Nothing need be done, if the names are right",
            )
        )
    extra = [name for name in names if name not in known]
    if extra:
        found.append(
            Finding(
                "EXTRA_COLUMNS",
                "warning",
                f"{listed(extra)} ignored: training had no such column",
                "The model knows nothing about it",
                "Nothing need be done, unless a column was renamed",
            )
        )
    return found


def _cell_findings(counts: dict[str, Counter[str]]) -> list[Finding]:
    """NEW_LEVELS, WRONG_TYPE and INFINITE_AS_MISSING, over all rows."""
    new, wrong, endless = (
        {name: n for name, n in counts[code].items() if n} for code in ("NEW_LEVEL", "WRONG_TYPE", "NOT_FINITE")
    )
    found = []
    if new:
        found.append(
            Finding(
                "NEW_LEVELS",
                "warning",
                f"levels that the training rows lacked: {_told(new)}",
                "The model has learned nothing about them",
                "The note of each row names its level; correct it where it is a slip",
            )
        )
    if wrong:
        found.append(
            Finding(
                "WRONG_TYPE",
                "warning",
                f"cells of another kind than in training: {_told(wrong)}",
                "They are treated as missing values",
                "The note of each row names its cell; correct it, or leave it empty",
            )
        )
    if endless:
        found.append(
            Finding(
                "INFINITE_AS_MISSING",
                "warning",
                f"numbers that are infinite or beyond ±1e30: {_told(endless)}",
                "No network can compute with them, so they are treated as missing values",
                "The note of each row names its column; correct the cell, or leave it empty",
            )
        )
    return found


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{name!r} in {n:,} row{'' if n == 1 else 's'}" for name, n in counts.items())
