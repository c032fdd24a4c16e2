"""Document 002: logistic regression on admissions, a known line learned from a known start."""

from __future__ import annotations

from functools import cache

import numpy as np
from golden_figures import figures
from golden_files import fixtures, goldens, table_path

from pellucid import FittedNetwork, MLPClassifier, NetworkSpec, TrainingSpec, data, fit_network, metrics, nn, read

LINE = NetworkSpec(1)
ONE_STUDENT = np.array([[790.0, 3.6]])


@cache
def admissions() -> tuple[np.ndarray, np.ndarray]:
    table = read(table_path("gpa1.csv"))
    return np.stack([table["gre"].values, table["gpa"].values], axis=1), table["admit"].values.astype(int)


@cache
def logistic(epochs: int) -> MLPClassifier:
    """A network without hidden layers from 0 on; scikit-learn's C = 1 is a penalty of 1 / rows on the mean loss."""
    X, y = admissions()
    model = MLPClassifier((), optimizer="lbfgs", epochs=epochs, weight_decay=1 / len(X), preparation=None)
    return model.fit(X, y, initial={"layers.0.weight": np.zeros((1, 2)), "layers.0.bias": np.zeros(1)})


@cache
def stopped_early() -> MLPClassifier:
    """Where scikit-learn stops, whose figures the page has: at the first gradient below 0.0001, before the optimum."""
    optimum = logistic(1000)
    for name, places in (("logreg_coef", optimum.coefs_[0][:, 0]), ("logreg_intercept", optimum.intercepts_[0])):
        true = np.atleast_1d(np.array(goldens()[2, name].values["true_optimum"], dtype=float))
        known = ~np.isnan(true)
        assert np.abs(places[known] - true[known]).max() < 1e-8
    return logistic(int(np.argmax(optimum.history_.column("gradient_norm") < 1e-4)) + 1)


def weights() -> tuple[np.ndarray, np.ndarray]:
    """(1, 2) and (1,), as a layer has them."""
    return stopped_early().parameters_["layers.0.weight"], stopped_early().parameters_["layers.0.bias"]


def logit(decimals: int | None) -> np.ndarray:
    """The sum of one student, from the weights or from the weights rounded for a picture (trap 15)."""
    W, b = weights() if decimals is None else [np.round(part, decimals) for part in weights()]
    return nn.dense_forward(ONE_STUDENT, W, b)[0]


def share_of_the_larger_class() -> float:
    y = admissions()[1]
    return metrics.accuracy(y, np.full(len(y), np.bincount(y).argmax())).value


@cache
def line() -> tuple[np.ndarray, np.ndarray, data.Split]:
    """x (50, 1), y (50, 1) of y = 0.7 x + 0.3 and the split in order, in the float32 of the document."""
    x = np.arange(0, 1, 0.02, dtype=np.float32)[:, None]
    y = nn.dense_forward(x, np.array([[0.7]], np.float32), np.array([0.3], np.float32))[0]
    return x, y, data.ordered_split(len(x), 0.2)


@cache
def fit_line(weight: float, bias: float, epochs: int) -> FittedNetwork:
    x, y, split = line()
    initial = {"layers.0.weight": np.array([[weight]]), "layers.0.bias": np.array([bias])}
    plan = TrainingSpec("mae", "sgd", 0.01, epochs, dtype="float32")
    held = x[split.held_out], y[split.held_out]
    return fit_network(x[split.training], y[split.training], LINE, plan, initial=initial, validation=held)


def recovered(epochs: int) -> FittedNetwork:
    """From the start that gives the printed losses bit for bit."""
    start = fixtures()["line_fit_initial"]
    return fit_line(start["weights"], start["bias"], epochs)


def printed(epochs: int) -> FittedNetwork:
    """From the same start as the page shows it, with four decimals."""
    return fit_line(-0.0739, 0.1015, epochs)


def losses(fitted: FittedNetwork) -> np.ndarray:
    """Loss of training and held-out rows at every 25th epoch."""
    return np.stack([fitted.history.training_loss, fitted.history.validation_loss], axis=1)[::25]


def held_out_predictions(fitted: FittedNetwork) -> np.ndarray:
    return fitted.predict(line()[0][line()[2].held_out])


def slope_and_bias(fitted: FittedNetwork) -> list[float]:
    return [fitted.parameters["layers.0.weight"][0, 0], fitted.parameters["layers.0.bias"][0]]


FIGURES = (
    figures(
        2,
        "MLPClassifier",
        {
            "logreg_coef": lambda: weights()[0],
            "logreg_intercept": lambda: weights()[1][0],
            "train_accuracy": lambda: metrics.accuracy(admissions()[1], stopped_early().predict(admissions()[0])).value,
        },
    )
    | figures(2, "metrics.accuracy", {"base_rate": share_of_the_larger_class})
    | figures(
        2,
        "nn.dense_forward",
        {
            "z_rounded": lambda: logit(2),
            "z_true": lambda: logit(None),
            "ones_matmul": lambda: nn.dense_forward(np.ones((4, 3)), np.ones((4, 3)))[0],
            "test_targets": lambda: line()[1][line()[2].held_out],
        },
    )
    | figures(2, "nn.sigmoid", {"p_rounded": lambda: nn.sigmoid(logit(2)), "p_true": lambda: nn.sigmoid(logit(None))})
    | figures(2, "data.ordered_split", {"split_sizes": lambda: [len(line()[2].training), len(line()[2].held_out)]})
    | figures(
        2,
        "fit_network",
        {
            "untrained_preds": lambda: held_out_predictions(recovered(0)),
            "loss_table": lambda: losses(recovered(500)),
            "final_wb": lambda: slope_and_bias(recovered(500)),
            "final_preds": lambda: held_out_predictions(recovered(500)),
            "loss_table_from_4dp_init": lambda: losses(printed(500)),
            "untrained_preds_from_4dp_init": lambda: held_out_predictions(printed(0)),
            "final_wb_from_4dp_init": lambda: slope_and_bias(printed(500)),
        },
    )
)
