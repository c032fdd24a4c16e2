"""Learned parameters beside the true ones, where the truth is known because the data were made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError, ShapeError
from ..records import figure as number
from .theme import LIGHT, POINTS_AN_INCH, SMALL, Theme, label, leave_room, legend, shortened, start
from .wrong_record import numbers_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST, LINE = 30, 26


def learned_and_true(
    names: Sequence[str], learned: Any, true: Any, *, ax: Axes | None = None, theme: Theme = LIGHT
) -> Figure:
    """Each parameter's learned value and its true one, with the difference as a line; at most 30 parameters.

    Raises `ShapeError` for unequal lengths, `InputError` for NaN. Lesson line 22.
    """
    found, truth = _checked(names, learned, true)
    shown = min(len(names), MOST)
    figure, ax = start(ax, theme, (5.4, (shown * LINE + 100) / POINTS_AN_INCH))
    leave_room(ax, left=16 + 5.2 * max(len(shortened(name)) for name in names[:shown]), right=88)
    for place in range(shown):
        ends = (found[place], truth[place])
        ax.plot(ends, (place, place), color=theme.quiet, linewidth=1.2)
        told = f"off by {found[place] - truth[place]:+.3g}"
        ax.text(1.02, place, told, transform=ax.get_yaxis_transform(), va="center", fontsize=SMALL, color=theme.ink)
    places = range(shown)
    ax.plot(truth[:shown], places, "D", color=theme.series[1], markerfacecolor=theme.page, markersize=8, label="true")
    ax.plot(found[:shown], places, "o", color=theme.series[0], markersize=5, label="learned")
    ax.set_yticks(places, [shortened(name) for name in names[:shown]])
    ax.set_ylim(shown - 0.5, -0.5)
    ax.tick_params(axis="y", labelcolor=theme.ink)
    ax.locator_params(axis="x", nbins=6)
    label(ax, theme, "Learned against true parameters", "Value", "")
    legend(ax, theme)
    return figure


def learned_and_true_in_words(names: Sequence[str], learned: Any, true: Any) -> str:
    """The figure as sentences."""
    found, truth = _checked(names, learned, true)
    told = [f"{name} {number(float(a))} (true {number(float(b))})" for name, a, b in zip(names, found, truth)]
    return f"Learned: {'; '.join(told[:12])}. The largest difference is {number(float(np.abs(found - truth).max()))}."


def _checked(names: Sequence[str], learned: Any, true: Any) -> tuple[np.ndarray, np.ndarray]:
    if not isinstance(names, (Sequence, np.ndarray)) or isinstance(names, str):
        raise InputError(f"names must be a list of texts, got {type(names).__name__}")
    found, truth = numbers_of("learned", learned), numbers_of("true", true)
    if not len(names) == len(found) == len(truth) or not len(names):
        raise ShapeError(f"names, learned and true must be as many, got {len(names)}, {len(found)} and {len(truth)}")
    if not (np.isfinite(found).all() and np.isfinite(truth).all()):
        raise InputError("learned and true must be finite numbers; a training that diverged has nothing to compare")
    return found, truth
