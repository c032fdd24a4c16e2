"""Ctrl-C ends a command within a second, whatever it is doing.

Python hears a signal between two lines of Python; a library that reads a large file or fits a tree may not come back
for many seconds. So a second thread hears it too. It gives the command a moment to end by itself, and ends the process
when it has not, after removing what was half written.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from ..files import forget_unfinished

SECONDS_TO_END = 0.7
CTRL_C = 130  # as shells report a program that SIGINT has ended


class Stopped(Exception):
    """A command was ended by Ctrl-C; the message says what is left, "" for nothing."""


@contextmanager
def ends_on_ctrl_c() -> Iterator[None]:
    """Raise KeyboardInterrupt at the first Ctrl-C in this block, ignore more of them, end the process if it goes on."""
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield  # somebody else decides what Ctrl-C does
        return
    heard, told = os.pipe()
    os.set_blocking(told, False)
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(heard, done), daemon=True)
    watcher.start()
    before = signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, _interrupt_once)
    try:
        yield
    finally:
        done.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.set_wakeup_fd(before)
        os.close(told)
        watcher.join()
        os.close(heard)


@contextmanager
def too_late_for_ctrl_c() -> Iterator[None]:
    """Ctrl-C does nothing in this block: the work is done, and writing it takes a moment only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupt_once(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _watch(heard: int, done: threading.Event) -> None:
    """End the process when a signal came and the block has not ended in time."""
    while (byte := os.read(heard, 1)) and byte[0] != signal.SIGINT:
        pass
    if not byte or done.wait(SECONDS_TO_END):
        return
    forget_unfinished()
    with suppress(OSError):
        os.write(2, b"pellucid: stopped by Ctrl-C; nothing was written\n")
    os._exit(CTRL_C)
