"""All rungs on the same folds: the fits, their summaries, and the choice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf
from typing import Any

import numpy as np

from ..data.split import Split
from ..data.table import Table
from ..records import Interval, Record
from .fold_models import FoldAnswer
from .fold_rows import FoldRows
from .folds import FOLDS, fold_interval, standard_error
from .journal import FoldResult, Journal
from .out_of_fold import kept_rows
from .rungs import Knobs, RungPlan, all_classes, fit_simple, fold_scores, make_network
from .side_by_side import Interrupter, side_by_side
from .time_budget import FEWEST_FOLDS, FINAL_PARTS, TimeBudget
from .truth import Truth

# With fewer training rows the fits take turns: boosted trees of small tables are mostly Python, and two threads of them
# wait for each other longer than they work (measured: docs/decisions.md).
SIDE_BY_SIDE_FROM = 2_000
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
    """A fit that is about to begin; `done` of `total` fits are finished.

    `fold` counts from 1; it is 0 for the network that is saved, which learns from all training rows. `resumed` of the
    finished fits come from an earlier run of the same command that was stopped.
    """

    rung: str
    fold: int
    done: int
    total: int
    folds: int = 0
    resumed: int = 0


@dataclass(frozen=True)
class FoldScores:
    """Every rung in every finished fold: the results by rung name, and the folds."""

    results: dict[str, list[FoldResult]]
    folds: list[Split]

    @property
    def cut(self) -> int:
        """How many fits the time cut short."""
        return sum(result.cut for results in self.results.values() for result in results)

    @property
    def slowest_fit(self) -> float:
        """The seconds of the slowest fit, 0 when there is none."""
        return max((result.seconds for results in self.results.values() for result in results), default=0.0)

    @property
    def slowest_fold(self) -> float:
        """The seconds of the slowest fold, 0 when there is none."""
        return max((sum(result.seconds for result in fold) for fold in zip(*self.results.values())), default=0.0)


@dataclass(frozen=True)
class FoldFits:
    """What the fits of all folds have in common: the rungs, the rows, the seed, the time, and what is known already.

    `networks` keeps those of the first folds by the number of their fold and the name of their rung.
    """

    plans: Sequence[RungPlan]
    table: Table
    truth: Truth
    knobs: Knobs
    seed: int
    budget: TimeBudget
    journal: Journal
    on_progress: Callable[[Progress], None] | None = None
    threads: int | None = None
    interrupter: Interrupter = field(default_factory=Interrupter)
    networks: dict[tuple[int, str], Any] = field(default_factory=dict)

    def score(self, folds: list[Split]) -> FoldScores:
        """Fit every rung in every fold, each fold with its own seed: side by side, or one after the other as long as
        there is time."""
        if self.budget.max_seconds is not None:
            return self._score_in_time(folds)
        results: list[FoldResult] = []

        def pieces() -> Iterator[Callable[[], FoldResult]]:
            for number, fold in enumerate(folds):
                rows = self._rows(fold, number)
                for plan in self.plans:
                    if (number, plan.name) not in self.journal.known:
                        self.say(plan.name, number + 1, len(results), len(folds))
                    yield partial(self._known_or_fit, plan, rows, number)

        few = self.threads is None and len(self.table) < SIDE_BY_SIDE_FROM
        for result in side_by_side(pieces(), 1 if few else self.threads, self.interrupter):
            results.append(result)  # `pieces` looks at how many there are
        return FoldScores({p.name: results[k :: len(self.plans)] for k, p in enumerate(self.plans)}, folds)

    def _score_in_time(self, folds: list[Split]) -> FoldScores:
        """Two folds are finished at least, with fits that are cut short where they must. A later fold that is cut short
        is left out, since its networks would look worse than they are."""
        scores = FoldScores({plan.name: [] for plan in self.plans}, [])
        for number, fold in enumerate(folds):
            needed = number < FEWEST_FOLDS
            if not needed and not self.budget.allows_fold(scores.slowest_fold, scores.slowest_fit):
                break
            rows, results = self._rows(fold, number), []
            for place, plan in enumerate(self.plans):
                if (number, plan.name) not in self.journal.known:
                    self.say(plan.name, number + 1, number * len(self.plans) + place, len(folds))
                seconds = self._seconds(number, place, scores.slowest_fit)
                results.append(self._known_or_fit(plan, rows, number, seconds))
                if results[-1].cut and not needed:
                    return scores
            for plan, result in zip(self.plans, results):
                scores.results[plan.name].append(result)
            scores.folds.append(fold)
        return scores

    def answers(self, plan: RungPlan, folds: Sequence[Split]) -> Iterator[tuple[FoldAnswer, Table, Truth]]:
        """Of each of the first folds: what its network of the rung `plan` answers, the inputs of its held-out rows, and
        their truth. A network that an earlier run has trained is trained again, to the same bits."""
        for number, fold in enumerate(folds):
            rows = self._rows(fold, number)
            model = self.networks.get((number, plan.name)) or self._network(plan, rows, None)[0]
            yield (
                FoldAnswer(model, rows.training_truth),
                rows.held_out.select(list(self.knobs.network_inputs)),
                rows.held_out_truth,
            )

    def say(self, rung: str, fold: int, done: int, folds: int) -> None:
        """Tell whoever shows progress that a fit begins."""
        if self.on_progress is not None:
            total = folds * len(self.plans)
            self.on_progress(Progress(rung, fold, done, total, folds, self.journal.resumed))

    def _rows(self, fold: Split, number: int) -> FoldRows:
        return FoldRows(self.table, self.truth, fold, self.knobs, self.seed + number)

    def _seconds(self, number: int, place: int, slowest_fit: float) -> float | None:
        """What the next fit may take: a part of the time in the folds that are needed, else all but the final fit's."""
        if number >= FEWEST_FOLDS:
            return self.budget.until_final(slowest_fit)
        networks = sum(plan.kind == "network" for plan in self.plans)
        here = sum(plan.kind == "network" for plan in self.plans[place:])
        return self.budget.part(here + networks * (FEWEST_FOLDS - 1 - number) + FINAL_PARTS)

    def _known_or_fit(self, plan: RungPlan, rows: FoldRows, number: int, seconds: float | None = None) -> FoldResult:
        known = self.journal.known.get((number, plan.name))
        return known or self._fit(plan, rows, number, seconds)

    def _fit(self, plan: RungPlan, rows: FoldRows, number: int, seconds: float | None) -> FoldResult:
        began = time.perf_counter()
        if plan.kind == "network":
            model, predicted = self._network(plan, rows, None if seconds is None else began + seconds)
            epochs, cut = model.history_.kept_epoch, model.history_.stopped == "time"
            if number < FOLDS:
                self.networks[number, plan.name] = model
        else:
            fitted = fit_simple(plan, rows.training, rows.training_truth, self.knobs, rows.seed)
            predicted, epochs, cut = fitted.predict(rows.held_out), 0, False
        scores = fold_scores(rows.held_out_truth, predicted)
        kept = predicted[kept_rows(len(predicted), predicted)] if plan.kind == "network" else None
        result = FoldResult(scores, epochs, time.perf_counter() - began, cut, kept)
        if not result.cut:
            self.journal.add(number, plan.name, result)
        return result

    def _network(self, plan: RungPlan, rows: FoldRows, deadline: float | None) -> tuple[Any, np.ndarray]:
        """(the trained network, what it predicts for the held-out rows)."""
        truth, knobs = rows.training_truth, self.knobs
        estimator = make_network(plan, truth, knobs.epochs, knobs.engine, rows.seed, stops_early=True)
        shared, matrix = rows.prepared_for(estimator)
        model = shared.train(estimator, rows.seed, self.interrupter.check, deadline)
        stop_if_interrupted(model)
        predicted = shared.predict(model, matrix)
        if truth.is_classes:
            predicted = all_classes(predicted, model.classes_, truth)
        return model, predicted


def stop_if_interrupted(model: Any) -> None:
    """Pass Ctrl-C on: a single fit keeps its best so far, a ladder with half its fits has nothing to say."""
    if model.history_.stopped == "interrupted":
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
    """The first (simplest) network whose mean is within one standard error of the best network's.

    It is the plain one, as the rule has it: a choice, not a test. Corrected for the rows that folds share it would be
    twice as large, and depth that helps would go unused (docs/decisions.md); what is claimed is tested with correction.
    """
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
