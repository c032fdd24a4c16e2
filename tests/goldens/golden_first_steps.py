"""Document 001, its first half: gaps, modes, the matrix of twelve columns, coefficients times inputs, one step."""

from __future__ import annotations

from functools import cache

import numpy as np
from golden_figures import figures
from golden_titanic import LEVELS, PLAIN, split, start, titanic, twelve_of_all, twelve_prepared

from pellucid import NetworkSpec, TrainingSpec, fit_network, ledger, nn, profile_table
from pellucid.preprocessing import CategoryStep, NumberStep, Preparation, PreparationSpec, fit_preparation

LINEAR = NetworkSpec(12, bias=False)


@cache
def every_column() -> Preparation:
    """All twelve columns of the table, names and tickets too, filled by their mode."""
    kinds = {column.name: PLAIN if column.kind == "number" else LEVELS for column in titanic()}
    return fit_preparation(titanic(), PreparationSpec(columns=kinds))


def filled_gaps() -> list[int]:
    """Cells of each column that are still missing after filling."""
    prepared = every_column()
    gaps = np.isnan(prepared.transform(titanic())).sum(axis=0)
    return [int(sum(gaps[k] for k, source in enumerate(prepared.sources) if source == c.name)) for c in titanic()]


def fills(prepared: Preparation) -> dict[str, float | str | None]:
    """What takes the place of a missing cell, by column."""
    steps = [step for step in prepared.columns if isinstance(step, NumberStep | CategoryStep)]
    return {step.name: step.fill for step in steps}


def largest(prepared: Preparation) -> list[float]:
    """The divisors of age, siblings, parents and log fare."""
    by_name = {step.name: step.scaling.divisor for step in prepared.columns if isinstance(step, NumberStep)}
    return [by_name[name] for name in ("Age", "SibSp", "Parch", "Fare")]


def of_training_rows() -> list[float | str | None]:
    """Age's mode, the port's mode and the divisors, learned where they should be."""
    prepared = twelve_prepared(split().training)
    return [fills(prepared)["Age"], fills(prepared)["Embarked"], *largest(prepared)]


def first_and_last_seven(X: np.ndarray) -> np.ndarray:
    return np.concatenate([X[:7], X[-7:]])


@cache
def first() -> nn.Parameters:
    return start((12, 1), seed=442)


@cache
def products(scale: str) -> list[np.ndarray]:
    """Coefficient times input of the first and last seven rows, as the ledger of the untrained network has them."""
    X, y = twelve_of_all(scale), titanic()["Survived"].values
    untrained = fit_network(X, y, LINEAR, TrainingSpec("mae", "sgd", epochs=0), initial=first())
    return [ledger(untrained, row).layers[0].products[0] for row in first_and_last_seven(X)]


@cache
def first_pass() -> tuple[np.ndarray, nn.Tape, nn.LossCache, float]:
    """All 891 rows through the network and the loss."""
    Z, tape = nn.network_forward(twelve_of_all(), first(), [])
    value, seen = nn.loss_forward(nn.MAE(), Z, titanic()["Survived"].values[:, None])
    return Z, tape, seen, value


def gradient() -> np.ndarray:
    _, tape, seen, _ = first_pass()
    return nn.network_backward(nn.loss_backward(seen), tape)["layers.0.weight"]


def loss_after(step: np.ndarray) -> float:
    Z = nn.dense_forward(twelve_of_all(), first()["layers.0.weight"] - step)[0]
    return nn.loss_forward(nn.MAE(), Z, titanic()["Survived"].values[:, None])[0]


@cache
def honest_step() -> float:
    """The loss after one step of 0.1, by the loop: the start of its second epoch."""
    plan = TrainingSpec("mae", "sgd", 0.1, epochs=2)
    fitted = fit_network(twelve_of_all(), titanic()["Survived"].values, LINEAR, plan, initial=first())
    return float(fitted.history.training_loss[1])


def accumulated_step() -> float:
    """Trap 11: the page had called backward three times and stepped by the sum. Nothing accumulates here by itself."""
    g = gradient()
    assert np.array_equal(g, gradient())
    assert abs(loss_after(0.1 * g) - honest_step()) < 1e-12
    return loss_after(0.1 * (g + g + g))


FIGURES = (
    figures(1, "profile_table", {"isna": lambda: [column.missing for column in profile_table(titanic()).columns]})
    | figures(
        1,
        "preprocessing.fit_preparation",
        {
            "isna_after": filled_gaps,
            "modes": lambda: [fills(every_column())[column.name] for column in titanic()],
            "dummies_head": lambda: twelve_of_all()[:5, 4:],
            "t_indep": lambda: first_and_last_seven(twelve_of_all("none")),
            "t_indep_shape": lambda: twelve_of_all("none").shape,
            "train_only_modes_and_max": of_training_rows,
            "whole_data_max": lambda: largest(twelve_prepared()),
        },
    )
    | figures(1, "ledger", {"products_raw": lambda: products("none"), "products_scaled": lambda: products("max_abs")})
    | figures(1, "nn.initialize", {"init": lambda: first()["layers.0.weight"]})
    | figures(1, "nn.network_forward", {"preds10": lambda: first_pass()[0][:10]})
    | figures(1, "nn.loss_forward", {"loss0": lambda: first_pass()[3], "loss_after_page_step": accumulated_step})
    | figures(1, "nn.network_backward", {"grad0": gradient, "grad_doubled": lambda: gradient() + gradient()})
    | figures(1, "fit_network", {"loss_after_true_step": honest_step})
)
