"""The best rule that looks at one column: the baseline that a network must beat to be worth its weights.

A rule splits the rows by the levels of a category (a missing value is a level of its own), or at one threshold of a
number or date (missing values form a third group), and predicts what the training rows of that group did: class
shares with one row added per class (Laplace's rule of succession), or the mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..data.days import date_text, days_of
from ..data.table import Column, Table
from ..preprocessing.conversion import column_levels, column_moments, column_numbers
from ..records import Record
from .truth import decide

MOST_THRESHOLDS = 200
# Levels on fewer rows have no group: too few to say anything, and their names stay out of files.
FEWEST_IN_GROUP = 5


@dataclass(frozen=True, eq=False)
class Rule(Record):
    """A fitted rule: `groups` maps a level (or "below" and "above" the `threshold`) to what it predicts, (outputs,).

    `kind` is that of the column; a rule without a column has no groups. `missing` serves cells without a value, None
    where training rows had none, `otherwise` all levels that have no group. `loss` is the mean training loss
    (cross-entropy or squared error), `hits` how many training rows are classified rightly, 0 for numbers.
    """

    column: str
    kind: str
    threshold: float | None
    groups: dict[str, np.ndarray]
    missing: np.ndarray | None
    otherwise: np.ndarray
    loss: float
    hits: int = 0

    def predict(self, table: Table) -> np.ndarray:
        """Class probabilities (rows, classes), or predicted numbers (rows, 1).

        Raises `ColumnError` when the column is absent or holds what its kind cannot.
        """
        if not self.column:
            return np.tile(self.otherwise, (len(table), 1))
        codes, names = _groups(table[self.column], self.kind, self.threshold)
        missing = self.otherwise if self.missing is None else self.missing
        return np.stack([*(self.groups.get(name, self.otherwise) for name in names), missing])[codes]

    def in_words(self, labels: tuple[str, ...], dates: bool = False) -> str:
        """The rule in words: `Sex=female → 1, Sex=male → 0`; with `dates` the days that it predicts are dates."""
        if not self.column:
            return "the same for every row"
        if labels and not self.separates():
            only = _outcome(self.otherwise, labels, dates)
            return f"no rule on one column beats naming {only} for every row; {self.column} moves probabilities only"
        parts = [f"{self._condition(name)} → {_outcome(value, labels, dates)}" for name, value in self.groups.items()]
        if self.missing is not None:
            parts.append(f"{self.column} missing → {_outcome(self.missing, labels, dates)}")
        return ", ".join(parts[:4] + ([f"… {len(parts) - 4} more"] if len(parts) > 4 else []))

    def separates(self) -> bool:
        """Whether some rows get another class (or number) than others."""
        leaves = [*self.groups.values(), *([] if self.missing is None else [self.missing])]
        if len(self.otherwise) == 1:
            return len({float(leaf[0]) for leaf in leaves}) > 1
        return len({int(decide(leaf[None])[0]) for leaf in leaves}) > 1

    def _condition(self, name: str) -> str:
        if self.threshold is None:
            return f"{self.column}={name}"
        border = f"{self.threshold:.6g}"
        if self.kind == "date":
            border = date_text(self.threshold)
        return f"{self.column} {'≤' if name == 'below' else '>'} {border}"


def constant_rule(Y: np.ndarray) -> Rule:
    """The majority class's shares, or the mean, for every row. Y as `best_rule`."""
    leaf = _leaf(Y.sum(axis=0), len(Y))
    return Rule("", "", None, {}, None, leaf, *_quality(Y, np.broadcast_to(leaf, Y.shape)))


def best_rule(table: Table, names: tuple[str, ...], Y: np.ndarray) -> Rule:
    """The best rule over the named columns, measured on these rows; the constant where no column makes a rule.

    `Y` is one-hot (rows, classes) for classes and (rows, 1) for numbers. Numbers: the lowest squared error. Classes: a
    rule is judged by what it decides, so the lowest cross-entropy among the rules whose accuracy is within one standard
    error, √(a (1 - a) / rows), of the highest; without that margin a rule could win by the luck of a row or two.
    Columns with more levels than a tenth of the rows are passed over: their groups would be names, not rules.
    """
    rules = [rule for name in names for rule in _candidates(table[name], Y)]
    if not rules:
        return constant_rule(Y)
    most = max(rule.hits for rule in rules)
    margin = np.sqrt(most * (len(Y) - most) / len(Y))
    return min((rule for rule in rules if rule.hits >= most - margin), key=lambda rule: rule.loss)


