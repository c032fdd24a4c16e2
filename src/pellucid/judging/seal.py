"""Which rows are sealed: kept away from everything that learns or chooses, and scored once at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..data.read import read
from ..data.split import Split, grouped_split, random_split, stratified_split, time_split
from ..data.table import Column, Table
from ..errors import ColumnError, InputError, SpecError
from ..records import counted
from ..training.randomness import stream
from .truth import Truth, label_texts, split_off_target, truth_of

TEST_FRACTION = 0.2
FEWEST_ROWS = 10
FEWEST_TRAINING_ROWS = 8
HELD_OUT_WORDS = ("test", "valid", "validation", "val", "holdout", "held out", "held_out", "eval", "dev", "1", "true")
TRAINING_WORDS = ("train", "training", "0", "false")
ROLES = {
    "drop": "dropped",
    "split_column": "the column that says which rows are for testing",
    "group": "the column that groups the rows",
    "time_column": "the column of times that chooses the test rows",
}
# The column that chooses the test rows, and why it is no input.
WHY_APART = {
    "split_column": "it says which rows are for testing",
    "group": "its rows stand on one side of every split, so what it says cannot be tested",
    "time_column": "all test rows are later than the training rows, so what it says about them cannot be learned",
}


@dataclass(frozen=True)
class SealPlan:
    """How rows are chosen; at most one field is set, none means at random.

    `test` is a second table, `split` row numbers of the table, the others name a column, which is then no input.
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

    @property
    def apart(self) -> dict[str, str]:
        """The column that chooses rows, where there is one, and why it is no input."""
        named = {getattr(self, name): reason for name, reason in WHY_APART.items()}
        return {column: reason for column, reason in named.items() if column is not None}


@dataclass(frozen=True, eq=False)
class SealedTable:
    """A table cut in two. `mask` says which rows of the table as it was read are sealed; none with a second table.

    `fingerprint` is that of the table as read, `looks_at` that of the table whose rows are scored. `left_out` rows have
    no target. `groups` (training rows,) are codes of rows that must stay together, `moments` (training rows,) their
    times when the latest rows are sealed; `in_order` says that all sealed rows stand before or after the training rows.
    `apart` are columns that serve the split and are no inputs, with the reason.
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
    groups: np.ndarray | None = None
    moments: np.ndarray | None = None
    in_order: bool = False
    apart: dict[str, str] = field(default_factory=dict)


def seal_rows(table: Table, target: str, plan: SealPlan, drop: Sequence[str], seed: int) -> SealedTable:
    """Cut `table` by `plan`, leaving out the `drop` columns and the rows without a target.

    A dropped column can still choose the test rows. Classes, and the levels of categories, are those of the training
    rows. Raises `ColumnError` for unknown columns and `InputError` when there are too few rows or classes.
    """
    for what in ("drop", *WHY_APART):
        if target in (drop if what == "drop" else [getattr(plan, what)]):
            raise SpecError(f"{target!r} is the target, so it cannot be {ROLES[what]} too")
    inputs, truth, known = split_off_target(table.drop(list(drop)), target)
    if len(truth.values) < FEWEST_ROWS:
        raise InputError(
            f"{counted(len(truth.values), 'row')} with a target are too few to learn from; {FEWEST_ROWS} are the least"
        )
    if plan.test is not None:
        held_out, held_out_truth, rule, looks_at = _test_table(truth, plan.test, drop, table.fingerprint())
        training, mask, groups = np.arange(len(truth.values)), np.zeros(len(table), dtype=bool), None
        in_order, moments = False, None
    else:
        rows = np.flatnonzero(known)
        split, codes = _split(table, truth, plan, seed, rows)
        held_out, held_out_truth = inputs.take(split.held_out), truth.take(split.held_out)
        training, rule, looks_at = split.training, split.rule, table.fingerprint()
        groups = None if codes is None else codes[training]
        moments = None if plan.time_column is None else table[plan.time_column].values[rows[training]]
        in_order = _apart_in_order(training, split.held_out)
        mask = np.isin(np.arange(len(table)), rows[split.held_out])
    training_truth, held_out_truth = _by_learned_classes(truth.take(training), held_out_truth)
    return SealedTable(
        _with_learned_levels(inputs.take(training)),
        training_truth,
        held_out,
        held_out_truth,
        mask,
        rule,
        len(table) - len(truth.values),
        table.fingerprint(),
        looks_at,
        groups,
        moments,
        in_order,
        plan.apart,
    )


def _split(table: Table, truth: Truth, plan: SealPlan, seed: int, rows: np.ndarray) -> tuple[Split, np.ndarray | None]:
    """The split of the `rows` that have a target, numbered 0 … among themselves, and their group codes if any."""
    generator = stream(seed, "test rows")
    if plan.split is not None:
        return _renumbered(plan.split, rows, len(table)), None
    for name in plan.apart:
        column = table[name]
        gaps = rows[column.missing[rows]]
        if len(gaps):
            raise ColumnError(
                f"the column {name!r}, which chooses the test rows, has no value in row {gaps[0] + 1:,} "
                f"({len(gaps):,} such rows); fill it in or leave those rows out"
            )
        column = column.take(rows)
        if plan.split_column is not None:
            return _by_words(column), None
        if plan.group is not None:
            codes: np.ndarray = np.unique(column.values, return_inverse=True)[1]
            return grouped_split(codes, TEST_FRACTION, generator), codes
        if column.kind == "category":
            raise ColumnError(f"the time column {name!r} holds texts, not dates or numbers")
        return time_split(column.values, TEST_FRACTION), None
    if truth.is_classes:
        return stratified_split(truth.targets, TEST_FRACTION, generator), None
    return random_split(len(rows), TEST_FRACTION, generator), None


def _apart_in_order(training: np.ndarray, held_out: np.ndarray) -> bool:
    if not len(training) or not len(held_out):
        return False
    return bool(training.max() < held_out.min() or held_out.max() < training.min())


def _renumbered(split: Split, rows: np.ndarray, length: int) -> Split:
    """A caller's split of the whole table, checked, in the numbers of the rows that have a target."""
    both = np.concatenate([split.training, split.held_out])
    if both.dtype.kind not in "iu":
        raise InputError(f"a split holds row numbers, got {both.dtype.name} values")
    outside = both[(both < 0) | (both >= length)]
    if len(outside):
        raise InputError(f"the split names row {outside[0]}, but rows are numbered from 0 to {length - 1:,}")
    numbers, counts = np.unique(both, return_counts=True)
    if (counts > 1).any():
        raise InputError(f"the split names row {numbers[counts.argmax()]} more than once; a row is on one side, once")
    place = np.full(length, -1)
    place[rows] = np.arange(len(rows))
    training, held_out = place[np.sort(split.training)], place[np.sort(split.held_out)]
    return Split(training[training >= 0], held_out[held_out >= 0], split.rule)


