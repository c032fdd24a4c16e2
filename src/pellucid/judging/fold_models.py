"""Networks that each learned from all folds but one, with the rows that their fold holds out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..data.read import read
from ..data.split import Split, repeated_folds, repeated_stratified_folds
from ..data.table import Table
from ..errors import SpecError
from ..training.randomness import stream
from .rungs import all_classes
from .side_by_side import Interrupter, side_by_side
from .truth import Truth, split_off_target
from .unseen_rows import predicted


@dataclass(frozen=True, eq=False)
class FoldAnswer:
    """What a network of a fold answers for a table: probabilities (rows, classes) or numbers (rows,).

    `truth` is that of its training rows, which may lack a class.
    """

    model: Any
    truth: Truth

    def __call__(self, table: Table) -> np.ndarray:
        return self.completed(predicted(self.model, table))

    def completed(self, answers: np.ndarray) -> np.ndarray:
        """Answers (rows, …) of the network, with the classes that its training rows lacked."""
        return all_classes(answers, self.model.classes_, self.truth) if self.truth.is_classes else answers


@dataclass(frozen=True, eq=False)
class FoldModels:
    """A fold: the held-out rows with their truth, and for each plan and seed what it answers for such rows.

    `answers[plan][seed]` takes a table to probabilities (rows, classes) or numbers (rows,).
    """

    split: Split
    table: Table
    truth: Truth
    answers: list[list[FoldAnswer]]


def is_plan(model: Any) -> bool:
    """Whether `model` is an estimator of ours that is not fitted: a plan of how to train."""
    from ..estimators.classifier import MLPClassifier
    from ..estimators.regressor import MLPRegressor

    return isinstance(model, (MLPClassifier, MLPRegressor)) and not hasattr(model, "parameters_")


def fold_models(
    plans: Sequence[Any], source: Any, target: str | None, folds: int | Sequence[Split], seeds: Sequence[int]
) -> Iterator[FoldModels]:
    """Train every plan with every seed in each fold, and give the folds as they are finished.

    `folds` is how many there are (stratified by class), or the splits themselves. Every fit learns its preparation from
    its training rows. Raises `SpecError` when a plan does not fit the target or none is named.
    """
    table, truth = _rows(plans, source, target)
    interrupter = Interrupter()
    for split in cut(truth, folds):
        rows, answers = table.take(split.training), truth.take(split.training)
        pieces = (partial(_answer, plan, rows, answers, seed, interrupter) for plan in plans for seed in seeds)
        found = list(side_by_side(pieces, None if len(rows) >= 2_000 else 1, interrupter))
        grouped = [found[k * len(seeds) : (k + 1) * len(seeds)] for k in range(len(plans))]
        yield FoldModels(split, table.take(split.held_out), truth.take(split.held_out), grouped)


def cut(truth: Truth, folds: int | Sequence[Split]) -> list[Split]:
    """So many folds, stratified by class, or the given splits. Raises `InputError` when there are too few rows."""
    if not isinstance(folds, (int, np.integer)):
        return list(folds)
    rng = stream(0, "folds")
    if truth.is_classes:
        return repeated_stratified_folds(truth.values, int(folds), 1, rng=rng)
    return repeated_folds(len(truth.values), int(folds), 1, rng=rng)


def _rows(plans: Sequence[Any], source: Any, target: str | None) -> tuple[Table, Truth]:
    from ..estimators.classifier import MLPClassifier

    if target is None:
        raise SpecError("a model that is not fitted knows no target column; pass target='…'")
    table, truth, _ = split_off_target(read(source), target)
    for plan in plans:
        if isinstance(plan, MLPClassifier) != truth.is_classes:
            kind = "classes: use MLPClassifier" if truth.is_classes else "numbers: use MLPRegressor"
            raise SpecError(f"the target {target!r} holds {kind} ({truth.reason})")
    return table.select([column.name for column in table if column.role == "input"]), truth


def _answer(plan: Any, rows: Table, truth: Truth, seed: int, interrupter: Interrupter) -> FoldAnswer:
    """Train on the rows of a fold; what the network answers for other rows."""
    from ..estimators.shared import SharedRows

    shared = SharedRows(plan, rows, truth.values, seed)
    model = shared.train(plan, seed, interrupter.check)
    if model.history_.stopped == "interrupted":
        raise KeyboardInterrupt

    return FoldAnswer(model, truth)
