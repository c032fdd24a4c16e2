"""The rows of a file in batches: text in chunks as it comes, everything else read whole and cut."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from ..errors import DataError
from ..records import Finding, counted
from .chunks import CHUNK_BYTES, TextChunks
from .datasets import BUNDLED, load_bundled
from .delimited import Content
from .dialect import TextOptions
from .files import TEXT_SUFFIXES, existing_file, opened, read_file, text_options

if TYPE_CHECKING:
    import polars as pl

# Rows of a batch. Batches are cut by rows, so that no number depends on how many bytes were read at a time.
BATCH_ROWS = 1 << 16

Item = TypeVar("Item")


class RowStream:
    """Rows in order as polars frames of `BATCH_ROWS` rows, all columns as texts or as the types of the file.

    `names`, `decimal` and `delimiter` are known from the start; `findings` are complete when the batches have been
    read, which can be done once. `frames` gives the rows of the columns that it is called with, in any pieces.
    """

    def __init__(
        self,
        source: str,
        names: list[str],
        frames: Callable[[list[str]], Iterator[pl.DataFrame]],
        decimal: str | None,
        delimiter: str,
        findings: list[Finding],
    ) -> None:
        self.source, self.names, self._frames = source, names, frames
        self.decimal, self.delimiter, self.findings = decimal, delimiter, findings

    def batches(self, only: list[str], rows: int = BATCH_ROWS) -> Iterator[pl.DataFrame]:
        """Frames of `rows` rows of the columns `only`; the last may have fewer rows. The next one is read while the
        caller is busy with the last."""
        return ahead(in_batches(self._frames(only), rows))


@contextmanager
def open_rows(source: str, options: TextOptions | None = None, chunk_bytes: int | None = None) -> Iterator[RowStream]:
    """The rows of a path, of standard input ("-") or of a bundled table, as `read` finds and names them.

    Raises what `read` raises for files; faults of later rows come while the batches are read.
    """
    chunk_bytes = chunk_bytes or CHUNK_BYTES
    if source == "-":
        with io.BytesIO(sys.stdin.buffer.read()) as file:
            yield _of_text(file, "standard input", options, chunk_bytes)
    elif source in BUNDLED:
        yield _of_content(load_bundled(source), source)
    else:
        path = existing_file(source)
        if path.is_dir() or path.suffix.lower() not in TEXT_SUFFIXES:
            yield _of_content(read_file(path, options), path.name)
            return
        with opened(path) as file:
            yield _of_text(file, path.name, text_options(path, options or TextOptions()), chunk_bytes)


def _of_content(content: Content, source: str) -> RowStream:
    frame = content.frame
    if frame.is_empty():
        size = f"{counted(frame.width, 'column')} and {counted(frame.height, 'row')}"
        raise DataError(f"{source} has {size}; expected one or more of both")

    def frames(only: list[str]) -> Iterator[pl.DataFrame]:
        yield frame.select(only)

    return RowStream(source, frame.columns, frames, content.decimal, content.delimiter, list(content.findings))


def _of_text(file: BinaryIO, source: str, options: TextOptions | None, chunk_bytes: int) -> RowStream:
    chunks = TextChunks(file, source, options, chunk_bytes)
    return RowStream(source, chunks.names, chunks.frames, chunks.decimal, chunks.layout.delimiter, chunks.findings)


def in_batches(frames: Iterator[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """The same rows in frames of `rows` rows; the last may have fewer."""
    import polars as pl

    waiting: list[pl.DataFrame] = []
    count = 0
    for frame in frames:
        waiting.append(frame)
        count += frame.height
        if count < rows:
            continue
        whole = pl.concat(waiting)
        for start in range(0, count - count % rows, rows):
            yield whole[start : start + rows]
        waiting, count = [whole[count - count % rows :]], count % rows
    if count:
        yield pl.concat(waiting)


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, each made in a thread while the caller works on the one before."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item
