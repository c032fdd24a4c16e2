"""The order in which rows are visited, one line of row numbers an epoch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..errors import ShapeError
from ..spec import TrainingSpec
from .randomness import stream

# The next lines of the order: asked for k epochs, gives an array (k, rows).
OrderSource = Callable[[int], np.ndarray]

BLOCK_ROWS = 8192  # row numbers drawn at once: making a stream takes as long as shuffling a thousand rows


def shuffled(rows: int, training: TrainingSpec, epochs_done: int = 0) -> OrderSource:
    """A new permutation every epoch; the table's own order when nothing can depend on it (one batch holds all rows) or
    shuffling is off.

    Orders are drawn in blocks of epochs, each from a stream of its own, so that a training that goes on after
    `epochs_done` epochs meets the same orders as one that was never interrupted.
    """
    if not training.shuffle or training.batch_size is None or training.batch_size >= rows:
        in_order = np.arange(rows)[None, :]
        return lambda epochs: np.broadcast_to(in_order, (epochs, rows))
    length = max(1, min(64, BLOCK_ROWS // rows))
    position, block, lines = epochs_done, -1, np.empty((0, rows), np.int64)

    def take(count: int) -> np.ndarray:
        nonlocal position, block, lines
        parts = []
        while count > 0:
            if position // length != block:
                block = position // length
                lines = _draw_orders(training.seed, block * length, length, rows)
            parts.append(lines[position % length :][:count])
            position, count = position + len(parts[-1]), count - len(parts[-1])
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    return take


def _draw_orders(seed: int, first: int, count: int, rows: int) -> np.ndarray:
    """The permutations (count, rows) of the epochs from `first` on."""
    numbers = np.broadcast_to(np.arange(rows), (count, rows))
    return stream(seed, f"orders from epoch {first}").permuted(numbers, axis=1)


def given(order: np.ndarray, rows: int, epochs: int) -> OrderSource:
    """The caller's own order (epochs, rows visited), line by line.

    Raises `ShapeError` when it has too few lines or names rows that do not exist.
    """
    order = np.asarray(order)
    if order.ndim != 2 or len(order) < epochs or not np.issubdtype(order.dtype, np.integer):
        raise ShapeError(
            f"order must hold whole numbers of shape (epochs, rows visited) = ({epochs} or more, {rows}), "
            f"got {order.dtype} of shape {order.shape}"
        )
    if order.shape[1] == 0:
        raise ShapeError("order must name at least one row an epoch, got lines without any")
    if order.size and (order.min() < 0 or order.max() >= rows):
        raise ShapeError(f"order names rows {order.min()} to {order.max()}, but rows run from 0 to {rows - 1}")
    position = 0

    def take(count: int) -> np.ndarray:
        nonlocal position
        position += count
        return order[position - count : position]

    return take


def steps_per_epoch(visited: int, training: TrainingSpec) -> int:
    """Batches in an epoch of `visited` rows; the last one may be smaller and still counts."""
    size = training.batch_size or visited
    return -(-visited // size)
