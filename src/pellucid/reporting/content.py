"""What a report tells: the same record whether a run has just ended, is read back, or a model is scored anew."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data.profile import ColumnProfile
from ..errors import FileError
from ..estimators.prediction_intervals import PredictionIntervals
from ..judging.answers_in_words import chosen_lines, kept_lines
from ..judging.card import Card
from ..judging.decisions import Decisions
from ..judging.evaluation import Evaluation
from ..judging.run_details import RunDetails
from ..judging.scored_curves import ClassCurves, ScoredCurves
from ..judging.scoring import Rung
from ..judging.thresholds import ThresholdChoice
from ..records import Finding, Record
from ..training.history import History
from .decode import record_from

if TYPE_CHECKING:
    from ..judging.ladder import Climb

EVALUATION_NAME = "evaluation.json"


@dataclass(frozen=True, eq=False)
class Ladder(Record):
    """The part of a report that only a run of `train` has."""

    rungs: tuple[Rung, ...]
    chosen: str
    figure: str
    folds_rule: str
    verdict: tuple[str, ...]
    baselines: dict[str, Evaluation]
    target_reason: str


@dataclass(frozen=True, eq=False)
class Answers(Record):
    """How the model answers: in sentences, the choice of its threshold where that is known, and its intervals."""

    told: tuple[str, ...] = ()
    threshold: ThresholdChoice | None = None
    intervals: PredictionIntervals | None = None


@dataclass(frozen=True, eq=False)
class Content(Record):
    """Everything on the page. `ladder` and `card` are None where a model was not trained by a ladder; `shape` are the
    network's units from inputs to outputs."""

    target: str
    test: Evaluation
    curves: ScoredCurves
    details: RunDetails
    columns: tuple[ColumnProfile, ...]
    column_count: int
    story: tuple[str, ...]
    history: History
    shape: tuple[int, ...]
    card: Card | None
    ladder: Ladder | None
    answers: Answers
    findings: tuple[Finding, ...]


def content_of_climb(found: Climb) -> Content:
    """The report of a run that has just ended."""
    ladder = Ladder(
        found.rungs,
        found.chosen,
        found.figure,
        found.folds_rule,
        found.verdict,
        found.baselines,
        found.target_reason,
    )
    return Content(
        found.card.target,
        found.test,
        found.curves,
        found.details,
        found.columns,
        found.column_count,
        found.story,
        found.model.history_,
        shape_of(found.model),
        found.card,
        ladder,
        _chosen(found.decisions),
        found.findings,
    )


def content_of_run(model: Any, file: Path) -> Content:
    """The report of a run that was written earlier, from its model and its evaluation.json; no row is scored again.

    Raises `FileError` when the file cannot be read or holds something else.
    """
    try:
        values = json.loads(file.read_text("utf-8"))
        ladder = _ladder_from(values)
        test, card = record_from(Evaluation, values["test"]), record_from(Card, values["card"])
        columns = tuple(record_from(ColumnProfile, column) for column in values["columns"])
        column_count = int(values["column_count"])
        findings = tuple(record_from(Finding, finding) for finding in values["findings"])
        curves, story = _curves_from(values["curves"]), tuple(values["story"])
        details = record_from(RunDetails, values["details"])
        answers = _chosen(record_from(Decisions, values.get("decisions") or {}))
    except OSError as error:
        raise FileError(f"cannot read {file}: {error.strerror}") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, LookupError) as error:
        raise FileError(
            f"{file} does not tell what a report needs ({type(error).__name__}: {error}); "
            "name the table as well to score the model anew, or train again"
        ) from None
    return Content(
        card.target,
        test,
        curves,
        details,
        columns,
        column_count,
        story,
        model.history_,
        shape_of(model),
        card,
        ladder,
        answers,
        findings,
    )


def content_of_evaluation(
    model: Any,
    test: Evaluation,
    curves: ScoredCurves,
    details: RunDetails,
    columns: tuple[ColumnProfile, ...],
    column_count: int,
) -> Content:
    """The report of a model that was scored just now."""
    return Content(
        test.target,
        test,
        curves,
        details,
        columns,
        column_count,
        model.preparation_.story,
        model.history_,
        shape_of(model),
        getattr(model, "card_", None),
        None,
        Answers(kept_lines(model), intervals=getattr(model, "intervals_", None)),
        (*test.findings, *model.history_.findings),
    )


def shape_of(model: Any) -> tuple[int, ...]:
    """Units of the network from inputs to outputs."""
    network = model.network_
    return (network.inputs, *network.hidden, network.outputs)


def _chosen(decided: Decisions) -> Answers:
    return Answers(chosen_lines(decided), decided.threshold, decided.intervals)


def _ladder_from(values: dict[str, Any]) -> Ladder:
    """The baselines in the order of the rungs, which names that were sorted have lost."""
    ladder = record_from(Ladder, values)
    names = [rung.name for rung in ladder.rungs if rung.name in ladder.baselines]
    return replace(ladder, baselines={name: ladder.baselines[name] for name in names})


def _curves_from(values: dict[str, Any]) -> ScoredCurves:
    """Curves begin above all scores, at infinity, which JSON cannot say."""
    curves = record_from(ScoredCurves, values)
    return replace(curves, classes=tuple(_with_infinity(one) for one in curves.classes))


def _with_infinity(curves: ClassCurves) -> ClassCurves:
    thresholds = np.where(np.isnan(curves.counts.thresholds), np.inf, curves.counts.thresholds)
    return replace(curves, counts=replace(curves.counts, thresholds=thresholds))
