"""Comma, semicolon, tab and bar separated text becomes a polars frame of texts."""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import TYPE_CHECKING

from ..errors import ColumnError, DataError

if TYPE_CHECKING:
    import polars as pl

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_BYTES = 1 << 16
_SAMPLE_RECORDS = 30


def read_delimited(raw: bytes, source: str, delimiter: str | None = None) -> pl.DataFrame:
    """The rows below the header line, every cell as text, null where blank; wholly blank lines are left out.

    `delimiter` is found from the first lines when it is not given. Raises DataError for a file that is empty, has a
    header only, is not UTF-8 or has a row with more cells than the header; ColumnError for doubled column names.
    """
    import polars as pl

    if delimiter is not None and len(delimiter) != 1:
        raise DataError(f"the delimiter must be one character, got {delimiter!r}")
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if not raw.strip():
        raise DataError(f"{source} is empty; expected a header line with the column names and rows below it")
    sample = _sample(raw)
    delimiter = delimiter or sniff_delimiter(sample)
    names = _names(next(csv.reader(io.StringIO(sample), delimiter=delimiter)), source)
    try:
        frame = pl.read_csv(raw, separator=delimiter, infer_schema=False, new_columns=names)
    except pl.exceptions.PolarsError as problem:
        raise DataError(_diagnosis(raw, source, delimiter, len(names), problem)) from None
    if frame.width > 1:
        frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
    if frame.is_empty():
        raise DataError(f"{source} has a header of {len(names)} columns but no rows below it")
    return frame


def sniff_delimiter(sample: str) -> str:
    """The delimiter that cuts all records of the sample into the same number of cells, the most cells winning."""
    return max(DELIMITERS, key=lambda d: _widths(sample, d))


def _widths(sample: str, delimiter: str) -> tuple[int, int]:
    """The cells of every record when they agree, else 0; then the cells of the header, to choose among ragged ones."""
    records = csv.reader(io.StringIO(sample), delimiter=delimiter)
    widths = [len(record) for record in islice(records, _SAMPLE_RECORDS) if record]
    agreed = widths[0] if len(set(widths)) == 1 and widths[0] > 1 else 0
    return agreed, max(widths[:1], default=0)


def _sample(raw: bytes) -> str:
    """The first whole lines as text with plain line ends."""
    cut = raw[:_SAMPLE_BYTES]
    if len(raw) > _SAMPLE_BYTES and b"\n" in cut:
        cut = cut[: cut.rindex(b"\n")]
    return cut.decode("utf-8", errors="replace").replace("\r\n", "\n")


def _names(header: list[str], source: str) -> list[str]:
    names = [name.strip() or f"column_{i}" for i, name in enumerate(header, start=1)]
    for i, name in enumerate(names):
        if name in names[:i]:
            places = f"{names.index(name) + 1} and {i + 1}"
            raise ColumnError(
                f"{source}: column names must differ, but {name!r} heads columns {places}; rename one in the file"
            )
    return names


def _diagnosis(raw: bytes, source: str, delimiter: str, width: int, problem: Exception) -> str:
    """Where the text stops making sense, in our words."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        return (
            f"{source}, line {line:,}: byte {raw[wrong.start]:#04x} is not UTF-8; save the file as UTF-8 and try again"
        )
    records = csv.reader(io.StringIO(text), delimiter=delimiter)
    for record in records:
        if len(record) > width:
            return (
                f"{source}, line {records.line_num:,}: expected {width} cells as in the header, got {len(record)}; "
                f"put quotes around a cell that holds {delimiter!r}"
            )
    return f"{source} cannot be read as a table: {str(problem).splitlines()[0]}"
