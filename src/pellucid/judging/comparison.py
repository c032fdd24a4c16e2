"""`compare`: is one model better than another, by how much, and how many rows would it take to see?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np

from ..errors import InputError, SpecError
from ..estimators.decision import AS_IS, Decision
from ..metrics.paired_tests import PairedTest, mcnemar, paired_delong, paired_t_test
from ..metrics.ranks import area
from ..records import Finding, Interval, Record
from .comparison_text import comparison_text, sentence_of
from .fold_models import is_plan
from .row_losses import row_losses
from .truth import Truth, decide
from .unseen_rows import UnseenRows, decision_of, predicted, unseen_rows

LEVEL, POWER = 0.95, 0.8
# What "a difference worth seeing" is: a point of a share, a hundredth of a loss, a hundredth of the error of numbers.
POINT = 0.01
FEWEST_ROWS = 10
HIGHER_IS_BETTER = ("accuracy", "AUC", "R²")


@dataclass(frozen=True)
class Difference(Record):
    """One figure of two models on the same rows or folds; `difference` is first minus second.

    `better` is the name of the better model, "" where there is no evidence of a difference. `smallest` is the
    difference that `rows_needed` test rows would show in 4 of 5 such comparisons, at the 95 % level: for shares one
    point, for errors of numbers 1 % of the second model's. `rows_needed` is None where the rows tell of no spread.
    """

    figure: str
    first: float
    second: float
    difference: float
    interval: Interval | None
    test: PairedTest
    better: str
    smallest: float
    rows_needed: int | None
    sentence: str


@dataclass(frozen=True)
class VarianceSplit(Record):
    """Where the spread of the difference between two single fits comes from, as variances of the loss difference.

    `seed` is the chance of initial weights and row order, `split` which rows were learned from, `sample` which rows
    were scored; they add up to the variance of what one fit of each, scored on one fold's rows, would show.
    """

    loss: str
    seed: float
    split: float
    sample: float
    seeds: int
    folds: int

    @property
    def shares(self) -> dict[str, float]:
        """The three as shares of their sum, all 0 when there is no spread."""
        total = self.seed + self.split + self.sample
        parts = {"seed": self.seed, "split": self.split, "sample": self.sample}
        return {name: value / total if total else 0.0 for name, value in parts.items()}

    def __str__(self) -> str:
        told = ", ".join(f"{share:.0%} {name}" for name, share in self.shares.items())
        return f"Spread of one difference in {self.loss}: {told} ({self.folds} folds × {self.seeds} seeds)"


@dataclass(frozen=True, repr=False)
class Comparison(Record):
    """What `compare` found. The first of `differences` is in the figure that models are chosen by.

    `verdict` is one sentence. `rows_scored` says which rows: "sealed rows", "new rows", "all rows", or "out of fold",
    and `look` counts the looks at sealed rows. `variance` is known where models were trained anew in folds.
    """

    names: tuple[str, str]
    target: str
    task: str
    rows: int
    rows_scored: str
    differences: tuple[Difference, ...]
    verdict: str
    variance: VarianceSplit | None = None
    look: int | None = None
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        return f"Comparison({self.names[0]!r}, {self.names[1]!r}: {self.verdict})"

    def __str__(self) -> str:
        return comparison_text(self)

    def __getitem__(self, name: str) -> Difference:
        """The difference in the figure of that name."""
        for difference in self.differences:
            if difference.figure == name:
                return difference
        raise KeyError(name)


def compare(
    first: Any,
    second: Any,
    source: Any,
    *,
    target: str | None = None,
    names: Sequence[str] = ("the first model", "the second model"),
    all_rows: bool = False,
    folds: int = 5,
    seeds: int | Sequence[int] = 3,
) -> Comparison:
    """Compare two models on the same rows of a table or anything that `pellucid.read` takes.

    Two fitted models are scored on the rows that neither has learned from: those sealed for both when this is the
    training table of both (which is a look at them), all rows of a new table, every row with `all_rows`, which is
    optimistic and said. Two unfitted ones are trained in each of `folds` folds with each of `seeds`, and scored on what
    the folds hold out; then the spread is split into seed, split and sample. `target` names the column to predict for
    models that do not know it, `names` name the models in sentences.

    Classes: log loss (t-test over rows), accuracy (McNemar, mid-p), AUC of two classes (DeLong). Numbers: mean squared
    and mean absolute error. Over folds all figures are compared by the corrected resampled t-test.

    Raises `InputError` for models that cannot be compared (other targets, tasks or classes) and when fewer than 10 rows
    are left, `SpecError` for one fitted and one unfitted model.
    """
    told = _names(names)
    if is_plan(first) and is_plan(second):
        from .fold_comparison import compare_over_folds

        return compare_over_folds(first, second, source, target, told, folds, seeds)
    if is_plan(first) or is_plan(second):
        fitted, plan = (told[1], told[0]) if is_plan(first) else told
        raise SpecError(f"{fitted} is fitted and {plan} is not; compare two fitted models, or two plans over folds")
    rows = unseen_rows([first, second], told, source, target, all_rows)
    if len(rows.truth.values) < FEWEST_ROWS:
        raise InputError(
            f"{len(rows.truth.values)} rows are new to both models; {FEWEST_ROWS} are the least to compare them on: "
            "train both with one seed, so that the same rows are sealed, or give a table of new rows"
        )
    answers = [predicted(model, table) for model, table in zip((first, second), rows.inputs)]
    decisions = decision_of(first), decision_of(second)
    found = compare_predictions(rows.truth, answers[0], answers[1], names=told, decisions=decisions)
    return _on(found, rows)


def compare_predictions(
    truth: Truth,
    first: np.ndarray,
    second: np.ndarray,
    *,
    names: Sequence[str] = ("the first", "the second"),
    decisions: tuple[Decision, Decision] = (AS_IS, AS_IS),
) -> Comparison:
    """Compare two predictions of the same rows: probabilities (rows, classes) or numbers (rows,).

    Each side answers classes by its own of the `decisions`.
    """
    told = _names(names)
    tests = _class_tests(truth, first, second, decisions) if truth.is_classes else _number_tests(truth, first, second)
    found = tuple(difference_of(name, values, test, told) for name, values, test in tests)
    alike = bool(np.array_equal(first, second))
    verdict = _alike(told, len(truth.values)) if alike else found[0].sentence
    findings = (_same_predictions(told, len(truth.values)),) if alike else ()
    return Comparison(told, truth.name, truth.kind, len(truth.values), "new rows", found, verdict, findings=findings)


def difference_of(
    name: str, values: tuple[float, float], test: PairedTest, names: tuple[str, str], rows_needed: bool = True
) -> Difference:
    """A difference in words and numbers from the test of a figure."""
    lower_is_better = name not in HIGHER_IS_BETTER
    evidence = test.p_value < 1 - LEVEL
    first_is_better = (test.difference < 0) == lower_is_better
    better = (names[0] if first_is_better else names[1]) if evidence else ""
    smallest = POINT if name in ("accuracy", "AUC", "log loss") else POINT * values[1]
    needed = needed_rows(test, smallest) if rows_needed else None
    found = Difference(name, *values, test.difference, test.interval, test, better, smallest, needed, "")
    return replace(found, sentence=sentence_of(found, names))


def needed_rows(test: PairedTest, smallest: float) -> int | None:
    """Test rows that would show a difference of `smallest` in 4 of 5 comparisons, from the measured paired variance.

    n = (z₀.₉₇₅ + z₀.₈)² s² / smallest², with s² the variance of one row's difference.
    """
    if not test.error > 0 or not smallest > 0:
        return None
    z = NormalDist().inv_cdf((1 + LEVEL) / 2) + NormalDist().inv_cdf(POWER)
    return math.ceil(z**2 * test.error**2 * test.rows / smallest**2)


Tested = tuple[str, tuple[float, float], PairedTest]


def _class_tests(
    truth: Truth, first: np.ndarray, second: np.ndarray, decisions: tuple[Decision, Decision]
) -> list[Tested]:
    losses = row_losses(truth, first), row_losses(truth, second)
    labels = decide(first, decisions[0]), decide(second, decisions[1])
    hits = [float((codes == truth.values).mean()) for codes in labels]
    tests: list[Tested] = [
        ("log loss", (float(losses[0].mean()), float(losses[1].mean())), paired_t_test(*losses)),
        ("accuracy", (hits[0], hits[1]), mcnemar(truth.values, *labels)),
    ]
    counts = np.bincount(truth.values, minlength=len(truth.labels))
    if len(truth.labels) == 2 and counts.min() >= 2:
        test = paired_delong(truth.values == 1, first[:, 1], second[:, 1])
        areas = _areas(truth, first[:, 1]), _areas(truth, second[:, 1])
        tests.append(("AUC", areas, test))
    return tests


def _areas(truth: Truth, scores: np.ndarray) -> float:
    return area(truth.values == 1, scores, np.ones(len(scores))).value


def _number_tests(truth: Truth, first: np.ndarray, second: np.ndarray) -> list[Tested]:
    errors = truth.values - first, truth.values - second
    found: list[Tested] = []
    for name, losses in (
        ("mean squared error", [e**2 for e in errors]),
        ("mean absolute error", [np.abs(e) for e in errors]),
    ):
        found.append((name, (float(losses[0].mean()), float(losses[1].mean())), paired_t_test(*losses)))
    return found


def _on(found: Comparison, rows: UnseenRows) -> Comparison:
    findings = (*rows.findings, *found.findings)
    look = rows.count_look("compare")
    return replace(found, rows_scored=rows.rows_scored, look=look, findings=findings)


def _names(names: Sequence[str]) -> tuple[str, str]:
    if isinstance(names, str) or len(names) != 2 or not all(isinstance(name, str) and name for name in names):
        raise SpecError(f"names must be two texts, got {names!r}")
    one, other = names
    return (one, other) if one != other else (f"{one} (first)", f"{other} (second)")


def _alike(names: tuple[str, str], rows: int) -> str:
    return f"No difference: {names[0]} and {names[1]} predict the same on all {rows:,} rows"


def _same_predictions(names: tuple[str, str], rows: int) -> Finding:
    """SAME_PREDICTIONS: a model is compared with itself, or with its copy."""
    return Finding(
        "SAME_PREDICTIONS",
        "information",
        f"{names[0]} and {names[1]} predict the same, to the last bit, on all {rows:,} rows",
        "They are one model, or copies of one",
        "Check that the files are the two that you meant",
    )
