"""Document 000: the table described, split and prepared, and a linear network on four columns of it."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from golden_figures import figures
from golden_titanic import descend, four, four_prepared, split, start, survived, titanic

from pellucid import FittedNetwork, NetworkSpec, Table, data, metrics, nn, profile_table
from pellucid.judging.rules import best_rule
from pellucid.preprocessing import NumberStep, fit_target

LINEAR = NetworkSpec(4, bias=False)
NUMBERS = ("PassengerId", "Survived", "Pclass", "Age", "SibSp", "Parch", "Fare")


@cache
def described() -> list[list[float]]:
    """Count, mean, standard deviation, smallest, quartiles, largest of the columns of numbers.

    The page holds fares in float32 and adds them up in float32: its standard deviation of them is 49.693432, where the
    float64 arithmetic of `profile_table` finds 49.693429. The printed one comes from the line of NumPy below.
    """
    import polars as pl

    frame = {name: titanic()[name].values for name in NUMBERS} | {"Fare": titanic()["Fare"].values.astype("f4")}
    columns = profile_table(pl.DataFrame(frame)).columns
    of_fare = float(frame["Fare"].std(ddof=1, dtype=np.float32))
    rows = []
    for column in columns:
        n = column.numbers
        assert n is not None
        std = of_fare if column.name == "Fare" else n.std
        assert abs(std - n.std) < 1e-7 * n.std
        quartiles = [n.lower_quartile, n.median, n.upper_quartile]
        rows.append([column.rows - column.missing, n.mean, std, n.min, *quartiles, n.max])
    return np.transpose(rows).tolist()


def classes(table: Table, target: str) -> dict[str, int]:
    """Rows of each class."""
    found = profile_table(table, target).target
    assert found is not None
    return dict(found.counts)


def learned(what: str) -> list[float]:
    """What the preparation learned of the four columns."""
    steps = [step for step in four_prepared().columns if isinstance(step, NumberStep)]
    return [step.fill if what == "fill" else step.scaling.divisor for step in steps]


@cache
def first() -> nn.Parameters:
    return start((4, 1), seed=42)


@cache
def first_pass() -> tuple[np.ndarray, float, nn.Parameters]:
    """Outputs for the training rows, their loss, its gradient."""
    Z, tape = nn.network_forward(four().X, first(), [])
    value, seen = nn.loss_forward(nn.MAE(), Z, four().y[:, None])
    return Z[:, 0], value, nn.network_backward(nn.loss_backward(seen), tape)


@cache
def trained() -> FittedNetwork:
    return descend(four(), LINEAR, first(), "mae", 4.0, 60)


@cache
def chances() -> np.ndarray:
    return trained().predict(four().X_valid)[:, 0]


def yes_and_no(truth: np.ndarray, predicted: np.ndarray) -> list[int]:
    """How many rows are predicted above one half, and how many are not."""
    no, yes = metrics.confusion_counts(truth, (predicted > 0.5).astype(float), [0.0, 1.0]).counts.sum(axis=0)
    return [yes, no]


@cache
def rule_accuracy() -> float:
    """The best rule on one column of the training rows, as `climb` looks for it, on the validation rows."""
    table = titanic()
    training = table.take(split().training)
    columns = [c.name for c in table if c.role == "input" and c.name != "Survived"]
    target = fit_target(training["Survived"], "classification")
    rule = best_rule(training, tuple(columns), target.one_hot(training["Survived"]))  # type: ignore[union-attr]
    assert rule.column == "Sex"
    guess = rule.predict(table.take(split().held_out)).argmax(axis=1)
    return metrics.accuracy(survived(split().held_out), guess.astype(float)).value


def majority_accuracy() -> float:
    died = max(classes(titanic().take(split().training), "Survived").items(), key=lambda item: item[1])[0]
    truth = survived(split().held_out)
    return metrics.accuracy(truth, np.full(len(truth), float(died))).value


def valid_classes() -> list[int]:
    found = classes(titanic().take(split().held_out), "Survived")
    return [found["1"], found["0"]]


def sizes() -> list[int]:
    """A fifth of the rows held out; the documents' own draw holds out as many."""
    own = data.random_split(titanic().rows, 0.2, rng=42)
    assert [len(own.training), len(own.held_out)] == [len(split().training), len(split().held_out)]
    return [len(own.training), len(own.held_out)]


def largest(count: int) -> np.ndarray:
    """Row numbers of the largest outputs; rows 94 and 183 are equal, and the page has the later one first."""
    return np.argsort(first_pass()[0], kind="stable")[::-1][:count]


def of_both(by: str, values: dict[str, Any]) -> Any:
    """Figures that documents 000 and 001 both print."""
    return figures(0, by, values) | figures(1, by, values)


FIGURES = (
    figures(0, "profile_table", {"describe": described, "val_positives": valid_classes})
    | of_both("data.random_split", {"split_sizes": sizes})
    | of_both("metrics.accuracy", {"baseline_all_died_acc": majority_accuracy})
    | of_both("judging.rules.best_rule", {"baseline_sex_acc": rule_accuracy})
    | figures(
        0,
        "preprocessing.fit_preparation",
        {"fill_modes": lambda: learned("fill"), "max_values": lambda: learned("divisor")},
    )
    | figures(0, "nn.initialize", {"lin_init": lambda: first()["layers.0.weight"]})
    | figures(
        0,
        "nn.network_forward",
        {"lin_topk_values": lambda: first_pass()[0][largest(3)], "lin_topk_indices": lambda: largest(3)},
    )
    | figures(0, "nn.loss_forward", {"lin_loss0": lambda: first_pass()[1]})
    | figures(0, "nn.network_backward", {"lin_grad0": lambda: first_pass()[2]["layers.0.weight"]})
    | figures(
        0,
        "fit_network",
        {
            "lin_losses_60": lambda: trained().history.training_loss,
            "lin_weights": lambda: trained().parameters["layers.0.weight"],
            "lin_val_preds": chances,
            "lin_min_val_pred": lambda: chances().min(),
        },
    )
    | figures(0, "metrics.confusion_counts", {"lin_true_false": lambda: yes_and_no(four().y_valid, chances())})
    | figures(
        0,
        "metrics.accuracy",
        {"lin_accuracy": lambda: metrics.accuracy(four().y_valid, (chances() > 0.5).astype(float)).value},
    )
)
