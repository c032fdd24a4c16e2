"""What a run tells beside the scores: which columns matter, and where the model is worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..data.split import Split
from ..data.table import Table
from ..records import Record
from .evaluation import SEALED_ROWS, Evaluation, score_rows
from .folds import first_round
from .importance import FEWEST_ROWS, Importance, importance_on, importance_over_folds
from .rungs import RungPlan
from .scored_curves import ScoredCurves, curves_of
from .scoring import FoldFits
from .seal import SealedTable
from .slices import Slices, slices_on
from .truth import Truth

MOST_KEPT = 60  # columns and slices, the most telling first; a file of figures should stay small


@dataclass(frozen=True)
class RunDetails(Record):
    """What the columns are worth, and where the model is worse.

    `importance` is None where the rows are too few to shuffle, and both are where the time was up.
    """

    importance: Importance | None
    slices: Slices | None


def details_of_run(
    fits: FoldFits, plan: RungPlan, folds: Sequence[Split], model: Any, sealed: SealedTable
) -> RunDetails:
    """Importance out of fold: in each fold of the first round for the network of `plan` that the fold trained, on the
    rows that it holds out. Slices of the sealed rows, whose look this is a part of."""
    round_one = first_round(folds)
    found = None
    if min(len(fold.held_out) for fold in round_one) >= FEWEST_ROWS:
        found = importance_over_folds(fits.answers(plan, round_one), len(round_one), seed=fits.seed)
    slices = slices_on(model, sealed.held_out, sealed.held_out_truth, rows_scored=SEALED_ROWS, seed=fits.seed)
    return _kept(found, slices)


def run_details(model: Any, table: Table, truth: Truth, *, rows_scored: str = SEALED_ROWS, seed: int = 0) -> RunDetails:
    """Importance and slices of a fitted model on rows that it has not learned from; no look is counted.

    `table` has the inputs of these rows, `truth` their target.
    """
    enough = len(table) >= FEWEST_ROWS
    found = importance_on(model, table, truth, rows_scored=rows_scored, seed=seed) if enough else None
    return _kept(found, slices_on(model, table, truth, rows_scored=rows_scored, seed=seed))


def _kept(found: Importance | None, slices: Slices) -> RunDetails:
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
