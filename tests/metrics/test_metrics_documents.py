"""Scores that documents 000, 003 and 004 print, from the predictions of their own networks."""

from __future__ import annotations

import csv
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pellucid import NetworkSpec, TrainingSpec, fit_network, metrics, nn

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
pytestmark = pytest.mark.skipif(not (SHARED / "goldens").exists(), reason="../shared/goldens is not here")


@cache
def goldens() -> dict[tuple[int, str], dict[str, Any]]:
    document = json.loads((SHARED / "goldens" / "goldens.json").read_text())
    return {(int(d["seed"]), f["name"]): f for d in document["seeds"] for f in d["figures"]}


@cache
def fixtures() -> dict[str, Any]:
    return json.loads((SHARED / "goldens" / "fixtures.json").read_text())


def agree(document: int, name: str, got: object) -> None:
    figure = goldens()[document, name]
    np.testing.assert_allclose(got, figure["expected"], rtol=0, atol=figure["abs_tol"], err_msg=name)


class Stream:
    """Stands in for a NumPy generator: hands out the numbers that a document drew, in order."""

    def __init__(self) -> None:
        self.numbers = np.array(fixtures()["torch_rand_stream_seed_42"])

    def random(self, size: Any) -> np.ndarray:
        count = int(np.prod(size))
        taken, self.numbers = self.numbers[:count], self.numbers[count:]
        return taken.reshape(size)


@cache
def titanic_network() -> tuple[np.ndarray, ...]:
    """Document 000's network of two times fifty units: truth and probabilities of training and validation rows."""
    with open(SHARED / "data" / "titanic_train.csv", newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    train, valid = (np.array(fixtures()["titanic_split"][k]) for k in ("train_rows", "valid_rows"))
    columns = []
    for name in ("Age", "SibSp", "Parch", "Fare"):
        counts = Counter(table[row][name] for row in train if table[row][name])
        fill = min((text for text in counts if counts[text] == max(counts.values())), key=float)
        values = np.array([float(row[name] or fill) for row in table], dtype=np.float32).astype(np.float64)
        columns.append(values / values[train].max())
    X, y = np.stack(columns, axis=1), np.array([int(row["Survived"]) for row in table])
    plan = TrainingSpec("sigmoid_bce", "sgd", 4.0, 60)
    initial = nn.initialize((4, 50, 50, 1), False, "uniform", Stream())  # type: ignore[arg-type]
    fitted = fit_network(X[train], y[train], NetworkSpec(4, (50, 50), bias=False), plan, initial=initial)
    return y[train], fitted.predict(X[train])[:, 0], y[valid], fitted.predict(X[valid])[:, 0]


def four_scores(truth: np.ndarray, chances: np.ndarray, threshold: float) -> tuple[list[int], list[float]]:
    guess = (chances >= threshold).astype(int)
    counts = metrics.confusion_counts(truth, guess, [0, 1])
    scores = [f(truth, guess).value for f in (metrics.accuracy, metrics.precision, metrics.recall, metrics.f1)]
    return [counts.tp, counts.tn, counts.fp, counts.fn], scores


def test_000_scores_at_one_half_and_the_log_loss() -> None:
    _, _, truth, chances = titanic_network()
    counts, scores = four_scores(truth, chances, 0.5)
    agree(0, "nn_counts_50", counts)
    agree(0, "nn_metrics_50", scores)
    agree(0, "nn_bce_library", metrics.log_loss(truth, chances).value)


def test_000_the_threshold_of_the_best_f1_and_what_choosing_it_on_the_scored_rows_flatters() -> None:
    of_training, trained, truth, chances = titanic_network()
    grid = np.linspace(0.05, 0.95, 19, dtype=np.float32).astype(np.float64)
    found = {}
    for name, y, p in (("best_f1", truth, chances), ("train_chosen", of_training, trained)):
        curve = metrics.threshold_curve(y, p)
        f1 = curve.f1[[curve.at(threshold) for threshold in grid]]
        found[name] = float(grid[f1.argmax()])
        agree(0, f"{name}_threshold", found[name])
        counts, scores = four_scores(truth, chances, found[name])
        agree(0, f"{name}_counts", counts)
        agree(0, f"{name}_metrics", scores)
    assert (
        four_scores(truth, chances, found["best_f1"])[1][3] > four_scores(truth, chances, found["train_chosen"])[1][3]
    )


def test_000_the_area_is_exact_where_the_trapezoid_of_a_grid_was_not() -> None:
    _, _, truth, chances = titanic_network()
    curve = metrics.roc_curve(truth, chances)
    agree(0, "auc_sklearn", metrics.roc_auc(truth, chances).value)
    agree(0, "auc_sklearn", curve.area)
    places = [curve.at(threshold) for threshold in np.linspace(1.0, 0.0, 201)]
    agree(0, "auc_manual_ties_sorted", np.trapezoid(curve.recall[places], curve.fpr[places]))


def test_000_the_baselines() -> None:
    _, _, truth, _ = titanic_network()
    agree(0, "baseline_all_died_acc", metrics.accuracy(truth, np.zeros_like(truth)).value)


@cache
def moons() -> tuple[np.ndarray, np.ndarray]:
    """Document 003: truth and probabilities of its twenty validation rows."""
    raw, begin = fixtures()["moons_raw"], fixtures()["moons_linear_init"]
    X, X_valid = np.array(raw["X_train"]), np.array(raw["X_val"])
    center, spread = X.mean(axis=0), X.std(axis=0)
    initial = {"layers.0.weight": np.array([begin["weight"]]), "layers.0.bias": np.array([begin["bias"]])}
    order = np.array(fixtures()["moons_old_shuffles_100x80"])
    plan = TrainingSpec("bce", "sgd", 0.1, epochs=100, batch_size=16)
    fitted = fit_network(
        (X - center) / spread, np.array(raw["y_train"]), NetworkSpec(2), plan, initial=initial, order=order
    )
    return np.array(raw["y_val"]), fitted.predict((X_valid - center) / spread)[:, 0]


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7])
def test_003_counts(threshold: float) -> None:
    truth, chances = moons()
    guess = (chances >= threshold).astype(int)
    agree(3, f"old_cm_{threshold}", metrics.confusion_counts(truth, guess, [0, 1]).counts)


