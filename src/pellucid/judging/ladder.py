"""The ladder: from the majority class to a deep network, every rung on the same folds of the training rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..data.profile import ColumnProfile
from ..data.read import read
from ..data.split import Split
from ..errors import SpecError, nearest
from ..estimators.choices import hidden_sizes
from ..records import Finding, Record, plain
from ..training.randomness import stream
from .card import Card
from .card_of_run import card_of_run
from .decisions import DecisionPlan, Decisions, decisions_of
from .described_columns import described_columns
from .evaluation import SEALED_ROWS, Evaluation, evaluation_by, evaluation_of
from .folds import folds_in_words, make_folds
from .inputs import check_options, choose_inputs
from .journal import Journal, run_key
from .looks import check_looks_can_be_counted, record_look
from .out_of_fold import out_of_fold
from .run_details import RunDetails, details_of_run
from .rungs import FittedRung, Knobs, RungPlan, base_of, fit_simple, make_network, plan_rungs
from .scored_curves import ScoredCurves, curves_of
from .scoring import FoldFits, FoldScores, Progress, Rung, choose, stop_if_interrupted, summarize
from .seal import SealedTable, SealPlan, seal_rows
from .time_budget import TimeBudget, time_up
from .training_findings import training_findings
from .truth import Truth
from .verdict import rule_wins, verdict_of
from .wide import MOST_LOOKED_AT, wide_finding


@dataclass(frozen=True, eq=False)
class Climb(Record):
    """What `climb` found.

    `model` is the saved network, `rungs` the ladder, `figure` what the network was chosen by ("log loss" or "RMSE"),
    `verdict` says in words what each rung bought. `test` are the scores of the sealed rows, `baselines` those of the
    constant and of the best rule on the same rows, `curves` what figures draw of those of the network, `details`
    which columns matter (out of fold) and where it is worse (on the sealed rows). `columns` are the first 200 of the
    table's `column_count`, in figures. `decisions` tells how the
    network answers: its calibration, threshold and unsure band, or its prediction intervals.
    """

    model: Any
    rungs: tuple[Rung, ...]
    chosen: str
    figure: str
    folds_rule: str
    verdict: tuple[str, ...]
    decisions: Decisions
    test: Evaluation
    baselines: dict[str, Evaluation]
    curves: ScoredCurves
    details: RunDetails
    columns: tuple[ColumnProfile, ...]
    column_count: int
    card: Card
    target_reason: str
    story: tuple[str, ...]
    findings: tuple[Finding, ...]
    seconds: float

    def __repr__(self) -> str:
        return f"Climb({self.card.target!r}: {self.chosen}, {self.test.scores[0]})"

    def rung(self, name: str) -> Rung:
        """The rung of that name; raises `SpecError` naming the nearest one."""
        for rung in self.rungs:
            if rung.name == name:
                return rung
        raise SpecError(f"no rung {name!r}{nearest(name, [r.name for r in self.rungs])}")

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, without the model itself."""
        return {name: plain(getattr(self, name)) for name in self.__dataclass_fields__ if name != "model"}


