"""Scores as functions of the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..metrics.curves import ThresholdCurve
from .theme import DASHES, LIGHT, SMALL, Theme, label, legend, shares, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def threshold_scores(
    curve: ThresholdCurve, thresholds: Sequence[float] = (), *, ax: Axes | None = None, theme: Theme = LIGHT
) -> Figure:
    """Precision, recall, specificity and F1 against the threshold from which on a row is predicted positive.

    F1 at `thresholds`, such as the default and the best one, is marked. Lesson line 11.
    """
    expect(curve, ThresholdCurve, "metrics.threshold_curve")
    figure, ax = start(ax, theme)
    lines = {"precision": curve.precision, "recall": curve.recall, "specificity": curve.specificity, "F1": curve.f1}
    finite = np.isfinite(curve.thresholds)
    for (name, values), color, dashes in zip(lines.items(), theme.series, DASHES):
        ax.plot(curve.thresholds[finite], values[finite], color=color, linestyle=dashes, linewidth=1.7, label=name)
    for place, threshold in enumerate(thresholds):
        f1, right = float(curve.f1[curve.at(threshold)]), threshold > 0.6
        ax.axvline(threshold, color=theme.quiet, linestyle=":", linewidth=1.2)
        ax.plot(threshold, f1, "o", color=theme.series[3], markersize=5.5)
        ax.annotate(
            f"F1 {f1:.3f} at {threshold:.3g}",
            (threshold, 0.04 + 0.07 * place),
            (-5 if right else 5, 0),
            textcoords="offset points",
            ha="right" if right else "left",
            fontsize=SMALL,
            color=theme.ink,
            bbox={"facecolor": theme.page, "edgecolor": "none", "pad": 0.8},
        )
    shares(ax)
    label(ax, theme, "Scores at every threshold", "Threshold (probability from which on positive)", "Score")
    legend(ax, theme)
    return figure


def threshold_scores_in_words(curve: ThresholdCurve) -> str:
    """The figure as sentences."""
    expect(curve, ThresholdCurve, "metrics.threshold_curve")
    finite = np.isfinite(curve.thresholds)
    best = int(np.argmax(np.where(finite, curve.f1, -1)))
    return (
        f"A higher threshold finds fewer rows of class {curve.positive} and raises fewer false alarms. F1 is highest, "
        f"{curve.f1[best]:.3f}, at {curve.thresholds[best]:.3f}, where recall is {curve.recall[best]:.1%} and "
        f"specificity {curve.specificity[best]:.1%}. A threshold chosen on these rows flatters itself on them."
    )