def _candidates(column: Column, Y: np.ndarray) -> list[Rule]:
    if column.kind == "category":
        levels = len(np.unique(column.values[column.values >= 0]))
        return [] if levels > max(2, len(Y) / 10) else [_make(column, None, Y)]
    numbers = _numbers(column, column.kind)
    present = numbers[~np.isnan(numbers)]
    values = np.unique(present)
    if len(values) > MOST_THRESHOLDS:
        values = np.unique(np.quantile(present, np.linspace(0.005, 0.995, MOST_THRESHOLDS)))
    if len(values) < 2:
        return []
    middles = values[:-1] + (values[1:] - values[:-1]) / 2
    return [_make(column, threshold, Y) for threshold in _best_thresholds(numbers, middles, Y)]


def _best_thresholds(numbers: np.ndarray, middles: np.ndarray, Y: np.ndarray) -> list[float]:
    """The threshold whose two groups have the lowest loss and, for classes, the one with the most rows right.

    Both come from sums over the bins between thresholds.
    """
    known = ~np.isnan(numbers)
    bins = np.searchsorted(middles, numbers[known], side="left")
    size = len(middles) + 1
    counts = np.bincount(bins, minlength=size).astype(float)
    sums = np.stack([np.bincount(bins, weights=Y[known, k], minlength=size) for k in range(Y.shape[1])], axis=1)
    below_n, below = np.cumsum(counts)[:-1], np.cumsum(sums, axis=0)[:-1]
    above_n, above = counts.sum() - below_n, sums.sum(axis=0) - below
    gain = _group_gain(below, below_n) + _group_gain(above, above_n)
    best = [int(gain.argmax())]
    if Y.shape[1] > 1:
        best.append(int((below.max(axis=1) + above.max(axis=1)).argmax()))
    return [float(middles[k]) for k in dict.fromkeys(best)]


def _group_gain(sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """How much better than nothing a group's own prediction is: Σ n log p for classes, (Σ y)² / n for numbers."""
    if sums.shape[1] == 1:
        return sums[:, 0] ** 2 / np.maximum(counts, 1)
    shares = (sums + 1) / (counts + sums.shape[1])[:, None]
    gain: np.ndarray = (sums * np.log(shares)).sum(axis=1)
    return gain


def _make(column: Column, threshold: float | None, Y: np.ndarray) -> Rule:
    codes, names = _groups(column, column.kind, threshold)
    codes = codes % (len(names) + 1)
    counts = np.bincount(codes, minlength=len(names) + 1)
    sums = np.stack([np.bincount(codes, weights=y, minlength=len(names) + 1) for y in Y.T], axis=1)
    otherwise = _leaf(Y.sum(axis=0), len(Y))
    least = FEWEST_IN_GROUP if threshold is None else 1
    kept = {name: _leaf(sums[k], int(counts[k])) for k, name in enumerate(names) if counts[k] >= least}
    missing = _leaf(sums[-1], int(counts[-1])) if counts[-1] else None
    rows = np.stack([*(kept.get(name, otherwise) for name in names), otherwise if missing is None else missing])[codes]
    return Rule(column.name, column.kind, threshold, kept, missing, otherwise, *_quality(Y, rows))


def _quality(Y: np.ndarray, predicted: np.ndarray) -> tuple[float, int]:
    """(mean loss, rows classified rightly) of predictions (rows, outputs)."""
    if Y.shape[1] == 1:
        return float(((Y - predicted) ** 2).mean()), 0
    hits = int((decide(predicted) == Y.argmax(axis=1)).sum())
    return float(-np.log((Y * predicted).sum(axis=1)).mean()), hits


def _leaf(sums: np.ndarray, rows: int) -> np.ndarray:
    """What a group of `rows` rows predicts, from its sums of the target (outputs,)."""
    if len(sums) == 1:
        return np.asarray(sums / rows, dtype=float)
    return np.asarray((sums + 1) / (rows + len(sums)), dtype=float)


def _outcome(leaf: np.ndarray, labels: tuple[str, ...], dates: bool) -> str:
    if labels:
        return labels[int(decide(leaf[None])[0])]
    return date_text(round(float(leaf[0]))) if dates else f"{leaf[0]:.6g}"


def _groups(column: Column, kind: str, threshold: float | None) -> tuple[np.ndarray, tuple[str, ...]]:
    """The group of every row as a code, -1 where the value is missing, and the names of the codes."""
    if threshold is None:
        return column_levels(column)
    numbers = _numbers(column, kind)
    return np.where(np.isnan(numbers), -1, (numbers > threshold).astype(int)), ("below", "above")


def _numbers(column: Column, kind: str) -> np.ndarray:
    """Values as float64, dates as days since 1970, missing as NaN."""
    if kind == "number":
        return column_numbers(column)
    return days_of(column_moments(column))
