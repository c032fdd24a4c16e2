"""`pellucid explain`: every number between one row and its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import SpecError
from .arguments import Data, Json, ModelPath
from .json_record import json_text
from .numbers import whole_number
from .reading import Reading, reads_text_files

if TYPE_CHECKING:
    from ..data.table import Table


@reads_text_files
def explain(
    model: ModelPath,
    data: Data,
    row: Annotated[
        int,
        typer.Option("--row", metavar="N", parser=whole_number(1), help="The row of DATA, counted from 1."),
    ],
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="LAYER.UNIT", help="Show the arithmetic of one unit, such as 0.3, both from 0."),
    ] = None,
    backward: Annotated[
        bool, typer.Option("--backward", help="Go back too: loss, gradients, the optimizer's step; DATA has the truth.")
    ] = False,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="COLUMN", help="The column with the truth, if not the model's own."),
    ] = None,
    worksheet: Annotated[
        bool, typer.Option("--worksheet", help="Leave blanks for what can be computed; the answers stand below.")
    ] = False,
    reading: Reading = Reading(),
    as_json: Json = False,
) -> None:
    """Show all numbers behind the answer to a row.

    The cells, what was filled and scaled, the sum of each unit, the raw output, the probability, calibration, threshold
    and answer; with --backward the loss and every gradient back to the weights. Long sums show their largest terms;
    --json holds all numbers.

    \b
    Examples:
      pellucid explain titanic-model titanic --row 5
      pellucid explain titanic-model titanic --row 5 --unit 0.0 --backward
      pellucid explain titanic-model titanic --row 5 --worksheet
    """
    from ..explain.ledger import ledger
    from ..persistence.model_file import load
    from .wording import page_width

    if target is not None and not backward:
        raise SpecError("--target names the true answer, which only the way back needs; add --backward")

    loaded = load(model)
    table = reading.with_kinds_of(loaded).table(data)
    cells = _cells(table, row)
    truth = _truth(loaded, table, row, target) if backward else None
    found = ledger(loaded, cells, target=truth, name=_name(loaded, cells, row), backward=backward)
    if worksheet:
        made = found.worksheet(unit=unit, width=page_width())
        print(json_text(made.to_dict()) if as_json else f"{made.sheet}\n\n{made.key}", end="\n" if as_json else "")
    elif as_json:
        print(json_text(found.to_dict()))
    else:
        print(found.text(unit=unit, width=page_width()), end="")


def _cells(table: Table, row: int) -> dict[str, Any]:
    from ..errors import InputError

    if row > len(table):
        raise InputError(f"--row {row:,} is beyond the last row; {table.source or 'the table'} has {len(table):,} rows")
    return table.row(row - 1)


def _truth(model: Any, table: Table, row: int, target: str | None) -> Any:
    from ..errors import ColumnError, InputError

    card = getattr(model, "card_", None)
    name = target or (None if card is None else card.target)
    if name is None:
        raise InputError("--backward needs the true answer, and this model names no target; say --target COLUMN")
    if name not in table:
        raise ColumnError(f"--backward needs the true answer: {table.source or 'DATA'} has no column {name!r}")
    cell = table[name].cell(row - 1)
    if cell is None:
        raise InputError(f"--backward needs the true answer, and row {row:,} has no {name}")
    return cell


def _name(model: Any, cells: dict[str, Any], row: int) -> str:
    """`row 5 (PassengerId 5)`."""
    card = getattr(model, "card_", None)
    known = [name for name in (card.identifiers if card is not None else ()) if cells.get(name) is not None]
    told = ", ".join(f"{name} {_plain(cells[name])}" for name in known[:2])
    return f"row {row:,} ({told})" if told else f"row {row:,}"


def _plain(cell: Any) -> str:
    return f"{cell:.0f}" if isinstance(cell, float) and cell == round(cell) else str(cell)
