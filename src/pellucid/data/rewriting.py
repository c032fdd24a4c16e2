"""Texts with ways of their own are rewritten as plain delimited ones: titles above the header, more lines of words
below it, cells between single quotes or blanks, a delimiter at the end of every row, rows with a number before them.

What is done is seen from the first lines, and told. Lines keep their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..records import Finding
from .comments import comment_mark, without_comments
from .dialect import (
    DELIMITERS,
    TextOptions,
    first_records,
    holds_named_values,
    sample_text,
    sniff_delimiter,
    sort_of,
    sort_of_all,
)

if TYPE_CHECKING:
    import polars as pl

_MOST_TITLES = 5
_FEWEST_ROWS = 3
_MOST_HEADS = 3
_ROWS_BELOW_HEADS = 10
# Of a text in which " is no quote it is hidden behind this while the text is read.
_HIDDEN = "\x11"
_BLANKS = re.compile(r'"[^"]*"|\S+')
_QUOTED_CELL = re.compile(r"(?:^|[,;\t|])[ ]*'(?:[^'\n]|'')*'[ ]*(?=[,;\t|\r]|$)", re.MULTILINE)


@dataclass(frozen=True)
class Rewriting:
    """What a text needs: quotes other than " swapped, `titles` lines emptied, `more_heads` lines below the header taken
    away, `unnamed` (a delimiter) put before the header, runs of blanks made one, the delimiter `trailing` taken off the
    end of every row.

    `swap` is for all bytes of the text, `beginning` for its first lines, `lines` for any lines that hold whole records,
    once there are no comments between them.
    """

    quote: str = '"'
    titles: int = 0
    more_heads: int = 0
    unnamed: str = ""
    blanks: bool = False
    trailing: str = ""
    findings: tuple[Finding, ...] = ()

    def told(self, options: TextOptions) -> TextOptions:
        """The options for the text without its ways."""
        return replace(options, delimiter=" ") if self.blanks else options

    def swap(self, raw: bytes) -> bytes:
        """The text with what stands around its cells as "."""
        if not self.swapped:
            return raw
        other = (self.quote or _HIDDEN).encode()
        return raw.translate(bytes.maketrans(b'"' + other, other + b'"'))

    def beginning(self, raw: bytes, options: TextOptions) -> bytes:
        """The beginning of a text with a plain header; the lines taken away are empty ones above it."""
        mark = comment_mark(raw, options.comment, options.delimiter)
        if self.titles:
            raw = _without_titles(raw, self.titles, mark)
        if self.more_heads or self.unnamed:
            head, below = _rows_from(raw, mark, 0), _rows_from(raw, mark, 1 + self.more_heads)
            end = raw.find(b"\n", head)
            away = b"\n" * raw.count(b"\n", end + 1, below)
            raw = raw[:head] + away + self.unnamed.encode() + raw[head : end + 1] + raw[below:]
        return raw

    def lines(self, raw: bytes) -> bytes:
        """Whole records with their cells between single delimiters."""
        if self.blanks:
            raw = re.sub(rb'("[^"]*")|^[ \t]+|[ \t]+(?=\r?$)|[ \t]+', _one_blank, raw, flags=re.MULTILINE)
        if self.trailing:
            mark = re.escape(self.trailing.encode())
            raw = re.sub(rb'("[^"]*")|' + mark + rb"[ ]*(?=\r?$)", rb"\1", raw, flags=re.MULTILINE)
        return raw

    @property
    def swapped(self) -> bool:
        """Whether cells must be restored."""
        return self.quote != '"'

    def restored(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The cells as they stood in the file."""
        import polars as pl

        if not self.swapped:
            return frame
        return frame.with_columns(self._back(pl.col(pl.String)))

    def names(self, names: Sequence[str]) -> list[str]:
        """The names of columns as they stood in the file."""
        other = self.quote or _HIDDEN
        return [name.translate({ord('"'): other, ord(other): '"'}) for name in names] if self.swapped else list(names)

    def _back(self, cells: pl.Expr) -> pl.Expr:
        other = self.quote or _HIDDEN
        if not self.quote:
            return cells.str.replace_all(other, '"', literal=True)
        return cells.str.replace_many(['"', other], [other, '"'])


def rewriting_of(raw: bytes, options: TextOptions, source: str) -> Rewriting | None:
    """What the beginning of a text (UTF-8) shows to be needed; None for a plain one."""
    raw, options = options.from_first_line(raw)
    sample = sample_text(raw)
    found: list[Finding] = []
    quote = options.quote
    if quote is None:
        quote, seen = _quote(sample)
        found += [_quotes(source, seen)] if seen else []
    if quote != '"':
        other = quote or _HIDDEN
        sample = sample.translate({ord('"'): other, ord(other): '"'})
    text = sample.encode()
    sample = without_comments(text, comment_mark(text, options.comment, options.delimiter))[0].decode()
    titles = 0 if options.header is False else _titles(sample, options.delimiter)
    if titles:
        sample = _without_titles(sample.encode(), titles, "").decode()
        found.append(_title_lines(source, titles))
    width = _width_by_blanks(sample, options)
    if width and options.delimiter is None:
        found.append(_by_blanks(source, width))
    heads, unnamed, trailing = (0, "", "") if width or options.header is False else _around_the_header(sample, options)
    if heads:
        found.append(_more_heads(source, heads))
    if trailing:
        found.append(_trailing_delimiters(source, trailing))
    how = Rewriting(quote, titles, heads, unnamed, bool(width), trailing, tuple(found))
    return None if how == Rewriting() else how


def _one_blank(match: re.Match[bytes]) -> bytes:
    if match[1] is not None:
        return match[1]
    at_edge = match.start() == 0 or match.string[match.start() - 1 : match.start()] == b"\n"
    after = match.string[match.end() : match.end() + 1]
    return b"" if at_edge or after in (b"", b"\n", b"\r") else b" "


def _without_titles(raw: bytes, titles: int, mark: str) -> bytes:
    """The text with its first lines emptied; lines that begin with `mark` and blank lines do not count."""
    for _ in range(titles):
        place = _rows_from(raw, mark, 0)
        end = raw.find(b"\n", place)
        raw = raw[:place] + (raw[end:] if end >= 0 else b"")
    return raw


def _rows_from(raw: bytes, mark: str, count: int) -> int:
    """Where the line after `count` lines begins; lines that begin with `mark` and blank lines do not count."""
    place = 0
    while place < len(raw):
        end = raw.find(b"\n", place)
        end = len(raw) if end < 0 else end
        if raw[place:end].strip() and not (mark and raw.startswith(mark.encode(), place)):
            if not count:
                return place
            count -= 1
        place = end + 1
    return len(raw)


def _quote(sample: str) -> tuple[str, int]:
    """What stands around cells; and of single quotes around how many."""
    cells = len(_QUOTED_CELL.findall(sample))
    inside = sum(cell.count("'") for cell in _QUOTED_CELL.findall(sample))
    single = cells >= _FEWEST_ROWS and '"' not in sample and inside >= 0.95 * sample.count("'")
    return ("'", cells) if single else ('"', 0)


def _titles(sample: str, delimiter: str | None) -> int:
    """How many records above the header hold a single cell, where those below make a table of named values."""
    best = (0, 0)
    for mark in [delimiter] if delimiter else DELIMITERS:
        records = first_records(sample, mark)
        alone = (sum(bool(cell.strip()) for cell in record) == 1 for record in records[: _MOST_TITLES + 1])
        count = next((k for k, single in enumerate(alone) if not single), 0)
        below = records[count:]
        width = len(below[0]) if below else 0
        above = records[:count]
        plain = all(len(record) in (1, width) and "\n" not in record[0] and record[0] for record in above)
        if not count or not plain or width < (2 if all(len(record) == 1 for record in above) else 3):
            continue
        filled = all(cell.strip() for cell in below[0][1:])  # a column of row numbers often has no name
        same = sum(len(record) == width for record in below) >= 0.9 * len(below)
        if filled and same and len(below) > _FEWEST_ROWS and _named_values(below):
            best = max(best, (width, count))
    return best[1]


def _named_values(records: list[list[str]]) -> bool:
    head, rows = records[0], [record for record in records[1:] if record != records[0]]
    return holds_named_values([head, *rows[_lines_of_words(head, rows) :]])


def _width_by_blanks(sample: str, options: TextOptions) -> int:
    """Into how many cells blanks cut every line, where nothing else cuts them; 0 where they do not."""
    if options.delimiter == " ":
        return 1
    if options.delimiter is not None or any(mark in sample for mark in "\t;|"):
        return 0
    records = [_BLANKS.findall(line) for line in sample.splitlines() if line.strip()][:100]
    widths = {len(record) for record in records}
    if len(records) <= _FEWEST_ROWS or len(widths) > 1 or widths == {1}:
        return 0
    by_comma = {len(record) for record in first_records(sample, ",")}
    if len(by_comma) == 1 and by_comma != {1}:
        return 0
    rows = [[cell.strip('"') for cell in record] for record in records]
    return widths.pop() if holds_named_values(rows) or holds_named_values([["x"] * len(rows[0]), *rows]) else 0


def _around_the_header(sample: str, options: TextOptions) -> tuple[int, str, str]:
    """How many lines of words stand below the header, the delimiter that it lacks before its first name, and that
    which every row, but not the header, ends with; "" for none."""
    mark = options.delimiter or sniff_delimiter(sample)[0]
    head, *rows = first_records(sample, mark) or [[]]
    rows = [row for row in rows if row != head]  # which may stand again below
    longer = len(head) > 1 and len(rows) > 1 and all(len(row) == len(head) + 1 for row in rows)
    if longer and all(not row[-1].strip() for row in rows):
        return 0, "", mark
    if longer and [row[0] for row in rows] == [str(k + 1) for k in range(len(rows))]:
        return 0, mark, ""
    return (_lines_of_words(head, rows), "", "") if "\n" not in "".join(head) else (0, "", "")


def _lines_of_words(head: list[str], rows: list[list[str]]) -> int:
    """How many lines below the header have a word, that never comes again, above all numbers and dates, of two columns
    at least: units, or names in other words."""
    for count in range(_MOST_HEADS, 0, -1):
        words, below = rows[:count], rows[count:]
        if len(below) < _ROWS_BELOW_HEADS or any(len(row) != len(head) for row in rows):
            continue
        columns = [[row[k] for row in below] for k in range(len(head))]
        sure = [k for k, cells in enumerate(columns) if sort_of_all(cells) in ("number", "date")]
        worded = all(sort_of(row[k]) == "text" for row in words for k in sure)
        new = all(row[k].strip() and row[k] not in columns[k] and "\n" not in row[k] for row in words for k in sure)
        if len(sure) > 1 and worded and new and all(sort_of(name) == "text" for name in head):
            return count
    return 0


def _quotes(source: str, cells: int) -> Finding:
    return Finding(
        "QUOTES",
        "information",
        f"{cells:,} of the first cells of {source} stand between single quotes, which are taken off",
        "The file does not say what stands around its cells",
        "If they belong to the cells, say --quote '\"' (quote= of read)",
    )


def _title_lines(source: str, titles: int) -> Finding:
    return Finding(
        "TITLE_LINES",
        "information",
        f"the first {f'{titles} lines' if titles > 1 else 'line'} of {source} left out: a single cell above a header",
        "A title is no row and names no column",
        "If the first line is a row, say --no-header (header=False of read)",
    )


def _more_heads(source: str, lines: int) -> Finding:
    return Finding(
        "MORE_HEADER_LINES",
        "warning",
        f"{'a line' if lines == 1 else f'{lines} lines'} below the header of {source} left out: "
        f"{'it holds' if lines == 1 else 'they hold'} words above columns of numbers",
        "Units and second names are no rows",
        "If it is a row, write its words as numbers, or leave these cells empty",
    )


def _by_blanks(source: str, width: int) -> Finding:
    return Finding(
        "DELIMITER",
        "information",
        f"the cells of {source} are taken to be separated by blanks, several as one: they cut every line into {width}",
        "The file does not say it",
        "If that is wrong, name the delimiter with --delimiter (delimiter= of read)",
    )


def _trailing_delimiters(source: str, mark: str) -> Finding:
    return Finding(
        "TRAILING_DELIMITERS",
        "information",
        f"every row of {source} ends with a {mark!r} that its header lacks; it is left out",
        "No column stands behind it",
        "Nothing need be done; if a column has lost its name, add it to the header",
    )
