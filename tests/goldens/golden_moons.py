"""Document 003: odds, cross-entropy and imbalance, two moons in mini-batches, every score of twenty rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from golden_figures import figures
from golden_files import Stream, fixtures

from pellucid import FittedNetwork, NetworkSpec, TrainingSpec, fit_network, metrics, nn, profile_table, read
from pellucid.errors import InputError
from pellucid.preprocessing import NumberRecipe, PreparationSpec, fit_preparation

STANDARD = NumberRecipe(missing_flag=False, log1p=False, clip=None, levels=False)
OLD, NOW = "moons_old_shuffles_100x80", "moons_torch_2_13_shuffles_100x80"
TWO_LABELS = np.array([[1.0], [0.0]])


@dataclass(frozen=True, eq=False)
class Rows:
    X: np.ndarray
    y: np.ndarray
    X_valid: np.ndarray
    y_valid: np.ndarray


@cache
def moons() -> Rows:
    """Standardized by the training rows."""
    raw = {name: np.array(values) for name, values in fixtures()["moons_raw"].items()}
    prepared = fit_preparation(read(raw["X_train"]), PreparationSpec(numbers=STANDARD))
    X, X_valid = (prepared.transform(read(raw[name])) for name in ("X_train", "X_val"))
    return Rows(X, raw["y_train"], X_valid, raw["y_val"])


@cache
def first() -> nn.Parameters:
    """What a new linear layer of torch draws after its seed."""
    return nn.initialize((2, 1), True, "torch_uniform", Stream(42))  # type: ignore[arg-type]


@cache
def trained(order: str) -> FittedNetwork:
    """A hundred epochs of batches of sixteen, in the order in which the loader of 2020 or of today gives rows."""
    plan = TrainingSpec("bce", "sgd", 0.1, epochs=100, batch_size=16)
    rows = moons()
    held = rows.X_valid, rows.y_valid
    visits = np.array(fixtures()[order])
    return fit_network(rows.X, rows.y, NetworkSpec(2), plan, initial=first(), order=visits, validation=held)


def weights_and_bias(parameters: nn.Parameters) -> list[float]:
    return [*parameters["layers.0.weight"][0], parameters["layers.0.bias"][0]]


def coefficients(order: str) -> list[float]:
    return weights_and_bias(trained(order).parameters)


def boundary(order: str) -> list[float]:
    """Where the sum is 0: x₂ = -b/w₂ - (w₁/w₂) x₁."""
    w_1, w_2, b = coefficients(order)
    return [-b / w_2, -w_1 / w_2]


def chances(order: str) -> np.ndarray:
    return trained(order).predict(moons().X_valid)[:, 0]


def counts(order: str, threshold: float) -> np.ndarray:
    guess = (chances(order) >= threshold).astype(int)
    return metrics.confusion_counts(moons().y_valid, guess, [0, 1]).counts


def areas(scores: np.ndarray) -> list[float]:
    """The area under ROC, and that of straight lines between the points of precision and recall from (0, 1) on.

    Such lines flatter a little: `average_precision` does without them.
    """
    curve = metrics.precision_recall_curve(moons().y_valid, scores)
    lines = np.trapezoid([1.0, *curve.precision[1:]], curve.recall)
    return [metrics.roc_auc(moons().y_valid, scores).value, float(lines)]


@cache
def at_one_half() -> dict[str, float]:
    truth, guess = moons().y_valid, (chances(OLD) >= 0.5).astype(int)
    scores = (metrics.precision, metrics.recall, metrics.specificity)
    return {score.__name__: score(truth, guess).value for score in scores}


def impossible_precision(right: int, called: int) -> float:
    """`right` of `called` rows, as the page divides them; its validation rows hold eleven positive ones."""
    return metrics.precision([1] * right + [0] * (called - right), [1] * called, positive=1).value


def two_logits() -> np.ndarray:
    return nn.log_odds(np.array([[0.9], [0.2]]))


def imbalanced(**settings: str) -> float:
    """One positive and three negative rows, the positive one counted three times."""
    four, labels = two_logits()[[0, 1, 1, 1]], TWO_LABELS[[0, 1, 1, 1]]
    return nn.loss_forward(nn.BCE(pos_weight=balance([1, 0, 0, 0]), **settings), four, labels)[0]  # type: ignore


def balance(labels: list[int]) -> float:
    """Rows of class 0 for each row of class 1."""
    found = profile_table({"label": labels}, "label").target
    assert found is not None
    return dict(found.counts)["0"] / dict(found.counts)["1"]


def swapped_arguments() -> float:
    """Trap 13: labels as predictions and predictions as labels. The page's 15 is logarithms of 0 held at -100."""
    with pytest.raises(InputError, match="raw outputs come first, targets second"):
        nn.loss_forward(nn.BCE(), TWO_LABELS, two_logits())
    p, y = TWO_LABELS[:, 0], np.array([0.9, 0.2])
    with np.errstate(divide="ignore"):
        return -float(np.mean(y * np.maximum(np.log(p), -100) + (1 - y) * np.maximum(np.log(1 - p), -100)))


