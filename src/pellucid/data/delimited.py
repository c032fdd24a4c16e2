"""Comma, semicolon, tab and bar separated text becomes a polars frame of texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import ColumnError, DataError
from ..records import Finding
from .comments import without_comments
from .dialect import TextOptions, first_records, has_header, sample_text, sniff_delimiter
from .encoding import to_utf8
from .ragged import check_records, short_rows_possible

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Content:
    """What was in a file: its frame, the decimal mark when it is known, and what was guessed or repaired.

    `delimiter` is that of a text, "" for other files.
    """

    frame: pl.DataFrame
    decimal: str | None = None
    findings: tuple[Finding, ...] = ()
    delimiter: str = ""


def read_delimited(raw: bytes, source: str, options: TextOptions | None = None) -> Content:
    """The rows of a text, every cell as text, null where blank; wholly blank lines are left out.

    What `options` leaves open is found from the first lines; a text without a header has columns c1, c2, ….
    Raises DataError for a text that is empty, has a header only, is binary, cannot be decoded, or has a row with more
    or fewer cells than the header, a cell that is not closed; ColumnError for doubled column names.
    """
    options = options or TextOptions()
    raw, guessed = to_utf8(raw, source, options.encoding)
    if b"\r" in raw and b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    raw, comments, mark = without_comments(raw, options.comment, options.delimiter)
    # Trailing ends of lines are no rows; leading ones are counted, so that messages name the true line.
    body = raw.lstrip(b"\r\n\x1a").rstrip(b"\r\n\x1a")
    if not body.strip():
        raise DataError(f"{source} is empty; expected a header line with the column names and rows below it")
    above = raw[: len(raw) - len(raw.lstrip(b"\r\n\x1a"))].count(b"\n")
    sample = sample_text(body)
    delimiter, why = (options.delimiter, "") if options.delimiter else sniff_delimiter(sample)
    records = first_records(sample, delimiter) or [[""]]
    header, reason = (options.header, "") if options.header is not None else has_header(records)
    names = _names(records[0], source) if header else [f"c{i}" for i in range(1, len(records[0]) + 1)]
    frame, blank = _frame(body, source, delimiter, names, header, above)
    findings = [
        guessed,
        _no_header(source, names, reason) if not header and options.header is None else None,
        _delimiter(source, delimiter, why) if why and delimiter not in ",\t" and len(names) > 1 else None,
        _left_out(source, comments, mark) if comments else None,
        _blank(source, blank - comments) if blank > comments else None,
    ]
    commas_inside = options.decimal is None and (delimiter != "," or b'"' in body)
    decimal = options.decimal or (None if commas_inside else ".")
    return Content(frame, decimal, tuple(f for f in findings if f is not None), delimiter)


def _frame(
    body: bytes, source: str, delimiter: str, names: list[str], header: bool, above: int
) -> tuple[pl.DataFrame, int]:
    """The rows that are not blank, and how many lines were. Rows of the wrong width are refused."""
    import polars as pl

    frame = None
    try:
        frame = pl.read_csv(body, separator=delimiter, infer_schema=False, has_header=header, new_columns=names)
    except pl.exceptions.PolarsError as problem:
        columns = check_records(body, source, delimiter, names, header, above)
        if columns is None:
            raise DataError(f"{source} cannot be read as a table: {str(problem).splitlines()[0]}") from None
        frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    else:
        lines = body.count(b"\n") + 1 - header
        quotes = body.count(b'"')
        doubtful = frame.width != len(names) or frame.height != lines or bool(quotes % 2)
        if doubtful or short_rows_possible(frame, body, delimiter, bool(quotes), header):
            columns = check_records(body, source, delimiter, names, header, above)
            if columns is not None and (frame.width != len(names) or not _agree(frame, columns)):
                frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    if not frame.height:
        raise DataError(f"{source} has a header of {len(names)} columns but no rows below it")
    height = frame.height
    if frame.width > 1:
        frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
    if frame.is_empty():
        raise DataError(f"{source} has {len(names)} columns, but every row is blank; expected a row with a value")
    return frame, height - frame.height


def _agree(frame: pl.DataFrame, columns: dict[str, list[str | None]]) -> bool:
    """Whether both ways of reading found as many rows, and as many blank ones."""
    import polars as pl

    rows = list(zip(*columns.values()))
    blank = int(frame.select(pl.all_horizontal(pl.all().is_null()).sum()).item())
    return len(rows) == frame.height and blank == sum(not any(row) for row in rows)


def _names(header: list[str], source: str) -> list[str]:
    names = [name.strip() or f"column_{i}" for i, name in enumerate(header, start=1)]
    first: dict[str, int] = {}
    for i, name in enumerate(names, start=1):
        if name in first:
            raise ColumnError(
                f"{source}: column names must differ, but {name!r} heads columns {first[name]} and {i}; rename one in "
                "the file, or pass header=False if its first line is a row"
            )
        first[name] = i
    return names


def _no_header(source: str, names: list[str], reason: str) -> Finding:
    called = f"{names[0]} to {names[-1]}" if len(names) > 1 else names[0]
    return Finding(
        "NO_HEADER",
        "warning",
        f"{source} has no header: {reason}",
        f"Its columns are called {called}",
        "If the first line does hold names, pass header=True; else put a line of names above the rows",
    )


def _delimiter(source: str, delimiter: str, why: str) -> Finding:
    return Finding(
        "DELIMITER",
        "information",
        f"the cells of {source} are taken to be separated by {delimiter!r}: {why}",
        "The file does not say it",
        "If that is wrong, name the delimiter with delimiter=",
    )


def _left_out(source: str, count: int, mark: str) -> Finding:
    return Finding(
        "COMMENTS",
        "information",
        f"{count:,} comment line{'' if count == 1 else 's'} of {source}, beginning with {mark!r}, left out",
        "They hold remarks rather than rows",
        "If they are rows, pass comment=''",
    )


def _blank(source: str, count: int) -> Finding:
    return Finding(
        "BLANK_ROWS",
        "information",
        f"{count:,} blank row{'' if count == 1 else 's'} of {source} left out",
        "A row without any value holds nothing to learn from",
        "Nothing need be done",
    )