def _by_words(column: Column) -> Split:
    words = np.char.lower(label_texts(column).astype(str))
    held_out = np.isin(words, HELD_OUT_WORDS)
    training = np.isin(words, TRAINING_WORDS)
    if not (held_out | training).all() or not held_out.any() or not training.any():
        got = ", ".join(repr(str(w)) for w in np.unique(words)[:5])
        raise ColumnError(
            f"the split column {column.name!r} must say train or test (valid, holdout, 0/1 …) in every row, "
            f"and both in some, got {got}"
        )
    rule = f"the {counted(int(held_out.sum()), 'row')} that column {column.name} does not mark for training"
    return Split(np.flatnonzero(training), np.flatnonzero(held_out), rule)


def _test_table(truth: Truth, test: Any, drop: Sequence[str], fingerprint: str) -> tuple[Table, Truth, str, str]:
    """(inputs, truth, rule, fingerprint) of a second table, which must have the target."""
    second = read(test)
    if second.fingerprint() == fingerprint:
        raise InputError(
            "the test table is the training table itself, so its rows cannot test what was learned from them; "
            "give a table of other rows, or none, and a fifth of the rows is held out"
        )
    held, known = truth_of(second[truth.name], truth.labels, truth.reason, truth.date_unit)
    inputs = second.take(known).drop([truth.name, *(name for name in drop if name in second)])
    return (
        inputs,
        held,
        f"the {counted(len(inputs), 'row')} of {second.source or 'the second table'}",
        second.fingerprint(),
    )


def _by_learned_classes(training: Truth, held_out: Truth) -> tuple[Truth, Truth]:
    """Both truths by the classes of the training rows, once there are enough rows and classes to learn and to score."""
    if len(training.values) < FEWEST_TRAINING_ROWS or not len(held_out.values):
        raise InputError(
            f"{len(training.values)} training rows and {len(held_out.values)} test rows with a target are too few; "
            f"{FEWEST_TRAINING_ROWS} and 1 are the least"
        )
    if not training.is_classes:
        return training, held_out
    of_training = np.bincount(training.values, minlength=len(training.labels))
    of_test = np.bincount(held_out.values, minlength=len(training.labels))
    for label, count, tests in zip(training.labels, of_training.tolist(), of_test.tolist()):
        if count == 1 or (count == 0 and tests):
            raise InputError(
                f"the class {label!r} has {count} training rows and {tests} test rows; 2 training rows are the least: "
                "add rows of it, join it with another class, leave it out, or choose other test rows"
            )
    learned = np.flatnonzero(of_training)
    labels = tuple(training.labels[k] for k in learned)
    if len(labels) < 2:
        raise InputError(f"all training rows are of class {labels[0]!r}; choose other test rows")
    code = np.cumsum(of_training > 0) - 1
    return tuple(replace(t, values=code[t.values], labels=labels) for t in (training, held_out))  # type: ignore[return-value]


def _with_learned_levels(table: Table) -> Table:
    """The table with the levels that its own rows have, so that levels of other rows cannot count or be counted."""
    return Table([_own_levels(c) if c.kind == "category" else c for c in table], table.source)


def _own_levels(column: Column) -> Column:
    used = np.unique(column.values[column.values >= 0])
    place = np.full(len(column.levels) + 1, -1, dtype=np.int32)
    place[used] = np.arange(len(used))
    return replace(column, values=place[column.values], levels=tuple(column.levels[k] for k in used))
