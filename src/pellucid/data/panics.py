"""Native code that meets damaged bytes can panic, or give up and abort the process: what is left to do is to say so.

A panic writes a report of its own to standard error and then becomes an exception; the report is held back. An abort,
such as the attempt to take more memory than there is, cannot be stopped; but the file can be named before the end, and
the command line can end with its own exit code.
"""

from __future__ import annotations

import ctypes
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_STANDARD_ERROR = 2
# Descriptors and signals belong to the whole process; a read inside a read may hold them twice.
_one_at_a_time = threading.RLock()
_exit_codes: list[int] = []


def exit_on_abort(code: int) -> None:
    """From now on end the process with this exit code where native code would abort it."""
    _exit_codes[:] = [code]


@contextmanager
def native_code_reads(what: str) -> Iterator[None]:
    """Keep what is written to the descriptor of standard error, and pass it on unless the block ends in an exception.

    The exception tells the same in one line. When native code aborts, `what` is told in a line instead. Without a
    standard error, or room for what it gets, nothing is held back.
    """
    with _one_at_a_time:
        try:
            held = tempfile.TemporaryFile()  # noqa: SIM115  (closed below)
            shown = os.dup(_STANDARD_ERROR)
        except OSError:
            yield
            return
        with held, _abort_told(shown, what):
            os.dup2(held.fileno(), _STANDARD_ERROR)
            try:
                yield
            except BaseException:
                held.truncate(0)
                raise
            finally:
                os.dup2(shown, _STANDARD_ERROR)
                os.close(shown)
                held.seek(0)
                os.write(_STANDARD_ERROR, held.read())


@contextmanager
def _abort_told(shown: int, what: str) -> Iterator[None]:
    """Handle the signal of an abort in C, for Python's own handlers wait for a return that never comes."""
    if os.name != "posix":
        yield
        return

    def tell(_: int) -> None:
        os.write(shown, f"pellucid: {what}: its bytes make no sense, and reading them ended the process\n".encode())
        if _exit_codes:
            os._exit(_exit_codes[0])

    handler = ctypes.CFUNCTYPE(None, ctypes.c_int)(tell)
    set_handler: Callable[..., int | None] = _c_signal()
    before = set_handler(signal.SIGABRT, ctypes.cast(handler, ctypes.c_void_p))
    try:
        yield
    finally:
        set_handler(signal.SIGABRT, before)


def _c_signal() -> Callable[..., int | None]:
    function = ctypes.CDLL(None).signal
    function.restype, function.argtypes = ctypes.c_void_p, (ctypes.c_int, ctypes.c_void_p)
    return function
