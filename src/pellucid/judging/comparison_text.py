"""A comparison in words: one sentence a figure, and all of it as plain text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..records import Interval, counted, figure, with_interval

if TYPE_CHECKING:
    from .comparison import Comparison, Difference


def sentence_of(found: Difference, names: tuple[str, str]) -> str:
    """`No evidence of a difference: accuracy 0.8090 against 0.8146, …; about 2,400 test rows would be needed …`."""
    figures = f"{found.figure} {figure(found.first)} against {figure(found.second)}"
    change = f"difference {with_interval(found.difference, found.interval, sign=True)}"
    if math.isnan(found.test.p_value):
        return f"Not tested: {figures}, {change} ({found.test.detail.rpartition('; ')[2]})"
    change += f", p = {found.test.p_value:.2g}"
    if found.better:
        ahead = found.better == names[0]
        worse = names[1] if ahead else names[0]
        low, high = (found.first, found.second) if ahead else (found.second, found.first)
        turned = _turned(found.interval, positive=found.difference > 0)
        gain = f"{'higher' if low > high else 'lower'} by {with_interval(abs(found.difference), turned)}"
        sizes = f"({figure(low)} against {figure(high)}, p = {found.test.p_value:.2g})"
        return f"{_capital(found.better)} is better than {worse}: {found.figure} {gain} {sizes}"
    if found.rows_needed is None:
        return f"No evidence of a difference: {figures}, {change}"
    rows = f"about {_rounded(found.rows_needed):,} test rows would be needed to see {_smallest(found)}"
    return f"No evidence of a difference: {figures}, {change}; {rows}"


def comparison_text(found: Comparison) -> str:
    """Everything that a comparison knows, one sentence a line."""
    look = f"; look {found.look} at the test rows of this table" if found.look else ""
    rows = f"{counted(found.rows, 'row')} of {found.target!r} ({found.rows_scored}{look})"
    head = f"{found.names[0]} and {found.names[1]} on {rows}"
    lines = [found.verdict, *(d.sentence for d in found.differences if d.sentence != found.verdict)]
    tests = [f"{d.figure}: {d.test}" for d in found.differences]
    spread = [str(found.variance)] if found.variance else []
    return "\n".join([head, *(f"  {line}" for line in (*lines, *tests, *spread, *map(str, found.findings)))])


def _smallest(found: Difference) -> str:
    if found.figure in ("accuracy", "AUC"):
        return "one point"
    if found.figure == "log loss":
        return f"a difference of {found.smallest:g}"
    return "a difference of 1 %"


def _rounded(rows: int) -> int:
    """Two significant digits: more would promise what a variance of few rows cannot hold."""
    return round(rows, -max(len(str(rows)) - 2, 0))


def _turned(interval: Interval | None, positive: bool) -> Interval | None:
    if interval is None or positive:
        return interval
    return Interval(-interval.high, -interval.low, interval.level, interval.method)


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}" if words.startswith("the ") else words
