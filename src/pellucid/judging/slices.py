"""`slices`: where a model is worse than elsewhere, by the values of each column, corrected for looking at many.

A slice is a level of a category, a quarter of the range of ranks of a number or date, or the rows without a value. Its
mean loss is compared with that of all other rows. The correction is max-T (Westfall and Young, "Resampling-based
multiple testing", 1993, algorithm 2.8 in one step): the losses are dealt to the rows anew a thousand times, and a
slice counts when it is worse than the worst slice of almost all deals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..data.table import Column, Table
from ..errors import InputError, SpecError
from ..estimators.decision import AS_IS, Decision
from ..metrics.intervals import bootstrap, wilson
from ..records import Finding, Interval, Record, counted, figure
from ..training.randomness import stream
from .row_losses import figure_of, figure_value, row_hits, row_losses
from .truth import Truth
from .unseen_rows import decision_of, inputs_of, predicted, unseen_rows

FEWEST_IN_SLICE = 20
MOST_LEVELS, MOST_COLUMNS, MOST_ROWS = 30, 100, 10_000
DEALS = 1000
LEVEL = 0.95


@dataclass(frozen=True)
class Slice(Record):
    """Rows that share a value of a column: `Age above 38`.

    `loss` is the log loss or RMSE in the slice, `elsewhere` that of all other rows. `score` is what people read:
    accuracy or RMSE of the slice, with its own 95 % interval (not corrected for looking at many). `p_value` is that of
    "no worse than elsewhere", after max-T; `worse` says that it is below 0.05.
    """

    column: str
    value: str
    rows: int
    score: float
    interval: Interval | None
    loss: float
    elsewhere: float
    p_value: float
    worse: bool

    @property
    def name(self) -> str:
        """`Sex = male`, `Age above 38`."""
        return f"{self.column} {self.value}"

    def __str__(self) -> str:
        where = f" {self.interval}" if self.interval else ""
        return f"{self.name}: {figure(self.score)}{where} on {counted(self.rows, 'row')}, p = {self.p_value:.3f}"


@dataclass(frozen=True)
class Slices(Record):
    """All slices: those that are worse than elsewhere beyond chance by how much, the others by how surprising they are.

    `figure` names the loss that is compared ("log loss" or "RMSE"), `score_name` the figure of each slice ("accuracy"
    or "RMSE"), `score` its value on all `rows`. `correction` says in words what the p-values were corrected by.
    `left_out` counts slices of fewer than 20 rows.
    """

    target: str
    figure: str
    score_name: str
    score: float
    rows: int
    rows_scored: str
    slices: tuple[Slice, ...]
    correction: str
    left_out: int
    look: int | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def worst(self) -> Slice | None:
        """The first slice, None when there is none."""
        return self.slices[0] if self.slices else None

    def __str__(self) -> str:
        head = f"{self.score_name} {figure(self.score)} on {self.rows:,} {self.rows_scored}"
        return "\n".join([f"{head}; by slices ({self.correction}):", *(f"  {one}" for one in self.slices)])


def slices(
    model: Any,
    source: Any,
    *,
    target: str | None = None,
    columns: Sequence[str] | None = None,
    all_rows: bool = False,
    seed: int = 0,
) -> Slices:
    """The score of a fitted model by slices of the columns of a table or anything that `pellucid.read` takes.

    Rows that the model has learned from are left out as in `importance`; looking at sealed rows counts as a look.
    `columns` may name any column of the table, also one that the model does not get; None takes the model's inputs.

    Raises `ColumnError` for unknown columns, `InputError` for models and rows that cannot be judged.
    """
    if isinstance(columns, str):
        raise SpecError(f"columns takes a list of columns, got the text {columns!r}; write [{columns!r}]")
    rows = unseen_rows([model], ["this model"], source, target, all_rows)
    found = slices_on(model, rows.inputs[0], rows.truth, columns=columns, seed=seed)
    look = rows.count_look("slices")
    findings = (*rows.findings, *found.findings)
    return replace(found, rows_scored=rows.rows_scored, look=look, findings=findings)


def slices_on(
    model: Any,
    table: Table,
    truth: Truth,
    *,
    rows_scored: str = "new rows",
    columns: Sequence[str] | None = None,
    seed: int = 0,
) -> Slices:
    """The score by slices on these very rows, whatever they are; no look is counted."""
    if len(table) > MOST_ROWS:
        chosen = np.sort(stream(seed, "rows").choice(len(table), MOST_ROWS, replace=False))
        table, truth = table.take(chosen), truth.take(chosen)
    names = list(inputs_of(model) if columns is None else columns)[:MOST_COLUMNS]
    answers = predicted(model, table)
    return slices_of(
        table.select(names), truth, answers, decision=decision_of(model), rows_scored=rows_scored, seed=seed
    )


def slices_of(
    table: Table,
    truth: Truth,
    predictions: np.ndarray,
    *,
    decision: Decision = AS_IS,
    rows_scored: str = "new rows",
    seed: int = 0,
) -> Slices:
    """The score by slices of every column of `table`; predictions are probabilities (rows, classes) or numbers (rows,).

    Classes are answered as `decision` says.

    Raises `InputError` when there is no row, or a prediction is no number.
    """
    if not len(table) or len(table) != len(predictions):
        raise InputError(f"slices need one prediction a row, got {len(predictions)} for {len(table)} rows")
    losses = row_losses(truth, predictions)
    if not np.isfinite(losses).all():
        raise InputError(f"the prediction of row {int((~np.isfinite(losses)).argmax()) + 1:,} is no finite number")
    scores = row_hits(truth, predictions, decision) if truth.is_classes else losses
    every = [(column.name, value, rows) for column in table for value, rows in _cuts(column)]
    kept = [cut for cut in every if FEWEST_IN_SLICE <= cut[2].sum() <= len(losses) - FEWEST_IN_SLICE]
    found = []
    if kept:
        members = np.stack([rows for _, _, rows in kept])
        p_values = max_t(members, losses, seed)
        found = [_slice(truth, name, value, rows, losses, scores, p) for (name, value, rows), p in zip(kept, p_values)]
        surplus = _surplus(members.astype(np.float64), losses[:, None])[:, 0]
        found = [found[place] for place in np.argsort(-surplus, kind="stable")]
        found.sort(key=lambda one: -max(one.loss - one.elsewhere, 0.0) if one.worse else 0.0)
    total = float(scores.mean())
    return Slices(
        truth.name,
        figure_of(truth),
        "accuracy" if truth.is_classes else "RMSE",
        total if truth.is_classes else float(np.sqrt(total)),
        len(losses),
        rows_scored,
        tuple(found),
        f"max-T over {len(kept)} slices, {DEALS:,} permutations, one-sided",
        len(every) - len(kept),
        findings=_weak_slices(found, truth),
    )


def max_t(members: np.ndarray, losses: np.ndarray, seed: int = 0) -> np.ndarray:
    """p-values (slices,) of "the mean loss of the slice is no larger than elsewhere", for bool members (slices, rows).

    Each is the share of deals, the observed one among them, whose largest studentized surplus reaches the slice's own.
    """
    within = members.astype(np.float64)
    observed = _surplus(within, losses[:, None])[:, 0]
    rng = stream(seed, "deals")
    reached = np.ones(len(members))
    for start in range(0, DEALS, 100):
        count = min(100, DEALS - start)
        dealt = np.stack([rng.permutation(losses) for _ in range(count)], axis=1)
        largest = _surplus(within, dealt).max(axis=0)
        reached += (largest[None, :] >= observed[:, None] - 1e-12).sum(axis=1)
    shares: np.ndarray = reached / (DEALS + 1)
    return shares


def _surplus(within: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """Welch's t of slice against rest, (slices, deals), for losses (rows, deals); 0 where neither side varies."""
    inside = within.sum(axis=1, keepdims=True)
    outside = within.shape[1] - inside
    sums, squares = within @ losses, within @ losses**2
    total, total_squares = losses.sum(axis=0), (losses**2).sum(axis=0)
    mean_in, mean_out = sums / inside, (total - sums) / outside
    spread_in = np.maximum(squares / inside - mean_in**2, 0) / (inside - 1)
    spread_out = np.maximum((total_squares - squares) / outside - mean_out**2, 0) / (outside - 1)
    error = np.sqrt(spread_in + spread_out)
    return np.divide(mean_in - mean_out, error, out=np.zeros_like(mean_in), where=error > 0)


