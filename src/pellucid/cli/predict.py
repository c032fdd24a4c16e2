"""`pellucid predict`: predictions for the rows of a table."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import FileError, SpecError
from .arguments import Data, Json, ModelPath, Quiet
from .json_record import json_text
from .reading import Reading, reads_text_files

if TYPE_CHECKING:
    from ..data.row_writer import CsvRows, ParquetRows
    from ..judging.prediction_stream import PredictionStream

SUFFIXES = (".csv", ".parquet")
_KEPT_IN_MEMORY = 1 << 26


@reads_text_files
def predict(
    model: ModelPath,
    data: Data,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A .csv or .parquet file; default: standard output.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE.")] = False,
    reading: Reading = Reading(),
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Predict every row of a table.

    Rows keep their order. The output keeps the identifier columns and adds the prediction, one probability per class,
    and a note where a cell is missing, out of the range of the training rows, of a level that they did not have, or of
    a wrong type; where the model has them also its unsure mark (0 or 1) and the ends of the intervals of 80 and 95 %
    around numbers. Text is read in pieces, so a file may be larger than the memory.

    \b
    Examples:
      pellucid predict titanic-model titanic
      pellucid predict titanic-model titanic --out predictions.csv
    """
    from ..data.row_stream import open_rows
    from ..judging.prediction_stream import PredictionStream
    from ..persistence.model_file import load
    from ..persistence.reading import model_path
    from ..records import counted

    source = model_path(model)
    if out is not None:
        _check_out(out, force, source, data)
    fitted = load(source)
    with open_rows(data, reading.text_options()) as rows:
        stream = PredictionStream(fitted, rows)
        if out is not None:
            names = _write(stream, out, force)
            if as_json:
                print(json_text({**_facts(stream, names), "files": [str(out)]}))
        elif as_json:
            print(json_text(_record(stream)))
        else:
            _print_csv(stream)
    if not quiet:
        for finding in stream.findings:
            if finding.severity != "information":
                print(f"pellucid: {finding}", file=sys.stderr)
        if out is not None and not as_json:
            print(f"{counted(stream.rows, 'prediction')} written to {out}", file=sys.stderr)


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


def _write(stream: PredictionStream, out: Path, force: bool) -> list[str]:
    """Write all predictions to `out`, whole or not at all; the names of the columns."""
    from ..data.row_writer import CsvRows, ParquetRows, parts_folder, told_as_file_error
    from ..files import forget_leftovers, whole_file

    forget_leftovers(out, out.parent)
    with whole_file(out, overwrite=force) as file, told_as_file_error(out):
        if out.suffix.lower() == ".csv":
            return _add_all(stream, CsvRows(file))
        with parts_folder(out) as folder:
            rows = ParquetRows(folder)
            names = _add_all(stream, rows)
            rows.write(file.name)
            return names


def _add_all(stream: PredictionStream, rows: CsvRows | ParquetRows) -> list[str]:
    for batch in stream.made(rows.ready):
        rows.add(batch)
    return rows.names


def _print_csv(stream: PredictionStream) -> None:
    """Print nothing before all predictions are made: an error in a late row must not leave half an output."""
    from ..data.row_writer import CsvRows

    with tempfile.SpooledTemporaryFile(_KEPT_IN_MEMORY) as file:
        _add_all(stream, CsvRows(file))
        file.seek(0)
        sys.stdout.flush()
        shutil.copyfileobj(file, sys.stdout.buffer)


def _facts(stream: PredictionStream, names: list[str]) -> dict[str, Any]:
    findings = [finding.to_dict() for finding in stream.findings]
    return {"rows": stream.rows, "columns": names, "findings": findings}


def _record(stream: PredictionStream) -> dict[str, Any]:
    """The predictions row by row."""
    from ..data.row_writer import whole_frame
    from ..records import plain

    frame = whole_frame(stream)
    return {**_facts(stream, frame.columns), "predictions": [plain(row) for row in frame.to_dicts()]}
