"""How good a model is on rows that it has not seen, each figure with its interval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..data.days import DateUnit
from ..data.read import read
from ..data.table import Table
from ..data.task import class_name
from ..errors import InputError
from ..estimators.decision import AS_IS, Decision
from ..estimators.prediction_intervals import PredictionIntervals
from ..metrics.all_scores import score_classes, score_numbers
from ..metrics.class_table import ClassTable, tabulate_classes
from ..metrics.classification import ConfusionCounts, confusion_counts
from ..records import Finding, Interval, Record, Score, counted, figure
from .abstention import Abstention, abstention_on
from .card import Card, sealed_mask
from .expected_cost import cost_of_counts
from .interval_coverage import Coverage, coverage_on, uneven_intervals
from .looks import record_look
from .truth import Truth, decide, truth_of

MINIMUM_HALF_WIDTH = 0.05
# Probabilities that take this share off the base rate's log loss tell rows apart, whatever the threshold makes of them.
SKILL = 0.05
SURE_ERRORS = 2.0
MOST_CLASSES = 100  # a table of more is not read, and fills a file
NEW_ROWS, SEALED_ROWS, ALL_ROWS = "new rows", "sealed rows", "all rows"


@dataclass(frozen=True)
class Evaluation(Record):
    """Scores of a model on some rows.

    `rows_scored` says which rows: "sealed rows" (held out when the model was trained, or the test table of its
    training), "all rows" (training rows among them, so optimistic), or "new rows". `look` counts the evaluations of the
    sealed rows of this table, None elsewhere. `unsure` is what the model's unsure band does on these rows, `coverage`
    what its prediction intervals cover; None and () where it has none. `classes` scores each class against the rest, of
    three classes up to 100; `cost` is that of 1,000 cases where the model decides by costs. With a `date_unit` the
    target is a date, and errors are in days.
    """

    target: str
    task: str
    rows: int
    rows_scored: str
    scores: tuple[Score, ...]
    counts: ConfusionCounts | None
    look: int | None
    findings: tuple[Finding, ...] = ()
    unsure: Abstention | None = None
    coverage: tuple[Coverage, ...] = ()
    classes: ClassTable | None = None
    cost: Score | None = None
    date_unit: DateUnit = ""

    def __getitem__(self, name: str) -> Score:
        """The score called `name`."""
        for score in self.scores:
            if score.name == name:
                return score
        raise KeyError(name)


def evaluate(model: Any, source: Any, *, target: str | None = None, all_rows: bool = False) -> Evaluation:
    """Score `model` on a table or anything that `pellucid.read` takes.

    On the table that the model was trained on (same fingerprint) only the sealed rows are scored, and the look is
    counted, as it is on the test table of its training; `all_rows=True` scores every row of the training table and says
    that this is optimistic. `target` names the column with the truth for models that do not know it (those not trained
    by `climb` or `pellucid train`).

    Raises `ColumnError` when a column is missing, `InputError` when the target holds unknown classes or no value, or
    the model is none of ours, unfitted, or predicts several columns.
    """
    return score_rows(model, source, target, all_rows)[0]


def score_rows(
    model: Any, source: Any, target: str | None = None, all_rows: bool = False
) -> tuple[Evaluation, Table, Truth, np.ndarray]:
    """As `evaluate`, with the rows that were scored: (evaluation, their inputs, their truth, the predictions)."""
    if not is_fitted(model):
        raise InputError(f"evaluate takes a fitted MLPClassifier or MLPRegressor, got {type(model).__name__}")
    card: Card | None = getattr(model, "card_", None)
    table = read(source, kinds=card.kinds if card else None)
    name = target or (card.target if card else None)
    if name is None:
        raise InputError("this model does not know its target column; pass target='…'")
    rows_scored = _which_rows(card, table.fingerprint() if card else "", all_rows)
    if card is not None and rows_scored == SEALED_ROWS and card.sealed:
        table = table.take(sealed_mask(card))
    inputs, truth, predicted = _predict_known(model, table, name)
    evaluation = replace(evaluation_by(model, truth, predicted, base=_base(card, truth)), rows_scored=rows_scored)
    if rows_scored == ALL_ROWS:
        evaluation = replace(evaluation, findings=(optimistic(evaluation.rows), *evaluation.findings))
    if card is not None and rows_scored == NEW_ROWS:
        evaluation = replace(evaluation, findings=(*evaluation.findings, another_table(evaluation.rows)))
    if card is not None and rows_scored == SEALED_ROWS:
        evaluation = replace(evaluation, look=record_look(card.test_fingerprint or card.fingerprint, "evaluate"))
    return evaluation, inputs, truth, predicted


def is_fitted(model: Any) -> bool:
    """Whether a model is a fitted one of ours, estimator or not; told by what it has, as its class is slow to import.

    Of foreign estimators none has parameters by name and a preparation.
    """
    needed = ("parameters_", "preparation_", "network_", "history_")
    return not isinstance(model, type) and all(hasattr(model, name) for name in needed)


def _which_rows(card: Card | None, fingerprint: str, all_rows: bool) -> str:
    if card is None or fingerprint not in (card.fingerprint, card.test_fingerprint):
        return NEW_ROWS
    if fingerprint == card.test_fingerprint:
        return SEALED_ROWS
    return SEALED_ROWS if card.sealed and not all_rows else ALL_ROWS


def _predict_known(model: Any, table: Table, target: str) -> tuple[Table, Truth, np.ndarray]:
    """(inputs, truth, predictions) of the rows of `table` whose target is known."""
    outputs = model.network_.outputs
    classes: tuple[str, ...] = ()
    if hasattr(model, "classes_"):
        classes = tuple(_label_text(label) for label in model.classes_.tolist())
        outputs = outputs if model.multilabel_ else 1
    if outputs > 1:
        raise InputError(f"evaluate scores one target column, and this model predicts {outputs}; use pellucid.metrics")
    truth, known = truth_of(table[target], classes, date_unit=date_unit_of_model(model, target))
    inputs = table.take(known).drop([target])
    return inputs, truth, model.predict_proba(inputs) if truth.is_classes else model.predict(inputs)


def date_unit_of_model(model: Any, target: str) -> DateUnit:
    """How finely a model predicts dates; "" for what is none, and for a column that it does not know."""
    card: Card | None = getattr(model, "card_", None)
    return card.date_unit if card is not None and card.target == target else ""


def _base(card: Card | None, truth: Truth) -> np.ndarray | None:
    """What the training rows predict for all rows alike, when the card tells it of this very target."""
    if card is None or (card.target, card.labels) != (truth.name, truth.labels) or not card.base:
        return None
    return np.asarray(card.base)


def evaluation_by(
    model: Any, truth: Truth, predicted: np.ndarray, rows_scored: str = NEW_ROWS, base: np.ndarray | None = None
) -> Evaluation:
    """Scores of a model's predictions as `evaluation_of`, decided as the model decides, with what it is unsure about or
    its intervals cover."""
    if not truth.is_classes:
        found = evaluation_of(truth, predicted, rows_scored, base)
        return found if model.intervals_ is None else _with_coverage(found, truth, predicted, model.intervals_)
    decision = model.decision_
    found = evaluation_of(truth, predicted, rows_scored, base, decision)
    if 2 < len(truth.labels) <= MOST_CLASSES:
        labels, codes = np.asarray(truth.labels), decide(predicted, decision)
        found = replace(found, classes=tabulate_classes(labels[truth.values], labels[codes], truth.labels))
    if decision.costs and found.counts is not None:
        found = replace(found, cost=cost_of_counts(decision.costs, found.counts))
    return replace(found, unsure=abstention_on(truth.values, predicted, decision)) if decision.unsure else found


def _with_coverage(
    found: Evaluation, truth: Truth, predicted: np.ndarray, intervals: PredictionIntervals
) -> Evaluation:
    coverage = coverage_on(truth.values, predicted, intervals)
    uneven = uneven_intervals(coverage, intervals.rows, bool(truth.date_unit))
    return replace(found, coverage=coverage, findings=(*found.findings, *([uneven] if uneven else [])))


def _label_text(label: Any) -> str:
    return class_name(label) if isinstance(label, (int, float)) and not isinstance(label, bool) else str(label)


def evaluation_of(
    truth: Truth,
    predicted: np.ndarray,
    rows_scored: str = NEW_ROWS,
    base: np.ndarray | None = None,
    decision: Decision = AS_IS,
) -> Evaluation:
    """Scores of predictions: probabilities (rows, classes) for classes, numbers (rows,) otherwise.

    `base` (outputs,) is what the training rows predict for every row alike, their class shares or their mean; where it
    is not known, the scored rows' own stand in for it. Classes are answered as `decision` says.
    """
    counts = None
    if truth.is_classes:
        scores, counts = class_scores(truth, predicted, base, decision)
    else:
        scores = score_numbers(truth.values, predicted)
        if truth.date_unit:
            scores = tuple(score if score.name == "R²" else replace(score, detail="in days") for score in scores)
    findings = judge(truth, predicted, scores, base, decision)
    return Evaluation(
        truth.name,
        truth.kind,
        len(truth.values),
        rows_scored,
        scores,
        counts,
        None,
        tuple(findings),
        date_unit=truth.date_unit,
    )


def class_scores(
    truth: Truth, probability: np.ndarray, base: np.ndarray | None = None, decision: Decision = AS_IS
) -> tuple[tuple[Score, ...], ConfusionCounts]:
    """All scores of the probabilities (rows, classes) and of the labels decided for, and the counts."""
    labels, codes = np.asarray(truth.labels), decide(probability, decision)
    scores = score_classes(truth.values, probability, predicted=codes, labels=truth.labels, base=base)
    return scores, confusion_counts(labels[truth.values], labels[codes], labels=truth.labels)


def judge(
    truth: Truth,
    predicted: np.ndarray,
    scores: tuple[Score, ...],
    base: np.ndarray | None = None,
    decision: Decision = AS_IS,
) -> list[Finding]:
    """ONE_CLASS, ONE_TRUE_CLASS, WORSE_THAN_BASE, TOO_FEW_ROWS; `base`, `decision` as `evaluation_of` takes them."""
    worse = worse_than_base(truth, predicted, base)
    if not truth.is_classes:
        return [worse] if worse else []
    found = []
    codes = decide(predicted, decision)
    shares = np.bincount(truth.values, minlength=len(truth.labels)) / len(truth.values)
    if (shares > 0).sum() == 1:
        found.append(one_true_class(truth.labels[int(truth.values[0])], len(truth.values)))
    elif (codes == codes[0]).all():
        skill = _skill(truth, predicted, base)
        found.append(one_class(truth.labels[int(codes[0])], float(shares[codes[0]]), skill))
    if worse:
        found.append(worse)
    interval = scores[0].interval
    if interval is not None and interval.half_width > MINIMUM_HALF_WIDTH:
        found.append(too_few_rows(scores[0], interval))
    return found


def one_class(label: str, share: float, skill: float = 0.0) -> Finding:
    """ONE_CLASS: every row is given the same class; information only where `skill` says that rows are told apart.

    `skill` is the share of the base rate's log loss that the probabilities take off.
    """
    told = skill > SKILL
    return Finding(
        "ONE_CLASS",
        "information" if told else "warning",
        f"Every row is predicted to be {label}; the accuracy of {share:.4f} is the share of {label}"
        + (f". The probabilities do tell rows apart: their log loss is {skill:.0%} below the base rate's" * told),
        "As a decision the model is no better than naming the majority",
        "Use the probabilities, or choose another threshold"
        if told
        else "Look at the probabilities, weigh the classes, or choose another threshold",
    )


def one_true_class(label: str, rows: int) -> Finding:
    """ONE_TRUE_CLASS: the scored rows are all of one class, so that most scores have no value."""
    return Finding(
        "ONE_TRUE_CLASS",
        "information",
        f"All {rows:,} scored rows are of class {label}, so balanced accuracy, precision, F1, MCC, ROC AUC, average "
        "precision and the skills over the base rate are missing",
        "They tell classes apart, and here is one",
        "Score rows of all classes",
    )


def worse_than_base(truth: Truth, predicted: np.ndarray, base: np.ndarray | None) -> Finding | None:
    """WORSE_THAN_BASE: log loss or RMSE is worse than that of the base rate, by more than one standard error.

    The standard error is that of the mean difference of the two losses, row by row, so that a model without skill is
    not called harmful for the luck of a few rows: up to two standard errors it is information, above a warning.
    """
    losses, of_base = _losses(truth, predicted, base)
    lead = losses - of_base
    error = lead.std(ddof=1) / np.sqrt(len(lead)) if len(lead) > 1 else np.inf
    if not lead.mean() > error or not of_base.any():
        return None
    name, show = ("log loss", float) if truth.is_classes else ("RMSE", np.sqrt)
    return Finding(
        "WORSE_THAN_BASE",
        "warning" if lead.mean() > SURE_ERRORS * error else "information",
        f"The {name} is {figure(float(show(losses.mean())))}; predicting the same for every row gives "
        f"{figure(float(show(of_base.mean())))}",
        "The predictions carry less than the base rate does, however good another figure looks",
        "Train fewer epochs or with a penalty, or use the simpler model",
    )


def _losses(truth: Truth, predicted: np.ndarray, base: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """The loss of each row by the predictions and by the base rate: log loss or squared errors, both (rows,)."""
    if not truth.is_classes:
        constant = truth.values.mean() if base is None else base[0]
        return (truth.values - predicted) ** 2, (truth.values - constant) ** 2
    shares = np.bincount(truth.values, minlength=len(truth.labels)) / len(truth.values) if base is None else base
    smallest = np.finfo(np.float64).eps
    own = predicted[np.arange(len(predicted)), truth.values]
    return -np.log(np.clip(own, smallest, 1)), -np.log(np.clip(shares[truth.values], smallest, 1))


def _skill(truth: Truth, predicted: np.ndarray, base: np.ndarray | None) -> float:
    """The share of the base rate's log loss that the probabilities take off; 0 where there is none to take."""
    losses, of_base = _losses(truth, predicted, base)
    return float(1 - losses.mean() / of_base.mean()) if of_base.mean() > 0 else 0.0


