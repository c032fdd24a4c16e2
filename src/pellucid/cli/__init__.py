"""The command line. `main` is the console script `pellucid`."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0, 2 after an error that is told in one line, 130 after Ctrl-C."""
    try:
        from . import app
    except KeyboardInterrupt:  # pressed while Python was still loading
        print("pellucid: stopped by Ctrl-C; nothing was written", file=sys.stderr)
        return 130
    code = app.main(arguments)
    if code == 130 and arguments is None:
        # As a program of its own: do not wait until Python has taken all libraries down in order.
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        os._exit(code)
    return code
