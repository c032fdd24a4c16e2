"""How a text lays out its table: comment lines, the character between the cells, whether there is a header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from ..errors import DataError
from .missing_marks import MARKS_AMONG_NUMBERS, MISSING_MARKS

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_BYTES = 1 << 16
_SAMPLE_RECORDS = 100
_NUMBER = re.compile(r"\(?[-+−]?\s?[$€£¥]?\s?[-+−]?(\d[\d.,' \u00a0\u202f]*|[.,]\d+)([eE][-+]?\d+)?\s?[%$€£¥]?\)?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?")
_SAID_DELIMITER = re.compile(rb"\"?sep=([\t !#-~])\"?(?=\r?\n)", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")


@dataclass(frozen=True)
class TextOptions:
    """What the reader of delimited text is told instead of finding out; None means: find out.

    `decimal` is "." or ",", `comment` the text that comment lines begin with ("" for none), `quote` what stands around
    cells ("" for nothing).
    """

    delimiter: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    header: bool | None = None
    comment: str | None = None
    quote: str | None = None

    def __post_init__(self) -> None:
        if self.quote not in (None, "", '"', "'"):
            raise DataError(f"the quote must be \" or ', or nothing, got {self.quote!r}")
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in '"\r\n'):
            raise DataError(f"the delimiter must be one character, not a quote or a line end, got {self.delimiter!r}")
        if self.delimiter is not None and not self.delimiter.isascii():
            raise DataError(f"the delimiter must be an ASCII character, got {self.delimiter!r}")
        if self.decimal not in (None, ".", ","):
            raise DataError(f"the decimal mark must be '.' or ',', got {self.decimal!r}")

    def from_first_line(self, raw: bytes) -> tuple[bytes, TextOptions]:
        """The text without what a first line `sep=;` says, which spreadsheets write, and the options with it.

        The end of the line stays, so that the others keep their numbers. A delimiter that is told already wins.
        """
        said = _SAID_DELIMITER.match(raw)
        if said is None:
            return raw, self
        return raw[said.end() :], replace(self, delimiter=self.delimiter or said[1].decode())

    def given(self) -> list[str]:
        """The names of the options that are not left to be found out."""
        return [name for name, value in vars(self).items() if value is not None]


def sample_text(raw: bytes) -> str:
    """The first whole lines as text."""
    cut = raw[:SAMPLE_BYTES]
    if len(raw) > SAMPLE_BYTES and b"\n" in cut:
        cut = cut[: cut.rindex(b"\n") + 1]
    return cut.decode("utf-8", errors="replace")


def first_records(sample: str, delimiter: str) -> list[list[str]]:
    """The first records of the sample that are not blank lines."""
    try:
        records = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        return list(islice((r for r in records if r), _SAMPLE_RECORDS))
    except csv.Error:
        return [line.split(delimiter) for line in sample.splitlines()[:_SAMPLE_RECORDS] if line]


def sniff_delimiter(sample: str) -> tuple[str, str]:
    """The delimiter that cuts most records of the sample into as many cells as the first, and why it was taken."""
    cut = {d: first_records(sample, d) for d in DELIMITERS}
    agreed = {d: _agreement(records) for d, records in cut.items()}
    best = max(DELIMITERS, key=lambda d: agreed[d])
    if best == ",":
        # 1,5;2,5 has as many commas as you like: a decimal comma inside the cells of another delimiter settles it.
        for other in DELIMITERS[1:]:
            commas = any(_DECIMAL_COMMA.fullmatch(cell.strip()) for record in cut[other] for cell in record)
            if commas and agreed[other][0] >= 0.9:
                best = other
                break
    width = len(cut[best][0]) if cut[best] else 0
    return best, f"it cuts {agreed[best][0]:.0%} of the first {len(cut[best])} lines into {width} cells"


def _agreement(records: list[list[str]]) -> tuple[float, int]:
    """The share of records with the width of the first, none when that is a single cell; then that width."""
    width = len(records[0]) if records else 0
    same = sum(len(record) == width for record in records) / len(records) if width > 1 else 0.0
    return same, width


def has_header(records: Sequence[Sequence[str]]) -> tuple[bool, str]:
    """Whether the first record names the columns, and why it was taken for a header or for a row.

    A text above numbers or dates is a name. Without one, a number above numbers makes the first record a row, unless
    the numbers count 0, 1, 2, … or are years in a row; and so do texts that all come again below.
    """
    first, rest = list(records[0]), records[1:]
    if not rest:
        numbers = all(sort_of(cell) == "number" for cell in first)
        return not numbers, "the only line holds numbers" if numbers else ""
    others = [record for record in rest if list(record) != first]  # a header may stand again below
    below = [[record[i] for record in others if i < len(record)] for i in range(len(first))]
    pairs = [(sort_of(cell), sort_of_all(cells)) for cell, cells in zip(first, below, strict=True)]
    if any(down in ("number", "date") and up not in (down, "missing") for up, down in pairs):
        return True, ""
    like = [i for i, (up, down) in enumerate(pairs) if up == down != "text" and up != "missing"]
    if like:
        if _counting([first[i] for i in like]):
            return True, ""
        return False, f"the first line holds a {pairs[like[0]][1]} in column {like[0] + 1}, as the lines below do"
    if len(rest) - len(others) > len(rest) / 10:
        below = [[record[i] for record in rest if i < len(record)] for i in range(len(first))]
    if len(first) > 1 and all(cell.strip() and cell in cells for cell, cells in zip(first, below)):
        return False, "every cell of the first line comes again in the lines below"
    return True, ""


def holds_named_values(records: Sequence[Sequence[str]]) -> bool:
    """Whether the first record is a text above numbers or dates alone in some column; it may stand again below."""
    first, rest = records[0], [record for record in records[1:] if record != records[0]]
    below = [[record[i] for record in rest if i < len(record)] for i in range(len(first))]
    return any(sort_of(up) == "text" and sort_of_all(d) in ("number", "date") for up, d in zip(first, below))


def sort_of(cell: str) -> str:
    """ "number", "date", "missing" or "text"."""
    cell = cell.strip()
    if cell.lower() in MISSING_MARKS + MARKS_AMONG_NUMBERS:
        return "missing"
    if _DATE.fullmatch(cell):
        return "date"
    return "number" if _NUMBER.fullmatch(cell) else "text"


def sort_of_all(cells: Sequence[str]) -> str:
    """That of all cells that are not missing; "text" where they differ."""
    sorts = {sort_of(cell) for cell in cells} - {"missing"}
    return sorts.pop() if len(sorts) == 1 else "text" if sorts else "missing"


def _counting(cells: Sequence[str]) -> bool:
    """Whether the cells are 0, 1, 2, … (three at least) or consecutive years (two at least)."""
    if not all(re.fullmatch(r"\d{1,4}", cell.strip()) for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    if any(b - a != 1 for a, b in pairwise(numbers)):
        return False
    return (numbers[0] == 0 and len(numbers) >= 3) or (len(numbers) >= 2 and 1800 <= numbers[0] <= 2100)
