"""Parquet and Arrow become a polars frame; a folder of Parquet files is one table."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ColumnError, DataError, FileError, PellucidError
from .panics import native_code_reads

if TYPE_CHECKING:
    import polars as pl

ARROW_SUFFIXES = (".arrow", ".feather", ".ipc")
_PARQUET_MARK = b"PAR1"


def read_binary(raw: bytes, name: str, suffix: str) -> pl.DataFrame:
    """The table in the bytes of a `.parquet` or Arrow file.

    Raises DataError when they are damaged or cut, ColumnError for doubled names.
    """
    import polars as pl

    if suffix == ".parquet":
        if not (raw.startswith(_PARQUET_MARK) and raw.endswith(_PARQUET_MARK)):
            raise DataError(f"{name} is not a whole Parquet file: it does not begin and end with PAR1; fetch it again")
        with guarded(f"{name} is not a whole Parquet file"):
            return pl.read_parquet(io.BytesIO(raw))
    with guarded(f"{name} is not a whole Arrow file"):
        stream = not raw.startswith(b"ARROW1")
        return pl.read_ipc_stream(io.BytesIO(raw)) if stream else pl.read_ipc(io.BytesIO(raw))


def read_folder(folder: Path) -> pl.DataFrame:
    """The rows of all Parquet files of a folder, in the order of their names; hidden ones and `_…` are passed over.

    Raises FileError when there is none, DataError when one is damaged or has other columns than the first.
    """
    import polars as pl

    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() == ".parquet" and p.name[0] not in "._")
    if not paths:
        raise FileError(f"{folder} is a folder without .parquet files; expected a file, or a folder of Parquet files")
    frames = [read_binary(path.read_bytes(), path.name, ".parquet") for path in paths]
    first = frames[0].schema
    for path, frame in zip(paths, frames, strict=True):
        differing = sorted(set(first.items()) ^ set(frame.schema.items()), key=str)
        if differing:
            name, kind = differing[0]
            raise DataError(
                f"the files of {folder.name} must have the same columns, but column {name!r} ({kind}) is in only one "
                f"of {paths[0].name} and {path.name}"
            )
    return pl.concat([frame.select(first.names()) for frame in frames])


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Turn what a reader throws at damaged bytes into a DataError that begins with `what`.

    Damaged bytes can also make Polars panic, and a panic is no Exception. That a file is empty is left to the caller.
    """
    import polars as pl

    try:
        with native_code_reads(what):
            yield
    except (pl.exceptions.NoDataError, PellucidError):
        raise
    except pl.exceptions.DuplicateError as problem:
        raise ColumnError(f"{what.split(' is not ')[0]}: column names must differ: {first_line(problem)}") from None
    except pl.exceptions.PanicException:
        raise DataError(f"{what}: its parts contradict each other, or two columns have one name") from None
    except (pl.exceptions.PolarsError, OSError, ValueError, MemoryError) as problem:
        raise DataError(f"{what}: {first_line(problem)}") from None


def first_line(problem: BaseException) -> str:
    """The first line of what an exception says, or its name when it says nothing."""
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]
