"""`pellucid explain`: every number between one row and its answer, and how a weight should change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import SpecError
from .arguments import Data, Json, ModelPath
from .explained_row import cells_of, name_of_row, past_of_model, truth_column, truth_of_row
from .json_record import json_text
from .numbers import whole_number
from .reading import Reading, reads_text_files

if TYPE_CHECKING:
    from ..data.table import Table
    from ..explain.gradients import GradientExplanation
    from ..explain.ledger import Ledger
    from ..explain.replay import Replay


@reads_text_files
def explain(
    model: ModelPath,
    data: Data,
    row: Annotated[
        int | None,
        typer.Option("--row", metavar="N", parser=whole_number(1), help="The row of DATA, counted from 1."),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="LAYER.UNIT", help="Show the arithmetic of one unit, such as 0.3, both from 0."),
    ] = None,
    backward: Annotated[
        bool, typer.Option("--backward", help="Go back too: loss, gradients, the optimizer's step; DATA has the truth.")
    ] = False,
    gradient: Annotated[
        str | None,
        typer.Option(
            "--gradient",
            metavar="PARAMETER",
            help="Why one parameter should grow or shrink, over all rows of DATA; --row writes its chain rule out.",
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="COLUMN", help="The column with the truth, if not the model's own."),
    ] = None,
    epoch: Annotated[
        int | None,
        typer.Option(
            "--epoch",
            metavar="E",
            parser=whole_number(0),
            help="The model after E epochs. A file holds no past: it is trained again from DATA, its own table.",
        ),
    ] = None,
    step: Annotated[
        int | None,
        typer.Option("--step", metavar="S", parser=whole_number(0), help="And after S steps of the next epoch."),
    ] = None,
    worksheet: Annotated[
        bool, typer.Option("--worksheet", help="Leave blanks for what can be computed; the answers stand below.")
    ] = False,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page instead of text.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the page.")] = False,
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
      pellucid explain titanic-model titanic --gradient "layers.0.weight[0, Age]"
      pellucid explain titanic-model titanic --row 5 --backward --epoch 0
    """
    _check(row, unit, backward, gradient, target, epoch, step, worksheet, html)
    from ..explain.block_html import html_page
    from ..persistence.model_file import load
    from .wording import page_width

    if html is not None:
        from ..reporting.write_report import check_out, files_of

        check_out(html, force, kept=[*files_of(model), Path(data)])
    loaded = load(model)
    table = reading.with_kinds_of(loaded).table(data)
    if row is not None:
        cells_of(table, row)
    past = None if epoch is None else past_of_model(loaded, table)
    if gradient is not None:
        told = _gradient(loaded, table, gradient, row, target, past, epoch, step)
        page = html_page(gradient, told.html()) if html else ""
        _say(told, told.text(width=page_width()), as_json, html, page)
        return
    assert row is not None
    found = _ledger(loaded, table, row, target, backward, past, epoch, step)
    if worksheet:
        made = found.worksheet(unit=unit, width=page_width())
        _say(made, f"{made.sheet}\n\n{made.key}", as_json)
        return
    page = html_page(found.name, found.html(unit=unit)) if html else ""
    _say(found, found.text(unit=unit, width=page_width()), as_json, html, page)


def _check(
    row: int | None,
    unit: str | None,
    backward: bool,
    gradient: str | None,
    target: str | None,
    epoch: int | None,
    step: int | None,
    worksheet: bool,
    html: Path | None,
) -> None:
    """Options that need or exclude each other."""
    if row is None and gradient is None:
        raise SpecError("which row? Say --row N, counted from 1; --gradient PARAMETER looks at all rows")
    for name, given in (("--unit", unit), ("--backward", backward), ("--worksheet", worksheet)):
        if gradient is not None and given:
            raise SpecError(f"--gradient is an explanation of its own; leave {name} out")
    if target is not None and not backward and gradient is None:
        raise SpecError("--target names the true answer, which only the way back needs; add --backward or --gradient")
    if step is not None and epoch is None:
        raise SpecError("--step counts inside an epoch; say --epoch too, how many epochs came before")
    if worksheet and html is not None:
        raise SpecError("a worksheet is a text to be printed; leave --html out, or --worksheet")


def _ledger(
    model: Any,
    table: Table,
    row: int,
    target: str | None,
    backward: bool,
    past: Replay | None,
    epoch: int | None,
    step: int | None,
) -> Ledger:
    from ..explain.ledger import ledger

    cells = cells_of(table, row)
    truth = truth_of_row(model, table, target, row) if backward else None
    name = name_of_row(model, cells, row)
    return ledger(past or model, row - 1, table, target=truth, name=name, backward=backward, epoch=epoch, step=step)


def _gradient(
    model: Any,
    table: Table,
    parameter: str,
    row: int | None,
    target: str | None,
    past: Replay | None,
    epoch: int | None,
    step: int | None,
) -> GradientExplanation:
    from ..explain.gradients import explain_gradient

    truth = truth_column(model, table, target, "--gradient")
    then = None if past is None else past.fitted.at(epoch or 0, step or 0).parameters
    return explain_gradient(model, parameter, table, truth, parameters=then, chain_row=row, first_row=1)


def _say(told: Any, text: str, as_json: bool, html: Path | None = None, page: str = "") -> None:
    """A record as text or JSON; with `html` the `page` is written there instead of the text."""
    if html is not None:
        from ..files import write_text

        path = write_text(html, page, overwrite=True)
        text = f"Written: {path}, {path.stat().st_size / 1000:,.1f} kB\n"
    print(json_text(told.to_dict()) if as_json else text, end="\n" if as_json else "")
