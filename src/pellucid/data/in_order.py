"""Work on the items of a stream in threads; what comes out keeps their order.

Polars and NumPy let go of Python's lock while they work, so threads run side by side.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# More threads would only hold more rows in memory: what they are given is read by one of them alone.
THREADS = max(2, min(4, os.cpu_count() or 1))

_LONG = 1 << 17


def in_order(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """`map`, in threads; few items are taken before they are needed, in the thread of the caller.

    An error comes in the place of its item, and an error of `items` after all results before it.
    """
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(THREADS) as pool:
        try:
            items, ended = iter(items), None
            while True:
                try:
                    waiting.append(pool.submit(work, next(items)))
                except StopIteration:
                    break
                except Exception as error:
                    ended = error
                    break
                if len(waiting) > THREADS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
            if ended is not None:
                raise ended
        finally:
            for future in waiting:
                future.cancel()


def of_columns(work: Callable[[Item], Result], columns: Sequence[Item], rows: int) -> list[Result]:
    """What `work` makes of each column; in threads, where the columns are so long that this pays."""
    return list(in_order(work, columns) if rows >= _LONG else map(work, columns))
