"""Texts with ways of their own are rewritten as plain delimited ones: titles above the header, cells between single
quotes or blanks, a delimiter at the end of every row.

What is done is seen from the first lines, and told. Lines keep their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..records import Finding
from .comments import comment_mark, without_comments
from .dialect import DELIMITERS, TextOptions, first_records, holds_named_values, sample_text, sniff_delimiter

if TYPE_CHECKING:
    import polars as pl

_MOST_TITLES = 5
_FEWEST_ROWS = 3
# Of a text in which " is no quote it is hidden behind this while the text is read.
_HIDDEN = "\x11"
_BLANKS = re.compile(r'"[^"]*"|\S+')
_QUOTED_CELL = re.compile(r"(?:^|[,;\t|])[ ]*'(?:[^'\n]|'')*'[ ]*(?=[,;\t|\r]|$)", re.MULTILINE)


@dataclass(frozen=True)
class Rewriting:
    """What a text needs: `titles` lines emptied, quotes other than " swapped, runs of blanks made one, the delimiter
    `trailing` taken off the end of every row."""

    quote: str = '"'
    titles: int = 0
    blanks: bool = False
    trailing: str = ""
    findings: tuple[Finding, ...] = ()

    def applied(self, raw: bytes, options: TextOptions) -> tuple[bytes, TextOptions]:
        """The text (UTF-8) as it would be without its ways, and the options for it."""
        raw, options = options.from_first_line(raw)
        if self.quote != '"':
            other = (self.quote or _HIDDEN).encode()
            raw = raw.translate(bytes.maketrans(b'"' + other, other + b'"'))
        if self.titles:
            raw = _without_titles(raw, self.titles, options)
        if self.blanks:
            raw = re.sub(rb'("[^"]*")|^[ \t]+|[ \t]+(?=\r?$)|[ \t]+', _one_blank, raw, flags=re.MULTILINE)
            options = replace(options, delimiter=" ")
        if self.trailing:
            mark = re.escape(self.trailing.encode())
            raw = re.sub(rb'("[^"]*")|' + mark + rb"[ ]*(?=\r?$)", rb"\1", raw, flags=re.MULTILINE)
        return raw, options

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
        sample = _without_titles(sample.encode(), titles, replace(options, comment="")).decode()
        found.append(_title_lines(source, titles))
    width = _width_by_blanks(sample, options)
    if width and options.delimiter is None:
        found.append(_by_blanks(source, width))
    trailing = "" if width or options.header is False else _trailing(sample, options)
    if trailing:
        found.append(_trailing_delimiters(source, trailing))
    how = Rewriting(quote, titles, bool(width), trailing, tuple(found))
    return None if how == Rewriting() else how


def _one_blank(match: re.Match[bytes]) -> bytes:
    if match[1] is not None:
        return match[1]
    at_edge = match.start() == 0 or match.string[match.start() - 1 : match.start()] == b"\n"
    after = match.string[match.end() : match.end() + 1]
    return b"" if at_edge or after in (b"", b"\n", b"\r") else b" "


def _without_titles(raw: bytes, titles: int, options: TextOptions) -> bytes:
    """The text with its first lines emptied; comments and blank lines do not count."""
    mark = comment_mark(raw, options.comment, options.delimiter).encode()
    place = 0
    while titles and place < len(raw):
        end = raw.find(b"\n", place)
        end = len(raw) if end < 0 else end
        line = raw[place:end]
        if line.strip() and not (mark and line.startswith(mark)):
            raw, titles = raw[:place] + raw[end:], titles - 1
            end = place
        place = end + 1
    return raw


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
        if filled and same and len(below) > _FEWEST_ROWS and holds_named_values(below):
            best = max(best, (width, count))
    return best[1]


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


def _trailing(sample: str, options: TextOptions) -> str:
    """The delimiter that ends every row, but not the header; "" for none."""
    mark = options.delimiter or sniff_delimiter(sample)[0]
    head, *rows = first_records(sample, mark) or [[]]
    longer = [len(row) == len(head) + 1 and not row[-1].strip() for row in rows]
    return mark if len(head) > 1 and len(rows) > 1 and all(longer) else ""


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
