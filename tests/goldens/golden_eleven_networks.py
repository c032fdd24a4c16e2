"""Document 000: eleven architectures, first without activations on absolute error, then with ReLU and cross-entropy."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from golden_figures import figures
from golden_linear_titanic import yes_and_no
from golden_titanic import descend, four, start

from pellucid import FittedNetwork, NetworkSpec, metrics, nn
from pellucid.training.fit_network import NonFiniteError

ELEVEN = ((10, 10), (20, 20), (5, 5, 5), (30,), (), (2,), (50,), (2, 2), (50, 50), (5, 10, 5), (2, 2, 2, 2))


@cache
def first(hidden: tuple[int, ...]) -> nn.Parameters:
    return start((4, *hidden, 1), seed=42)


@cache
def relu_network(hidden: tuple[int, ...]) -> FittedNetwork:
    return descend(four(), NetworkSpec(4, hidden, bias=False), first(hidden), "sigmoid_bce", 4.0, 60)


@cache
def deep_linear(hidden: tuple[int, ...]) -> FittedNetwork | NonFiniteError:
    """The network as trained by `fit_network`, or the error with which it refused to go on."""
    try:
        network = NetworkSpec(4, hidden, activation="identity", bias=False)
        return descend(four(), network, first(hidden), "mae", 4.0, 60)
    except NonFiniteError as error:
        return error


def unwatched(hidden: tuple[int, ...]) -> np.ndarray:
    """What the page did (trap 1): sixty steps of the textbook's functions with nobody looking at the numbers."""
    parameters, bends = first(hidden), [nn.identity] * len(hidden)
    with np.errstate(all="ignore"):
        for _ in range(60):
            Z, tape = nn.network_forward(four().X, parameters, bends)
            if np.isnan(Z).all():  # and so they stay: every further step is NaN times something
                break
            gradients = nn.network_backward(np.sign(Z - four().y[:, None]) / len(Z), tape)
            parameters = {name: W - 4.0 * gradients[name] for name, W in parameters.items()}
        return nn.network_forward(four().X_valid, parameters, bends)[0][:, 0]


@cache
def deep_linear_predictions(place: int) -> np.ndarray:
    """The predictions that the page scored; where they are NaN, `fit_network` has said so and stopped."""
    hidden = ELEVEN[place]
    found = deep_linear(hidden)
    if isinstance(found, NonFiniteError):
        with pytest.raises(
            NonFiniteError, match=r"epoch \d+, step \d+: a number in .* no longer finite.*Try learning_rate="
        ):
            raise found
        assert (found.finding.code, found.finding.severity) == ("NON_FINITE", "error")
        return unwatched(hidden)
    codes = {finding.code for finding in found.history.findings}
    assert ("LINEAR_STACK" in codes) == bool(hidden)
    return found.predict(four().X_valid)[:, 0]


def linear_counts() -> list[list[int]]:
    """Predictions above one half and not above it; of NaN neither is true."""
    result = []
    for place in range(len(ELEVEN)):
        predicted = deep_linear_predictions(place)
        result.append([int((predicted > 0.5).sum()), int((predicted <= 0.5).sum())])
    return result


def linear_accuracies() -> list[float]:
    """NaN > 0.5 is false, so a network of NaN "predicts" that all died, and gets the base rate."""
    guesses = [(deep_linear_predictions(place) > 0.5).astype(float) for place in range(len(ELEVEN))]
    return [metrics.accuracy(four().y_valid, guess).value for guess in guesses]


def nan_rows() -> list[int]:
    return [int(np.isnan(deep_linear_predictions(place)).sum()) for place in range(len(ELEVEN))]


def relu_counts() -> list[list[int]]:
    return [yes_and_no(four().y_valid, relu_network(h).predict(four().X_valid)[:, 0]) for h in ELEVEN]


@cache
def untrained() -> np.ndarray:
    return nn.network_forward(four().X_valid, first((10, 10)), [nn.identity] * 2)[0][:, 0]


FIGURES = (
    figures(
        0,
        "nn.initialize",
        {"dnn_init_10_10": lambda: [first((10, 10))[f"layers.{k}.weight"].T for k in range(3)]},
    )
    | figures(0, "nn.network_forward", {"dnn_untrained_true_false": lambda: yes_and_no(four().y_valid, untrained())})
    | figures(
        0,
        "fit_network",
        {
            "sweep_linear_true_false": linear_counts,
            "sweep_linear_accuracy": linear_accuracies,
            "sweep_linear_nan_rows": nan_rows,
            "sweep_relu_true_false": relu_counts,
            "sweep_relu_accuracy": lambda: [relu_network(h).history.epochs[-1].validation_score for h in ELEVEN],
        },
    )
)
