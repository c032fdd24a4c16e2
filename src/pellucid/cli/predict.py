"""`pellucid predict`: predictions for the rows of a table."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import SpecError
from .arguments import Data, Json, ModelPath, model_file

SUFFIXES = (".csv", ".parquet")


def predict(
    model: ModelPath,
    data: Data,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A .csv or .parquet file; default: standard output.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE.")] = False,
    as_json: Json = False,
) -> None:
    """Predict every row, in the order of the table.

    The output keeps the identifier columns and adds the prediction, one probability per class, and a note where a cell
    is missing, out of the range of the training rows or of a level that they did not have.

    Example: pellucid predict titanic-model titanic --out predictions.csv
    """
    from ..data.read import read
    from ..files import write_bytes
    from ..judging.predictions import prediction_columns
    from ..persistence.model_file import load

    if out is not None and out.suffix.lower() not in SUFFIXES:
        raise SpecError(f"--out takes a .csv or .parquet file, got {str(out)!r}")
    columns = prediction_columns(load(model_file(model)), read(data))
    if as_json:
        content = (json.dumps(_rows(columns), ensure_ascii=False, allow_nan=False) + "\n").encode()
    else:
        content = _encoded(columns, ".csv" if out is None else out.suffix.lower())
    if out is None:
        sys.stdout.buffer.write(content)
        return
    write_bytes(out, content, overwrite=force)
    print(f"{len(columns['prediction']):,} predictions written to {out}", file=sys.stderr)


def _encoded(columns: dict[str, Any], suffix: str) -> bytes:
    import io

    import polars as pl

    frame = pl.DataFrame(columns)
    target = io.BytesIO()
    if suffix == ".parquet":
        frame.write_parquet(target)
    else:
        frame.write_csv(target)
    return target.getvalue()


def _rows(columns: dict[str, Any]) -> list[dict[str, Any]]:
    from ..records import plain

    values = {name: plain(list(column)) for name, column in columns.items()}
    return [dict(zip(values, row)) for row in zip(*values.values())]
