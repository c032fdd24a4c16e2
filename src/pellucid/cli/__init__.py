"""The command line. `main` is the console script `pellucid`."""

from __future__ import annotations

from .app import main

__all__ = ["main"]
