"""`pellucid predict`: predictions for the rows of a table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import FileError, SpecError
from .arguments import Data, Json, ModelPath, Quiet
from .json_record import json_text

SUFFIXES = (".csv", ".parquet")


def predict(
    model: ModelPath,
    data: Data,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A .csv or .parquet file; default: standard output.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Predict every row of a table.

    Rows keep their order. The output keeps the identifier columns and adds the prediction, one probability per class,
    and a note where a cell is missing, out of the range of the training rows or of a level that they did not have.

    \b
    Examples:
      pellucid predict titanic-model titanic
      pellucid predict titanic-model titanic --out predictions.csv
    """
    from ..data.read import read
    from ..files import write_bytes
    from ..judging.predictions import prediction_columns
    from ..persistence.model_file import load, model_path

    source = model_path(model)
    if out is not None:
        _check_out(out, force, source, data)
    columns = prediction_columns(load(source), read(data))
    if out is not None:
        write_bytes(out, _encoded(columns, out.suffix.lower()), overwrite=force)
    if as_json:
        print(json_text(_record(columns, out)))
    elif out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(_encoded(columns, ".csv"))
    elif not quiet:
        print(f"{len(columns['prediction']):,} predictions written to {out}", file=sys.stderr)


def _check_out(out: Path, force: bool, model: Path, data: str) -> None:
    """Raise before any work when the output cannot be written or would replace what is read."""
    if out.suffix.lower() not in SUFFIXES:
        raise SpecError(f"--out takes a .csv or .parquet file, got {str(out)!r}")
    if not out.parent.is_dir():
        raise FileError(f"cannot write {out}: the folder {out.parent} does not exist; make it first")
    if not out.exists():
        return
    if out.is_dir():
        raise FileError(f"cannot write {out}: it is a folder; give the name of a file")
    if out.samefile(model) or (Path(data).exists() and out.samefile(data)):
        raise FileError(f"{out} is read by this command and would be lost; choose another --out")
    if not force:
        raise FileError(f"{out} exists already; choose another --out, or say --force")


def _encoded(columns: dict[str, Any], suffix: str) -> bytes:
    import io

    import polars as pl

    # Polars would keep Python objects as objects, which no file can hold; of a list it sees what they are.
    frame = pl.DataFrame({name: list(cells) if cells.dtype == object else cells for name, cells in columns.items()})
    target = io.BytesIO()
    if suffix == ".parquet":
        frame.write_parquet(target)
    else:
        frame.write_csv(target)
    return target.getvalue()


def _record(columns: dict[str, Any], out: Path | None) -> dict[str, Any]:
    """The predictions row by row, or where they were written."""
    from ..records import plain

    record: dict[str, Any] = {"rows": len(columns["prediction"]), "columns": list(columns)}
    if out is not None:
        return {**record, "files": [str(out)]}
    values = [plain(list(column)) for column in columns.values()]
    return {**record, "predictions": [dict(zip(columns, row)) for row in zip(*values)]}
