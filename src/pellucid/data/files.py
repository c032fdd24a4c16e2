"""A path becomes a polars frame: by its suffix, and with an error that names the nearest file when it is not there."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import DataError, FileError, nearest
from .delimited import read_delimited

if TYPE_CHECKING:
    import polars as pl

TEXT_SUFFIXES = (".csv", ".tsv", ".tab", ".txt")
LINES_SUFFIXES = (".jsonl", ".ndjson")
ARROW_SUFFIXES = (".arrow", ".feather", ".ipc")
SUFFIXES = (*TEXT_SUFFIXES, ".parquet", *ARROW_SUFFIXES, *LINES_SUFFIXES)
COMPRESSIONS = (".gz", ".zst")
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


def read_file(path: Path, delimiter: str | None = None) -> pl.DataFrame:
    """The table in a file.

    Raises FileError when the path is absent or a folder, DataError for an unknown suffix or content that does not
    fit the suffix.
    """
    if path.is_dir():
        raise FileError(f"{path} is a folder; expected a file ({', '.join(SUFFIXES)})")
    if not path.exists():
        raise FileError(_absent(path))
    suffix = table_suffix(path)
    if delimiter is not None and suffix not in TEXT_SUFFIXES:
        raise DataError(f"delimiter={delimiter!r} is for text files, but {path.name} is {suffix}; leave it out")
    raw = _raw(path, suffix)
    if not raw:
        raise DataError(f"{path.name} is empty; expected a table")
    if suffix in TEXT_SUFFIXES:
        return read_delimited(raw, path.name, delimiter or ("\t" if suffix in (".tsv", ".tab") else None))
    return _read_lines(raw, path.name) if suffix in LINES_SUFFIXES else _read_binary(raw, path.name, suffix)


def table_suffix(path: Path) -> str:
    """`.csv` for `a.csv` and for `a.CSV.gz`; DataError when it is none that can be read."""
    suffixes = [s.lower() for s in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSIONS:
        suffixes.pop()
    suffix = suffixes[-1] if suffixes else ""
    if suffix not in SUFFIXES:
        got = f"the suffix {suffix!r}" if suffix else "no suffix"
        raise DataError(
            f"{path.name} has {got}; expected one of {', '.join(SUFFIXES)}, each also with {' or '.join(COMPRESSIONS)}"
        )
    return suffix


def _raw(path: Path, suffix: str) -> bytes:
    compression = path.suffix.lower()
    try:
        if compression == ".zst":
            return _unpacked_zst(path, suffix)
        raw = path.read_bytes()
        return gzip.decompress(raw) if compression == ".gz" else raw
    except (gzip.BadGzipFile, EOFError, zlib.error) as problem:
        raise DataError(f"{path.name} is not a whole gzip file ({problem}); pack it again") from None


def _unpacked_zst(path: Path, suffix: str) -> bytes:
    """Polars unpacks zstd for text alone: the text is read as one column of lines."""
    import polars as pl

    if suffix not in (*TEXT_SUFFIXES, *LINES_SUFFIXES):
        raise DataError(f"{path.name}: a {suffix} file holds its own compression; unpack the .zst first")
    with path.open("rb") as file:
        start = file.read(4)
    if start and start != _ZSTD_MAGIC:
        raise DataError(f"{path.name} is not a whole zstd file (it starts with {start!r}); pack it again")
    try:
        lines = pl.read_csv(path, has_header=False, separator="\x1f", quote_char=None, infer_schema=False)
    except pl.exceptions.NoDataError:
        return b""
    except pl.exceptions.PolarsError as problem:
        raise DataError(f"{path.name} is not a whole zstd file ({str(problem).splitlines()[0]})") from None
    return "\n".join(lines.to_series().fill_null("").to_list()).encode()


def _read_binary(raw: bytes, name: str, suffix: str) -> pl.DataFrame:
    import polars as pl

    try:
        if suffix == ".parquet":
            return pl.read_parquet(io.BytesIO(raw))
        stream = not raw.startswith(b"ARROW1")
        return pl.read_ipc_stream(io.BytesIO(raw)) if stream else pl.read_ipc(io.BytesIO(raw))
    except (pl.exceptions.PolarsError, OSError) as problem:
        what = "Parquet" if suffix == ".parquet" else "Arrow"
        raise DataError(f"{name} is not a whole {what} file: {str(problem).splitlines()[0]}") from None


def _read_lines(raw: bytes, name: str) -> pl.DataFrame:
    """JSON Lines: one object a line."""
    import polars as pl

    try:
        return pl.read_ndjson(io.BytesIO(raw), infer_schema_length=None)
    except pl.exceptions.PolarsError as problem:
        for number, line in enumerate(raw.splitlines(), start=1):
            try:
                if line.strip() and not isinstance(json.loads(line), dict):
                    raise DataError(f"{name}, line {number:,}: expected an object {{…}}, got {line[:40]!r}") from None
            except ValueError as wrong:
                if isinstance(wrong, DataError):
                    raise
                raise DataError(f"{name}, line {number:,}: not JSON ({wrong}); one object a line is expected") from None
        raise DataError(f"{name} cannot be read as JSON Lines: {str(problem).splitlines()[0]}") from None


def _absent(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"no file {path}: the folder {folder} does not exist"
    known = sorted(p.name for p in folder.iterdir() if p.is_file() and any(s in SUFFIXES for s in p.suffixes))
    return f"no file {path}{nearest(path.name, known) or '; the folder holds no table'}"
