"""Progress on standard error: a bar on a terminal, a line now and then elsewhere; nothing within the first second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..judging.scoring import Progress

SECONDS_BEFORE = 1.0
SECONDS_BETWEEN = 5.0


@contextmanager
def show_progress(silent: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Give a function that shows progress of work longer than a second, or None."""
    if silent:
        yield None
    elif sys.stderr.isatty():
        yield from _bar()
    else:
        yield _lines()


def _lines() -> Callable[[Progress], None]:
    due = time.perf_counter() + SECONDS_BEFORE

    def show(progress: Progress) -> None:
        nonlocal due
        if time.perf_counter() >= due:
            due = time.perf_counter() + SECONDS_BETWEEN
            share = progress.done / progress.total
            print(f"{share:4.0%} done; fold {progress.fold}, {progress.rung}", file=sys.stderr, flush=True)

    return show


def _bar() -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    parts = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    bar = Bar(*parts, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)
    due = time.perf_counter() + SECONDS_BEFORE

    def show(progress: Progress) -> None:
        words = f"fold {progress.fold}, {progress.rung}"
        bar.update(task, completed=progress.done, total=progress.total, description=words)
        if time.perf_counter() >= due:
            bar.start()

    try:
        yield show
    finally:
        bar.stop()
