"""Probabilities on a line, colored by what came and cut by a threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import InputError
from ..metrics.scored_rows import ScoredRows
from ..records import counted
from .theme import LIGHT, SMALL, Theme, label, leave_room, legend, shares, shortened, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_ROWS = 5_000  # more points hide each other


def probability_line(
    rows: ScoredRows, threshold: float = 0.5, *, ax: Axes | None = None, theme: Theme = LIGHT
) -> Figure:
    """Rows at their probability, one line for each outcome, with the counts on both sides of the threshold.

    Rows of equal probability stand above each other. Raises `InputError` for a threshold outside [0, 1].
    Lesson line 28.
    """
    expect(rows, ScoredRows, "metrics.score_rows")
    if not 0 <= threshold <= 1:
        raise InputError(f"a threshold is a probability from 0 to 1, got {threshold!r}")
    figure, ax = start(ax, theme, (5.4, 2.6))
    leave_room(ax, left=92)
    places = np.unique(np.linspace(0, len(rows.truth) - 1, MOST_ROWS).astype(int))
    truth, probability = rows.truth[places], rows.probability[places]
    counts = rows.counts(threshold)
    sides = ((True, 1.0, 0, "o", "tp", "fn"), (False, 0.0, 1, "s", "fp", "tn"))
    for came, y, place, marker, above, below in sides:
        p = probability[truth == came]
        ax.plot(p, y + _stacked(p), marker, color=theme.series[place], markersize=3.5, alpha=0.75)
        for x, side, key, said in ((0.0, "left", below, "below"), (1.0, "right", above, "from it on")):
            told = f"{counts[key]:,} {said}"
            ax.text(x, y - 0.27, told, ha=side, va="center", fontsize=SMALL, color=theme.ink)
    ax.axvline(threshold, color=theme.quiet, linestyle="--", linewidth=1.4, label=f"threshold {threshold:.3g}")
    shares(ax, y=False)
    ax.set_ylim(-0.5, 1.62)
    ax.set_yticks((0, 1), ("other rows", shortened(f"class {rows.positive}", 16)))
    ax.tick_params(axis="y", labelcolor=theme.ink)
    ax.grid(False, axis="y")
    label(ax, theme, "Rows cut by a threshold", shortened(f"Probability of class {rows.positive}", 50), "")
    legend(ax, theme)
    return figure


def probability_line_in_words(rows: ScoredRows, threshold: float = 0.5) -> str:
    """The figure as sentences."""
    expect(rows, ScoredRows, "metrics.score_rows")
    counts = rows.counts(threshold)
    missed = counted(counts["fn"], "row of the class lies below and is", "rows of the class lie below and are")
    right, called = counts["tp"], counts["tp"] + counts["fp"]
    return (
        f"From {threshold:.3g} on rows are called class {rows.positive}: {called:,} of {len(rows.truth):,}, "
        f"{right:,} of them rightly. {missed} missed; "
        f"{counts['tn']:,} of the others {'is' if counts['tn'] == 1 else 'are'} rightly left out."
    )


def _stacked(p: np.ndarray) -> np.ndarray:
    """How far above its line each point stands: rows of nearly equal probability above each other, 0 to 0.45."""
    bins = np.floor(p * 120).astype(int)
    order = np.argsort(bins, kind="stable")
    sizes = np.unique(bins, return_counts=True)[1]
    rank = np.empty(len(p))
    rank[order] = np.concatenate([np.arange(size) for size in sizes]) if len(p) else []
    return rank * min(0.08, 0.45 / max(rank.max(initial=1.0), 1.0))
