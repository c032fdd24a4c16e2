"""Frozen records that several rooms share, and the base class of all records.

A record is a frozen dataclass: plain numbers, texts, tuples, dicts and arrays. It can say itself in three ways:
`repr` on one line, `to_dict()` as JSON-ready Python, and `==` where no array is inside.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Severity = Literal["error", "warning", "information"]


def plain(value: Any) -> Any:
    """`value` as JSON-ready Python: records to dicts, arrays to lists, non-finite numbers to None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    return value


def figure(value: float, sign: bool = False) -> str:
    """A number for people: three significant digits at least, thousands marked, and never zero unless it is zero."""
    plus = "+" if sign else ""
    if value == 0 or not math.isfinite(value):
        return f"{value:{plus}g}"
    if abs(value) >= 1000:
        return f"{value:{plus},.0f}"
    if abs(value) >= 10:
        return f"{value:{plus}.2f}"
    return f"{value:{plus}.4f}" if abs(value) >= 0.0005 else f"{value:{plus}.1e}"


class Record:
    """Base of the frozen records: adds `to_dict`."""

    def to_dict(self) -> dict[str, Any]:
        """All fields as JSON-ready Python (arrays as lists, NaN and infinities as None)."""
        result: dict[str, Any] = plain(self)
        return result


@dataclass(frozen=True)
class Finding(Record):
    """Something the user should know: a mistake, a risk or a fact about a run, a table or a judgement.

    `code` is stable (`NON_FINITE`), `seen` is what was observed with its numbers, `why` says why it matters,
    `remedy` what to try.
    """

    code: str
    severity: Severity
    seen: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.severity} {self.code}: {self.seen}. {self.why}. {self.remedy}."


@dataclass(frozen=True)
class Interval(Record):
    """An interval `low` to `high` that covers the true value with probability `level`, and how it was made.

    `coverage` is how often it really did in simulations, where so few rows stand behind it that this must be said.
    """

    low: float
    high: float
    level: float
    method: str
    coverage: float | None = None

    @property
    def half_width(self) -> float:
        """Half the distance between the ends, in the units of the score."""
        return (self.high - self.low) / 2

    def __str__(self) -> str:
        return f"[{figure(self.low)}, {figure(self.high)}]"


@dataclass(frozen=True)
class Score(Record):
    """One figure of quality: its name, its value, the interval around it and the rows that it was computed on.

    `higher_is_better` gives the direction; `detail` names what else must be known to read the figure, such as the
    positive class.
    """

    name: str
    value: float
    interval: Interval | None
    rows: int
    higher_is_better: bool = True
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.name} {figure(self.value)}{f' {self.interval}' if self.interval else ''} on {self.rows:,} rows"
