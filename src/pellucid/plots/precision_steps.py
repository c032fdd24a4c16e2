"""Why precision is no monotone function of the threshold, in counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import InputError
from ..metrics.curves import PrecisionRecallCurve
from ..records import counted
from .theme import LIGHT, SMALL, Theme, label, leave_room, legend, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 12  # thresholds
FEWEST_CALLED = 8  # rows, so that a fall is more than a single row


def precision_falls(
    curve: PrecisionRecallCurve, place: int | None = None, *, ax: Axes | None = None, theme: Theme = LIGHT
) -> Figure:
    """Precision at a dozen neighboring thresholds around a fall, each with its counts (right of called).

    `place` is one of `curve.falls()`, None the steepest one. Raises `InputError`
    when precision never falls. Lesson line 29.
    """
    expect(curve, PrecisionRecallCurve, "metrics.precision_recall_curve")
    shown = _around(curve, _fall(curve, place))
    figure, ax = start(ax, theme, (6.2, 3.5))
    leave_room(ax, left=56, bottom=60)
    precision, steps = curve.precision[shown], np.arange(len(shown))
    ax.plot(steps, precision, color=theme.series[0], linewidth=1.6)
    falls = np.flatnonzero(np.diff(precision) < 0) + 1
    for fall in falls:
        ax.plot(steps[fall - 1 : fall + 1], precision[fall - 1 : fall + 1], color=theme.series[1], linewidth=3)
    ax.plot(steps, precision, "o", color=theme.series[0], markersize=4.5, label="precision: right / called")
    ax.plot([], [], color=theme.series[1], linewidth=3, label="falls at a higher threshold")
    for step, point in enumerate(shown):
        told = f"{curve.tp[point]:,.0f}/{curve.tp[point] + curve.fp[point]:,.0f}"
        up = 8 if step not in falls else -13
        ax.annotate(
            told,
            (step, precision[step]),
            (0, up),
            textcoords="offset points",
            ha="center",
            fontsize=SMALL,
            color=theme.ink,
            bbox={"facecolor": theme.page, "edgecolor": "none", "pad": 0.5},
        )
    low, high = float(precision.min()), float(precision.max())
    room = max(high - low, 0.05) * 0.22
    ax.set_ylim(low - room, high + room)
    ax.set_xticks(steps, _distinct(curve.thresholds[shown]), rotation=45, ha="right")
    ax.set_xlim(-0.6, len(shown) - 0.4)
    label(ax, theme, "Precision need not rise with the threshold", "Threshold", "Precision")
    legend(ax, theme)
    return figure


def precision_falls_in_words(curve: PrecisionRecallCurve, place: int | None = None) -> str:
    """The figure as sentences."""
    expect(curve, PrecisionRecallCurve, "metrics.precision_recall_curve")
    told = curve.explain(_fall(curve, place))
    return f"Precision falls at {counted(len(curve.falls()), 'threshold')}. For one, {told}."


def _fall(curve: PrecisionRecallCurve, place: int | None) -> int:
    falls = [int(one) for one in curve.falls() if 1 <= one < len(curve.thresholds) - 1]
    if not falls:
        raise InputError("precision never falls at a higher threshold on these rows: there is nothing to show")
    if place is None:
        of_many = [one for one in falls if curve.tp[one] + curve.fp[one] >= FEWEST_CALLED]
        return max(of_many or falls, key=lambda one: float(curve.precision[one + 1] - curve.precision[one]))
    if place not in falls:
        raise InputError(f"precision does not fall at place {place}; curve.falls() gives the places where it does")
    return int(place)


def _around(curve: PrecisionRecallCurve, place: int) -> np.ndarray:
    """Points around `place`, lowest threshold first."""
    last = len(curve.thresholds) - 1
    first = min(max(place - SHOWN // 2, 1), max(last - SHOWN + 1, 1))
    return np.arange(first, min(first + SHOWN, last + 1))[::-1]


def _distinct(thresholds: np.ndarray) -> list[str]:
    """The thresholds in as few digits as tell them apart, three at least."""
    for digits in range(3, 17):
        told = [f"{one:.{digits}g}" for one in thresholds]
        if len(set(told)) == len(told):
            break
    return told
