"""Chosen thresholds as marks on a curve of counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..errors import InputError
from .theme import POINTS_AN_INCH, SMALL, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..metrics.curves import PrecisionRecallCurve, RocCurve

WIDE, TALL = 5.0, 11.0  # points of a letter and of a line, so that two names do not meet


def mark_thresholds(
    ax: Axes,
    theme: Theme,
    curve: RocCurve | PrecisionRecallCurve,
    thresholds: Sequence[float],
    x: np.ndarray,
    y: np.ndarray,
    side: str,
) -> None:
    """A dot at the place of each threshold, and its number beside it where the next one is not too near.

    A threshold above all scores, at which precision has no value, has no place. Raises `InputError` for NaN.
    """
    named: list[tuple[float, float, float, float]] = []
    for threshold in thresholds:
        if not np.isfinite(threshold):
            raise InputError(f"thresholds must be finite numbers, got {threshold!r}")
        place = curve.at(threshold)
        at = float(x[place]), float(y[place])
        if not np.isfinite(at).all():
            continue
        ax.plot(*at, "o", color=theme.series[1], markersize=5.5, zorder=4)
        right = (side == "right" and at[0] < 0.88) or at[0] < 0.12
        above = at[1] <= 0.12
        text = f"{threshold:.3g}"
        box = _box(ax, at, text, right, above)
        if all(box[0] > one[2] or one[0] > box[2] or box[1] > one[3] or one[1] > box[3] for one in named):
            named.append(box)
            ax.annotate(
                text,
                at,
                (6 if right else -6, 9 if above else -9),
                textcoords="offset points",
                ha="left" if right else "right",
                va="center",
                fontsize=SMALL,
                color=theme.ink,
            )


def without_place(
    curve: RocCurve | PrecisionRecallCurve, thresholds: Sequence[float], x: np.ndarray, y: np.ndarray
) -> list[float]:
    """The thresholds that no row's score reaches, where the curve has no value."""
    places = [(threshold, curve.at(threshold)) for threshold in thresholds]
    return [threshold for threshold, place in places if not np.isfinite([x[place], y[place]]).all()]


def _box(ax: Axes, at: tuple[float, float], text: str, right: bool, above: bool) -> tuple[float, float, float, float]:
    """The room of a name in points: left, low, right, high; axes go from 0 to 1."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    width, height = figure.get_size_inches() * POINTS_AN_INCH * ax.get_position().size
    left = at[0] * width + (6 if right else -6 - WIDE * len(text))
    low = at[1] * height + (9 if above else -9) - TALL / 2
    return left, low, left + WIDE * len(text), low + TALL
