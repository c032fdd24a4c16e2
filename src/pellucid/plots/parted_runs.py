"""Two recorded runs side by side: their losses, and how far their parameters are apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..explain.run_comparison import RunComparison
from .panels import panels
from .theme import DASHES, LIGHT, Theme, label, legend, shortened
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def two_runs(found: RunComparison, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """Training losses (left) and the distance of the parameters (right); a line marks where the runs part.

    Lesson lines 8, 35.
    """
    expect(found, RunComparison, "pellucid.compare_runs")
    figure, (left, right) = panels(ax, theme, 1, 2, (10.2, 3.6), left=58, right=12, top=50, bottom=42)
    epochs = [pair.epoch for pair in found.epochs]
    for place, name in enumerate(found.names):
        losses = [pair.training_losses[place] for pair in found.epochs]
        style: dict[str, Any] = {"color": theme.series[place], "linestyle": DASHES[place], "linewidth": 1.8}
        left.plot(epochs, _gaps(losses), label=shortened(name, 16), **style)
    right.plot(epochs, _gaps([pair.distance for pair in found.epochs]), color=theme.series[2], label="distance")
    for axes in (left, right):
        if found.parted_at is not None:
            axes.axvline(found.parted_at, color=theme.quiet, linestyle=":", label=f"apart from epoch {found.parted_at}")
    label(left, theme, "Training loss of two runs", "Epoch", "Loss")
    label(right, theme, "How far apart they are", "Epoch", "Distance of the parameters")
    legend(left, theme)
    legend(right, theme)
    return figure


def two_runs_in_words(found: RunComparison) -> str:
    """The figure as sentences."""
    expect(found, RunComparison, "pellucid.compare_runs")
    told = found.summary
    ends = [
        next((f"{one:.4g}" for pair in reversed(found.epochs) if (one := pair.training_losses[place]) is not None), "–")
        for place in (0, 1)
    ]
    return f"{told[:1].upper()}{told[1:]}; the last training losses are {ends[0]} and {ends[1]}."


def _gaps(values: list[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values])
