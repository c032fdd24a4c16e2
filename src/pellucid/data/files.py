"""A path becomes a frame: by its suffix, and with an error that names the nearest file when it is not there."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ..errors import ColumnError, DataError, FileError, nearest
from .binary import ARROW_SUFFIXES, first_line, guarded, read_binary, read_folder
from .chunks import CHUNK_BYTES, TextChunks
from .datasets import BUNDLED
from .delimited import Content, read_delimited
from .dialect import TextOptions
from .large_text import LARGE_BYTES, read_large
from .workbook import read_workbook

if TYPE_CHECKING:
    import polars as pl

TEXT_SUFFIXES = (".csv", ".tsv", ".tab", ".txt")
LINES_SUFFIXES = (".jsonl", ".ndjson")
WORKBOOK_SUFFIX = ".xlsx"
SUFFIXES = (*TEXT_SUFFIXES, ".parquet", *ARROW_SUFFIXES, *LINES_SUFFIXES, WORKBOOK_SUFFIX)
COMPRESSIONS = (".gz", ".zst")
# What to do about files that others write.
_ADVICE = {
    ".xls": "save it as .xlsx or CSV",
    ".ods": "save it as .xlsx or CSV",
    ".json": "write one object a line and name it .jsonl",
    ".zip": "unpack it first",
    ".pkl": "a pickle can run code when it is read; write Parquet or CSV",
    ".pickle": "a pickle can run code when it is read; write Parquet or CSV",
    **dict.fromkeys((".sav", ".dta", ".sas7bdat", ".rds", ".rdata", ".db", ".sqlite"), "export it as CSV"),
}
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


def read_file(path: Path, options: TextOptions | None = None, as_text: Collection[str] = ()) -> Content:
    """The table in a file, or in a folder of Parquet files; the columns `as_text` of a text are kept as text.

    Raises FileError when the path is absent or cannot be opened, DataError for an unknown suffix or content that does
    not fit the suffix, MissingExtraError for a workbook when the extra "excel" is not installed.
    """
    options = options or TextOptions()
    if path.is_dir():
        _refuse_options(options, f"{path.name} is a folder")
        return Content(read_folder(path))
    if not path.exists():
        raise FileError(_absent(path))
    suffix = table_suffix(path)
    if suffix not in TEXT_SUFFIXES:
        _refuse_options(options, f"{path.name} is {suffix}")
    if path.suffix.lower() == suffix and suffix in TEXT_SUFFIXES:
        return _read_text(path, text_options(path, options), as_text)
    raw = _raw(path, suffix)
    if not raw:
        raise DataError(f"{path.name} is empty; expected a table")
    if suffix in TEXT_SUFFIXES:
        return read_delimited(raw, path.name, text_options(path, options))
    if suffix == WORKBOOK_SUFFIX:
        return read_workbook(raw, path.name)
    return Content(_read_lines(raw, path.name) if suffix in LINES_SUFFIXES else read_binary(raw, path.name, suffix))


def text_options(path: Path, options: TextOptions) -> TextOptions:
    """The options with what the name of a text tells: the cells of a .tsv are separated by tabs."""
    tabs = table_suffix(path) in (".tsv", ".tab") and options.delimiter is None
    return replace(options, delimiter="\t") if tabs else options


def opened(path: Path) -> BinaryIO:
    """The file, open for reading. Raises FileError when it cannot be opened."""
    try:
        return path.open("rb")
    except OSError as problem:
        raise FileError(f"{path} cannot be read: {problem.strerror or problem}") from None


def _read_text(path: Path, options: TextOptions, as_text: Collection[str]) -> Content:
    """A text in chunks, so that its bytes and its cells are never in memory both."""
    import polars as pl

    with opened(path) as file:
        size = path.stat().st_size
        if not size:
            raise DataError(f"{path.name} is empty; expected a table")

        def chunks(piece: int = CHUNK_BYTES) -> TextChunks:
            file.seek(0)
            return TextChunks(file, path.name, options, piece)

        content = read_large(chunks, as_text) if size >= LARGE_BYTES else None
        if content is not None:
            return content
        text = chunks()
        frame = pl.concat(text.frames())
    return Content(frame, text.decimal, tuple(text.findings), text.layout.delimiter)


def existing_file(text: str) -> Path:
    """The path that a text names. Raises FileError for what cannot be one, and for a name alone that nothing has."""
    if not text:
        raise FileError("the path is empty; expected a file, a folder of Parquet files or the name of a bundled table")
    try:
        path = Path(text).expanduser()
        there = path.exists()
    except (OSError, ValueError, RuntimeError) as problem:
        raise FileError(f"{text[:80]!r} is no path: {getattr(problem, 'strerror', None) or problem}") from None
    if not there and not path.suffix and path.parent == Path():
        known = [*BUNDLED, *sorted(p.name for p in Path().iterdir() if p.is_file())]
        raise FileError(f"no file and no bundled table {text!r}{nearest(text, known)}")
    if not there:
        raise FileError(_absent(path))
    return path


def _refuse_options(options: TextOptions, what: str) -> None:
    if options.given():
        raise DataError(f"the option {options.given()[0]} is for text files, but {what}; leave it out")


def table_suffix(path: Path) -> str:
    """`.csv` for `a.csv` and for `a.CSV.gz`; DataError when it is none that can be read."""
    suffixes = [s.lower() for s in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSIONS:
        suffixes.pop()
    suffix = suffixes[-1] if suffixes else ""
    if suffix not in SUFFIXES:
        got = f"the suffix {suffix!r}" if suffix else "no suffix"
        advice = f"; {_ADVICE[suffix]}" if suffix in _ADVICE else ""
        raise DataError(
            f"{path.name} has {got}; expected one of {', '.join(SUFFIXES)}, each also with {' or '.join(COMPRESSIONS)}"
            f"{advice}"
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
    except OSError as problem:
        raise FileError(f"{path} cannot be read: {problem.strerror or problem}") from None


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
        with guarded(f"{path.name} is not a whole zstd file"):
            lines = pl.read_csv(path, has_header=False, separator="\x1f", quote_char=None, infer_schema=False)
    except pl.exceptions.NoDataError:
        return b""
    return "\n".join(lines.to_series().fill_null("").to_list()).encode()


def _read_lines(raw: bytes, name: str) -> pl.DataFrame:
    """JSON Lines: one object a line."""
    import polars as pl

    _check_keys(raw, name)
    try:
        with guarded(name):
            return pl.read_ndjson(io.BytesIO(raw), infer_schema_length=None)
    except DataError as problem:
        for number, line in enumerate(raw.splitlines(), start=1):
            wrong = _no_object(line) if line.strip() else ""
            if wrong:
                raise DataError(f"{name}, line {number:,}: {wrong}") from None
        raise DataError(f"{name} cannot be read as JSON Lines: {first_line(problem)}") from None


def _no_object(line: bytes) -> str:
    """What is wrong with a line that should hold one JSON object, "" when nothing is."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as wrong:
        return f"not JSON ({wrong}); one object a line is expected"
    return "" if isinstance(value, dict) else f"expected an object {{…}}, got {line[:40].decode(errors='replace')!r}"


def _check_keys(raw: bytes, name: str) -> None:
    """Raise ColumnError when the first object has a key twice; what is no JSON is left to the reader."""
    first = next((line for line in io.BytesIO(raw) if line.strip()), b"")
    try:
        keys = json.loads(first, object_pairs_hook=lambda pairs: Counter(key for key, _ in pairs))
    except (ValueError, RecursionError):
        return
    doubled = [key for key, count in keys.items() if count > 1] if isinstance(keys, Counter) else []
    if doubled:
        raise ColumnError(f"{name}: column names must differ, but the first line has {doubled[0]!r} twice; rename one")


def _absent(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"no file {path}: the folder {folder} does not exist"
    known = sorted(p.name for p in folder.iterdir() if p.is_file() and any(s in SUFFIXES for s in p.suffixes))
    return f"no file {path}{nearest(path.name, known) or '; the folder holds no table'}"
