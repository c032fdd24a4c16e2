"""Columns that come in batches are written as CSV or Parquet, or kept for other uses, in bounded memory."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from ..errors import FileError
from ..files import forget_temporary, temporary_path

if TYPE_CHECKING:
    import polars as pl

ROW_GROUP = 1 << 18
# Fractions of seconds where there are any.
_ISO = "%Y-%m-%dT%H:%M:%S%.f"
# A frame, and what its writer found out about it.
Batch = tuple["pl.DataFrame", Any]


def batch_frame(columns: Mapping[str, Any]) -> pl.DataFrame:
    """A frame of arrays (rows,), polars series, and pairs of `values` (distinct,) and `codes` (rows,)."""
    import polars as pl

    series = []
    for name, column in columns.items():
        if hasattr(column, "codes"):
            distinct = pl.Series(name, column.values.tolist() if column.values.dtype == object else column.values)
            series.append(distinct.gather(np.asarray(column.codes, dtype=np.uint32)))
        else:
            series.append(pl.Series(name, column))
    return pl.DataFrame(series)


class CsvRows:
    """Batches written one below the other, under one header. `ready` may be called in any thread, `add` in order."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.names: list[str] = []

    def ready(self, columns: Mapping[str, Any]) -> Batch:
        """The columns of a batch without rows, and its rows as text."""
        frame, text = batch_frame(columns), io.BytesIO()
        frame.write_csv(text, include_header=False, datetime_format=_ISO)
        return frame.clear(), text.getvalue()

    def add(self, batch: Batch) -> None:
        """Write the rows of one batch."""
        heads, text = batch
        if not self.names:
            self.names = heads.columns
            self._file.write(heads.write_csv().encode())
        self._file.write(text)


class ParquetRows:
    """Batches kept in a folder as they come; `write` makes one Parquet file of them, in row groups.

    Texts of a column that are all plain whole numbers become whole numbers, which only the last batch can tell.
    `ready` may be called in any thread, `add` in order.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: list[Path] = []
        self._whole: set[str] = set()
        self.names: list[str] = []

    def ready(self, columns: Mapping[str, Any]) -> Batch:
        """The rows of a batch, and its columns of texts that are all plain whole numbers."""
        frame = batch_frame(columns)
        return frame, {name for name in frame.columns if _whole_numbers(frame[name])}

    def add(self, batch: Batch) -> None:
        """Keep the rows of one batch."""
        frame, whole = batch
        self.names = frame.columns
        self._whole = self._whole & whole if self._parts else whole
        self._parts.append(self._folder / f"{len(self._parts)}.arrow")
        frame.write_ipc(self._parts[-1])

    def write(self, path: str) -> None:
        """Write all rows to `path`."""
        import polars as pl

        rows = pl.scan_ipc(self._parts).with_columns(pl.col(name).cast(pl.Int64) for name in sorted(self._whole))
        rows.sink_parquet(path, row_group_size=ROW_GROUP)


def whole_frame(batches: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """All rows in one frame; texts of a column that are all plain whole numbers become whole numbers."""
    import polars as pl

    frame = pl.concat([batch_frame(columns) for columns in batches])
    whole = [name for name in frame.columns if _whole_numbers(frame[name])]
    return frame.with_columns(pl.col(name).cast(pl.Int64) for name in whole)


def _whole_numbers(texts: pl.Series) -> bool:
    """Whether all texts are written as Python writes whole numbers, 1 but neither 01 nor +1 nor 1.0."""
    import polars as pl

    if texts.dtype != pl.String:
        return False
    back = texts.cast(pl.Int64, strict=False).cast(pl.String)
    return bool((back == texts).all()) and back.null_count() == texts.null_count()


@contextmanager
def parts_folder(beside: Path) -> Iterator[Path]:
    """A hidden folder beside a file, for its parts; it is gone afterwards."""
    folder = temporary_path(beside)
    try:
        folder.mkdir()
        yield folder
    finally:
        forget_temporary(folder)


@contextmanager
def told_as_file_error(path: Path) -> Iterator[None]:
    """Turn what Polars throws at a disk that is full into FileError."""
    import polars as pl

    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as problem:
        said = (str(problem).strip().splitlines() or [""])[0]
        raise FileError(f"cannot write {path}: {said}; nothing was changed") from None
