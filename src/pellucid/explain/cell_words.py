"""A cell of a table as people write it."""

from __future__ import annotations

import datetime
from typing import Any


def cell_words(cell: Any) -> str:
    """`male`, `34`, `2011-06-18`, `missing`; a moment at midnight is a day."""
    if cell is None:
        return "missing"
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return str(cell.date())
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell)