def _slice(
    truth: Truth, name: str, value: str, rows: np.ndarray, losses: np.ndarray, scores: np.ndarray, p_value: float
) -> Slice:
    inside, count = scores[rows], int(rows.sum())
    interval: Interval | None
    if truth.is_classes:
        score, interval = float(inside.mean()), wilson(float(inside.sum()), count, LEVEL)
    else:
        terms = np.stack([np.ones(count), inside])
        score = float(np.sqrt(inside.mean()))
        interval = bootstrap(lambda sums: np.sqrt(sums[:, 1] / sums[:, 0]), terms, level=LEVEL)
    loss, elsewhere = (figure_value(truth, float(losses[side].mean())) for side in (rows, ~rows))
    return Slice(name, value, count, score, interval, loss, elsewhere, float(p_value), bool(p_value < 1 - LEVEL))


def _cuts(column: Column) -> Iterator[tuple[str, np.ndarray]]:
    """The slices of a column: what they are in words, and which rows, bool (rows,)."""
    missing = column.missing
    if missing.any():
        yield "missing", missing
    present = ~missing
    if column.kind == "category":
        counts = np.bincount(column.values[present], minlength=len(column.levels))
        for code in np.argsort(-counts, kind="stable")[:MOST_LEVELS].tolist():
            if counts[code]:
                yield f"= {column.levels[code]}", column.values == code
        return
    values = np.unique(column.values[present])
    if len(values) <= 5:
        for value in values:
            yield f"= {_shown(value)}", column.values == value
        return
    yield from _quarters(column.values, present)