def too_few_rows(score: Score, interval: Interval) -> Finding:
    """TOO_FEW_ROWS: the interval of the accuracy reaches more than 5 points either way."""
    value = min(max(score.value, 0.05), 0.95)
    needed = int(np.ceil(1.96**2 * value * (1 - value) / MINIMUM_HALF_WIDTH**2))
    return Finding(
        "TOO_FEW_ROWS",
        "information",
        f"With {counted(score.rows, 'row')} the accuracy is known to ±{100 * interval.half_width:.1f} points only",
        "Differences smaller than that cannot be seen here",
        f"About {needed} rows would be needed for ±5 points",
    )


def another_table(rows: int) -> Finding:
    """OTHER_TABLE: the rows come from a table that is not that of the training, which proves nothing about each row.

    The model keeps the fingerprint of its table and nothing by which a row could be known again: hashes of rows would
    tell who was in the training table.
    """
    return Finding(
        "OTHER_TABLE",
        "information",
        f"The {counted(rows, 'row comes', 'rows come')} from another table than the model was trained on; whether it "
        "has learned from some of them cannot be told",
        "A part of the training table, or the same rows in another order, would be scored as new and flatter the model",
        "Make sure that no training row is among them",
    )


def optimistic(rows: int) -> Finding:
    """OPTIMISTIC: training rows are among those scored."""
    return Finding(
        "OPTIMISTIC",
        "warning",
        f"All {rows:,} rows were scored, and the model has learned from most of them",
        "Scores on rows that were learned from are better than on new ones",
        "Score the sealed rows alone, or a table of new rows",
    )