def climb(
    source: Any,
    target: str,
    *,
    seal: SealPlan | Split | None = None,
    drop: Sequence[str] = (),
    keep: Sequence[str] = (),
    inputs: Sequence[str] | None = None,
    hidden: Sequence[int] = (128, 64),
    epochs: int = 40,
    engine: str = "auto",
    seed: int = 0,
    decisions: DecisionPlan | None = None,
    max_seconds: float | None = None,
    threads: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    deliver: Callable[[Climb], None] | None = None,
) -> Climb:
    """Train, judge and choose a network for a table.

    `source` is anything that `pellucid.read` takes, `target` the column to predict. A fifth of the rows is sealed and
    scored once, at the end: at random (stratified by class), or as `seal` says. `drop` leaves columns out altogether;
    `keep` makes inputs of columns that would be set aside; `inputs` names the columns that networks and trees get,
    whatever was thought of them (rules may look at all usable ones that are not dropped).

    Every rung is scored on 5 folds of the training rows (three times over up to 5,000 rows), stratified by class;
    networks stop early on 15 % of a fold's training rows. The saved network is the simplest one within one plain
    standard error over the folds of the best by log loss or RMSE, trained on all training rows for the median of the
    epochs that the folds kept. The fits run in `threads` threads, None for one a processor from 2,000 training rows on;
    their number changes no figure. `max_seconds` ends all that in about so many seconds with the best so far; a finding
    says what was left out.

    How the network answers is chosen on what the fold's networks predicted for rows that they had not seen: the
    calibration of its probabilities (only when it helps), as `decisions` says the threshold (0.5 unless asked) and the
    band of rows that are left undecided, and for numbers the intervals of 80 and 95 % around predictions.

    What is finished is kept in the user's state folder until the run is done: when it was killed or stopped, the same
    call goes on from there and finds the same. `deliver` is called with the result at the end; the run counts as done
    when it returns.

    Raises `ColumnError`, `InputError` and `SpecError` for input that cannot be used, `FileError` when looks at the test
    rows cannot be counted, KeyboardInterrupt on Ctrl-C.
    """
    from threadpoolctl import threadpool_limits

    began = time.perf_counter()
    check_options(seal, drop, keep, inputs, epochs, seed, decisions, engine)
    check_looks_can_be_counted()
    table = read(source)
    seal_plan = SealPlan(split=seal) if isinstance(seal, Split) else seal or SealPlan()
    sealed, knobs = choose_inputs(seal_rows(table, target, seal_plan, drop, seed), keep, inputs, epochs, engine)
    truth = sealed.training_truth
    decisions = decisions or DecisionPlan()
    decisions.check(truth)
    budget = TimeBudget(began, max_seconds)
    fits, planned = _plan_fits(sealed, knobs, hidden_sizes(hidden, "hidden"), seed, budget)
    fits = replace(fits, on_progress=on_progress, threads=threads)
    plans, journal = fits.plans, fits.journal
    with threadpool_limits(limits=1), _kept_folds(journal):
        scores = fits.score(planned)
        folds, figure = scores.folds, "log loss" if truth.is_classes else "RMSE"
        rungs = summarize(plans, scores.results, folds, figure)
        chosen = choose(rungs, figure)
        plan = next(p for p in plans if p.name == chosen.name)
        model = _final_network(plan, chosen, sealed, fits, len(planned))
        decided = _decide(decisions, truth, model, scores, chosen.name)
        simple = {p.name: fit_simple(p, sealed.training, truth, knobs, seed) for p in plans[:2]}
        test, at_half, baselines, curves = _score_test_rows(sealed, model, simple, journal.token)
        details = RunDetails(None, None)
        if budget.allows_details:
            details = details_of_run(fits, plan, folds, model, sealed)
    rungs = tuple(_in_words(rung, simple.get(rung.name), truth) for rung in rungs)
    chosen = next(rung for rung in rungs if rung.name == chosen.name)
    winner = rule_wins(rungs, chosen, folds, at_half, baselines, decided.decision.threshold)
    told = _told_in_verdict(winner, fits, scores, planned, model, details)
    about_rows = training_findings(table, sealed, knobs.network_inputs)
    wide = wide_finding(len(knobs.network_inputs))
    about_rows = (*about_rows, *([wide] if wide else []))
    findings = _in_order((*told, *model.history_.findings, *test.findings, *about_rows))
    model.card_ = card_of_run(table, sealed, model, knobs, chosen, seed, test, findings)
    found = Climb(
        model=model,
        rungs=rungs,
        chosen=chosen.name,
        figure=figure,
        folds_rule=folds_in_words(folds, len(planned)),
        verdict=(*(finding.seen for finding in told), *verdict_of(rungs, chosen, figure, folds)),
        decisions=decided,
        test=test,
        baselines=baselines,
        curves=curves,
        details=details,
        columns=described_columns(table, target),
        column_count=len(table.names),
        card=model.card_,
        target_reason=truth.reason,
        story=model.preparation_.story,
        findings=findings,
        seconds=time.perf_counter() - began,
    )
    if deliver is not None:
        deliver(found)
    journal.remove()
    return found


