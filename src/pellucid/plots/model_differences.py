"""Two models beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..judging.comparison import Comparison
from ..records import figure as number
from .interval_rows import IntervalRow, draw_rows
from .theme import LIGHT, Theme
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def comparison(found: Comparison, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """The difference of the two models in every figure with its interval; filled where it is more than chance.

    Lesson line 29.
    """
    expect(found, Comparison, "pellucid.compare")
    rows = [
        IntervalRow(
            one.figure,
            one.difference,
            one.interval,
            number(one.difference, sign=True),
            one.interval is not None and not one.interval.low <= 0 <= one.interval.high,
        )
        for one in found.differences
    ]
    title, x = "Difference of two models", f"{found.names[0]} minus {found.names[1]}"
    return draw_rows(rows, title, x, ("beyond chance", "no evidence"), reference=0.0, ax=ax, theme=theme)


def comparison_in_words(found: Comparison) -> str:
    """The figure as sentences."""
    expect(found, Comparison, "pellucid.compare")
    told = dict.fromkeys([found.verdict, *(one.sentence for one in found.differences)])
    return " ".join(f"{sentence[:1].upper()}{sentence[1:].rstrip('.')}." for sentence in told)
