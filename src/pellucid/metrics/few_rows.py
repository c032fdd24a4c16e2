"""What a score's interval is worth when a class has few rows: shown, shown with its measured coverage, or left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..records import Score, counted

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


MEASURED_LEVEL = 0.95
NOT_MEASURED = "how often such intervals hold the true value was not measured"


def honest(score: Score, rows: int, label: Any, *, classes: int = 2, needs_rows: bool = True) -> Score:
    """The score as it may be shown when its smallest class, `label` of so many `classes`, has `rows` rows.

    From 10 rows on as it is; with 5 to 9 the interval carries the coverage that was measured for scores of its name,
    or the words that nothing was measured: of more than two classes, of other levels than 0.95. Below 5 the interval of
    a score that `needs_rows` (by ranks or of F's kind) is left out, and `detail` says why; means of losses keep theirs.
    """
    if rows >= ENOUGH_ROWS or score.interval is None:
        return score
    how_many = f"{counted(rows, 'row')} of class {label!r}"
    if rows < FEWEST_ROWS and needs_rows:
        return told(replace(score, interval=None), f"no interval: {how_many}, and {FEWEST_ROWS} are needed")
    is_measured = rows >= FEWEST_ROWS and classes == 2 and score.interval.level == MEASURED_LEVEL
    if not is_measured or score.name not in MEASURED:
        return told(score, f"{how_many}: {NOT_MEASURED}")
    coverage = MEASURED[score.name]
    words = f"{how_many}: such intervals held the true value in {coverage:.0%} of simulations"
    return told(replace(score, interval=replace(score.interval, coverage=coverage)), words)


def with_reason(score: Score) -> Score:
    """A mean over rows as it may be shown: without interval below 5 rows, and with the reason where it has none."""
    if score.rows < FEWEST_ROWS:
        return told(
            replace(score, interval=None), f"no interval: {counted(score.rows, 'row')}, and {FEWEST_ROWS} are needed"
        )
    return score if score.interval else told(score, "no interval: the rows tell of no spread")


def told(score: Score, words: str) -> Score:
    """The score with more words in its detail."""
    return replace(score, detail=f"{score.detail}; {words}" if score.detail else words)
