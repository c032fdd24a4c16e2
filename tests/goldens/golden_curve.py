"""Document 000, its first half: four absolute errors, gradients of a line, a parabola fitted by hand."""

from __future__ import annotations

from functools import cache

import numpy as np
from golden_figures import figures
from golden_files import fixtures

from pellucid import FittedNetwork, NetworkSpec, TrainingSpec, data, fit_network, nn

PARABOLA = NetworkSpec(2)  # a x² + b x + c is a linear network on x² and x


@cache
def four_errors() -> tuple[float, nn.LossCache]:
    predicted, actual = np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([[1.1], [2.1], [2.8], [4.2]])
    return nn.loss_forward(nn.MAE(), predicted, actual)


def slopes_of_the_sum(*x: float) -> list[float]:
    """d Σ(m x + b) by dm and by db at m = 2, b = 1."""
    Z, seen = nn.dense_forward(np.array(x)[:, None], np.array([[2.0]]), np.array([1.0]))
    gradients = nn.dense_backward(np.ones_like(Z), seen)[1]
    return [gradients["weight"][0, 0], gradients["bias"][0]]


@cache
def points() -> tuple[np.ndarray, np.ndarray]:
    """x² and x of twenty points (20, 2), and the noisy y (20, 1) that the document drew."""
    x = data.quadratic()[0]
    return np.hstack([x**2, x]), np.array(fixtures()["quadratic_noisy_y"])[:, None]


def parabola(a: float, b: float, c: float) -> nn.Parameters:
    return {"layers.0.weight": np.array([[a, b]]), "layers.0.bias": np.array([c])}


def coefficients(parameters: nn.Parameters) -> list[float]:
    return [*parameters["layers.0.weight"][0], parameters["layers.0.bias"][0]]


def error_and_slopes(parameters: nn.Parameters) -> tuple[float, list[float]]:
    X, Y = points()
    Z, tape = nn.network_forward(X, parameters, [])
    value, seen = nn.loss_forward(nn.MAE(), Z, Y)
    return value, coefficients(nn.network_backward(nn.loss_backward(seen), tape))


@cache
def descent() -> FittedNetwork:
    plan = TrainingSpec("mae", "sgd", learning_rate=0.1, epochs=20)
    return fit_network(*points(), PARABOLA, plan, initial=parabola(1, 1, 1), record=True)


@cache
def steps() -> list[nn.Parameters]:
    """The parameters after 0, 1, … 20 steps."""
    recording = descent().recording
    assert recording is not None
    return [recording.at(epoch) for epoch in range(21)]


@cache
def best() -> tuple[float, list[float]]:
    """The lowest error of all steps with the coefficients that it belongs to (the page pairs it with other ones)."""
    return min((error_and_slopes(one)[0], coefficients(one)) for one in steps())


FIGURES = (
    figures(
        0,
        "nn.loss_forward",
        {
            "mae_demo": lambda: four_errors()[0],
            "mae_demo_terms": lambda: four_errors()[1].rows,
            "autofit_loss_after_last_step": lambda: best()[0],
            "widget_mae_at_1.5": lambda: error_and_slopes(parabola(1.5, 1.5, 1.5))[0],
        },
    )
    | figures(
        0,
        "nn.dense_backward",
        {
            "autograd_demo_1": lambda: slopes_of_the_sum(1.0, 2.0, 3.0),
            "autograd_demo_2": lambda: slopes_of_the_sum(1.0, 4.0),
        },
    )
    | figures(0, "nn.network_backward", {"widget_grads_at_1.5": lambda: error_and_slopes(parabola(1.5, 1.5, 1.5))[1]})
    | figures(
        0,
        "fit_network",
        {
            "autofit_loss": lambda: descent().history.training_loss,
            "autofit_abc": lambda: [coefficients(one) for one in steps()[1:]],
            "autofit_best": lambda: best()[1],
        },
    )
)
