"""What one should know about the rows of a training before believing its figures.

What looks at the target looks at training rows only; of the sealed rows it is only counted how many of them repeat a
training row.
"""

from __future__ import annotations

import numpy as np

from ..data.duplicates import rows_seen
from ..data.table import Column, Table
from ..data.table_findings import identifiers, imbalance, leaks
from ..data.task import Task
from ..records import Finding
from .seal import SealedTable
from .truth import Truth

# More test rows than this share that repeat training rows make the score doubtful.
MANY_REPEATED = 0.05


def training_findings(table: Table, sealed: SealedTable, inputs: tuple[str, ...]) -> tuple[Finding, ...]:
    """What was found when `table` was read, then MISSING_TARGET, LEAK, ORDERED_SPLIT, DUPLICATES and more."""
    truth = sealed.training_truth
    target = _column(truth)
    task = Task(truth.kind, truth.labels, truth.reason)  # type: ignore[arg-type]
    found = [
        missing_target(sealed.left_out, len(table), truth.name),
        *leaks(sealed.training.select(inputs), target, task),
        ordered_split(sealed),
        shared_rows(sealed, inputs),
        imbalance(target, task),
        identifiers(sealed.training),
    ]
    return (*table.findings, *(finding for finding in found if finding is not None))


def missing_target(left_out: int, rows: int, target: str) -> Finding | None:
    """MISSING_TARGET: rows that cannot be learned from."""
    if not left_out:
        return None
    have, are = ("has", "is") if left_out == 1 else ("have", "are")
    return Finding(
        "MISSING_TARGET",
        "warning",
        f"{left_out:,} of {rows:,} rows {have} no {target!r} and {are} left out",
        "If their target is missing for a reason, the model is good for the other rows only",
        "Look at why it is missing",
    )


def ordered_split(sealed: SealedTable) -> Finding | None:
    """ORDERED_SPLIT: the test rows stand apart in an order in which the training rows are sorted by the target."""
    values = sealed.training_truth.values
    if sealed.moments is not None:
        values, order = values[np.argsort(sealed.moments, kind="stable")], "order of time"
    elif sealed.in_order:
        order = "the order of the table"
    else:
        return None
    steps = np.diff(values)
    if not steps.any() or ((steps < 0).any() and (steps > 0).any()):
        return None
    return Finding(
        "ORDERED_SPLIT",
        "warning",
        f"In {order} the test rows stand apart, and the training rows are sorted by {sealed.training_truth.name!r}",
        "The test rows then hold what the training rows hardly have, and their score is that of an extrapolation",
        "Choose the test rows at random, or predict the change rather than the level",
    )


def shared_rows(sealed: SealedTable, inputs: tuple[str, ...]) -> Finding | None:
    """DUPLICATES: test rows that repeat a training row in all inputs and the target."""
    training = sealed.training.select(inputs).with_column(_column(sealed.training_truth))
    test = sealed.held_out.select(inputs).with_column(_column(sealed.held_out_truth))
    count, rows = int(rows_seen(test, training).sum()), len(test)
    if not count:
        return None
    repeat = "repeats" if count == 1 else "repeat"
    return Finding(
        "DUPLICATES",
        "warning" if count > MANY_REPEATED * rows else "information",
        f"{count:,} of {rows:,} test rows ({count / rows:.1%}) {repeat} a training row in all inputs and the target",
        "A network can know such rows by heart, so the score may be too good",
        "If they are copies of one case, remove them; if they are different cases with equal values, leave them",
    )


def _column(truth: Truth) -> Column:
    """The target in these rows, classes by their codes."""
    if truth.is_classes:
        return Column(truth.name, "category", truth.values.astype(np.int32), truth.labels)
    return Column(truth.name, "number", truth.values)