def test_003_rates_and_areas() -> None:
    truth, chances = moons()
    guess = (chances >= 0.5).astype(int)
    agree(3, "old_precision_recall_50", [metrics.precision(truth, guess).value, metrics.recall(truth, guess).value])
    false_positives = 1 - metrics.specificity(truth, guess).value
    agree(3, "old_tpr_fpr_50", [metrics.recall(truth, guess).value, false_positives])
    curve = metrics.precision_recall_curve(truth, chances)
    # The notebook draws straight lines between points and starts at precision 1, which flatters a little.
    lines = np.trapezoid(np.concatenate([[1], curve.precision[1:]]), curve.recall)
    agree(3, "old_auroc_aupr", [metrics.roc_auc(truth, chances).value, lines])
    assert metrics.average_precision(truth, chances).value == curve.area < 1


def test_003_the_precision_quirk_with_counts_that_are_possible() -> None:
    """The page counts 13, 12 and 12 right ones of 11; the true counts are 11 of 13, 10 of 12, 10 of 11."""
    truth, chances = moons()
    curve = metrics.precision_recall_curve(truth, chances)
    counts = [(curve.tp[k], curve.tp[k] + curve.fp[k]) for k in map(curve.at, (0.40, 0.50, 0.57))]
    assert counts == [(11, 13), (10, 12), (10, 11)]
    said = [curve.explain(int(place)) for place in curve.falls()]
    assert any("11 right of 13 become 10 of 12, and precision falls from 0.8462 to 0.8333" in words for words in said)


def test_004_the_averages_that_the_page_prints_are_macro_though_its_code_says_weighted() -> None:
    """Counts that give the printed figures of every class: the page's "overall" is their plain mean (trap 25)."""
    counts = np.array([[0, 3, 4], [4, 2, 2], [4, 2, 2]])
    truth = np.repeat([0, 0, 0, 1, 1, 1, 2, 2, 2], counts.ravel())
    guess = np.repeat([0, 1, 2] * 3, counts.ravel())
    table = metrics.tabulate_classes(truth, guess)
    agree(4, "over_support", [one.rows for one in table.classes])
    per_class = [[one.precision.value, one.recall.value, one.f1.value] for one in table.classes]
    agree(4, "over_per_class", per_class)
    names = ("precision", "recall", "F1")
    agree(4, "page_over_overall_is_macro", [table[f"macro {name}"].value for name in names])
    weighted = [table[f"weighted {name}"].value for name in names]
    assert weighted == pytest.approx([0.1863, 0.1739, 0.1797], abs=5e-5)


@pytest.mark.parametrize("name", ["linear", "np", "mlp"])
def test_004_weighted_averages_of_the_notebook(name: str) -> None:
    """From the printed recalls, precisions and 75 rows a class: counts, and the averages of these."""
    per_class = np.array(goldens()[4, f"{name}_per_class.notebook"]["expected"])
    right = np.round(per_class[:, 1] * 75).astype(int)
    called = np.round(np.divide(right, per_class[:, 0])).astype(int)
    counts = np.diag(right)
    # Wrong ones fill rows up to 75 and columns up to what was called: the smallest class of freedom, tried in turn.
    missing, spare = 75 - right, called - right
    for first in range(int(missing[0]) + 1):
        trial = np.array([[0, first, missing[0] - first], [0, 0, 0], [0, 0, 0]])
        trial[2, 1] = spare[1] - first
        trial[2, 0] = missing[2] - trial[2, 1]
        trial[1, 0] = spare[0] - trial[2, 0]
        trial[1, 2] = missing[1] - trial[1, 0]
        if (trial >= 0).all():
            break
    counts = counts + trial
    truth = np.repeat(np.repeat([0, 1, 2], 3), counts.ravel())
    guess = np.repeat([0, 1, 2] * 3, counts.ravel())
    table = metrics.tabulate_classes(truth, guess)
    found = [table[f"weighted {figure}"].value for figure in ("precision", "recall", "F1")]
    agree(4, f"{name}_overall.notebook", found)
