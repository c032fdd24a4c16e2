"""`importance`: how much worse a model predicts when a column is shuffled, so that it no longer belongs to its row.

Breiman, "Random forests", Machine Learning 45 (2001), section 10; of any model in Fisher, Rudin and Dominici, "All
models are wrong, but many are useful", JMLR 20 (2019). Columns are shuffled as they stand in the table, not one by one
after encoding, and on rows that the model has not learned from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..data.table import Table
from ..errors import ColumnError, InputError, SpecError, nearest
from ..estimators.swapped_columns import SwappedColumns
from ..metrics.ratios import student_quantile
from ..records import Finding, Interval, Record, figure, with_interval
from ..training.randomness import stream
from .associations import strong_pairs
from .fold_models import FoldAnswer, fold_models, is_plan
from .row_losses import figure_of, figure_slope, figure_value, row_losses
from .truth import Truth
from .unseen_rows import inputs_of, unseen_rows

SHUFFLES = 10
# More rows than this are sampled, and more predictions than this are not made: fewer shuffles, then fewer rows.
MOST_ROWS, MOST_PREDICTIONS, FEWEST_ROWS_SAMPLED = 5_000, 500_000, 200
FEWEST_ROWS = 10
OUT_OF_FOLD = "out-of-fold rows"


@dataclass(frozen=True)
class ColumnImportance(Record):
    """`increase` of the figure when the `columns` are shuffled together; above 0: the model uses them.

    `shuffled` is the figure after shuffling. `interval` is None when no row tells of a spread.
    """

    name: str
    columns: tuple[str, ...]
    increase: float
    interval: Interval | None
    shuffled: float

    def __str__(self) -> str:
        return f"{self.name} {with_interval(self.increase, self.interval, sign=True)}"


@dataclass(frozen=True)
class Importance(Record):
    """What each column of the table is worth to a model, most first.

    `figure` is "log loss" or "RMSE", `value` what it is as the rows stand. `rows` were shuffled `shuffles` times for
    each column, drawn from `drawn_from`; `rows_scored` says which ("sealed rows", "new rows", "out-of-fold rows",
    "all rows"). `look` counts the looks at sealed rows. `associated` are pairs of columns that say much the same, with
    their strength from 0 to 1.
    """

    target: str
    figure: str
    value: float
    rows: int
    rows_scored: str
    shuffles: int
    columns: tuple[ColumnImportance, ...]
    associated: tuple[tuple[str, str, float], ...] = ()
    look: int | None = None
    findings: tuple[Finding, ...] = ()
    drawn_from: int = 0

    @property
    def which(self) -> str:
        """`712 training rows, each before a network that had not learned from it`."""
        if self.rows_scored != OUT_OF_FOLD:
            told = f"{self.rows:,} {self.rows_scored}"
        else:
            told = f"{self.rows:,} training rows, each before a network that had not learned from it"
        return f"{told}, drawn from {self.drawn_from:,}" if self.drawn_from > self.rows else told

    def __getitem__(self, name: str) -> ColumnImportance:
        """The importance of the column, or group of columns, of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def __str__(self) -> str:
        head = f"{self.figure} {figure(self.value)} on {self.which}; higher by, when shuffled:"
        return "\n".join([head, *(f"  {column}" for column in self.columns), *(f.seen for f in self.findings)])


def importance(
    model: Any,
    source: Any,
    *,
    target: str | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    shuffles: int = SHUFFLES,
    folds: int = 5,
    all_rows: bool = False,
    seed: int = 0,
) -> Importance:
    """Permutation importance of every input column of `model` on a table or anything that `pellucid.read` takes.

    A fitted model is judged on rows that it has not learned from: the sealed rows of its training table (which is a
    look at them), all rows of other tables, every row with `all_rows`. An unfitted MLPClassifier or MLPRegressor is
    trained in each of `folds` folds, and every row is shuffled within the fold that holds it out; `target` names the
    column to predict. `groups` maps names to columns that are shuffled together; other columns stand alone.

    The increase is in log loss or RMSE, a mean over `shuffles`; its 95 % interval takes each row's part as the one that
    is given a strange value and as the one that lends its own. Up to 5,000 rows are used, sampled with `seed`.

    Raises `ColumnError` for unknown columns, `SpecError` for groups that overlap and numbers out of range, `InputError`
    for models and rows that cannot be judged.
    """
    _check_numbers(shuffles, folds)
    if is_plan(model):
        return _out_of_fold(model, source, target, groups, shuffles, folds, seed)
    rows = unseen_rows([model], ["this model"], source, target, all_rows)
    found = importance_on(model, rows.inputs[0], rows.truth, groups=groups, shuffles=shuffles, seed=seed)
    look = rows.count_look("importance")
    findings = (*rows.findings, *found.findings)
    return replace(found, rows_scored=rows.rows_scored, findings=findings, look=look)


