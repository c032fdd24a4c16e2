"""Probability, odds and log odds, each as a function of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..nn.activations import sigmoid
from ..nn.chances import log_odds, odds
from ..records import figure as number
from .panels import panels
from .theme import LIGHT, POINTS_AN_INCH, SMALL, Theme, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = 680 / POINTS_AN_INCH, 230 / POINTS_AN_INCH
LARGEST = 0.9  # of the probabilities whose odds are drawn; at 1 they are endless


def odds_and_sigmoid(probabilities: Sequence[float] = (), *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """Odds and log odds of a probability, and the way back, the sigmoid; `probabilities` are marked on all three.

    Raises `InputError` for a mark outside [0, 1]. Lesson lines 15, 24.
    """
    marks = np.array([p for p in probabilities if log_odds(p) is not None], dtype=np.float64)
    p, z = np.linspace(0.002, 0.998, 250), np.linspace(-6.2, 6.2, 250)
    low = p[p <= LARGEST]
    figure, places = panels(ax, theme, 1, 3, SIZE, left=42, right=10, top=34, bottom=40)
    curves = (
        ("Odds = p / (1 - p)", "Probability p", low, odds(low), marks, odds(marks)),
        ("Log odds = ln(p / (1 - p))", "Probability p", p, log_odds(p), marks, log_odds(marks)),
        ("p = sigmoid(log odds)", "Log odds (logit)", z, sigmoid(z), log_odds(marks), marks),
    )
    for place, (title, x, across, up, at, height) in zip(places, curves):
        place.plot(across, up, color=theme.series[0], linewidth=1.9)
        seen = (at >= across[0] - 1e-9) & (at <= across[-1] + 1e-9)
        place.plot(at[seen], height[seen], "o", color=theme.series[1], markersize=5)
        for one, other in zip(at[seen], height[seen]):
            right = (one - across[0]) / (across[-1] - across[0]) < 0.3
            place.annotate(
                f"{other:.3g}",
                (one, other),
                (6, -6) if right else (-6, 5),
                textcoords="offset points",
                ha="left" if right else "right",
                fontsize=SMALL,
                color=theme.ink,
            )
        label(place, theme, title, x, "", pad=8)
        place.margins(x=0.14)
    return figure


def odds_and_sigmoid_in_words(probabilities: Sequence[float] = ()) -> str:
    """The figure as sentences."""
    told = (
        "Odds rise from 0 without end as the probability goes to 1, and are 1 at 0.5. Their logarithm runs from minus "
        "to plus infinity, and the sigmoid turns it back into the probability."
    )
    marks = [
        f"a probability of {p:g} is odds of {number(float(odds(p)))} and log odds of {number(float(log_odds(p)))}"
        for p in probabilities
    ]
    return f"{told} For example, {'; '.join(marks)}." if marks else told
