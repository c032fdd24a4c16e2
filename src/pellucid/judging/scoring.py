"""All rungs on the same folds: the fits, their summaries, and the choice."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from ..data.split import Split
from ..data.table import Table
from ..records import Interval, Record
from .folds import fold_interval, standard_error
from .rungs import FittedRung, Knobs, RungPlan, fit_rung, fold_scores
from .truth import Truth

FEWEST_FOLDS = 2
# What a figure can be, for intervals of few folds that reach beyond.
POSSIBLE = {"log loss": (0, inf), "accuracy": (0, 1), "AUC": (0, 1), "RMSE": (0, inf), "R²": (-inf, 1)}


@dataclass(frozen=True, eq=False)
class Rung(Record):
    """One rung over the folds.

    `scores` maps a figure ("log loss", "AUC", "RMSE", …) to its value in every fold, (folds,), and `intervals` to the
    interval of its mean. `gain` is by how much the rung below is worse in the selection figure (the best network, for
    the trees), with the interval of the paired differences; positive means that this rung is better. `epochs` is the
    median of the epochs that early stopping kept.
    """

    name: str
    kind: str
    hidden: tuple[int, ...]
    scores: dict[str, np.ndarray]
    intervals: dict[str, Interval]
    gain: float | None
    gain_interval: Interval | None
    epochs: int
    detail: str = ""

    def mean(self, figure: str) -> float:
        """The mean of a figure over the folds."""
        return float(self.scores[figure].mean())


@dataclass(frozen=True)
class Progress:
    """A fit that is about to begin; `done` of `total` fits are finished."""

    rung: str
    fold: int
    done: int
    total: int


@dataclass(frozen=True)
class FoldResult:
    """One rung in one fold."""

    scores: dict[str, float]
    epochs: int


def score_folds(
    plans: Sequence[RungPlan],
    folds: list[Split],
    table: Table,
    truth: Truth,
    knobs: Knobs,
    seed: int,
    deadline: float | None,
    on_progress: Callable[[Progress], None] | None,
) -> tuple[dict[str, list[FoldResult]], list[Split]]:
    """Fit every rung in every fold; (results by rung name, the folds that were finished).

    Each fold has its own seed. After `deadline` (`time.perf_counter` seconds) no further fold begins, but two are
    finished at least.
    """
    results: dict[str, list[FoldResult]] = {plan.name: [] for plan in plans}
    finished: list[Split] = []
    for number, fold in enumerate(folds):
        late = deadline is not None and time.perf_counter() > deadline
        if late and len(finished) >= FEWEST_FOLDS:
            break
        rows, rows_truth = table.take(fold.training), truth.take(fold.training)
        held, held_truth = table.take(fold.held_out), truth.take(fold.held_out)
        for place, plan in enumerate(plans):
            if on_progress is not None:
                on_progress(Progress(plan.name, number + 1, number * len(plans) + place, len(folds) * len(plans)))
            fitted = fit_rung(plan, rows, rows_truth, knobs, seed + number)
            stop_if_interrupted(fitted)
            results[plan.name].append(FoldResult(fold_scores(held_truth, fitted.predict(held)), fitted.epochs))
        finished.append(fold)
    return results, finished


def stop_if_interrupted(fitted: FittedRung) -> None:
    """Pass Ctrl-C on: a single fit keeps its best so far, a ladder with half its fits has nothing to say."""
    if fitted.model is not None and fitted.model.history_.stopped == "interrupted":
        raise KeyboardInterrupt


def summarize(
    plans: Sequence[RungPlan], results: dict[str, list[FoldResult]], folds: list[Split], figure: str
) -> tuple[Rung, ...]:
    """The rungs with intervals, each compared with the one below; the trees with the network of the best mean."""
    scores = {name: _by_figure(fold_results) for name, fold_results in results.items()}
    networks = [plan.name for plan in plans if plan.kind == "network"]
    best = min(networks, key=lambda name: scores[name][figure].mean())
    rungs = []
    for place, plan in enumerate(plans):
        below = best if plan.kind == "trees" else plans[place - 1].name if place else None
        gains = None if below is None else scores[below][figure] - scores[plan.name][figure]
        rungs.append(
            Rung(
                plan.name,
                plan.kind,
                plan.hidden,
                scores[plan.name],
                {name: possible(name, fold_interval(values, folds)) for name, values in scores[plan.name].items()},
                None if gains is None else float(gains.mean()),
                None if gains is None else fold_interval(gains, folds),
                int(np.median([result.epochs for result in results[plan.name]])),
            )
        )
    return tuple(rungs)


def choose(rungs: Sequence[Rung], figure: str) -> Rung:
    """The first (simplest) network whose mean is within one standard error of the best network's."""
    networks = [rung for rung in rungs if rung.kind == "network"]
    best = min(networks, key=lambda rung: rung.mean(figure))
    limit = best.mean(figure) + standard_error(best.scores[figure])
    return next(rung for rung in networks if rung.mean(figure) <= limit)


def _by_figure(results: list[FoldResult]) -> dict[str, np.ndarray]:
    """Figures that every fold has (AUC is missing where a fold holds one class)."""
    names = [name for name in results[0].scores if all(name in result.scores for result in results)]
    return {name: np.array([result.scores[name] for result in results]) for name in names}


def possible(name: str, interval: Interval) -> Interval:
    """The part of an interval in which the figure of that name can lie."""
    low, high = POSSIBLE[name]
    return replace(interval, low=max(interval.low, low), high=min(interval.high, high))
