"""The ROC curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..metrics.curves import RocCurve
from ..records import figure as number
from .theme import LIGHT, Theme, label, legend, references, shares, start

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def roc(curve: RocCurve, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """Recall against the share of false alarms over all thresholds, with the diagonal of scores that know nothing."""
    figure, ax = start(ax, theme)
    references(ax, theme, [("knows nothing", curve.random.x, curve.random.y)])
    ax.plot(curve.fpr, curve.recall, color=theme.series[0], linewidth=1.9, label=f"model, area {curve.area:.3f}")
    shares(ax)
    label(ax, theme, "ROC curve", "False alarms (share of the other rows)", "Recall (share found)")
    legend(ax, theme)
    return figure


def roc_in_words(curve: RocCurve) -> str:
    """The figure as sentences."""
    return (
        f"A row of class {curve.positive} gets a higher score than another row in {curve.area:.1%} of pairs "
        f"(area under the curve {number(curve.area)}; 0.5 knows nothing, 1 is perfect)."
    )
