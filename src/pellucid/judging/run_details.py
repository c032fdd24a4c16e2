"""What a run tells about its test rows beside the scores: which columns matter, and where the model is worse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..data.table import Table
from ..records import Record
from .evaluation import SEALED_ROWS, Evaluation, score_rows
from .importance import FEWEST_ROWS, Importance, importance_on
from .scored_curves import ScoredCurves, curves_of
from .slices import Slices, slices_on
from .truth import Truth

MOST_KEPT = 60  # columns and slices, the most telling first; a file of figures should stay small


@dataclass(frozen=True)
class RunDetails(Record):
    """`importance` is None where the rows are too few to shuffle, and both are where the time was up."""

    importance: Importance | None
    slices: Slices | None


def run_details(model: Any, table: Table, truth: Truth, *, rows_scored: str = SEALED_ROWS, seed: int = 0) -> RunDetails:
    """Importance and slices of a fitted model on rows that it has not learned from; no look is counted.

    `table` has the inputs of these rows, `truth` their target: `sealed.held_out` and `sealed.held_out_truth` in
    `climb`, whose look at the test rows this is a part of.
    """
    enough = len(table) >= FEWEST_ROWS
    found = importance_on(model, table, truth, rows_scored=rows_scored, seed=seed) if enough else None
    slices = slices_on(model, table, truth, rows_scored=rows_scored, seed=seed)
    if found is not None:
        found = replace(found, columns=found.columns[:MOST_KEPT], associated=found.associated[:MOST_KEPT])
    return RunDetails(found, replace(slices, slices=slices.slices[:MOST_KEPT]))


def evaluate_in_detail(
    model: Any, source: Any, *, target: str | None = None
) -> tuple[Evaluation, ScoredCurves, RunDetails]:
    """As `evaluate`, with curves, importance and slices of the same rows, in one look."""
    evaluation, inputs, truth, predicted = score_rows(model, source, target)
    details = run_details(model, inputs, truth, rows_scored=evaluation.rows_scored)
    return evaluation, curves_of(truth, predicted, model), details
