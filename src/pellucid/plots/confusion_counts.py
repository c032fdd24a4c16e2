"""The confusion matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..metrics.classification import ConfusionCounts
from ..records import counted
from .theme import LIGHT, SMALL, TEXT, Theme, label, leave_room, shortened, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def confusion_matrix(counts: ConfusionCounts, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """Rows by true class (down) and predicted class (across); the larger the share of its true class, the fuller.

    Lesson lines 10, 28.
    """
    expect(counts, ConfusionCounts, "metrics.confusion_counts")
    names = [shortened(str(name), 12) for name in counts.labels]
    size = max(3.6, 1.6 + 0.42 * len(names))
    figure, ax = start(ax, theme, (size, size * 0.86))
    leave_room(
        ax,
        left=34 + 5.2 * max(map(len, names)),
        bottom=44 if len(names) <= 4 else 34 + 5.2 * max(map(len, names)),
        top=34,
    )
    for place, row in enumerate(counts.counts.tolist()):
        for across, count in enumerate(row):
            share = count / max(sum(row), 1)
            ax.fill(
                [across - 0.5, across + 0.5, across + 0.5, across - 0.5],
                [place - 0.5, place - 0.5, place + 0.5, place + 0.5],
                color=theme.series[0],
                alpha=0.32 * share,
                linewidth=0,
            )
            size_of_text = TEXT + 2 if len(names) <= 4 else SMALL - 1
            ax.text(across, place, f"{count:,}", ha="center", va="center", fontsize=size_of_text, color=theme.ink)
    ax.set_xticks(range(len(names)), names, rotation=0 if len(names) <= 4 else 90)
    ax.set_yticks(range(len(names)), names)
    ax.set_xlim(-0.5, len(names) - 0.5)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(False)
    label(ax, theme, "Confusion matrix (rows)", "Predicted", "True", pad=10)
    return figure


def confusion_matrix_in_words(counts: ConfusionCounts) -> str:
    """The figure as sentences."""
    expect(counts, ConfusionCounts, "metrics.confusion_counts")
    told = []
    for place, (name, row) in enumerate(zip(counts.labels, counts.counts.tolist())):
        right = f"{row[place]:,} {'is' if row[place] == 1 else 'are'} predicted right"
        told.append(f"of {counted(sum(row), 'row')} of class {name}, {right}")
    text = "; ".join(told[:12]) + (f"; and {len(told) - 12} classes more" if len(told) > 12 else "")
    return f"{text[:1].upper()}{text[1:]}."
