"""What a run tells about its test rows beside the scores: which columns matter, and where the model is worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..data.table import Table
from ..records import Record
from .evaluation import SEALED_ROWS
from .importance import FEWEST_ROWS, Importance, importance_on
from .slices import Slices, slices_on
from .truth import Truth


@dataclass(frozen=True)
class RunDetails(Record):
    """`importance` is None where the rows are too few to shuffle."""

    importance: Importance | None
    slices: Slices


def run_details(model: Any, table: Table, truth: Truth, *, rows_scored: str = SEALED_ROWS, seed: int = 0) -> RunDetails:
    """Importance and slices of a fitted model on rows that it has not learned from; no look is counted.

    `table` has the inputs of these rows, `truth` their target: `sealed.held_out` and `sealed.held_out_truth` in
    `climb`, whose look at the test rows this is a part of.
    """
    enough = len(table) >= FEWEST_ROWS
    found = importance_on(model, table, truth, rows_scored=rows_scored, seed=seed) if enough else None
    return RunDetails(found, slices_on(model, table, truth, rows_scored=rows_scored, seed=seed))
