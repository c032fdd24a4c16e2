"""What a score's interval is worth when a class has few rows: shown, shown with its measured coverage, or left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..records import Score

ENOUGH_ROWS, FEWEST_ROWS = 10, 5
# The share of simulations with 5 to 9 rows of the smaller class in which the interval held the true value, the worst
# setting of `benchmarks/coverage.py`; docs/coverage.md has them all.
MEASURED = {
    "ROC AUC": 0.95,
    "average precision": 0.95,
    "balanced accuracy": 0.95,
    "F1": 0.95,
    "MCC": 0.95,
    "log loss": 0.95,
    "log loss skill": 0.95,
    "Brier score": 0.95,
    "Brier skill": 0.95,
}


def honest(score: Score, rows: float, label: Any, *, measured: str | None = None, needs_rows: bool = True) -> Score:
    """The score as it may be shown when its smallest class, `label`, has `rows` rows.

    From 10 rows on as it is; with 5 to 9 the interval carries the coverage that was measured for the score `measured`
    (its own name when left out); below 5 the interval of a score that `needs_rows` (by ranks or of F's kind) is left
    out, and `detail` says why.
    """
    if rows >= ENOUGH_ROWS or score.interval is None:
        return score
    if rows < FEWEST_ROWS and needs_rows:
        how_many = f"{rows:g} rows" if rows != 1 else "1 row"
        reason = f"no interval: {how_many} of class {label!r}, and {FEWEST_ROWS} are needed"
        return replace(score, interval=None, detail=f"{score.detail}; {reason}" if score.detail else reason)
    coverage = MEASURED.get(measured or score.name)
    if coverage is None:
        return score
    words = f"{rows:g} rows of class {label!r}: such intervals held the true value in {coverage:.0%} of simulations"
    return replace(
        score,
        interval=replace(score.interval, coverage=coverage),
        detail=f"{score.detail}; {words}" if score.detail else words,
    )
