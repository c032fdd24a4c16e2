"""Delimited text read in chunks: the same cells as `read_delimited` gives, without the whole file in memory."""

from __future__ import annotations

import io
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeVar

from ..errors import DataError
from ..records import Finding
from .comments import comment_mark, without_comments
from .delimited import (
    BLANK,
    Layout,
    check_rows,
    decimal_mark,
    layout_of,
    left_out,
    read_columns,
    read_rows,
    with_line_feeds,
    without_headers,
    without_marks,
)
from .delimited import without_blank_rows as filled_rows
from .dialect import SAMPLE_BYTES, TextOptions
from .encoding import plain_text, to_utf8
from .in_order import in_order
from .quoting import count_of, record_end
from .rewriting import Rewriting, rewriting_of

if TYPE_CHECKING:
    import polars as pl

CHUNK_BYTES = 1 << 23

Part = TypeVar("Part")
# Reads the rows of a piece: its bytes, the source, the layout.
Reader = Callable[[bytes, str, Layout], "pl.DataFrame"]
Counts = tuple[int, int, int]


class Piece(NamedTuple):
    """Whole records of a text, the first piece with its header, the others below the header `head` of our own."""

    head: bytes
    body: bytes
    layout: Layout


class TextChunks:
    """The rows of a text, every cell as text, null where blank, in frames of about `chunk_bytes` of the file.

    `names` and `decimal` are known from the start, `findings` are complete when the frames have been read; what they
    say, and the errors, are those of `read_delimited`. UTF-8 is read in pieces; a text in another encoding is decoded
    whole before. A chunk in which something is wrong is read once more
    together with all that follows, because a quote that stands oddly can hide where a record ends, and so that the
    error counts all wrong rows.
    """

    def __init__(
        self, file: BinaryIO, source: str, options: TextOptions | None = None, chunk_bytes: int = CHUNK_BYTES
    ) -> None:
        self.source, self.options = source, options or TextOptions()
        plain = plain_text(file, self.options.encoding)
        self.findings: list[Finding] = []
        if plain is None:
            file.seek(0)
            raw, guessed = to_utf8(file.read(), source, self.options.encoding)
            file, quotes = io.BytesIO(with_line_feeds(raw)), b'"' in raw
            self.findings += [guessed] if guessed else []
        else:
            file.seek(plain.start)
            quotes = plain.quotes
        start = file.tell()
        self.how = rewriting_of(without_marks(file.read(2 * SAMPLE_BYTES)), self.options, source) or Rewriting()
        file.seek(start)
        self.findings += self.how.findings
        quotes = bool(self.how.quote) and (quotes or self.how.swapped)
        self._text = _Text(file, chunk_bytes, self.how.told(self.options), self.how)
        body, above = self._text.first()
        body = self.how.lines(body)
        layout = layout_of(body, source, self._text.options, above)
        self.layout = replace(layout, names=self.how.names(layout.names))
        self.findings += self.layout.findings
        self.names = self.layout.names
        self.decimal = decimal_mark(self._text.options, self.layout, quotes)

    def head(self, size: int) -> bytes:
        """Whole lines from the start of the text, about `size` bytes of them if there are as many."""
        return self.how.lines(self._text.head(size))

    def frames(self, only: list[str] | None = None) -> Iterator[pl.DataFrame]:
        """The rows that are not blank, in order, once; of the columns `only`, in their order, where these are given."""

        def read(body: bytes, source: str, layout: Layout) -> pl.DataFrame:
            if only and layout is not self.layout:
                return read_columns(body, source, layout, only)
            return read_rows(body, source, layout)

        return self.parts(read, lambda frame: self.how.restored(frame if only is None else frame.select(only)))

    def parts(self, read: Reader, part: Callable[[pl.DataFrame], Part]) -> Iterator[Part]:
        """What `part` makes of the rows that are not blank, piece by piece, in order, once; both work in threads."""
        rows = filled = kept = 0
        for counts, made in self._in_order(partial(_part, read, part, self.source, self.how)):
            rows, filled, kept = rows + counts[0], filled + counts[1], kept + counts[2]
            if counts[2]:
                yield made
        check_rows(rows, kept, self.source, self.layout)
        text = self._text
        self.findings += left_out(self.source, text.comments, text.mark, rows - filled, filled - kept)

    def _in_order(self, work: Callable[[Piece], tuple[Counts, Part]]) -> Iterator[tuple[Counts, Part]]:
        under_way: deque[Piece] = deque()
        results = in_order(work, self._pieces(under_way))
        while True:
            try:
                result = next(results)
            except StopIteration:
                return
            except DataError:
                if self._text.at_end and len(under_way) == 1:
                    raise
                first = under_way[0]
                body = b"".join(piece.body for piece in under_way)
                yield work(first._replace(body=body + self._text.rest()))
                return
            under_way.popleft()
            yield result

    def _pieces(self, under_way: deque[Piece]) -> Iterator[Piece]:
        """Every piece between two line ends; those whose rows were not taken yet are also in `under_way`."""
        head, layout = b"", self.layout
        for body in self._text.pieces():
            piece = Piece(head, body, layout)
            under_way.append(piece)
            yield piece
            head, layout = self.layout.below(self._text.lines_before)