def _score_test_rows(
    sealed: SealedTable, model: Any, simple: dict[str, FittedRung], run: str
) -> tuple[Evaluation, Evaluation, dict[str, Evaluation], ScoredCurves]:
    """The network's scores on the sealed rows, which is a look at them, the same with the threshold 0.5 that the folds
    have, those of the constant and the rule, and the network's curves."""
    truth, rows = sealed.held_out_truth, sealed.held_out
    base = base_of(sealed.training_truth)
    predicted = model.predict_proba(rows) if truth.is_classes else model.predict(rows)
    test = evaluation_by(model, truth, predicted, SEALED_ROWS, base)
    baselines = {name: evaluation_of(truth, rung.predict(rows), SEALED_ROWS, base) for name, rung in simple.items()}
    at_half = evaluation_of(truth, predicted, SEALED_ROWS, base)
    looked = replace(test, look=record_look(sealed.looks_at, "train", run))
    return looked, at_half, baselines, curves_of(truth, predicted, model)


def _plan_fits(
    sealed: SealedTable,
    knobs: Knobs,
    hidden: tuple[int, ...],
    seed: int,
    budget: TimeBudget,
) -> tuple[FoldFits, list[Split]]:
    """The rungs that there is time for and the folds, with what an earlier run of the same has finished."""
    truth = sealed.training_truth
    classes = truth.targets if truth.is_classes else None
    inputs = len(knobs.network_inputs)
    folds = make_folds(len(truth.values), classes, sealed.groups, stream(seed, "folds"), sealed.moments, inputs)
    trees_a_round = len(truth.labels) if len(truth.labels) > 2 else 1
    with_trees = budget.allows_trees(len(truth.values), min(inputs, MOST_LOOKED_AT), trees_a_round)
    plans = tuple(plan for plan in plan_rungs(hidden, truth.kind) if with_trees or plan.kind != "trees")
    journal = Journal(run_key(sealed.training, truth, folds, (plans, knobs, seed)))
    return FoldFits(plans, sealed.training, truth, knobs, seed, budget, journal), folds


def _final_network(plan: RungPlan, chosen: Rung, sealed: SealedTable, fits: FoldFits, folds: int) -> Any:
    """The chosen network on all training rows, for as many epochs as the folds found."""
    fits.say(plan.name, 0, folds * len(fits.plans), folds)
    model = make_network(plan, fits.truth, max(chosen.epochs, 1), fits.knobs.engine, fits.seed, stops_early=False)
    inputs = fits.table.select(list(fits.knobs.network_inputs))
    truth = fits.truth
    model.fit(inputs, truth.values if truth.has_own_order else truth.own_targets, max_seconds=fits.budget.part(1))
    if truth.has_own_order:
        model.classes_ = np.asarray(truth.labels)
    stop_if_interrupted(model)
    return model


def _decide(plan: DecisionPlan, truth: Truth, model: Any, scores: FoldScores, chosen: str) -> Decisions:
    """Choose how the network answers on the out-of-fold predictions of its rung, and tell it."""
    rows = out_of_fold(scores.results[chosen], scores.folds)
    if truth.is_classes:
        decided = decisions_of(plan, truth, rows, logarithmic=False)
        model.decision_ = decided.decision
        return decided
    decided = decisions_of(plan, truth, rows, model.target_.transform == "log1p_standardize")
    model.intervals_ = decided.intervals
    return decided


@contextmanager
def _kept_folds(journal: Journal) -> Iterator[None]:
    """Ctrl-C says what is kept: a ladder with half its fits has nothing to show, but need not begin again."""
    try:
        yield
    except KeyboardInterrupt:
        fits = len(journal.known)
        kept = f"nothing was written; the same command goes on after {fits} finished fits" if fits else ""
        raise KeyboardInterrupt(kept) from None


def _told_in_verdict(
    winner: Finding | None, fits: FoldFits, scores: FoldScores, planned: list[Split], model: Any, details: RunDetails
) -> tuple[Finding, ...]:
    """RULE_WINS and TIME_UP, where there is such."""
    late = None
    if fits.budget.max_seconds is not None:
        with_trees = any(plan.kind == "trees" for plan in fits.plans)
        cut = model.history_.stopped == "time"
        late = time_up(len(scores.folds), len(planned), scores.cut, with_trees, cut, details.slices is not None)
    return tuple(finding for finding in (winner, late) if finding is not None)


def _in_order(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Warnings first."""
    return tuple(sorted(findings, key=lambda finding: finding.severity == "information"))


def _in_words(rung: Rung, fitted: FittedRung | None, truth: Truth) -> Rung:
    if fitted is None or fitted.rule is None:
        return rung
    return replace(rung, detail=fitted.rule.in_words(truth.labels, bool(truth.date_unit)))
