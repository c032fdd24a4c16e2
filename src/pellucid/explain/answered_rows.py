"""Rows with their true answers, as network inputs and as the loss takes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..data.table import Column, Table
from ..engines.contract import TrainingData
from ..errors import ColumnError, InputError, ShapeError, nearest
from ..estimators.examples import checked_weights
from ..judging.card import sealed_mask
from .opened import Opened
from .the_row import some_rows


@dataclass(frozen=True, eq=False)
class AnsweredRows:
    """`X` float64 (rows, inputs); `Y` as the loss takes it, and `weights` (rows,) or None, where answers are known.

    `numbers` (rows,) are the numbers of these rows in what was given, counted from 0: rows without an answer are left
    out, and `left_out` says how many and why, "" where none. `table` holds all that was given, with the columns
    of training; a plain network has none. `answers` (rows,) or (rows, outputs) are the true ones as they were given.
    """

    X: np.ndarray
    Y: np.ndarray | None
    weights: np.ndarray | None
    numbers: np.ndarray
    table: Table | None = None
    answers: np.ndarray | None = None
    left_out: str = ""

    def some(self, most: int, rng: np.random.Generator) -> AnsweredRows:
        """At most so many of the rows, in order."""
        if len(self.X) <= most:
            return self
        chosen = np.sort(rng.choice(len(self.X), most, replace=False))
        Y, weights, answers = (None if part is None else part[chosen] for part in (self.Y, self.weights, self.answers))
        return replace(self, X=self.X[chosen], Y=Y, weights=weights, numbers=self.numbers[chosen], answers=answers)

    def data(self, dtype: str) -> TrainingData:
        """The same for an engine, in the floating type `dtype`."""
        assert self.Y is not None
        Y = self.Y if self.Y.ndim == 1 else self.Y.astype(dtype)
        weights = None if self.weights is None else self.weights.astype(dtype)
        return TrainingData(self.X.astype(dtype), Y, weights)


def answered_rows(opened: Opened, rows: Any, truth: Any, *, needed: bool, sample_weight: Any = None) -> AnsweredRows:
    """`rows` in any form that `predict` takes, with answers `truth` (rows,) or (rows, outputs): labels, or numbers.

    `truth` may name a column of a `Table`, and one that holds the target column brings its answers along; of the
    model's own training table the sealed rows are left out. The `weights` are `sample_weight` (rows,) times those of
    the classes. Raises `InputError` where there are no answers although they are `needed` and for weights that are
    none, `ColumnError` for a column that does not exist, `ShapeError` for another number of answers and for no rows at
    all.
    """
    some_rows(rows)
    truth = _truth(opened, rows, truth, needed)
    table = None if opened.preparation is None else opened.table(rows)
    X = opened.design(rows if table is None else table)
    open_rows = _not_sealed(opened, rows, len(X))
    if truth is None:
        return AnsweredRows(
            X[open_rows],
            None,
            None,
            np.flatnonzero(open_rows),
            table,
            left_out=_left_out(~open_rows, np.zeros(0, bool)),
        )
    answers, known = _answers(truth)
    if len(answers) != len(X):
        raise ShapeError(f"there are {len(X)} rows, but {len(answers)} answers; give one for each row")
    used = known & open_rows
    if not used.any():
        raise InputError("no row has an answer")
    Y = opened.targets(answers[used])
    weights = None if sample_weight is None else checked_weights(sample_weight, len(X))[used]
    if opened.label_weights is not None:
        by_class = opened.label_weights[Y.reshape(-1).astype(np.int64)]
        weights = by_class if weights is None else weights * by_class
    return AnsweredRows(
        X[used], Y, weights, np.flatnonzero(used), table, answers[used], _left_out(~open_rows, open_rows & ~known)
    )


def _truth(opened: Opened, rows: Any, truth: Any, needed: bool) -> Any:
    """The answers themselves, of the column that `truth` names or of the target's own; None where there are none."""
    held = rows if isinstance(rows, Table) else None
    if isinstance(truth, str):
        if held is None:
            raise InputError(f"truth {truth!r} names a column, which only a table has; give one answer for each row")
        if truth not in held:
            raise ColumnError(f"the table has no column {truth!r}{nearest(truth, held.names)}")
        return held[truth]
    if truth is None and held is not None and opened.target_name in held:
        return held[opened.target_name]
    if truth is None and needed:
        own = "" if opened.target_name == "y" else f" or a table with {opened.target_name!r}"
        raise InputError(
            "the loss needs the true answers, which are missing: give truth, one for each row or, of a table, the name "
            f"of their column{own}"
        )
    return truth


def _left_out(sealed: np.ndarray, unknown: np.ndarray) -> str:
    """`178 sealed and 2 without an answer are left out`, "" where no row is."""
    counts = ((int(sealed.sum()), "sealed"), (int(unknown.sum()), "without an answer"))
    told = " and ".join(f"{count:,} {why}" for count, why in counts if count)
    return f"{told} left out" if told else ""


def _not_sealed(opened: Opened, rows: Any, count: int) -> np.ndarray:
    """Which rows may be looked at, bool (rows,): all, but of the model's own training table only those not sealed."""
    card = getattr(opened.model, "card_", None)
    if card is None or not isinstance(rows, Table) or rows.fingerprint() != card.fingerprint:
        return np.ones(count, dtype=bool)
    return ~sealed_mask(card)


def _answers(truth: Any) -> tuple[np.ndarray, np.ndarray]:
    """(answers, which rows have one (rows,))."""
    if not isinstance(truth, Column):
        answers = np.asarray(truth)
        if not answers.ndim:
            raise ShapeError(f"truth must hold one answer for each row, got {truth!r} alone")
        return answers, np.ones(len(answers), dtype=bool)
    return truth.values if truth.kind == "number" else truth.objects(), ~truth.missing
