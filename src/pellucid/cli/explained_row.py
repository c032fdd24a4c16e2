"""The row that `pellucid explain` is asked for: its cells, its name, its true answer, and the past of its model."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..errors import ColumnError, InputError

if TYPE_CHECKING:
    from ..data.table import Table
    from ..explain.replay import Replay

# By how much a parameter may differ after training again, relative to the largest one.
MOST_OFF = 1e-3


def cells_of(table: Table, row: int) -> dict[str, Any]:
    """The cells of a row, counted from 1, by column; raises `InputError` for a row beyond the last."""
    if row > len(table):
        raise InputError(f"--row {row:,} is beyond the last row; {table.source or 'the table'} has {len(table):,} rows")
    return table.row(row - 1)


def name_of_row(model: Any, cells: dict[str, Any], row: int) -> str:
    """`row 5 (PassengerId 5)`."""
    card = getattr(model, "card_", None)
    known = [name for name in (card.identifiers if card is not None else ()) if cells.get(name) is not None]
    told = ", ".join(f"{name} {_plain(cells[name])}" for name in known[:2])
    return f"row {row:,} ({told})" if told else f"row {row:,}"


def truth_column(model: Any, table: Table, target: str | None, option: str) -> str:
    """The column with the true answers; raises `InputError` and `ColumnError` where there is none, for the `option`
    that needs it."""
    card = getattr(model, "card_", None)
    name = target or (None if card is None else card.target)
    if name is None:
        raise InputError(f"{option} needs the true answer, and this model names no target; say --target COLUMN")
    if name not in table:
        raise ColumnError(f"{option} needs the true answer: {table.source or 'DATA'} has no column {name!r}")
    return name


def truth_of_row(model: Any, table: Table, target: str | None, row: int) -> Any:
    """The true answer of a row, counted from 1; raises what `truth_column` raises, and `InputError` for a gap."""
    name = truth_column(model, table, target, "--backward")
    cell = table[name].cell(row - 1)
    if cell is None:
        raise InputError(f"--backward needs the true answer, and row {row:,} has no {name}")
    return cell


def past_of_model(model: Any, table: Table) -> Replay:
    """The training of a model over again; raises `InputError` where `table` is not the one that it was trained on.

    Other versions or machines may differ in last digits, which is told on standard error.
    """
    from ..explain.replay import replay

    if getattr(model, "card_", None) is None:
        raise InputError(
            "a model file holds no past, and this model knows no table to train it from again; in Python "
            "pellucid.replay(model, X, y) takes what its fit was given"
        )
    past = replay(model, table, tolerance=MOST_OFF)
    if past.largest_difference:
        off = f"a parameter ends {past.largest_difference:.1e} from the file's"
        told = f"pellucid: trained again, but not to the bit: {off}, which another version or machine has made"
        print(told, file=sys.stderr)
    return past


def _plain(cell: Any) -> str:
    return f"{cell:.0f}" if isinstance(cell, float) and cell == round(cell) else str(cell)