def _part(
    read: Reader, part: Callable[[pl.DataFrame], Part], source: str, how: Rewriting, piece: Piece
) -> tuple[Counts, Part]:
    """How many rows a piece has, how many of them are not blank, how many of these are no header, and what `part`
    makes of the last."""
    frame = read(piece.head + how.lines(piece.body), source, piece.layout)
    filled = filled_rows(frame)
    kept = without_headers(filled, piece.layout)
    return (frame.height, filled.height, kept.height), part(kept)


@dataclass
class _Text:
    """The pieces of a text: each ends with a record, and each but the first begins with the line end before it."""

    file: BinaryIO
    size: int
    options: TextOptions
    how: Rewriting
    mark: str = ""
    comments: int = 0
    lines_before: int = 0
    at_end: bool = False
    # Whole lines without comments that were not given out yet; then the beginning of a line.
    _pending: bytes = b""
    _started: bytes = field(default=b"", repr=False)

    def first(self) -> tuple[bytes, int]:
        """Enough of the text to see its layout, and the number of lines above it."""
        start, self.options = self.options.from_first_line(self.file.read(max(self.size, 2 * SAMPLE_BYTES)))
        self._started = self.how.beginning(self.how.swap(start), self.options)
        sample = self.how.lines(self._started[:SAMPLE_BYTES])
        self.mark = comment_mark(sample, self.options.comment, self.options.delimiter)
        self._read_lines(b"")
        while not self.at_end and len(self._pending.lstrip(BLANK)) <= SAMPLE_BYTES:
            self._more(self.size)
        body = self._pending.lstrip(BLANK)
        above = self._pending[: len(self._pending) - len(body)].count(b"\n")
        self._pending, self.lines_before = body, above
        return body.rstrip(BLANK) if self.at_end else body, above

    def head(self, size: int) -> bytes:
        """Whole lines of what is pending, about `size` bytes of them, without the last line end."""
        return self._pending[: self._pending.rfind(b"\n", 0, size)] if len(self._pending) > size else self._pending

    def pieces(self) -> Iterator[bytes]:
        """The pieces in order; `lines_before` are those before the next piece, when a piece is given out."""
        size = self.size
        while not self.at_end:
            end = self._end()
            if end:
                yield self._give(end)
                size = self.size
            else:
                size = max(size, len(self._pending))  # a record longer than a piece: no use in small steps
            self._more(size)
        piece = self._pending.rstrip(BLANK)
        if piece:
            yield self._give(len(piece))

    def rest(self) -> bytes:
        """All that follows the last piece."""
        while not self.at_end:
            self._more(1 << 24)
        return self._pending.rstrip(BLANK)

    def _end(self) -> int:
        """The end of the last whole record of what is pending, before the blank lines that follow it; 0 for none.

        Blank lines are kept for the next piece: at the end of the file they are no rows.
        """
        kept = end = record_end(self._pending)
        while kept and self._pending[kept - 1] in BLANK:
            kept -= 1
        # The mark of an old end of file belongs to its cell when the file goes on; so it is not cut off yet.
        return 0 if b"\x1a" in self._pending[kept:end] else kept

    def _give(self, end: int) -> bytes:
        piece, self._pending = self._pending[:end], self._pending[end:]
        self.lines_before += count_of(piece, "\n")
        return piece

    def _more(self, size: int) -> None:
        block = self.how.swap(self.file.read(size))
        self.at_end = not block
        self._read_lines(block)

    def _read_lines(self, block: bytes) -> None:
        """Move whole lines to `_pending`, without their line end; at the end of the file whatever is left."""
        end = len(block) if self.at_end else block.rfind(b"\n")
        if end < 0:
            block, self._started = self._started + block, b""
            end = max(block.rfind(b"\n"), 0)
        # A mark may begin in one block and end in the next.
        if self.mark or BOM_UTF8 in block or BOM_UTF8[:1] in self._started:
            lines, count = without_comments(without_marks(self._started + block[:end]), self.mark, self.how.blanks)
            self._pending += lines
            self.comments += count
        else:  # the block is copied once
            self._pending = b"".join((self._pending, self._started, memoryview(block)[:end]))
        self._started = block[end:]