def _quarters(values: np.ndarray, present: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Up to four stretches of as many rows each; equal values stay together."""
    inner = np.sort(values[present])
    edges = np.unique(inner[[len(inner) * k // 4 for k in (1, 2, 3)]])
    edges = edges[edges > inner[0]]
    if not len(edges):  # three quarters and more are the smallest value: apart from all others
        edges = inner[inner > inner[0]][:1]
    places = np.searchsorted(edges, values, side="right")
    for place in range(len(edges) + 1):
        held = np.unique(values[present & (places == place)])
        if len(held) == 1:
            told = f"= {_shown(held[0])}"
        elif place == 0:
            told = f"below {_shown(edges[0])}"
        elif place == len(edges):
            told = f"from {_shown(edges[-1])} on"
        else:
            told = f"from {_shown(edges[place - 1])} to below {_shown(edges[place])}"
        yield told, present & (places == place)


def _shown(value: Any) -> str:
    if isinstance(value, np.datetime64):
        return str(value.astype("datetime64[s]")).removesuffix("T00:00:00")
    return f"{value:,.6g}"


def _weak_slices(found: Sequence[Slice], truth: Truth) -> tuple[Finding, ...]:
    """WEAK_SLICE: the slices that are worse than the rest, after the correction."""
    worse = [one for one in found if one.worse]
    if not worse:
        return ()
    named = ", ".join(f"{one.name} ({figure(one.loss)} against {figure(one.elsewhere)})" for one in worse[:3])
    more = f" and {len(worse) - 3} more" if len(worse) > 3 else ""
    return (
        Finding(
            "WEAK_SLICE",
            "information",
            f"The {figure_of(truth)} is worse than elsewhere for {named}{more}",
            "A score of all rows is no promise for these rows",
            "Look at what is different there; more such rows, or a column that tells them apart, may help",
        ),
    )
