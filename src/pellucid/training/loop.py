"""The one training loop: it asks an engine for stretches of epochs and passes their records on.

A generator. History, progress bars, recordings and live pictures are readers of what it yields; none of them is
known here. How long a stretch is changes no number, only how often Python is woken.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from math import inf

import numpy as np

from ..engines.contract import Engine, EpochRecord, State
from ..nn.optimizers import LBFGS
from ..spec import TrainingSpec
from .batches import OrderSource

LONGEST_SECONDS = 0.1
LARGEST_ORDER_BYTES = 32 * 2**20
# How many times longer the next stretch may be: a network of microseconds an epoch should not be called ten times.
GROWTHS = (16, 4, 2)


def train_in_stretches(
    engine: Engine,
    state: State,
    training: TrainingSpec,
    order: OrderSource,
    rates: np.ndarray,
    *,
    longest: int | None = None,
    max_seconds: float | None = None,
    path: np.ndarray | None = None,
) -> Iterator[list[EpochRecord]]:
    """Yield the records of one stretch after another until `training.epochs` are done or `state.stopped` says why not.

    `rates` (epochs, steps) are the learning rates. A stretch starts at one epoch; the next one is up to 16 times as
    long while that should take less than 0.1 s and its row order stays under 32 MB; with `longest` it also ends at
    every multiple of that many epochs. `max_seconds` is looked at between stretches, and by L-BFGS, which runs in one,
    after every iteration. A `path` (epochs of the longest stretch, parameters) holds the parameters after each epoch of
    the stretch just yielded.
    """
    state.deadline = inf if max_seconds is None else time.perf_counter() + max_seconds
    done, length = 0, 1
    cap = longest or training.epochs
    if isinstance(training.the_optimizer, LBFGS):
        length = cap = training.epochs  # SciPy's search keeps its memory to itself, so it runs in one piece
    while done < training.epochs and not state.stopped:
        count = min(length, cap - done % cap, training.epochs - done)
        started = time.perf_counter()
        lines = order(count)
        records = engine.run(state, lines, rates[done : done + count], path)
        seconds = time.perf_counter() - started
        done += count
        yield records
        bytes_an_epoch = lines.nbytes // count
        for growth in GROWTHS:
            if seconds * growth < LONGEST_SECONDS and bytes_an_epoch * length * growth <= LARGEST_ORDER_BYTES:
                length *= growth
                break
        if time.perf_counter() > state.deadline and done < training.epochs and not state.stopped:
            state.stopped = "time"
