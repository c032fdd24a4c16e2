"""What one should know about a table before training on it, as findings."""

from __future__ import annotations

import math

import numpy as np

from ..records import Finding, counted
from .duplicates import repeated_rows
from .leaks import ToldAlone
from .table import Column, Table
from .task import Task, class_names

# A class is rare when it has less than a fifth of an even share: below 10 % when there are two classes.
RARE_SHARE = 0.2
# A single column that tells the target this well is suspected of holding the answer.
LEAK_SCORE = 0.98
# With fewer ways than so many a row in which values can stand together, equal rows are no news.
CHANCE = 10
_LOOKED_AT = 1000


def table_findings(table: Table, target: Column | None = None, task: Task | None = None) -> tuple[Finding, ...]:
    """IDENTIFIER and DUPLICATES, and with a target IMBALANCE and LEAK."""
    findings = [identifiers(table), duplicates(table)]
    if target is not None and task is not None:
        findings += [imbalance(target, task), *leaks(table, target, task)]
    return tuple(f for f in findings if f is not None)


def identifiers(table: Table) -> Finding | None:
    """IDENTIFIER: the columns that name a row and are set aside."""
    names = [c.name for c in table if c.role == "identifier"]
    if not names:
        return None
    verb = "names" if len(names) == 1 else "name"
    reasons = "; ".join(f"{name}: {table[name].reason}" for name in names)
    return Finding(
        "IDENTIFIER",
        "information",
        f"{_listed(names)} {verb} the rows ({reasons})",
        "A network could learn single rows by heart from it, and new rows have new values",
        "It is set aside from the inputs",
    )


def duplicates(table: Table) -> Finding | None:
    """DUPLICATES: rows that repeat an earlier one in all columns that are not identifiers or free text.

    Nothing is said where these columns have so few different values that chance alone makes rows alike.
    """
    aside = tuple(c.name for c in table if c.role in ("identifier", "text"))
    count = int(repeated_rows(table, ignoring=aside).sum())
    if not count or _combinations(table.drop(aside)) < CHANCE * table.rows:
        return None
    without = f", {_listed(list(aside))} left aside" if aside else ""
    return Finding(
        "DUPLICATES",
        "information",
        f"{count:,} of {table.rows:,} rows {'repeats' if count == 1 else 'repeat'} an earlier row{without}",
        "When a row stands in the training rows and again in the held-out ones, the score is a little too good",
        "If they are copies of one case, remove them; if they are different cases with equal values, leave them",
    )


def _combinations(table: Table) -> float:
    """In how many ways the values of the columns, as the first rows have them, can stand together."""
    return math.prod(float(len(np.unique(column.values[:_LOOKED_AT]))) for column in table)


def imbalance(target: Column, task: Task) -> Finding | None:
    """IMBALANCE: the rarest class has less than a fifth of an even share."""
    if task.kind != "classification":
        return None
    values, counts = np.unique(target.values[~target.missing], return_counts=True)
    rarest = int(counts.argmin())
    share = counts[rarest] / counts.sum()
    if share >= RARE_SHARE / len(counts):
        return None
    rows = counted(int(counts[rarest]), "row")
    only = target.take(np.flatnonzero(target.values == values[rarest])[:1])
    return Finding(
        "IMBALANCE",
        "information",
        f"the rarest class of {target.name!r}, {class_names(only)[0]!r}, has {rows}, {share:.1%}",
        "Always guessing the other classes already gives a high accuracy",
        "Judge by ROC AUC or log loss, and consider class_weight='balanced' or another threshold",
    )


def leaks(table: Table, target: Column, task: Task) -> list[Finding]:
    """LEAK: one for each input column that alone tells the target with an AUC or R² of 0.98 or more."""
    classification = task.kind == "classification"
    measure, alone = "ROC AUC" if classification else "R² of ranks", ToldAlone(target, classification)
    findings = []
    for column in table:
        if column.name == target.name or column.role != "input":
            continue
        score = alone.score(column)
        if score >= LEAK_SCORE:
            findings.append(
                Finding(
                    "LEAK",
                    "warning",
                    f"{column.name!r} alone tells {target.name!r} with a {measure} of {score:.3f} (rows held out)",
                    "It may hold the answer itself; and that a column is known only after the event cannot be seen "
                    "in the data at all, so go through the other columns in your mind as well",
                    f"If it is not known at the time of prediction, leave it out with --drop {column.name}",
                )
            )
    return findings


def _listed(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names)
