"""The score in slices of the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..judging.slices import Slices
from ..records import counted
from ..records import figure as number
from .interval_rows import IntervalRow, draw_rows
from .theme import LIGHT, Theme
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_SHOWN = 12


def slices(found: Slices, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """The score of the slices with intervals, the worst first, beside that of all rows; at most 12."""
    expect(found, Slices, "pellucid.slices")
    rows = [
        IntervalRow(one.name, one.score, one.interval, f"{number(one.score)}, {counted(one.rows, 'row')}", one.worse)
        for one in found.slices[:MOST_SHOWN]
    ]
    title, x = "Score by slices of the rows", f"{found.score_name} (dashed: all rows)"
    return draw_rows(rows, title, x, ("worse beyond chance", "no evidence"), reference=found.score, ax=ax, theme=theme)


def slices_in_words(found: Slices) -> str:
    """The figure as sentences."""
    expect(found, Slices, "pellucid.slices")
    told = (
        f"{found.score_name[:1].upper()}{found.score_name[1:]} of all {found.rows:,} {found.rows_scored} is "
        f"{number(found.score)}."
    )
    worse = [one for one in found.slices if one.worse]
    if not worse:
        return f"{told} No slice is worse than elsewhere beyond chance ({found.correction})."
    named = "; ".join(
        f"{one.name} ({found.figure} {number(one.loss)} against {number(one.elsewhere)} elsewhere)" for one in worse[:3]
    )
    what = f", by the {found.figure}" if found.figure != found.score_name else ""
    return f"{told} Worse than elsewhere beyond chance{what} ({found.correction}), the worst first: {named}."
