"""A large text becomes columns piece by piece: plain numbers and repeated texts are never kept as texts.

Which columns these are is seen from the first rows. A column that turns out to be none in a later piece is read again
as text, so that every column is what `text_draft` makes of all its cells.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError
from .chunks import TextChunks
from .columns import Draft
from .delimited import Content, Layout, read_rows, read_typed, without_blank_rows
from .in_order import in_order
from .numerals import decimal_of
from .quoting import any_zero_led, record_end
from .table import MISSING_CODE
from .texts import LEADING_ZEROS, digits_draft, levels_draft, text_draft

if TYPE_CHECKING:
    import polars as pl

# Smaller texts gain nothing.
LARGE_BYTES = 1 << 25
# The first rows: enough of them for `decimal_of`.
HEAD_BYTES, HEAD_ROWS = 1 << 20, 1000
PIECE_BYTES = 1 << 24
# A column with more different texts than this in its first rows is kept as text.
_FEW_LEVELS = 1000


@dataclass(frozen=True)
class Numbers:
    """A piece of a column of plain numbers: float64 (rows,) with NaN where missing."""

    values: np.ndarray
    whole: bool


@dataclass(frozen=True)
class Codes:
    """A piece of a column of repeated texts: its different texts, the number of each, and that of each row's text.

    A row whose number is that of no text has none.
    """

    levels: pl.Series
    numbers: np.ndarray
    codes: np.ndarray


# One piece of each column; text for a column of text, None for one that must be read again.
Pieces = dict[str, "Numbers | Codes | pl.Series | None"]


@dataclass(frozen=True)
class LargeColumns:
    """The columns of a large text in pieces, the names in order."""

    names: list[str]
    pieces: Mapping[str, list[Any]]

    def drafts(self, decimal: str | None) -> list[Draft]:
        """What `text_draft` makes of each column."""
        return list(in_order(partial(self._draft, decimal), self.names))

    def _draft(self, decimal: str | None, name: str) -> Draft:
        import polars as pl

        pieces = self.pieces[name]
        if isinstance(pieces[0], Numbers):
            return digits_draft(name, np.concatenate([piece.values for piece in pieces]), pieces[0].whole)
        if isinstance(pieces[0], Codes):
            return levels_draft(name, *_joined(pieces), decimal)
        return text_draft(name, pl.concat(pieces), decimal)


def read_large(opened: Callable[[int], TextChunks], as_text: Collection[str]) -> Content | None:
    """The content of a large text; `opened` opens it once more, in pieces of so many bytes.

    The columns `as_text` are kept as text, in `frame`.

    None when there are too few rows to tell anything from the first of them, and when quotes are other than usual.
    Raises as `read_delimited` does.
    """
    import polars as pl

    chunks = opened(PIECE_BYTES)
    head = _first_rows(chunks)
    if head is None or chunks.how.swapped:
        return None
    delimiter = chunks.layout.delimiter
    decimal = chunks.decimal or decimal_of(head, delimiter == ",")
    types = _types(head, decimal, as_text)

    def read(body: bytes, source: str, layout: Layout) -> pl.DataFrame:
        frame = read_typed(body, source, layout, types)
        # As numbers, codes such as 00123 would have lost their zeros.
        return read_rows(body, source, layout) if pl.Int64 in frame.dtypes and any_zero_led(body) else frame

    wanted = dict(types)
    pieces: dict[str, list[Any]] = {name: [] for name in chunks.names}
    for part in chunks.parts(read, lambda frame: _pieces(frame, wanted)):
        for name, piece in part.items():
            pieces[name].append(piece)
            if piece is None:
                types.pop(name, None)
    again = [name for name in chunks.names if any(piece is None for piece in pieces[name])]
    if again:
        texts = pl.concat(opened(PIECE_BYTES).frames(again))
        pieces.update({name: [texts[name]] for name in again})
    frame = pl.DataFrame([pl.concat(pieces[name]) for name in chunks.names if name in as_text])
    large = LargeColumns(chunks.names, pieces)
    return Content(frame, decimal, tuple(chunks.findings), delimiter, large)


def _first_rows(chunks: TextChunks) -> pl.DataFrame | None:
    head = chunks.head(HEAD_BYTES)
    try:
        frame = without_blank_rows(read_rows(head[: record_end(head)], chunks.source, chunks.layout))
    except DataError:
        return None
    return frame if frame.height >= HEAD_ROWS else None


def _types(head: pl.DataFrame, decimal: str | None, as_text: Collection[str]) -> dict[str, Any]:
    """The types of the columns that need not be kept as text."""
    import polars as pl

    types: dict[str, Any] = {}
    for cells in head:
        missing = cells.null_count()
        if cells.name in as_text or missing == len(cells):
            continue
        kinds = [kind for kind in (pl.Int64, pl.Float64) if cells.cast(kind, strict=False).null_count() == missing]
        if kinds and cells.str.contains(LEADING_ZEROS).any():
            continue  # codes such as 00123
        if kinds and decimal != ",":
            types[cells.name] = kinds[0]
        elif not kinds and cells.n_unique() <= _FEW_LEVELS:
            types[cells.name] = pl.Categorical
    return types


def _pieces(frame: pl.DataFrame, types: Mapping[str, Any]) -> Pieces:
    return {cells.name: _piece(cells, types.get(cells.name)) for cells in frame}


def _piece(cells: pl.Series, kind: Any) -> Numbers | Codes | pl.Series | None:
    import polars as pl

    if kind is None:
        return cells
    if kind == pl.Categorical:
        return _codes(cells.cast(kind))
    if cells.dtype == pl.String and cells.str.contains(LEADING_ZEROS).any():
        return None
    numbers = cells.cast(kind, strict=False)
    if numbers.null_count() > cells.null_count():
        return None
    return Numbers(numbers.cast(pl.Float64).to_numpy(), kind == pl.Int64)


def _codes(cells: pl.Series) -> Codes:
    """Of a column of categories: the numbers that Polars gives its texts."""
    import polars as pl

    numbers = cells.to_physical()
    if cells.is_empty():  # a piece of blank lines
        return Codes(cells.cast(pl.String), numbers.to_numpy(), numbers.to_numpy())
    if cells.null_count():
        none = 0 if cells.null_count() == len(cells) else int(numbers.max()) + 1  # type: ignore[arg-type]
        numbers = numbers.fill_null(none)
    codes = numbers.to_numpy()
    place = np.full(int(codes.max()) + 1, -1, dtype=np.int64)
    place[codes] = np.arange(len(codes))
    used = np.flatnonzero(place >= 0)
    if cells.null_count():
        used = used[:-1]
    return Codes(cells.gather(place[used]).cast(pl.String), used, codes)


def _joined(pieces: list[Codes]) -> tuple[pl.Series, np.ndarray]:
    """All texts in order, and the place of each row's."""
    import polars as pl

    levels = pl.concat([piece.levels for piece in pieces]).unique().sort()
    codes = np.empty(sum(len(piece.codes) for piece in pieces), dtype=np.int32)
    start = 0
    for piece in pieces:
        places = np.full(int(piece.codes.max()) + 1, MISSING_CODE, dtype=np.int32)
        places[piece.numbers] = levels.search_sorted(piece.levels).to_numpy()
        stop = start + len(piece.codes)
        places.take(piece.codes, out=codes[start:stop], mode="clip")
        start = stop
    return levels, codes
