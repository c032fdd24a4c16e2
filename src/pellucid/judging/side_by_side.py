"""Many independent pieces of work in threads: the results in order, whatever the number of threads.

The compiled engine and the boosted trees let go of Python's lock while they work, so threads run truly side by side.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from ..errors import SpecError

T = TypeVar("T")
# Pieces that are under way or waiting for each thread: enough to keep it busy, few enough to bound the memory.
AHEAD = 4


class Interrupter:
    """Says to work that is under way in other threads that it should end; `check` is what `on_epochs` calls."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def ask(self) -> None:
        """Let every piece of work end after its stretch of epochs."""
        self._asked.set()

    def check(self, _: object = None) -> None:
        """Raise KeyboardInterrupt when it was asked to end."""
        if self._asked.is_set():
            raise KeyboardInterrupt


def thread_count(threads: int | None) -> int:
    """`threads`, or one for each processor that this process may use. Raises `SpecError` for less than one."""
    if threads is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not isinstance(threads, int) or isinstance(threads, bool) or threads < 1:
        raise SpecError(f"threads must be a whole number of at least 1, got {threads!r}")
    return threads


def side_by_side(
    pieces: Iterable[Callable[[], T]], threads: int | None = None, interrupter: Interrupter | None = None
) -> Iterator[T]:
    """Yield what each piece returns, in order. Pieces are drawn as they are needed, in the calling thread.

    The first error is raised, and no piece begins after it. Linear algebra has one thread in each piece.
    """
    from threadpoolctl import threadpool_limits

    count = thread_count(threads)
    with threadpool_limits(limits=1):
        if count == 1:
            yield from (piece() for piece in pieces)
            return
        # BLAS has one limit for the whole process, OpenMP (boosted trees) one for each thread that calls it.
        pool = ThreadPoolExecutor(count, initializer=threadpool_limits, initargs=(1, "openmp"))
        try:
            rest = iter(pieces)
            waiting: list[Future[T]] = [pool.submit(piece) for piece in islice(rest, count * AHEAD)]
            while waiting:
                yield waiting.pop(0).result()
                waiting += [pool.submit(piece) for piece in islice(rest, 1)]
        finally:
            if interrupter is not None:
                interrupter.ask()
            pool.shutdown(wait=True, cancel_futures=True)
