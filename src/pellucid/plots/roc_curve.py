"""The ROC curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..metrics.curves import RocCurve
from ..records import figure as number
from .marked_thresholds import mark_thresholds
from .theme import LIGHT, Theme, label, legend, references, shares, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def roc(
    curve: RocCurve,
    thresholds: Sequence[float] = (),
    *,
    best: bool = False,
    ax: Axes | None = None,
    theme: Theme = LIGHT,
) -> Figure:
    """Recall against the share of false alarms over all thresholds, with the diagonal of scores that know nothing.

    `thresholds` are marked; `best` adds the curve of scores that put every positive row first. Lesson lines 11, 29.
    """
    expect(curve, RocCurve, "metrics.roc_curve")
    figure, ax = start(ax, theme)
    lines = [("knows nothing", curve.random.x, curve.random.y), ("best", curve.best.x, curve.best.y)]
    references(ax, theme, lines if best else lines[:1])
    ax.plot(curve.fpr, curve.recall, color=theme.series[0], linewidth=1.9, label=f"model, area {curve.area:.3f}")
    mark_thresholds(ax, theme, curve, thresholds, curve.fpr, curve.recall, "right")
    shares(ax)
    title = "ROC curve, thresholds marked" if len(thresholds) else "ROC curve"
    label(ax, theme, title, "False alarms (share of the other rows)", "Recall (share found)")
    legend(ax, theme)
    return figure


def roc_in_words(curve: RocCurve) -> str:
    """The figure as sentences."""
    expect(curve, RocCurve, "metrics.roc_curve")
    return (
        f"A row of class {curve.positive} gets a higher score than another row in {curve.area:.1%} of pairs "
        f"(area under the curve {number(curve.area)}; 0.5 knows nothing, 1 is perfect)."
    )
