"""Which rows are sealed: kept away from everything that learns or chooses, and scored once at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.read import read
from ..data.split import Split, grouped_split, random_split, stratified_split, time_split
from ..data.table import Column, Table
from ..errors import ColumnError, InputError, ShapeError, SpecError
from ..training.randomness import stream
from .truth import Truth, codes_of, label_texts, split_off_target

TEST_FRACTION = 0.2
FEWEST_ROWS = 10
HELD_OUT_WORDS = ("test", "valid", "validation", "val", "holdout", "held out", "held_out", "eval", "dev", "1", "true")
TRAINING_WORDS = ("train", "training", "0", "false")


@dataclass(frozen=True)
class SealPlan:
    """How rows are chosen; at most one field is set, none means at random.

    `test` is a second table, `split` row numbers of the table, the others name a column.
    """

    test: Any = None
    split: Split | None = None
    split_column: str | None = None
    group: str | None = None
    time_column: str | None = None

    def __post_init__(self) -> None:
        chosen = [name for name in self.__dataclass_fields__ if getattr(self, name) is not None]
        if len(chosen) > 1:
            raise SpecError(f"the test rows can be chosen in one way only, got {' and '.join(chosen)}")


@dataclass(frozen=True, eq=False)
class SealedTable:
    """A table cut in two. `mask` says which rows of the table as it was read are sealed; none with a second table.

    `fingerprint` is that of the table as read, `looks_at` that of the table whose rows are scored. `left_out` rows have
    no target.
    """

    training: Table
    training_truth: Truth
    held_out: Table
    held_out_truth: Truth
    mask: np.ndarray
    rule: str
    left_out: int
    fingerprint: str
    looks_at: str


def seal_rows(table: Table, target: str, plan: SealPlan, drop: Sequence[str], seed: int) -> SealedTable:
    """Cut `table` by `plan`, leaving out the `drop` columns and the rows without a target.

    Raises `ColumnError` for unknown columns and `InputError` when there are too few rows or classes.
    """
    fingerprint = table.fingerprint()
    if target in drop:
        raise SpecError(f"the target {target!r} cannot be dropped")
    inputs, truth, left_out = split_off_target(table.drop(list(drop)), target)
    if len(truth.values) < FEWEST_ROWS:
        raise InputError(
            f"{len(truth.values)} rows with a target are too few to learn from; {FEWEST_ROWS} are the least"
        )
    if plan.test is not None:
        return _with_test_table(table, inputs, truth, plan.test, drop, left_out, fingerprint)
    known = np.flatnonzero(~table[target].missing)
    split = _split(inputs, truth, plan, seed, known)
    mask = np.zeros(len(table), dtype=bool)
    mask[known[split.held_out]] = True
    helpers = [c for c in (plan.split_column,) if c is not None]
    inputs = inputs.drop(helpers)
    return SealedTable(
        inputs.take(split.training),
        truth.take(split.training),
        inputs.take(split.held_out),
        truth.take(split.held_out),
        mask,
        split.rule,
        left_out,
        fingerprint,
        fingerprint,
    )


def _split(inputs: Table, truth: Truth, plan: SealPlan, seed: int, known: np.ndarray) -> Split:
    generator = stream(seed, "test rows")
    if plan.split is not None:
        return _kept_rows(plan.split, known)
    if plan.split_column is not None:
        return _by_words(inputs[plan.split_column])
    if plan.group is not None:
        return grouped_split(group_codes(inputs[plan.group]), TEST_FRACTION, generator)
    if plan.time_column is not None:
        column = inputs[plan.time_column]
        if column.kind == "category":
            raise ColumnError(f"the time column {column.name!r} holds texts, not dates or numbers")
        return time_split(column.values, TEST_FRACTION)
    if truth.is_classes:
        return stratified_split(truth.values, TEST_FRACTION, generator)
    return random_split(len(truth.values), TEST_FRACTION, generator)


def group_codes(column: Column) -> np.ndarray:
    """The group of every row as a whole number; raises `ColumnError` where it is missing."""
    if column.missing.any():
        row = int(np.flatnonzero(column.missing)[0]) + 1
        raise ColumnError(f"the group column {column.name!r} has no value in row {row}")
    codes: np.ndarray = np.unique(column.values, return_inverse=True)[1]
    return codes


def _kept_rows(split: Split, known: np.ndarray) -> Split:
    """A caller's split of the whole table, renumbered to the rows that have a target."""
    place = np.full(max(int(known.max()), int(split.training.max()), int(split.held_out.max())) + 1, -1)
    place[known] = np.arange(len(known))
    training, held_out = place[split.training], place[split.held_out]
    return Split(training[training >= 0], held_out[held_out >= 0], split.rule)


def _by_words(column: Column) -> Split:
    words = np.char.lower(label_texts(column).astype(str))
    held_out = np.isin(words, HELD_OUT_WORDS)
    training = np.isin(words, TRAINING_WORDS)
    other = np.unique(words[~held_out & ~training])
    if column.missing.any() or len(other) or not held_out.any() or not training.any():
        got = ", ".join(repr(str(w)) for w in np.unique(words)[:5])
        raise ColumnError(
            f"the split column {column.name!r} must say train or test (valid, holdout, 0/1 …) in every row, got {got}"
        )
    rule = f"the {int(held_out.sum()):,} rows that column {column.name} does not mark for training"
    return Split(np.flatnonzero(training), np.flatnonzero(held_out), rule)


def _with_test_table(
    table: Table, inputs: Table, truth: Truth, test: Any, drop: Sequence[str], left_out: int, fingerprint: str
) -> SealedTable:
    second = read(test)
    column = second[truth.name]
    second = second.take(~column.missing)
    column = column.take(~column.missing)
    if len(second) == 0:
        raise ShapeError(f"the test table has no row with a target {truth.name!r}")
    if truth.is_classes:
        held = Truth(truth.name, truth.kind, codes_of(column, truth.labels), truth.labels, truth.reason)
    else:
        held = Truth(truth.name, truth.kind, column.values, (), truth.reason)
    rest = second.drop([truth.name, *(name for name in drop if name in second)])
    rule = f"the {len(second):,} rows of {second.source or 'the second table'}"
    mask = np.zeros(len(table), dtype=bool)
    return SealedTable(inputs, truth, rest, held, mask, rule, left_out, fingerprint, second.fingerprint())
