"""Chosen thresholds as marks on a curve of counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..errors import InputError
from .theme import SMALL, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..metrics.curves import PrecisionRecallCurve, RocCurve

APART = 0.045  # of the axes, so that two names do not meet


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

    Raises `InputError` for NaN and for a threshold above all scores, at which precision has no value.
    """
    named: list[tuple[float, float]] = []
    for threshold in thresholds:
        if not np.isfinite(threshold):
            raise InputError(f"thresholds must be finite numbers, got {threshold!r}")
        place = curve.at(threshold)
        at = float(x[place]), float(y[place])
        if not np.isfinite(at).all():
            raise InputError(f"no row has a score of {threshold:g} or more, so nothing can be marked there")
        ax.plot(*at, "o", color=theme.series[1], markersize=5.5, zorder=4)
        if all(max(abs(at[0] - one[0]) / 2, abs(at[1] - one[1])) > APART for one in named):
            named.append(at)
            right = (side == "right" and at[0] < 0.88) or at[0] < 0.12
            ax.annotate(
                f"{threshold:.3g}",
                at,
                (6 if right else -6, -9 if at[1] > 0.12 else 9),
                textcoords="offset points",
                ha="left" if right else "right",
                va="center",
                fontsize=SMALL,
                color=theme.ink,
            )
