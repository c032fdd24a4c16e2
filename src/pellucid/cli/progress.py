"""Progress of a ladder on standard error: a bar on a terminal, a line now and then elsewhere."""

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
    last = time.perf_counter() - SECONDS_BETWEEN + SECONDS_BEFORE

    def show(progress: Progress) -> None:
        nonlocal last
        if time.perf_counter() - last < SECONDS_BETWEEN:
            return
        last = time.perf_counter()
        share = progress.done / progress.total
        print(f"{share:4.0%}  fold {progress.fold}: {progress.rung}", file=sys.stderr, flush=True)

    return show


def _bar() -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    parts = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def show(progress: object) -> None:
            bar.update(
                task,
                completed=progress.done,  # type: ignore[attr-defined]
                total=progress.total,  # type: ignore[attr-defined]
                description=f"fold {progress.fold}: {progress.rung}",  # type: ignore[attr-defined]
            )

        yield show
