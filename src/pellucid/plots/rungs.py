"""The ladder: every rung's mean over the folds with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..judging.scoring import Rung
from ..records import figure as number
from ..records import with_interval
from .interval_rows import IntervalRow, draw_rows
from .theme import LIGHT, Theme
from .wrong_record import expect_each

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HIGHER = ("accuracy", "AUC", "R²")


def ladder_steps(
    rungs: Sequence[Rung], figure: str, *, chosen: str = "", ax: Axes | None = None, theme: Theme = LIGHT
) -> Figure:
    """`figure` (such as "log loss") of every rung, simplest first; the saved one, `chosen`, is filled."""
    expect_each(rungs, Rung, "pellucid.climb(…).rungs")
    rows = [
        IntervalRow(
            rung.name, rung.mean(figure), rung.intervals[figure], number(rung.mean(figure)), rung.name == chosen
        )
        for rung in rungs
        if figure in rung.scores
    ]
    better = "higher is better" if figure in HIGHER else "lower is better"
    title = f"Ladder: {figure} of every rung"
    x = f"{figure}, mean over the folds ({better})"
    return draw_rows(rows, title, x, ("saved", "compared with"), reference=None, ax=ax, theme=theme)


def ladder_steps_in_words(rungs: Sequence[Rung], figure: str, chosen: str = "") -> str:
    """The figure as sentences."""
    expect_each(rungs, Rung, "pellucid.climb(…).rungs")
    told = [
        f"{rung.name} {with_interval(rung.mean(figure), rung.intervals[figure])}"
        for rung in rungs
        if figure in rung.scores
    ]
    saved = f" Saved is the {_named(chosen)}." if chosen else ""
    better = "higher" if figure in HIGHER else "lower"
    return f"{figure[0].upper()}{figure[1:]} over the folds, {better} is better: {'; '.join(told)}.{saved}"


def _named(rung: str) -> str:
    return "network with one hidden layer" if rung == "one hidden layer" else rung
