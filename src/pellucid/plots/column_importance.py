"""What the columns are worth to a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..judging.importance import Importance
from ..records import figure as number
from ..records import with_interval
from .interval_rows import IntervalRow, draw_rows
from .theme import LIGHT, Theme
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_SHOWN = 20


def importance(found: Importance, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """By how much the figure rises when a column is shuffled, with intervals, most first; at most 20 columns."""
    expect(found, Importance, "pellucid.importance")
    rows = [
        IntervalRow(
            one.name,
            one.increase,
            one.interval,
            number(one.increase, sign=True),
            one.interval is not None and one.interval.low > 0,
        )
        for one in found.columns[:MOST_SHOWN]
    ]
    title, x = "Importance of the columns", f"{found.figure} higher by, when the column is shuffled"
    return draw_rows(rows, title, x, ("needed beyond chance", "no evidence"), reference=0.0, ax=ax, theme=theme)


def importance_in_words(found: Importance) -> str:
    """The figure as sentences."""
    expect(found, Importance, "pellucid.importance")
    matter = [one for one in found.columns if one.interval is not None and one.interval.low > 0]
    told = (
        f"On {found.which}, the {found.figure} is {number(found.value)}. A column that the "
        "network needs makes it worse when its values are shuffled."
    )
    if not matter:
        return f"{told} For no column is there evidence of that."
    named = "; ".join(f"{one.name} {with_interval(one.increase, one.interval, sign=True)}" for one in matter[:3])
    return f"{told} There is evidence for {len(matter)} of {len(found.columns)} columns, most for {named}."
