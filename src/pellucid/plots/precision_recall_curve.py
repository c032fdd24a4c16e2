"""Precision against recall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..metrics.curves import PrecisionRecallCurve
from ..records import figure as number
from .marked_thresholds import mark_thresholds, without_place
from .theme import LIGHT, Theme, label, legend, references, shares, start
from .wrong_record import expect

FEWEST_CALLED = 20  # fewer rows fall and rise with every one

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def precision_recall(
    curve: PrecisionRecallCurve,
    thresholds: Sequence[float] = (),
    *,
    best: bool = False,
    ax: Axes | None = None,
    theme: Theme = LIGHT,
) -> Figure:
    """Precision against recall over all thresholds, as steps, with the share of the class as a reference.

    `thresholds` are marked, but for those above all scores, where precision has no value; `best` adds the curve of
    scores that put every positive row first. Lesson line 29.
    """
    expect(curve, PrecisionRecallCurve, "metrics.precision_recall_curve")
    figure, ax = start(ax, theme)
    lines = [("knows nothing", curve.random.x, curve.random.y), ("best", curve.best.x, curve.best.y)]
    references(ax, theme, lines if best else lines[:1])
    ax.step(
        curve.recall[1:],
        curve.precision[1:],
        where="pre",
        color=theme.series[0],
        linewidth=1.9,
        label=f"model, average precision {curve.area:.3f}",
    )
    mark_thresholds(ax, theme, curve, thresholds, curve.recall, curve.precision, "left")
    shares(ax)
    title = "Precision and recall, thresholds marked" if len(thresholds) else "Precision and recall"
    label(ax, theme, title, "Recall (share found)", "Precision (share right)")
    legend(ax, theme)
    return figure


def precision_recall_in_words(curve: PrecisionRecallCurve, thresholds: Sequence[float] = ()) -> str:
    """The figure as sentences, with the largest fall of precision at a higher threshold explained in counts, and with
    those of the `thresholds` that have no precision."""
    expect(curve, PrecisionRecallCurve, "metrics.precision_recall_curve")
    told = (
        f"Average precision {number(curve.area)}; scores that know nothing reach {number(curve.random.y[0])}, the "
        f"share of class {curve.positive}."
    )
    empty = without_place(curve, thresholds, curve.recall, curve.precision)
    if empty:
        told += f" No row has a score of {min(empty):g} or more: there is no precision at {_listed(empty)}."
    called = curve.tp + curve.fp
    falls = [place for place in curve.falls() if 1 <= place < len(called) - 1 and called[place] >= FEWEST_CALLED]
    if not falls:
        return told
    steepest = min(falls, key=lambda place: float(curve.precision[place] - curve.precision[place + 1]))
    return f"{told} Precision need not rise with the threshold: {curve.explain(steepest)}."


def _listed(thresholds: Sequence[float]) -> str:
    return ", ".join(f"{threshold:g}" for threshold in thresholds)
