"""Text that the fast reader stumbles over, or may have misread, is gone through record by record."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from ..errors import DataError
from .quoting import count_of, lines_of, outside_quotes

if TYPE_CHECKING:
    import polars as pl

# Lines of a single cell, in a table of more, are remarks rather than rows when they are so few.
_FEW_REMARKS = 3


def is_sure(frame: pl.DataFrame, body: bytes, delimiter: str, width: int, header: bool) -> bool:
    """Whether the fast reader found the records that are there, none of them with fewer cells than `width`.

    It fills short rows up in silence, at the end of the row, and reads a quote in the middle of a cell in its own way.
    The last column of `frame` must be that of the text.
    """
    records = frame.height + header
    one_a_line = records == count_of(body, "\n") + 1
    quotes = count_of(body, '"')
    gaps = frame[:, -1].is_null() if width > 1 else None
    if gaps is None or not gaps.any():
        if one_a_line and not quotes % 2:
            return True
        outside = outside_quotes(body, delimiter)
        return outside is not None and outside[0] + 1 == records
    if one_a_line and 4 * gaps.sum() < records:
        body = lines_of(body, gaps.arg_true().to_numpy() + header)
        frame, records = frame.filter(gaps), int(gaps.sum())
    outside = outside_quotes(body, delimiter)
    enough = (records - blank_rows(frame)) * (width - 1)
    return outside is not None and outside == (records - 1, enough)


def blank_rows(frame: pl.DataFrame) -> int:
    """How many rows have no cell filled."""
    import polars as pl

    if not all(frame[:, i].null_count() for i in range(frame.width)):
        return 0
    return int(frame.select(pl.all_horizontal(pl.all().is_null()).sum()).item())


def check_records(
    body: bytes, source: str, delimiter: str, names: list[str], header: bool, above: int
) -> dict[str, list[str | None]] | None:
    """The cells by column, None where blank, also for every column of a blank line.

    `above` is the number of lines before `body`. Raises DataError that names the line when a row has another width
    than `names`, or a quote is not closed or not followed by a delimiter. None when nothing is wrong in a way that
    can be named.
    """
    width = len(names)
    records = islice(_records(body, source, delimiter, above), int(header), None)
    wrong = [
        (line, len(record), record[0].lstrip().startswith("#"))
        for line, record in records
        if len(record) != width and (len(record) > 1 or any(cell.strip() for cell in record))
    ]
    if wrong:
        raise DataError(_ragged(wrong, source, delimiter, width))
    # Only now are the cells kept: a large file that is refused should not fill the memory before.
    columns: list[list[str | None]] = [[] for _ in names]
    for _, record in islice(_records(body, source, delimiter, above), int(header), None):
        cells = record if len(record) == width else [""] * width
        for column, cell in zip(columns, cells):
            column.append(cell or None)
    return dict(zip(names, columns))


def _records(body: bytes, source: str, delimiter: str, above: int) -> Iterator[tuple[int, list[str]]]:
    """The line that each record begins in, and its cells."""
    records = csv.reader(io.StringIO(body.decode("utf-8"), newline=""), delimiter=delimiter, strict=True)
    while True:
        line = above + records.line_num + 1
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error as problem:
            lines = islice(io.StringIO(body.decode("utf-8"), newline=""), line - above - 1, records.line_num)
            opened = line + _whole_cells("".join(lines), delimiter)
            raise DataError(_unreadable(str(problem), source, opened, above + records.line_num, delimiter)) from None
        yield line, record


def _whole_cells(text: str, delimiter: str) -> int:
    """How many lines end before the first cell whose quotes are amiss."""
    cut = re.escape(delimiter)
    cell = re.compile(rf'(?:"[^"]*(?:""[^"]*)*"|[^"{cut}\r\n][^{cut}\r\n]*|)(?:{cut}|\r\n?|\n)')
    place = 0
    while whole := cell.match(text, place):
        place = whole.end()
    return len(re.findall(r"\r\n?|\n", text[:place]))


def _unreadable(problem: str, source: str, opened: int, last: int, delimiter: str) -> str:
    """The message about a cell that begins in the line `opened`, when the trouble is met in the line `last`."""
    if "expected after" in problem and opened < last:
        return (
            f"{source}, line {opened:,}: a quote opens a cell that runs on to the next quote, in line {last:,}, where "
            f'no {delimiter!r} follows; close it, or double a " that belongs to the text'
        )
    if "unexpected end of data" in problem or "field larger" in problem:
        return (
            f"{source}, line {opened:,}: a quote opens a cell that is not closed before line {last:,}; close it, or "
            'double a " that belongs to the text'
        )
    if "expected after" in problem:
        return (
            f"{source}, line {last:,}: expected {delimiter!r} or the end of the line after a closing quote; double a "
            'quote (") that belongs to the text'
        )
    return f"{source}, line {last:,}: {problem}"


def _ragged(wrong: list[tuple[int, int, bool]], source: str, delimiter: str, width: int) -> str:
    """The message about rows of the wrong width: (line, cells, whether it looks like a comment) of each."""
    line, got, remark = wrong[0]
    more = ""
    if len(wrong) > 1:
        others = ", ".join(f"{number:,}" for number, *_ in wrong[1:5])
        more = f" (and line{'s' if len(wrong) > 2 else ''} {others}{', …' if len(wrong) > 5 else ''}: "
        more += f"{len(wrong):,} rows in all)"
    cells = f"{width} cell{'' if width == 1 else 's'} as in the first line"
    if got > width:
        advice = f"put quotes around a cell that holds {delimiter!r}"
    elif remark:
        advice = "complete the row; if it is a comment, name its mark with --comment '#' (comment='#' of read)"
    elif got == 1 and width > 2 and len(wrong) <= _FEW_REMARKS:
        advice = "delete the line if it is a remark; else complete the row"
    else:
        advice = f"complete the row; a missing cell still needs its {delimiter!r}"
    return f"{source}, line {line:,}: expected {cells}, got {got}{more}; {advice}"
