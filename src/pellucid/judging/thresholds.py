"""The threshold of a two-class model, chosen on rows that it was not trained on, and what it is worth on others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..errors import SpecError
from ..metrics.cells import Cells
from ..metrics.classification import ConfusionCounts
from ..metrics.decision_scores import f_beta_of
from ..metrics.intervals import wilson
from ..records import SHARES, Finding, Record, Score, figure, share_with_interval, with_interval
from .expected_cost import LEVEL, cost_of_counts, expected_cost
from .out_of_fold import OutOfFold
from .plain_arrays import checked_probabilities, cross_fitted_rows
from .threshold_rules import Costs, ThresholdRule, candidates_of, rule_of, threshold_by

SEVERAL_CLASSES = "a threshold and costs are for two classes, and there are {}; the most probable class is the answer"


@dataclass(frozen=True)
class ThresholdScores(Record):
    """What a threshold does on some rows: accuracy, precision, recall, specificity and F1, those that have a value
    there, and the cost of 1,000 cases where costs are known."""

    threshold: float
    rows: int
    scores: tuple[Score, ...]
    findings: tuple[Finding, ...] = ()

    def __getitem__(self, name: str) -> Score:
        """The score called `name`."""
        for score in self.scores:
            if score.name == name:
                return score
        raise KeyError(name)


@dataclass(frozen=True)
class ThresholdChoice(Record):
    """A threshold, the rule that chose it in words, and what such a choice is worth on rows that did not choose.

    `expected` is cross-fitted: each fold is decided by the threshold that the rule finds on the others.
    """

    rule: str
    threshold: float
    rows: int
    expected: ThresholdScores
    costs: Costs | None = None
    chosen_on: str = field(default="", repr=False)

    def score(self, truth: Any, probability: Any) -> ThresholdScores:
        """What the threshold does on other rows: codes 0 and 1 (rows,) and probabilities (rows,) or (rows, 2).

        On the rows that chose it the scores flatter it, and the finding OPTIMISTIC_THRESHOLD says so.
        """
        codes, both = checked_probabilities(truth, probability)
        scored = threshold_scores(codes, both[:, 1] >= self.threshold, np.ones(len(codes)), self.threshold, self.costs)
        if _mark(codes, both) != self.chosen_on or self.rule.startswith("fixed"):
            return scored
        return ThresholdScores(scored.threshold, scored.rows, scored.scores, (_optimistic(self.threshold, self.rows),))

    def cost_of(self, counts: ConfusionCounts) -> Score | None:
        """The cost of 1,000 cases of rows whose confusion counts are known; None where costs are not."""
        return None if self.costs is None else cost_of_counts(self.costs.matrix, counts)

    def in_words(self) -> str:
        """One sentence."""
        told = ", ".join(f"{score.name} {_in_words(score)}" for score in self.expected.scores)
        return f"threshold {figure(self.threshold)} by {self.rule}; out of fold: {told}"


def choose_threshold(
    truth: Any, probability: Any, rule: Any = "f1", *, folds: Any = None, seed: int = 0
) -> ThresholdChoice:
    """Choose a threshold on rows that the model was not trained on.

    `truth` (rows,) holds 0 and 1, `probability` is (rows,) of class 1, or (rows, 2). `rule` is "f1", "youden",
    "recall=0.9", "precision=0.8", a number, or costs: `Costs` or {"fp": 1, "fn": 5}. `folds` (rows,) are those over
    which the expected scores are cross-fitted; five by chance with `seed`.

    Raises `InputError` for a truth of one class, NaN, and a precision that no threshold reaches; `SpecError` for a rule
    that is none, costs below zero, and more than two classes.
    """
    codes, both = checked_probabilities(truth, probability)
    return threshold_of_rows(codes, cross_fitted_rows(both, folds, seed), rule_of(rule))


def threshold_of_rows(truth: np.ndarray, rows: OutOfFold, rule: ThresholdRule) -> ThresholdChoice:
    """The same for codes (entries,) and out-of-fold rows, calibrated already."""
    if rows.predicted.shape[1] != 2:
        raise SpecError(SEVERAL_CLASSES.format(rows.predicted.shape[1]))
    second = rows.predicted[:, 1]
    threshold = threshold_by(rule, candidates_of(truth, second, rows.weights))
    called = second >= cross_fitted_thresholds(truth, rows, rule, threshold)
    expected = threshold_scores(truth, called, rows.weights, threshold, rule.costs, rows)
    mark = _mark(truth, rows.predicted)
    return ThresholdChoice(rule.in_words(), threshold, rows.row_count, expected, rule.costs, mark)


def cross_fitted_thresholds(
    truth: np.ndarray, rows: OutOfFold, rule: ThresholdRule | None, threshold: float
) -> np.ndarray:
    """What the rule finds on the other folds, for each entry (entries,); the `threshold` of all where no rule chose."""
    found = np.full(len(truth), threshold)
    if rule is None:
        return found
    second = rows.predicted[:, 1]
    for fold in np.unique(rows.folds):
        own = rows.folds == fold
        found[own] = _of_the_others(rule, truth[~own], second[~own], rows.weights[~own], threshold)
    return found


def _of_the_others(
    rule: ThresholdRule, truth: np.ndarray, second: np.ndarray, weights: np.ndarray, otherwise: float
) -> float:
    """What the rule finds on the other folds; `otherwise` where they are of one class or reach no such precision."""
    if rule.word == "fixed" or (truth == truth[0]).all():
        return otherwise
    candidates = candidates_of(truth, second, weights)
    if rule.word == "precision" and candidates.precision.max() < rule.value - 1e-12:
        return otherwise
    return threshold_by(rule, candidates)


def threshold_scores(
    truth: np.ndarray,
    called: np.ndarray,
    weights: np.ndarray,
    threshold: float,
    costs: Costs | None = None,
    rows: OutOfFold | None = None,
) -> ThresholdScores:
    """Scores of the answers `called` (rows,); with `rows` entries of one row count once together."""
    positive = truth == 1
    tp, fp = float(weights @ (positive & called)), float(weights @ (~positive & called))
    fn, tn = float(weights @ (positive & ~called)), float(weights @ (~positive & ~called))
    count = len(truth) if rows is None else rows.row_count
    shares = {
        "accuracy": (tp + tn, tp + fp + fn + tn),
        "precision": (tp, tp + fp),
        "recall": (tp, tp + fn),
        "specificity": (tn, tn + fp),
    }
    scores = [
        Score(name, min(hits / of, 1.0), wilson(min(hits, of), of), count) for name, (hits, of) in shares.items() if of
    ]
    counts = np.array([[tn, fp], [fn, tp]])
    # Entries of one row weigh 1 together, so a class has as many rows as its weight, and none weighs more than another.
    of_class = np.diag(np.rint(counts.sum(axis=1))).astype(np.int64)
    scores.append(f_beta_of(Cells((0, 1), counts, counts, of_class), 1, 1.0, LEVEL))
    if costs is not None:
        each = np.where(positive, np.where(called, costs.tp, costs.fn), np.where(called, costs.fp, costs.tn))
        by_row = each if rows is None else rows.by_row(each)
        scores.append(expected_cost(by_row, np.ones(len(by_row)), np.min(costs.matrix), np.max(costs.matrix)))
    return ThresholdScores(threshold, count, tuple(scores))


def _in_words(score: Score) -> str:
    """Shares as percentages, other scores as they are."""
    return (share_with_interval if score.name in SHARES else with_interval)(score.value, score.interval)


def _optimistic(threshold: float, rows: int) -> Finding:
    """OPTIMISTIC_THRESHOLD: the scored rows chose the threshold."""
    return Finding(
        "OPTIMISTIC_THRESHOLD",
        "warning",
        f"The threshold {figure(threshold)} was chosen on the {rows:,} rows that are scored here",
        "It fits their chance as well, so these scores are better than those of new rows will be",
        "Choose the threshold on out-of-fold training rows and score it on others; `expected` is cross-fitted",
    )


def _mark(truth: np.ndarray, probability: np.ndarray) -> str:
    """A hash by which the rows that chose a threshold are known again, in whatever order."""
    order = np.lexsort((truth, probability[:, 1]))
    return hashlib.sha256(probability[order, 1].tobytes() + truth[order].astype(np.int8).tobytes()).hexdigest()[:16]
