"""`read`: whatever holds rows and columns becomes a `Table`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import DataError, FileError, nearest
from .datasets import BUNDLED, load_bundled
from .delimited import read_delimited
from .files import read_file
from .frames import frame_columns, mapping_columns, matrix_columns, record_columns
from .table import Column, Table


def read(source: Any, *, delimiter: str | None = None, names: Sequence[str] | None = None) -> Table:
    """A table from a file, a frame, a dict of columns, a list of dicts, an array or the name of a bundled table.

    source      what it may be
    path        .csv .tsv .txt .parquet .arrow .feather .ipc .jsonl .ndjson, each also .gz, the text ones also .zst
    name        "titanic" (see `pellucid.data.bundled`); write ./titanic for a file of that name
    "-"         delimited text from standard input
    frame       pandas, polars, pyarrow and any other that narwhals knows
    dict        name → sequence; or a sequence of dicts, one a row
    array       (rows, columns), called x0, x1, … or by `names`
    Table       given back as it is

    Numbers become float64, texts categories or dates; the kind and role of each column carry their reason.
    `delimiter` is found in the text when not given.

    Raises FileError for a path that is absent, DataError for content that is no table, ColumnError for doubled names.
    """
    if isinstance(source, Table):
        return source
    if names is not None and not isinstance(source, np.ndarray):
        raise DataError("names= is for arrays; other sources name their columns themselves")
    if delimiter is not None and not isinstance(source, (str, os.PathLike)):
        raise DataError("delimiter= is for text files; leave it out here")
    if isinstance(source, (str, os.PathLike)):
        return _checked(*_from_path(source, delimiter))
    return _checked(_from_memory(source, names), "")


def _from_path(source: str | os.PathLike[str], delimiter: str | None) -> tuple[list[Column], str]:
    text = os.fspath(source)
    if text == "-":
        raw = sys.stdin.buffer.read()
        return frame_columns(read_delimited(raw, "standard input", delimiter)), "standard input"
    if isinstance(source, str) and source in BUNDLED:
        return frame_columns(load_bundled(source)), source
    path = Path(text).expanduser()
    if not path.exists() and not path.suffix and path.parent == Path():
        known = [*BUNDLED, *sorted(p.name for p in Path().iterdir() if p.is_file())]
        raise FileError(f"no file and no bundled table {text!r}{nearest(text, known)}")
    return frame_columns(read_file(path, delimiter)), path.name


def _from_memory(source: Any, names: Sequence[str] | None) -> list[Column]:
    if isinstance(source, np.ndarray):
        return matrix_columns(source, names)
    if isinstance(source, Mapping):
        return mapping_columns(source)
    if isinstance(source, (list, tuple)):
        if source and all(isinstance(record, Mapping) for record in source):
            return record_columns(source)
        raise DataError("expected a list of dicts, one dict a row; for numbers pass numpy.array(rows)")
    return frame_columns(source)


def _checked(columns: list[Column], source: str) -> Table:
    table = Table(columns, source)
    if not columns or not table.rows:
        where = source or "the table"
        raise DataError(f"{where} has {len(columns)} columns and {table.rows} rows; expected one or more of both")
    return table
