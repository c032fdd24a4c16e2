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

TINY, FEWEST_SHOWN = 0.0005, 1e-7
# Scores that are shares of rows, which sentences and pages show as percentages.
SHARES = (
    *("accuracy", "balanced accuracy", "precision", "recall", "specificity"),
    *(f"{kind} {name}" for kind in ("macro", "micro", "weighted") for name in ("precision", "recall")),
)
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


def figure(value: float, sign: bool = False, beside: float = 0.0) -> str:
    """A number for people: three significant digits at least, thousands marked, and never zero unless it is zero.

    A tiny number is written `4.7e-04`, but `0.0005` next to a number of the size `beside` that is not tiny.
    """
    plus = "+" if sign else ""
    if value == 0 or not math.isfinite(value):
        return f"{value:{plus}g}"
    if abs(value) >= 1000:
        return f"{value:{plus},.0f}"
    if abs(value) >= 10:
        return f"{value:{plus}.2f}"
    if abs(value) >= TINY:
        return f"{value:{plus}.4f}"
    if abs(beside) < TINY or abs(value) < FEWEST_SHOWN:
        return f"{value:{plus}.1e}"
    return f"{value:{plus}.{-math.floor(math.log10(abs(value)))}f}"


def percent(value: float) -> str:
    """`81.5%`, a dash where there is none; never 0 or 100 % where it is not."""
    if math.isnan(value):
        return "–"
    if 0 < value < TINY:
        return "< 0.1%"
    return "> 99.9%" if 1 - TINY <= value < 1 else f"{value:.1%}"


def rounded(value: float) -> str:
    """`0.815`, of a number up to 1; never 0 or 1 where it is not."""
    if 0 < value < TINY:
        return "< 0.001"
    return "> 0.999" if 1 - TINY <= value < 1 else f"{value:.3f}"


def counted(number: int, what: str, several: str = "") -> str:
    """`1 row`, `1,234 rows`; `several` is written in full where a verb agrees: "row lies", "rows lie"."""
    return f"{number:,} {what if number == 1 else several or f'{what}s'}"


def with_interval(value: float, interval: Interval | None, sign: bool = False) -> str:
    """`0.8088 [0.7789, 0.8386]`, the value in the digits of its interval."""
    return figure(value, sign) if interval is None else f"{figure(value, sign, interval.size)} {interval}"


def share_with_interval(share: float, interval: Interval | None) -> str:
    """`81.5% [77.9%, 83.9%]`."""
    return percent(share) if interval is None else f"{percent(share)} {interval.in_percent}"


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

    @property
    def size(self) -> float:
        """The end that lies farther from zero, without its sign."""
        return max(abs(self.low), abs(self.high))

    @property
    def in_percent(self) -> str:
        """`[77.9%, 83.9%]`, of a share."""
        return f"[{percent(self.low)}, {percent(self.high)}]"

    def __str__(self) -> str:
        return f"[{figure(self.low, beside=self.size)}, {figure(self.high, beside=self.size)}]"


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
        return f"{self.name} {with_interval(self.value, self.interval)} on {counted(self.rows, 'row')}"