def importance_on(
    model: Any,
    table: Table,
    truth: Truth,
    *,
    rows_scored: str = "new rows",
    groups: Mapping[str, Sequence[str]] | None = None,
    shuffles: int = SHUFFLES,
    seed: int = 0,
) -> Importance:
    """Permutation importance on these very rows, whatever they are; no look is counted."""
    inputs = inputs_of(model)
    wanted = _groups(groups, inputs)
    drawn_from = len(table)
    table, truth, shuffles = _affordable(table, truth, len(wanted), shuffles, seed)
    base, parts = _parts(SwappedColumns(model, table).answers, truth, wanted, shuffles, seed)
    found = _summary(truth, base, parts, wanted, shuffles, table.select(inputs), rows_scored)
    return replace(found, drawn_from=drawn_from)


def _out_of_fold(
    plan: Any,
    source: Any,
    target: str | None,
    groups: Mapping[str, Sequence[str]] | None,
    shuffles: int,
    folds: int,
    seed: int,
) -> Importance:
    trained = fold_models([plan], source, target, folds, [seed])
    pieces = ((fold.answers[0][0], fold.table, fold.truth) for fold in trained)
    return importance_over_folds(pieces, folds, groups=groups, shuffles=shuffles, seed=seed)


def importance_over_folds(
    folds: Iterable[tuple[FoldAnswer, Table, Truth]],
    count: int,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    shuffles: int = SHUFFLES,
    seed: int = 0,
) -> Importance:
    """Permutation importance on the rows that `count` folds hold out: of each fold what its network answers, the
    inputs of the rows and their truth."""
    bases, parts, truths, tables, times, drawn_from = [], [], [], [], shuffles, 0
    wanted: dict[str, tuple[str, ...]] = {}
    for number, (answer, held_out, held_out_truth) in enumerate(folds):
        wanted = _groups(groups, held_out.names)
        drawn_from += len(held_out)
        table, truth, times = _affordable(held_out, held_out_truth, len(wanted) * count, shuffles, seed)
        base, part = _parts(_completed(answer, table), truth, wanted, times, seed + number)
        bases.append(base)
        parts.append(part)
        truths.append(truth)
        tables.append(table)
    truth = replace(truths[0], values=np.concatenate([truth.values for truth in truths]))
    joined = {name: np.concatenate([part[name] for part in parts], axis=1) for name in wanted}
    largest = max(tables, key=len)
    found = _summary(truth, np.concatenate(bases), joined, wanted, times, largest, OUT_OF_FOLD)
    return replace(found, drawn_from=drawn_from)


def _completed(answer: FoldAnswer, table: Table) -> Callable[..., np.ndarray]:
    swapped = SwappedColumns(answer.model, table)
    return lambda *swap: answer.completed(swapped.answers(*swap))


