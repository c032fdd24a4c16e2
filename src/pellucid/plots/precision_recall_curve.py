"""Precision against recall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..metrics.curves import PrecisionRecallCurve
from ..records import figure as number
from .theme import LIGHT, Theme, label, legend, references, shares, start

FEWEST_CALLED = 20  # fewer rows fall and rise with every one

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def precision_recall(curve: PrecisionRecallCurve, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """Precision against recall over all thresholds, as steps, with the share of the class as a reference."""
    figure, ax = start(ax, theme)
    references(ax, theme, [("knows nothing", curve.random.x, curve.random.y)])
    ax.step(
        curve.recall[1:],
        curve.precision[1:],
        where="pre",
        color=theme.series[0],
        linewidth=1.9,
        label=f"model, average precision {curve.area:.3f}",
    )
    shares(ax)
    label(ax, theme, "Precision and recall", "Recall (share found)", "Precision (share right)")
    legend(ax, theme)
    return figure


def precision_recall_in_words(curve: PrecisionRecallCurve) -> str:
    """The figure as sentences, with the largest fall of precision at a higher threshold explained in counts."""
    told = (
        f"Average precision {number(curve.area)}; scores that know nothing reach {number(curve.random.y[0])}, the "
        f"share of class {curve.positive}."
    )
    called = curve.tp + curve.fp
    falls = [place for place in curve.falls() if 1 <= place < len(called) - 1 and called[place] >= FEWEST_CALLED]
    if not falls:
        return told
    steepest = min(falls, key=lambda place: float(curve.precision[place] - curve.precision[place + 1]))
    return f"{told} Precision need not rise with the threshold: {curve.explain(steepest)}."