def random_scores() -> np.ndarray:
    """What `np.random.uniform` gave the document after its seed."""
    return np.random.RandomState(39).uniform(size=20)


FIGURES = (
    figures(3, "nn.odds", {"odds": lambda: nn.odds([0.75, 0.25])})
    | figures(3, "nn.log_odds", {"log_odds": lambda: nn.log_odds([0.75, 0.25]), "dummy_logits": two_logits})
    | figures(
        3,
        "nn.sigmoid",
        {
            "sigmoid_log_odds": lambda: nn.sigmoid(nn.log_odds([0.75, 0.25])),
            "sigmoid_1.0986": lambda: nn.sigmoid(np.array([1.0986, -1.0986])),
        },
    )
    | figures(
        3,
        "nn.loss_forward",
        {
            "bce_dummy": lambda: nn.loss_forward(nn.SigmoidBCE(), two_logits(), TWO_LABELS)[0],
            "bce_logits": lambda: nn.loss_forward(nn.BCE(), two_logits(), TWO_LABELS)[0],
            "bce_imb_mean": lambda: imbalanced(divide_by="rows"),
            "bce_imb_weighted_average": imbalanced,
            "bce_swapped_arguments": swapped_arguments,
        },
    )
    | figures(
        3,
        "profile_table",
        {
            "pos_weight": lambda: balance([1, 0, 0, 0]),
            "class_counts": lambda: [
                dict(profile_table({"y": y}, "y").target.counts)["1"]  # type: ignore[union-attr]
                for y in (moons().y, moons().y_valid)
            ],
        },
    )
    | figures(3, "nn.initialize", {"model_init": lambda: weights_and_bias(first())})
    | figures(
        3,
        "fit_network",
        {
            "old_w1_w2_b": lambda: coefficients(OLD),
            "now_w1_w2_b": lambda: coefficients(NOW),
            "now_w1_w2_b.torch_2_13": lambda: coefficients(NOW),
            "old_boundary": lambda: boundary(OLD),
            "now_boundary": lambda: boundary(NOW),
            "old_logits_train4": lambda: trained(OLD).scores(moons().X[:4]),
            "old_probs_train4": lambda: trained(OLD).predict(moons().X[:4]),
        },
    )
    | figures(
        3,
        "metrics.confusion_counts",
        {
            f"{when}_cm_{threshold}": lambda order=order, threshold=threshold: counts(order, threshold)
            for when, order in (("old", OLD), ("now", NOW))
            for threshold in (0.5, 0.3, 0.7)
        },
    )
    | figures(
        3,
        "metrics.precision",
        {
            "printed_precision_fractions": lambda: [
                impossible_precision(*pair) for pair in ((13, 15), (12, 14), (12, 13))
            ],
            "old_precision_recall_50": lambda: [at_one_half()["precision"], at_one_half()["recall"]],
        },
    )
    | figures(
        3,
        "metrics.specificity",
        {"old_tpr_fpr_50": lambda: [at_one_half()["recall"], 1 - at_one_half()["specificity"]]},
    )
    | figures(
        3,
        "metrics.precision_recall_curve",
        {
            "old_auroc_aupr": lambda: areas(chances(OLD)),
            "now_auroc_aupr": lambda: areas(chances(NOW)),
            "random_auroc_aupr": lambda: areas(random_scores()),
        },
    )
)
