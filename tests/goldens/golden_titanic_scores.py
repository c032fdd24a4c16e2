"""Document 000: cross-entropy by hand, and the network of two times fifty units scored at many thresholds."""

from __future__ import annotations

from functools import cache

import numpy as np
from golden_eleven_networks import relu_network
from golden_figures import figures
from golden_titanic import four

from pellucid import metrics, nn

BOTH = (50, 50)


def row_losses(probabilities: list[float], labels: list[int]) -> np.ndarray:
    """The cross-entropy of every row, from probabilities by way of their logits."""
    p = np.array(probabilities)[:, None]
    return nn.loss_forward(nn.BCE(), np.log(p / (1 - p)), np.array(labels)[:, None])[1].rows


@cache
def small_batch() -> np.ndarray:
    return row_losses([0.95, 0.70, 0.40, 0.10, 0.30, 0.85], [1, 1, 1, 0, 0, 0])


def toy_model() -> float:
    """p = sigmoid(1.3 x - 0.2) on six points."""
    x = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])[:, None]
    Z = nn.network_forward(x, {"layers.0.weight": np.array([[1.3]]), "layers.0.bias": np.array([-0.2])}, [])[0]
    return nn.loss_forward(nn.BCE(), Z, (x > 0).astype(float))[0]


@cache
def chances() -> np.ndarray:
    return relu_network(BOTH).predict(four().X_valid)[:, 0]


@cache
def scores(threshold: float) -> tuple[list[int], list[float]]:
    """TP TN FP FN, and accuracy, precision, recall, F1."""
    truth, guess = four().y_valid, (chances() >= threshold).astype(float)
    counts = metrics.confusion_counts(truth, guess, [0.0, 1.0])
    of_labels = (metrics.accuracy, metrics.precision, metrics.recall, metrics.f1)
    return [counts.tp, counts.tn, counts.fp, counts.fn], [f(truth, guess).value for f in of_labels]


@cache
def best_f1(rows: str) -> float:
    """The threshold of the page's grid with the highest F1: on the scored rows themselves, or on the training rows.

    The second is what pellucid does; the first is flattered (trap 8), which the two F1 of the validation rows show.
    """
    grid = np.linspace(0.05, 0.95, 19, dtype=np.float32).astype(np.float64)
    if rows == "scored":
        curve = metrics.threshold_curve(four().y_valid, chances())
    else:
        curve = metrics.threshold_curve(four().y, relu_network(BOTH).predict(four().X)[:, 0])
    return float(grid[curve.f1[[curve.at(threshold) for threshold in grid]].argmax()])


def area_of_201_thresholds() -> float:
    """The trapezoid of the page with its ties in order; a grid misses corners, the exact area does not."""
    curve = metrics.roc_curve(four().y_valid, chances())
    places = [curve.at(threshold) for threshold in np.linspace(1.0, 0.0, 201)]
    return float(np.trapezoid(curve.recall[places], curve.fpr[places]))


FIGURES = (
    figures(
        0,
        "nn.loss_forward",
        {
            "bce_examples": lambda: row_losses([0.95, 0.55, 0.10, 0.10], [1, 1, 1, 0]),
            "bce_batch_rows": small_batch,
            "bce_batch_mean": lambda: small_batch().mean(),
            "toy_bce": toy_model,
            "nn_bce_manual": lambda: nn.loss_forward(
                nn.SigmoidBCE(), relu_network(BOTH).scores(four().X_valid), four().y_valid[:, None]
            )[0],
        },
    )
    | figures(0, "metrics.log_loss", {"nn_bce_library": lambda: metrics.log_loss(four().y_valid, chances()).value})
    | figures(
        0,
        "metrics.confusion_counts",
        {
            "nn_counts_50": lambda: scores(0.5)[0],
            "best_f1_counts": lambda: scores(best_f1("scored"))[0],
            "train_chosen_counts": lambda: scores(best_f1("training"))[0],
        },
    )
    | figures(
        0,
        "metrics.f1",
        {
            "nn_metrics_50": lambda: scores(0.5)[1],
            "best_f1_metrics": lambda: scores(best_f1("scored"))[1],
            "train_chosen_metrics": lambda: scores(best_f1("training"))[1],
        },
    )
    | figures(
        0,
        "metrics.threshold_curve",
        {
            "best_f1_threshold": lambda: best_f1("scored"),
            "train_chosen_threshold": lambda: best_f1("training"),
        },
    )
    | figures(0, "metrics.roc_auc", {"auc_sklearn": lambda: metrics.roc_auc(four().y_valid, chances()).value})
    | figures(0, "metrics.roc_curve", {"auc_manual_ties_sorted": area_of_201_thresholds})
)
