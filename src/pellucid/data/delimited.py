"""Comma, semicolon, tab and bar separated text becomes a polars frame of texts."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..errors import ColumnError, DataError
from ..records import Finding, counted
from .comments import comment_mark, without_comments
from .dialect import SAMPLE_BYTES, TextOptions, first_records, has_header, sample_text, sniff_delimiter
from .encoding import to_utf8
from .ragged import blank_rows, check_records, is_sure
from .rewriting import Rewriting, rewriting_of

if TYPE_CHECKING:
    import polars as pl

    from .large_text import LargeColumns


# Ends of lines, and the mark that old systems put at the end of a file.
BLANK = b"\r\n\x1a"


@dataclass(frozen=True)
class Content:
    """What was in a file: its frame, the decimal mark when it is known, and what was guessed or repaired.

    `delimiter` is that of a text, "" for other files. Columns of a large text that were turned into numbers or codes
    in reading are in `large`; `frame` has the others.
    """

    frame: pl.DataFrame
    decimal: str | None = None
    findings: tuple[Finding, ...] = ()
    delimiter: str = ""
    large: LargeColumns | None = None


def read_delimited(raw: bytes, source: str, options: TextOptions | None = None) -> Content:
    """The rows of a text, every cell as text, null where blank; wholly blank lines are left out.

    What `options` leaves open is found from the first lines; a text without a header has columns c1, c2, ….
    Raises DataError for a text that is empty, has a header only, is binary, cannot be decoded, or has a row with more
    or fewer cells than the header, a cell that is not closed; ColumnError for doubled column names.
    """
    options = options or TextOptions()
    raw, guessed = to_utf8(raw, source, options.encoding)
    raw = without_marks(with_line_feeds(raw))
    how = rewriting_of(raw[: 2 * SAMPLE_BYTES], options, source) or Rewriting()
    raw, options = how.told(options).from_first_line(raw)
    raw = how.beginning(how.swap(raw), options)
    mark = comment_mark(how.lines(raw[:SAMPLE_BYTES]), options.comment, options.delimiter)
    raw, comments = without_comments(raw, mark, how.blanks)
    # Trailing ends of lines are no rows; leading ones are counted, so that messages name the true line.
    body = how.lines(raw.lstrip(BLANK).rstrip(BLANK))
    layout = layout_of(body, source, options, raw[: len(raw) - len(raw.lstrip(BLANK))].count(b"\n"))
    layout = replace(layout, names=how.names(layout.names))
    frame = how.restored(read_rows(body, source, layout))
    filled = without_blank_rows(frame)
    kept = without_headers(filled, layout)
    check_rows(frame.height, kept.height, source, layout)
    aside = left_out(source, comments, mark, frame.height - filled.height, filled.height - kept.height)
    findings = [guessed, *how.findings, *layout.findings, *aside]
    decimal = decimal_mark(options, layout, b'"' in body)
    return Content(kept, decimal, tuple(f for f in findings if f is not None), layout.delimiter)


@dataclass(frozen=True)
class Layout:
    """How the records of a text lie: the cut between cells, the names, whether the first record holds them.

    `above` is the number of lines before the first record.
    """

    delimiter: str
    names: list[str]
    header: bool
    above: int = 0
    findings: tuple[Finding, ...] = ()

    def below(self, lines: int) -> tuple[bytes, Layout]:
        """A header line, and the layout of text that it is put before, where the text begins with the end of a line
        that had `lines` lines before it."""
        line = self.delimiter.join(f"c{i}" for i in range(1, len(self.names) + 1)).encode()
        return line, replace(self, header=True, above=lines)


def layout_of(body: bytes, source: str, options: TextOptions, above: int) -> Layout:
    """What `options` leave open, from the first lines of `body`. Raises as `read_delimited` does."""
    if not body.strip():
        raise DataError(f"{source} is empty; expected a header line with the column names and rows below it")
    sample = sample_text(body)
    delimiter, why = (options.delimiter, "") if options.delimiter else sniff_delimiter(sample)
    records = first_records(sample, delimiter) or [[""]]
    header, reason = (options.header, "") if options.header is not None else has_header(records)
    names = _names(records[0], source) if header else [f"c{i}" for i in range(1, len(records[0]) + 1)]
    findings = [
        _no_header(source, names, reason) if not header and options.header is None else None,
        _delimiter(source, delimiter, why) if why and delimiter not in ",\t" and len(names) > 1 else None,
    ]
    return Layout(delimiter, names, header, above, tuple(f for f in findings if f is not None))


def decimal_mark(options: TextOptions, layout: Layout, quoted: bool) -> str | None:
    """The decimal mark, when it is told or no comma can stand inside a cell; else None."""
    commas_inside = options.decimal is None and (layout.delimiter != "," or quoted)
    return options.decimal or (None if commas_inside else ".")


def without_marks(raw: bytes) -> bytes:
    """The text (UTF-8) without byte order marks, which stand inside where texts were put one below the other."""
    return raw.replace(BOM_UTF8, b"") if BOM_UTF8 in raw else raw


def with_line_feeds(raw: bytes) -> bytes:
    """The text with the line ends of old Macs as all others have them."""
    return raw.replace(b"\r", b"\n") if b"\r" in raw and b"\n" not in raw else raw


def read_rows(body: bytes, source: str, layout: Layout) -> pl.DataFrame:
    """The rows, blank ones too. Rows of the wrong width are refused."""
    import polars as pl

    names, delimiter, header = layout.names, layout.delimiter, layout.header
    try:
        frame = pl.read_csv(body, separator=delimiter, infer_schema=False, has_header=header, new_columns=names)
    except pl.exceptions.PolarsError as problem:
        columns = check_records(body, source, delimiter, names, header, layout.above)
        if columns is None:
            raise DataError(f"{source} cannot be read as a table: {str(problem).splitlines()[0]}") from None
        return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    if frame.width == len(names) and is_sure(frame, body, delimiter, len(names), header):
        return frame
    columns = check_records(body, source, delimiter, names, header, layout.above)
    if columns is not None and (frame.width != len(names) or not _agree(frame, columns)):
        return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    return frame


def read_typed(body: bytes, source: str, layout: Layout, types: Mapping[str, Any]) -> pl.DataFrame:
    """As `read_rows`, but with the columns of `types` (name → polars type) of that type, where all their cells are;
    where one is not, or there is a doubt about any row, every cell as text."""
    import polars as pl

    wanted = [types.get(name, pl.String) for name in layout.names]
    try:
        frame = pl.read_csv(
            body,
            separator=layout.delimiter,
            infer_schema=False,
            has_header=layout.header,
            new_columns=layout.names,
            schema_overrides=wanted,
        )
    except pl.exceptions.PolarsError:
        return read_rows(body, source, layout)
    if frame.width != len(wanted) or not is_sure(frame, body, layout.delimiter, len(wanted), layout.header):
        return read_rows(body, source, layout)
    # Polars takes blanks alone for no number; as text they are a cell.
    gaps = [place for place, column in enumerate(frame) if column.dtype.is_numeric() and column.null_count()]
    if gaps:
        texts = pl.read_csv(
            body, separator=layout.delimiter, infer_schema=False, has_header=layout.header, columns=gaps
        )
        if any(text.null_count() != frame[:, place].null_count() for place, text in zip(gaps, texts)):
            return read_rows(body, source, layout)
    return frame


def read_columns(body: bytes, source: str, layout: Layout, only: list[str]) -> pl.DataFrame:
    """As `read_rows`, but of the columns `only` where there is no doubt about any row; else of all columns."""
    import polars as pl

    names = layout.names
    places = sorted({len(names) - 1, *(names.index(name) for name in only)})
    try:
        frame = pl.read_csv(
            body, separator=layout.delimiter, infer_schema=False, has_header=layout.header, columns=places
        )
    except pl.exceptions.PolarsError:
        return read_rows(body, source, layout)
    frame.columns = [names[place] for place in places]
    if is_sure(frame, body, layout.delimiter, len(names), layout.header) and not blank_rows(frame):
        return frame
    return read_rows(body, source, layout)


def without_blank_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with a filled cell; in a single column a blank line is a missing value."""
    import polars as pl

    if frame.width == 1 or not all(column.null_count() for column in frame):
        return frame
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))


