"""Damaged bytes can make native code panic and write a report of its own to standard error; that is held back."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_STANDARD_ERROR = 2
# The descriptor belongs to the whole process; a read inside a read may hold it twice.
_one_at_a_time = threading.RLock()


@contextmanager
def panic_reports_held_back() -> Iterator[None]:
    """Keep what is written to the descriptor of standard error, and pass it on unless the block ends in an exception.

    The exception tells the same in one line. Without a standard error, or room for what it gets, nothing is held back.
    """
    with _one_at_a_time:
        try:
            held = tempfile.TemporaryFile()  # noqa: SIM115  (closed below)
            shown = os.dup(_STANDARD_ERROR)
        except OSError:
            yield
            return
        with held:
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
