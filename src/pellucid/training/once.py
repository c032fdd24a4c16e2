"""A finding is kept in every history, but said on the log once a process, so that a search does not say it each fit."""

from __future__ import annotations

import logging


class OncePerCode(logging.Filter):
    """Lets a log record pass that carries no `finding` code, or one that has not passed yet.

    `said` are the codes that have passed; clear it to hear them again.
    """

    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record passes."""
        code = getattr(record, "finding", None)
        if code in self.said:
            return False
        if code is not None:
            self.said.add(code)
        return True
