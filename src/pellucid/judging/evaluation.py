"""How good a model is on rows that it has not seen, each figure with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.read import read
from ..data.table import Table
from ..errors import InputError
from ..metrics.classification import ConfusionCounts, accuracy, confusion_counts, log_loss, roc_auc
from ..metrics.regression import mae, r2, rmse
from ..records import Finding, Record, Score
from .card import Card, sealed_mask
from .looks import record_look
from .truth import Truth, codes_of

MINIMUM_HALF_WIDTH = 0.05


@dataclass(frozen=True)
class Evaluation(Record):
    """Scores of a model on some rows.

    `rows_scored` says which rows: "sealed rows" (held out when the model was trained), "all rows" (training rows among
    them, so optimistic), or "new rows". `look` counts the evaluations of this table's sealed rows, None elsewhere.
    """

    target: str
    task: str
    rows: int
    rows_scored: str
    scores: tuple[Score, ...]
    counts: ConfusionCounts | None
    look: int | None
    findings: tuple[Finding, ...] = ()

    def __getitem__(self, name: str) -> Score:
        """The score called `name`."""
        for score in self.scores:
            if score.name == name:
                return score
        raise KeyError(name)


def evaluate(model: Any, source: Any, *, target: str | None = None, all_rows: bool = False) -> Evaluation:
    """Score `model` on a table or anything that `pellucid.read` takes.

    On the table that the model was trained on (same fingerprint) only the sealed rows are scored, and the look is
    counted; `all_rows=True` scores every row and says that this is optimistic. `target` names the column with the truth
    for models that do not know it (those not trained by `climb` or `pellucid train`).

    Raises `ColumnError` when a column is missing, `InputError` when the target holds unknown classes or no value.
    """
    table = read(source)
    card: Card | None = getattr(model, "card_", None)
    name = target or (card.target if card else None)
    if name is None:
        raise InputError("this model does not know its target column; pass target='…'")
    is_training_table = card is not None and card.fingerprint == table.fingerprint()
    sealed = sealed_mask(card) if card is not None and is_training_table else None
    rows_scored, look, findings = "new rows", None, []
    if is_training_table and (all_rows or sealed is None or not sealed.any()):
        rows_scored = "all rows"
        findings.append(optimistic(len(table)))
    elif card is not None and sealed is not None:
        table = table.take(sealed)
        rows_scored = "sealed rows"
        look = record_look(card.fingerprint, "evaluate")
    evaluation = score_model(model, table, name)
    return Evaluation(
        name,
        evaluation.task,
        evaluation.rows,
        rows_scored,
        evaluation.scores,
        evaluation.counts,
        look,
        (*findings, *evaluation.findings),
    )


def score_model(model: Any, table: Table, target: str) -> Evaluation:
    """All rows of `table` whose target is known, scored as new rows."""
    column = table[target]
    inputs = table.take(~column.missing).drop([target])
    column = column.take(~column.missing)
    if len(column) == 0:
        raise InputError(f"the target {target!r} has no value in these rows, so there is nothing to score against")
    if hasattr(model, "classes_"):
        labels = tuple(str(label) for label in model.classes_)
        codes = codes_of(column, labels)
        return evaluation_of(Truth(target, "classification", codes, labels, ""), model.predict_proba(inputs))
    if column.kind != "number":
        raise InputError(f"the model predicts numbers, but {target!r} holds {column.kind} values here")
    return evaluation_of(Truth(target, "regression", column.values, (), ""), model.predict(inputs))


def evaluation_of(truth: Truth, predicted: np.ndarray, rows_scored: str = "new rows") -> Evaluation:
    """Scores of predictions: probabilities (rows, classes) for classes, numbers (rows,) otherwise."""
    if truth.is_classes:
        scores, counts = class_scores(truth, predicted)
    else:
        scores, counts = (rmse(truth.values, predicted), mae(truth.values, predicted)), None
        if len(np.unique(truth.values)) > 1:
            scores = (*scores, r2(truth.values, predicted))
    findings = judge(truth, predicted, scores)
    return Evaluation(
        truth.name, truth.kind, len(truth.values), rows_scored, tuple(scores), counts, None, tuple(findings)
    )


def class_scores(truth: Truth, probability: np.ndarray) -> tuple[tuple[Score, ...], ConfusionCounts]:
    """Accuracy, log loss, area under the ROC curve where both classes are present, and the counts."""
    labels = np.asarray(truth.labels)
    # As MLPClassifier.predict decides: the second of two classes from 0.5 on, else the most probable one.
    codes = (probability[:, 1] >= 0.5).astype(int) if len(labels) == 2 else probability.argmax(axis=1)
    scores = [accuracy(truth.values, codes), log_loss(truth.values, probability)]
    present = len(np.unique(truth.values))
    if present == len(labels):
        positive = probability[:, 1] if len(labels) == 2 else probability
        scores.append(roc_auc(truth.values, positive))
    return tuple(scores), confusion_counts(labels[truth.values], labels[codes], labels=tuple(labels))


def judge(truth: Truth, predicted: np.ndarray, scores: tuple[Score, ...]) -> list[Finding]:
    """ONE_CLASS, WORSE_THAN_BASE and TOO_FEW_ROWS on scored rows."""
    found = []
    if truth.is_classes:
        codes = predicted.argmax(axis=1)
        shares = np.bincount(truth.values, minlength=len(truth.labels)) / len(truth.values)
        if (codes == codes[0]).all() and (shares > 0).sum() > 1:
            found.append(one_class(truth.labels[int(codes[0])], float(shares[codes[0]])))
        base = float(-(shares[shares > 0] * np.log(shares[shares > 0])).sum())
        if scores[1].value > base:
            found.append(worse_than_base("log loss", scores[1].value, base))
        interval = scores[0].interval
        if interval is not None and interval.half_width > MINIMUM_HALF_WIDTH:
            found.append(too_few_rows(scores[0]))
    else:
        base = float(truth.values.std())
        if scores[0].value > base > 0:
            found.append(worse_than_base("RMSE", scores[0].value, base))
    return found


def one_class(label: str, share: float) -> Finding:
    """ONE_CLASS: every row is given the same class."""
    return Finding(
        "ONE_CLASS",
        "warning",
        f"Every row is predicted to be {label}; the accuracy of {share:.4f} is the share of {label}",
        "The model is no better than naming the majority",
        "Look at the probabilities, weigh the classes, or choose another threshold",
    )


def worse_than_base(name: str, value: float, base: float) -> Finding:
    """WORSE_THAN_BASE: a proper score is worse than that of the base rate on the same rows."""
    return Finding(
        "WORSE_THAN_BASE",
        "warning",
        f"The {name} is {value:.4f}; predicting the same for every row gives {base:.4f}",
        "The predictions carry less than the base rate does, however good another figure looks",
        "Train fewer epochs or with a penalty, or use the simpler model",
    )


def too_few_rows(score: Score) -> Finding:
    """TOO_FEW_ROWS: the interval of the accuracy reaches more than 5 points either way."""
    value = min(max(score.value, 0.05), 0.95)
    needed = int(np.ceil(1.96**2 * value * (1 - value) / MINIMUM_HALF_WIDTH**2))
    half = 0.0 if score.interval is None else 100 * score.interval.half_width
    return Finding(
        "TOO_FEW_ROWS",
        "information",
        f"With {score.rows} rows the accuracy is known to ±{half:.1f} points only",
        "Differences smaller than that cannot be seen here",
        f"About {needed} rows would be needed for ±5 points",
    )


def optimistic(rows: int) -> Finding:
    """OPTIMISTIC: training rows are among those scored."""
    return Finding(
        "OPTIMISTIC",
        "warning",
        f"All {rows} rows were scored, and the model has learned from most of them",
        "Scores on rows that were learned from are better than on new ones",
        "Leave out --all-rows, or score a table of new rows",
    )