def without_headers(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """The rows but those that hold the names again, as files that were put one below the other have them."""
    import polars as pl

    texts = all(dtype == pl.String for dtype in frame.dtypes)
    if frame.width == 1 or not texts or not (layout.header and (frame[:, 0] == frame.columns[0]).any()):
        return frame
    return frame.filter(~pl.all_horizontal(pl.col(name).str.strip_chars() == name for name in frame.columns))


def check_rows(rows: int, filled: int, source: str, layout: Layout) -> None:
    """Raise DataError where there are no rows, or blank ones only."""
    if not rows:
        raise DataError(f"{source} has a header of {counted(len(layout.names), 'column')} but no rows below it")
    if not filled:
        raise DataError(
            f"{source} has {counted(len(layout.names), 'column')}, but every row is blank; expected a row with a value"
        )


def left_out(source: str, comments: int, mark: str, blank: int, headers: int) -> list[Finding]:
    """What is said of the lines that are no rows; `blank` rows count comments, too."""
    found = [_comments(source, comments, mark)] if comments else []
    found += [_headers(source, headers)] if headers else []
    return [*found, *([_blank(source, blank - comments)] if blank > comments else [])]


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
                "the file, or say --no-header (header=False of read) if its first line is a row"
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
        "If the first line does hold names, pass header=True to read; else put a line of names above the rows",
    )


def _delimiter(source: str, delimiter: str, why: str) -> Finding:
    return Finding(
        "DELIMITER",
        "information",
        f"the cells of {source} are taken to be separated by {delimiter!r}: {why}",
        "The file does not say it",
        "If that is wrong, name the delimiter with --delimiter (delimiter= of read)",
    )


def _comments(source: str, count: int, mark: str) -> Finding:
    return Finding(
        "COMMENTS",
        "information",
        f"{count:,} comment line{'' if count == 1 else 's'} of {source}, beginning with {mark!r}, left out",
        "They hold remarks rather than rows",
        "If they are rows, say --comment '' (comment='' of read)",
    )


def _headers(source: str, count: int) -> Finding:
    return Finding(
        "REPEATED_HEADERS",
        "information",
        f"{count:,} line{'' if count == 1 else 's'} of {source} left out: the header again",
        "Files that were put one below the other keep their headers",
        "Nothing need be done",
    )


def _blank(source: str, count: int) -> Finding:
    return Finding(
        "BLANK_ROWS",
        "information",
        f"{count:,} blank row{'' if count == 1 else 's'} of {source} left out",
        "A row without any value holds nothing to learn from",
        "Nothing need be done",
    )
