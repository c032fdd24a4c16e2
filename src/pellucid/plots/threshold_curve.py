"""Scores as functions of the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..metrics.curves import ThresholdCurve
from .theme import DASHES, LIGHT, Theme, label, legend, shares, start

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def threshold_scores(curve: ThresholdCurve, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """Precision, recall, specificity and F1 against the threshold from which on a row is predicted positive."""
    figure, ax = start(ax, theme)
    lines = {"precision": curve.precision, "recall": curve.recall, "specificity": curve.specificity, "F1": curve.f1}
    finite = np.isfinite(curve.thresholds)
    for (name, values), color, dashes in zip(lines.items(), theme.series, DASHES):
        ax.plot(curve.thresholds[finite], values[finite], color=color, linestyle=dashes, linewidth=1.7, label=name)
    shares(ax)
    label(ax, theme, "Scores at every threshold", "Threshold (probability from which on positive)", "Score")
    legend(ax, theme)
    return figure


def threshold_scores_in_words(curve: ThresholdCurve) -> str:
    """The figure as sentences."""
    finite = np.isfinite(curve.thresholds)
    best = int(np.argmax(np.where(finite, curve.f1, -1)))
    return (
        f"A higher threshold finds fewer rows of class {curve.positive} and raises fewer false alarms. F1 is highest, "
        f"{curve.f1[best]:.3f}, at {curve.thresholds[best]:.3f}, where recall is {curve.recall[best]:.1%} and "
        f"specificity {curve.specificity[best]:.1%}. A threshold chosen on these rows flatters itself on them."
    )
