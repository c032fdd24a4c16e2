"""The ladder: from the majority class to a deep network, every rung on the same folds of the training rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..data.read import read
from ..data.split import Split
from ..data.table import Table
from ..errors import SpecError, nearest
from ..records import Finding, Record, plain
from ..training.randomness import stream
from .card import Card, pack_rows, versions
from .evaluation import Evaluation, evaluation_of
from .folds import folds_in_words, make_folds
from .looks import record_look
from .rungs import FittedRung, Knobs, RungPlan, fit_rung, make_network, plan_rungs
from .scoring import Progress, Rung, choose, score_folds, stop_if_interrupted, summarize
from .seal import SealedTable, SealPlan, group_codes, seal_rows
from .verdict import rule_wins, verdict_of


@dataclass(frozen=True, eq=False)
class Climb(Record):
    """What `climb` found.

    `model` is the saved network, `rungs` the ladder, `figure` what the network was chosen by ("log loss" or "RMSE"),
    `verdict` says in words what each rung bought. `test` are the scores of the sealed rows, `baselines` those of the
    constant and of the best rule on the same rows.
    """

    model: Any
    rungs: tuple[Rung, ...]
    chosen: str
    figure: str
    folds_rule: str
    verdict: tuple[str, ...]
    test: Evaluation
    baselines: dict[str, Evaluation]
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
    inputs: Sequence[str] | None = None,
    hidden: Sequence[int] = (128, 64),
    epochs: int = 40,
    engine: str = "auto",
    seed: int = 0,
    max_seconds: float | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Climb:
    """Train, judge and choose a network for a table.

    `source` is anything that `pellucid.read` takes, `target` the column to predict. A fifth of the rows is sealed and
    scored once, at the end: at random (stratified by class), or as `seal` says. `drop` leaves columns out altogether;
    `inputs` names the columns that networks and trees get (rules may look at all that are not dropped).

    Every rung is scored on 5 folds of the training rows (three times over up to 5,000 rows), stratified by class;
    networks stop early on 15 % of a fold's training rows. The saved network is the simplest one within one standard
    error of the best by log loss or RMSE, trained on all training rows for the median of the epochs that the folds
    kept. `max_seconds` begins no further fold after that time (two are finished at least).

    Raises `ColumnError`, `InputError` and `SpecError` for input that cannot be used, KeyboardInterrupt on Ctrl-C.
    """
    from threadpoolctl import threadpool_limits

    began = time.perf_counter()
    plan = SealPlan(split=seal) if isinstance(seal, Split) else seal or SealPlan()
    table = read(source)
    sealed = seal_rows(table, target, plan, drop, seed)
    truth = sealed.training_truth
    groups = None if plan.group is None else group_codes(sealed.training[plan.group])
    sealed = _without_group(sealed, plan.group)
    knobs = Knobs(epochs, engine, _usable(sealed.training, inputs), _usable(sealed.training, None))
    folds = make_folds(len(truth.values), truth.values if truth.is_classes else None, groups, stream(seed, "folds"))
    plans = plan_rungs(tuple(hidden), truth.kind)
    deadline = None if max_seconds is None else began + max_seconds
    with threadpool_limits(limits=1):
        results, folds = score_folds(plans, folds, sealed.training, truth, knobs, seed, deadline, on_progress)
        figure = "log loss" if truth.is_classes else "RMSE"
        rungs = summarize(plans, results, folds, figure)
        chosen = choose(rungs, figure)
        model = _final_network(next(p for p in plans if p.name == chosen.name), chosen, sealed, knobs, seed)
        baselines = {p.name: fit_rung(p, sealed.training, truth, knobs, seed) for p in plans[:2]}
        predicted = model.predict_proba(sealed.held_out) if truth.is_classes else model.predict(sealed.held_out)
    rungs = tuple(_in_words(rung, baselines.get(rung.name), truth.labels) for rung in rungs)
    chosen = next(rung for rung in rungs if rung.name == chosen.name)
    test = evaluation_of(sealed.held_out_truth, predicted, "sealed rows")
    test = replace(test, look=record_look(sealed.looks_at, "train"))
    winner = rule_wins(rungs, chosen, folds)
    findings = (
        *((winner,) if winner else ()),
        *model.history_.findings,
        *test.findings,
    )
    card = _card(table, sealed, model, knobs, chosen, seed, test, findings)
    model.card_ = card
    return Climb(
        model=model,
        rungs=rungs,
        chosen=chosen.name,
        figure=figure,
        folds_rule=folds_in_words(folds),
        verdict=verdict_of(rungs, chosen, figure, folds),
        test=test,
        baselines={
            name: evaluation_of(sealed.held_out_truth, fitted.predict(sealed.held_out), "sealed rows")
            for name, fitted in baselines.items()
        },
        card=card,
        target_reason=truth.reason,
        story=model.preparation_.story,
        findings=findings,
        seconds=time.perf_counter() - began,
    )


def _final_network(plan: RungPlan, chosen: Rung, sealed: SealedTable, knobs: Knobs, seed: int) -> Any:
    """The chosen network on all training rows, for as many epochs as the folds found."""
    model = make_network(plan, sealed.training_truth, max(chosen.epochs, 1), knobs.engine, seed, False)
    model.fit(sealed.training.select(list(knobs.network_inputs)), sealed.training_truth.targets)
    stop_if_interrupted(FittedRung(None, model=model))
    return model


def _usable(table: Table, names: Sequence[str] | None) -> tuple[str, ...]:
    """Columns that can be inputs; the named ones whatever their role. Raises `ColumnError` for an unknown name."""
    if names is not None:
        return tuple(table[name].name for name in names)
    return tuple(column.name for column in table if column.role == "input")


def _without_group(sealed: SealedTable, group: str | None) -> SealedTable:
    """A group is no input: its rows are all on one side of every split, so what it says cannot be tested."""
    if group is None:
        return sealed
    return replace(sealed, training=sealed.training.drop([group]), held_out=sealed.held_out.drop([group]))


def _in_words(rung: Rung, fitted: FittedRung | None, labels: tuple[str, ...]) -> Rung:
    if fitted is None or fitted.rule is None:
        return rung
    return replace(rung, detail=fitted.rule.in_words(labels))


def _card(
    table: Table,
    sealed: SealedTable,
    model: Any,
    knobs: Knobs,
    chosen: Rung,
    seed: int,
    test: Evaluation,
    findings: tuple[Finding, ...],
) -> Card:
    truth = sealed.training_truth
    aside = {c.name: c.reason for c in table if c.role != "input" and c.name != truth.name}
    return Card(
        target=truth.name,
        task=truth.kind,
        labels=truth.labels,
        source=table.source,
        fingerprint=sealed.fingerprint,
        rows=len(table),
        rows_without_target=sealed.left_out,
        training_rows=len(truth.values),
        sealed=pack_rows(sealed.mask),
        split_rule=sealed.rule,
        seed=seed,
        engine=model.history_.engine,
        rung=chosen.name,
        epochs=model.history_.kept_epoch,
        inputs=knobs.network_inputs,
        identifiers=tuple(c.name for c in table if c.role == "identifier" and c.name != truth.name),
        set_aside={**aside, **dict(model.preparation_.set_aside)},
        scores=tuple(plain(score) for score in test.scores),
        look=test.look,
        findings=tuple(plain(finding) for finding in findings),
        versions=versions(),
    )
