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


def _announced(show: Callable[[Progress], None]) -> Callable[[Progress], None]:
    """Say first when a run goes on where an earlier one was stopped."""
    first = True

    def tell(progress: Progress) -> None:
        nonlocal first
        if first and progress.resumed:
            where = f"fold {progress.fold} of {progress.folds}" if progress.fold else "the network to be saved"
            print(f"resuming at {where}", file=sys.stderr, flush=True)
        first = False
        show(progress)

    return tell


def _words(progress: Progress) -> str:
    return f"fold {progress.fold}, {progress.rung}" if progress.fold else f"{progress.rung} on all training rows"


@contextmanager
def show_progress(silent: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Give a function that shows progress of work longer than a second, or None."""
    if silent:
        yield None
    elif sys.stderr.isatty():
        for show in _bar():
            yield _announced(show)
    else:
        yield _announced(_lines())


def _lines() -> Callable[[Progress], None]:
    due = time.perf_counter() + SECONDS_BEFORE

    def show(progress: Progress) -> None:
        nonlocal due
        if time.perf_counter() >= due:
            due = time.perf_counter() + SECONDS_BETWEEN
            share = progress.done / progress.total
            print(f"{share:4.0%} done; {_words(progress)}", file=sys.stderr, flush=True)

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
        bar.update(task, completed=progress.done, total=progress.total, description=_words(progress))
        if time.perf_counter() >= due:
            bar.start()

    try:
        yield show
    finally:
        bar.stop()
