"""Document 001, its second half: epochs, the sigmoid, matrix products, one and two hidden layers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from golden_figures import figures
from golden_files import Stream
from golden_titanic import descend, start, twelve

from pellucid import FittedNetwork, NetworkSpec, ledger, metrics, nn
from pellucid.errors import ShapeError

LINEAR = NetworkSpec(12, bias=False)
SMALL = {"name": "uniform", "low": 0.0, "high": 0.1}


@dataclass
class TiedSGD(nn.SGD):
    """The document's layers add one constant to all of their units: its gradient is the sum of theirs."""

    name = "tied_sgd"

    def step(self, parameters: Any, gradients: Any, state: Any, rate: float) -> Any:
        tied = {n: np.full_like(g, g.sum()) if n.endswith("bias") else g for n, g in gradients.items()}
        return super().step(parameters, tied, state, rate)


@cache
def linear() -> FittedNetwork:
    return descend(twelve(), LINEAR, start((12, 1), 442), "mae", 0.2, 18)


@cache
def sigmoid() -> FittedNetwork:
    return descend(twelve(), LINEAR, start((12, 1), 442), "sigmoid_mae", 100.0, 30)


@cache
def from_a_column() -> FittedNetwork:
    return descend(twelve(), LINEAR, start((12, 1), 442, how=SMALL), "sigmoid_mae", 100.0, 30)


@cache
def one_hidden_layer(rate: float) -> FittedNetwork:
    """The bias stands in the output layer only."""
    initial = start((12, 20, 1), 442, [False, True], ["course_hidden", "course_output"])
    return descend(twelve(), NetworkSpec(12, (20,), bias=(False, True)), initial, "sigmoid_mae", rate, 30)


@cache
def two_hidden_layers() -> FittedNetwork:
    stream = Stream(442)  # the document draws all weights first and then the constants; pellucid goes layer by layer
    weights, constants = stream.random(12 * 10 + 10 * 10 + 10), stream.random(3)
    stream.numbers = np.insert(weights, [120, 220, 230], constants)
    initial = nn.initialize((12, 10, 10, 1), True, "course_deep", stream)  # type: ignore[arg-type]
    return descend(twelve(), NetworkSpec(12, (10, 10)), initial, "sigmoid_mae", 4.0, 30, TiedSGD())


def accuracy(fitted: FittedNetwork) -> float:
    guess = fitted.predict(twelve().X_valid)[:, 0] > 0.5
    return metrics.accuracy(twelve().y_valid, guess.astype(float)).value


def hits() -> np.ndarray:
    guess = linear().predict(twelve().X_valid)[:, 0] > 0.5
    return (guess == twelve().y_valid).astype(int)


@cache
def sums_of_products() -> list[float]:
    """The validation rows' sums one product after the other, from each row's ledger."""
    return [ledger(sigmoid(), row).layers[0].products.sum() for row in twelve().X_valid]


def flat_targets() -> list[float]:
    """Trap 12: targets (713,) beside outputs (713, 1). Refused here; NumPy makes (713, 713) differences of them."""
    X, flat = twelve().X, twelve().y
    W = start((12, 1), 442, how=SMALL)["layers.0.weight"]
    with pytest.raises(ShapeError, match=r"\(713, 1\), got \(713,\).*never stretched to fit"):
        nn.loss_forward(nn.SigmoidMAE(), nn.dense_forward(X, W)[0], flat)
    losses = []
    for _ in range(3):
        P = nn.sigmoid(X @ W.T)
        losses.append(np.abs(P - flat).mean())
        W = W - 100 * (np.sign(P - flat).mean(axis=1, keepdims=True) / 713 * P * (1 - P)).T @ X
    return losses


FIGURES = (
    figures(
        1,
        "fit_network",
        {
            "lin_losses_18": lambda: linear().history.training_loss,
            "lin_coeffs": lambda: linear().parameters["layers.0.weight"],
            "lin_preds28": lambda: linear().predict(twelve().X_valid[:28]),
            "lin_hits16": lambda: hits()[:16],
            "sig_losses_30": lambda: sigmoid().history.training_loss,
            "sig_coeffs": lambda: sigmoid().parameters["layers.0.weight"],
            "sig_val_logits_matmul": lambda: sigmoid().scores(twelve().X_valid),
            "mat_losses_30": lambda: from_a_column().history.training_loss,
            "nn_1.4_losses_30": lambda: one_hidden_layer(1.4).history.training_loss,
            "nn_20_losses_30": lambda: one_hidden_layer(20.0).history.training_loss,
            "deep_losses_30": lambda: two_hidden_layers().history.training_loss,
        },
    )
    | figures(
        1,
        "metrics.accuracy",
        {
            "lin_acc": lambda: accuracy(linear()),
            "sig_acc": lambda: accuracy(sigmoid()),
            "mat_acc": lambda: accuracy(from_a_column()),
            "nn_20_acc": lambda: accuracy(one_hidden_layer(20.0)),
            "deep_acc": lambda: accuracy(two_hidden_layers()),
        },
    )
    | figures(1, "ledger", {"sig_val_logits": sums_of_products})
    | figures(1, "nn.loss_forward", {"trap_broadcast_losses_3": flat_targets})
)
