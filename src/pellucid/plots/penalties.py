"""Binary cross-entropy: what a probability costs, for each outcome and for rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..metrics.scored_rows import ScoredRows
from ..records import counted
from ..records import figure as number
from .theme import LIGHT, Theme, label, legend, shortened, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HIGHEST = 5.0  # of the curve; rows beyond are drawn at its end


def bce_penalty(rows: ScoredRows | None = None, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """-ln p where the class came and -ln(1 - p) where it did not, with the penalties of `rows` as points on the curves.

    Lesson lines 9, 25.
    """
    if rows is not None:
        expect(rows, ScoredRows, "metrics.score_rows")
    figure, ax = start(ax, theme)
    positive = "1" if rows is None else str(rows.positive)
    p = np.linspace(np.exp(-HIGHEST), 1, 400)
    ax.plot(p, -np.log(p), color=theme.series[0], linewidth=1.9, label=shortened(f"class {positive} came: -ln p", 34))
    ax.plot(1 - p, -np.log(p), color=theme.series[1], linestyle="--", linewidth=1.9, label="it did not: -ln(1 - p)")
    if rows is not None:
        height = np.minimum(rows.penalty, HIGHEST)
        for came, place, marker in ((True, 0, "o"), (False, 1, "s")):
            of = rows.truth == came
            ax.plot(rows.probability[of], height[of], marker, color=theme.series[place], markersize=4)
    ax.set_ylim(-0.2, HIGHEST + 0.2)
    title = "Penalty of a probability" if rows is None else f"Mean penalty {number(float(rows.penalty.mean()))}"
    label(ax, theme, title, shortened(f"Probability p of class {positive}", 50), "Binary cross-entropy (nats)")
    legend(ax, theme)
    return figure


def bce_penalty_in_words(rows: ScoredRows | None = None) -> str:
    """The figure as sentences."""
    told = (
        "A probability of 1 for what came costs nothing, one of 0.5 costs 0.6931, and the price rises without end as "
        "it goes to 0."
    )
    if rows is None:
        return told
    worst = int(np.argmax(rows.penalty))
    cost = counted(len(rows.truth), "row costs", "rows cost")
    return (
        f"{told} The {cost} {number(float(rows.penalty.mean()))} on average; the dearest one "
        f"{number(float(rows.penalty[worst]))}, with a probability of {number(float(rows.probability[worst]))} where "
        f"class {rows.positive} {'came' if rows.truth[worst] else 'did not come'}."
    )
