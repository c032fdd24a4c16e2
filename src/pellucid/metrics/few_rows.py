"""What a score's interval is worth when a class has few rows: shown, shown with its measured coverage, or left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..records import Score

ENOUGH_ROWS, FEWEST_ROWS = 10, 5
# The share of simulations with 5 to 9 rows of the smaller class in which the interval held the true value, the worst
# setting of `benchmarks/interval_coverage.py`; docs/coverage.md has them all.
MEASURED = {
    "ROC AUC": 0.963,
    "average precision": 0.871,
    "balanced accuracy": 0.929,
    "F1": 0.947,
    "MCC": 0.941,
    "log loss": 0.951,
    "log loss skill": 0.933,
    "Brier score": 0.959,
    "Brier skill": 0.951,
}


def honest(score: Score, rows: float, label: Any, *, measured: str | None = None, needs_rows: bool = True) -> Score:
    """The score as it may be shown when its smallest class, `label`, has `rows` rows.

    From 10 rows on as it is; with 5 to 9 the interval carries the coverage that was measured for the score `measured`
    (its own name when left out); below 5 the interval of a score that `needs_rows` (by ranks or of F's kind) is left
    out, and `detail` says why. Means of losses keep theirs, with the words that nothing was measured.
    """
    if rows >= ENOUGH_ROWS or score.interval is None:
        return score
    how_many = f"{rows:g} row{'' if rows == 1 else 's'} of class {label!r}"
    if rows < FEWEST_ROWS and needs_rows:
        return _told(replace(score, interval=None), f"no interval: {how_many}, and {FEWEST_ROWS} are needed")
    if rows < FEWEST_ROWS:
        return _told(score, f"{how_many}: how often such intervals hold the true value was not measured")
    coverage = MEASURED[measured or score.name]
    words = f"{how_many}: such intervals held the true value in {coverage:.0%} of simulations"
    return _told(replace(score, interval=replace(score.interval, coverage=coverage)), words)


def _told(score: Score, words: str) -> Score:
    return replace(score, detail=f"{score.detail}; {words}" if score.detail else words)
