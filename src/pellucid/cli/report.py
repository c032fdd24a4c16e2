"""`pellucid report`: one HTML page about a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .arguments import ModelPath, Quiet
from .reading import Reading, reads_text_files


@reads_text_files
def report(
    model: ModelPath,
    data: Annotated[
        str | None, typer.Argument(metavar="[DATA]", help="Score the model anew on this table and tell of that.")
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="COLUMN", help="The column with the truth, if not the model's own."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="File to write; default: report.html beside MODEL.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    reading: Reading = Reading(),
    quiet: Quiet = False,
) -> None:
    """Write a report of a model as one HTML file.

    Without DATA the report of the training is written anew, from the folder that train wrote; no row is scored. With
    DATA the model is scored on it as evaluate does, and looks at the sealed rows are counted. The page loads nothing
    from elsewhere and holds no row of the table.

    \b
    Examples:
      pellucid report titanic-model --force
      pellucid report titanic-model titanic --out titanic.html
    """
    from ..reporting.write_report import check_out, files_of, write_report

    place = out or (model if model.is_dir() else model.parent) / "report.html"
    check_out(place, force, kept=[*files_of(model), *([Path(data)] if data else [])])
    if data is None:
        path = write_report(model, place, overwrite=force)
    else:
        from ..persistence.trained import trained

        fitted = trained(model)
        table = reading.with_kinds_of(fitted).table(data)
        path = write_report(fitted, place, data=table, target=target, overwrite=force)
    if not quiet:
        print(f"Written: {path}, {path.stat().st_size / 1000:,.1f} kB")
