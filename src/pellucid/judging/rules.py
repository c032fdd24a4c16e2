"""The best rule that looks at one column: the baseline that a network must beat to be worth its weights.

A rule splits the rows by the levels of a category (a missing value is a level of its own), or at one threshold of a
number or date (missing values form a third group), and predicts what the training rows of that group did: class
shares with one row added per class (Laplace's rule of succession), or the mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..data.table import Column, Table
from ..records import Record

MOST_THRESHOLDS = 200


@dataclass(frozen=True, eq=False)
class Rule(Record):
    """A fitted rule: `groups` maps a level (or "below", "above", "missing") to what it predicts, (outputs,).

    `otherwise` serves levels that were not seen. `loss` is the training loss by which the rule was chosen.
    """

    column: str
    threshold: float | None
    groups: dict[str, np.ndarray]
    otherwise: np.ndarray
    loss: float

    def predict(self, table: Table) -> np.ndarray:
        """Class probabilities (rows, classes), or predicted numbers (rows, 1)."""
        if not self.column:
            return np.tile(self.otherwise, (len(table), 1))
        codes, names = _groups(table[self.column], self.threshold)
        return np.stack([self.groups.get(name, self.otherwise) for name in names])[codes]

    def in_words(self, labels: tuple[str, ...]) -> str:
        """The rule as a sentence: `Sex=female: 1, Sex=male: 0`."""
        if not self.column:
            return "the same for every row"
        parts = []
        for name, value in self.groups.items():
            outcome = labels[int(value.argmax())] if labels else f"{value[0]:.4g}"
            parts.append(f"{self._condition(name)} → {outcome}")
        shown = parts[:4] + ([f"… {len(parts) - 4} more"] if len(parts) > 4 else [])
        return ", ".join(shown)

    def _condition(self, name: str) -> str:
        if self.threshold is None or name == "missing":
            return f"{self.column}={name}" if name != "missing" else f"{self.column} missing"
        return f"{self.column} {'≤' if name == 'below' else '>'} {self.threshold:.4g}"


def constant_rule(Y: np.ndarray) -> Rule:
    """The majority class's shares, or the mean, for every row. Y as `best_rule`."""
    return Rule("", None, {}, _leaf(Y.sum(axis=0), len(Y), Y), 0.0)


def best_rule(table: Table, names: tuple[str, ...], Y: np.ndarray) -> Rule:
    """The rule of lowest training loss over the named columns.

    `Y` is one-hot (rows, classes) for classes and (rows, 1) for numbers; the loss is cross-entropy or squared error.
    Columns with more levels than a tenth of the rows are passed over: their groups would be names, not rules.
    """
    rules = [rule for name in names for rule in _candidates(table[name], Y)]
    return min(rules, key=lambda rule: rule.loss, default=constant_rule(Y))


def _candidates(column: Column, Y: np.ndarray) -> list[Rule]:
    if column.kind == "category":
        if len(column.levels) > max(2, len(Y) / 10):
            return []
        return [_make(column, None, Y)]
    present = _numbers(column)
    present = present[~np.isnan(present)]
    values = np.unique(present)
    if len(values) < 2:
        return []
    if len(values) > MOST_THRESHOLDS:
        values = np.unique(np.quantile(present, np.linspace(0.005, 0.995, MOST_THRESHOLDS)))
    middles = (values[:-1] + values[1:]) / 2
    if len(middles) == 0:
        return []
    return [_make(column, _best_threshold(_numbers(column), middles, Y), Y)]


def _best_threshold(numbers: np.ndarray, middles: np.ndarray, Y: np.ndarray) -> float:
    """The threshold whose two groups have the lowest loss, from sums over the bins between thresholds."""
    known = ~np.isnan(numbers)
    bins = np.searchsorted(middles, numbers[known], side="left")
    size = len(middles) + 1
    counts = np.bincount(bins, minlength=size).astype(float)
    sums = np.stack([np.bincount(bins, weights=Y[known, k], minlength=size) for k in range(Y.shape[1])], axis=1)
    below_n, below = np.cumsum(counts)[:-1], np.cumsum(sums, axis=0)[:-1]
    above_n, above = counts.sum() - below_n, sums.sum(axis=0) - below
    gain = _group_gain(below, below_n) + _group_gain(above, above_n)
    return float(middles[int(gain.argmax())])


def _group_gain(sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """How much better than nothing a group's own prediction is: Σ n log p for classes, (Σ y)² / n for numbers."""
    if sums.shape[1] == 1:
        return sums[:, 0] ** 2 / np.maximum(counts, 1)
    shares = (sums + 1) / (counts + sums.shape[1])[:, None]
    gain: np.ndarray = (sums * np.log(shares)).sum(axis=1)
    return gain


def _make(column: Column, threshold: float | None, Y: np.ndarray) -> Rule:
    codes, names = _groups(column, threshold)
    counts = np.bincount(codes, minlength=len(names))
    sums = np.stack([np.bincount(codes, weights=y, minlength=len(names)) for y in Y.T], axis=1)
    seen = np.flatnonzero(counts)
    leaves = np.stack([_leaf(sums[k], int(counts[k]), Y) for k in range(len(names))])
    rows = leaves[codes]
    if Y.shape[1] == 1:
        loss = float(((Y - rows) ** 2).mean())
    else:
        loss = float(-np.log((Y * rows).sum(axis=1)).mean())
    everything = _leaf(Y.sum(axis=0), len(Y), Y)
    return Rule(column.name, threshold, {names[k]: leaves[k] for k in seen}, everything, loss)


def _leaf(sums: np.ndarray, rows: int, Y: np.ndarray) -> np.ndarray:
    if Y.shape[1] == 1:
        return np.asarray(sums / max(rows, 1), dtype=float)
    return np.asarray((sums + 1) / (rows + Y.shape[1]), dtype=float)


def _groups(column: Column, threshold: float | None) -> tuple[np.ndarray, list[str]]:
    """The group of every row as a code, and the names of the codes."""
    if threshold is None:
        return column.values % (len(column.levels) + 1), [*column.levels, "missing"]
    numbers = _numbers(column)
    return np.where(np.isnan(numbers), 2, (numbers > threshold).astype(int)), ["below", "above", "missing"]


def _numbers(column: Column) -> np.ndarray:
    """Values as float64, dates as days since 1970, missing as NaN."""
    if column.kind == "number":
        return column.values
    days = column.values.astype("datetime64[us]").astype(np.float64) / 86_400e6
    return np.where(column.missing, np.nan, days)