def _parts(
    answers: Callable[..., np.ndarray], truth: Truth, wanted: Mapping[str, Sequence[str]], shuffles: int, seed: int
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """(losses (rows,), for each group by how much shuffling raises them (2, rows)).

    First by the row that got a strange value, then by the row that lent it, both means over shuffles.
    """

    base = row_losses(truth, answers())
    rows = len(base)
    rng = stream(seed, "shuffles")
    lenders = np.stack([rng.permutation(rows) for _ in range(shuffles)])
    back = np.argsort(lenders, axis=1)
    repeated = truth.take(np.tile(np.arange(rows), shuffles))
    parts = {}
    for name, columns in wanted.items():
        rise = row_losses(repeated, answers(columns, lenders)).reshape(shuffles, rows) - base
        parts[name] = np.stack([rise.mean(axis=0), np.take_along_axis(rise, back, axis=1).mean(axis=0)])
    return base, parts


def _summary(
    truth: Truth,
    base: np.ndarray,
    parts: Mapping[str, np.ndarray],
    wanted: Mapping[str, tuple[str, ...]],
    shuffles: int,
    table: Table,
    rows_scored: str,
) -> Importance:
    columns = [_column(truth, name, wanted[name], base, *parts[name]) for name in wanted]
    columns.sort(key=lambda column: -column.increase)
    alone = [name for name, group in wanted.items() if len(group) == 1]
    pairs = strong_pairs(table.select([wanted[name][0] for name in alone]))
    value = figure_value(truth, float(base.mean()))
    return Importance(
        truth.name,
        figure_of(truth),
        value,
        len(base),
        rows_scored,
        shuffles,
        tuple(columns),
        pairs,
        findings=(_associated(pairs),) if pairs else (),
    )


def _column(
    truth: Truth, name: str, columns: tuple[str, ...], base: np.ndarray, got: np.ndarray, lent: np.ndarray
) -> ColumnImportance:
    """The increase and its interval, by the influence of each row on both means (Hoeffding's projection)."""
    mean, rise = float(base.mean()), float(got.mean())
    after = mean + rise
    increase = figure_value(truth, after) - figure_value(truth, mean)
    slope, slope_before = figure_slope(truth, after), figure_slope(truth, mean)
    influence = slope * (got + lent - 2 * rise) + (slope - slope_before) * (base - mean)
    rows = len(base)
    error = float(influence.std(ddof=1) / np.sqrt(rows)) if rows > 1 else 0.0
    interval = None
    if error > 0:
        reach = student_quantile(0.95, rows - 1) * error
        interval = Interval(
            increase - reach, increase + reach, 0.95, f"t over {rows:,} rows, by the influence function"
        )
    elif rows > 1 and not increase:  # a column that changes no prediction has no spread: that is known exactly
        interval = Interval(0.0, 0.0, 0.95, "no prediction changes")
    return ColumnImportance(name, columns, increase, interval, figure_value(truth, after))


def _associated(pairs: Sequence[tuple[str, str, float]]) -> Finding:
    """ASSOCIATED_COLUMNS: shuffling one of two columns that say the same hides what they are worth."""
    told = ", ".join(f"{one} and {other} ({strength:.2f})" for one, other, strength in pairs[:3])
    more = f" and {len(pairs) - 3} more pairs" if len(pairs) > 3 else ""
    return Finding(
        "ASSOCIATED_COLUMNS",
        "information",
        f"Strongly associated: {told}{more}",
        "While one of them is shuffled the other still tells what it knows, so each looks less important than both "
        "are, and the model is asked about rows that never occur",
        "Shuffle them together: groups={'name': ['one', 'other']}",
    )


def _groups(groups: Mapping[str, Sequence[str]] | None, inputs: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Every input column in one group, by the name of the group; a column alone has its own name."""
    if groups is not None and not isinstance(groups, Mapping):
        raise SpecError(f"groups must map names to lists of columns, got {type(groups).__name__}")
    wanted: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    for name, columns in (groups or {}).items():
        if isinstance(columns, str) or not len(columns):
            raise SpecError(f"the group {name!r} must be a list of columns, got {columns!r}")
        for column in columns:
            if column not in inputs:
                raise ColumnError(f"no input column {column!r} of this model{nearest(column, inputs)}")
            if column in taken:
                raise SpecError(f"the column {column!r} stands in two groups, {taken[column]!r} and {name!r}")
            taken[column] = name
        wanted[name] = tuple(columns)
    alone = {name: (name,) for name in inputs if name not in taken}
    if set(alone) & set(wanted):
        raise SpecError(f"the group {min(set(alone) & set(wanted))!r} has the name of a column that is not in it")
    return {**wanted, **alone}


def _affordable(table: Table, truth: Truth, groups: int, shuffles: int, seed: int) -> tuple[Table, Truth, int]:
    """Rows and shuffles that are done in a moment."""
    if len(table) < FEWEST_ROWS:
        raise InputError(f"{len(table)} rows are too few to shuffle; {FEWEST_ROWS} are the least")
    rows = min(len(table), MOST_ROWS)
    times = int(np.clip(MOST_PREDICTIONS // (rows * groups), 1, shuffles))
    rows = min(rows, max(MOST_PREDICTIONS // (times * groups), FEWEST_ROWS_SAMPLED))
    if rows == len(table):
        return table, truth, times
    chosen = np.sort(stream(seed, "rows").choice(len(table), rows, replace=False))
    return table.take(chosen), truth.take(chosen), times


def _check_numbers(shuffles: Any, folds: Any) -> None:
    for what, value, least in (("shuffles", shuffles, 1), ("folds", folds, 2)):
        if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < least:
            raise SpecError(f"{what} must be a whole number of at least {least}, got {value!r}")
