"""From scikit-learn's MLPClassifier and MLPRegressor to ours."""

from __future__ import annotations

import warnings
from typing import Any

from ..errors import SpecError
from ..nn.optimizers import LBFGS, SGD, Adam, Optimizer
from ..spec import EarlyStopping
from .classifier import MLPClassifier
from .regressor import MLPRegressor

ACTIVATION_NAMES = {"logistic": "sigmoid", "identity": "identity", "tanh": "tanh", "relu": "relu"}
AUTO_BATCH = 200


def from_sklearn(estimator: Any) -> MLPClassifier | MLPRegressor:
    """Our unfitted estimator with the settings of scikit-learn's `MLPClassifier` or `MLPRegressor`.

    Every parameter is mapped, or a UserWarning names those whose value has no counterpart. From the same initial
    weights, with one batch of all rows, the steps of SGD (plain, momentum, Nesterov's) agree to rounding. What differs:

    - scikit-learn divides `alpha` by the rows of a batch, so `weight_decay` is alpha / batch_size ("auto": 200, where a
      table with fewer rows would divide by its own number). With L-BFGS, whose batch is the table, the warning has it.
    - Its squared error is half of ours, so for regression SGD's rate is halved, `weight_decay` and Adam's `epsilon`
      doubled. With several outputs (numbers, or labels at once) it takes their sum, ours their mean.
    - Its Adam adds `epsilon` to the root of the mean square before that is corrected for its start at 0, ours (as
      PyTorch's) after; the paths part by about epsilon / |gradient| a step.
    - Its early stopping watches the score, ours the loss. Without early stopping it still ends when the training loss
      gains less than `tol` for `n_iter_no_change` epochs; ours trains all `epochs`.
    - Its `loss_curve_` includes the penalty on weights, ours does not.
    - It scales neither inputs nor target, so neither does the result; columns that do not vary are left out here.

    Raises `SpecError` for anything but those two estimators, and for the Poisson loss, which has no counterpart.
    """
    if isinstance(estimator, type):
        raise SpecError(f"from_sklearn takes an estimator, got the class {estimator.__name__}; write its name with ()")
    settings = estimator.get_params(deep=False) if hasattr(estimator, "get_params") else {}
    kind = type(estimator).__name__
    if kind not in ("MLPClassifier", "MLPRegressor") or "learning_rate_init" not in settings:
        raise SpecError(f"from_sklearn takes scikit-learn's MLPClassifier or MLPRegressor, got {kind}")
    if settings.get("loss", "squared_error") != "squared_error":
        raise SpecError(f"the loss {settings['loss']!r} has no counterpart; mse, mae and huber are there")
    lost = _without_counterpart(settings)
    if lost:
        warnings.warn("without counterpart: " + "; ".join(lost), UserWarning, stacklevel=2)
    loss_ratio = 2.0 if kind == "MLPRegressor" else 1.0
    lbfgs, sgd = settings["solver"] == "lbfgs", settings["solver"] == "sgd"
    batch = AUTO_BATCH if settings["batch_size"] == "auto" else settings["batch_size"]
    rate = settings["learning_rate_init"]
    common: dict[str, Any] = {
        "hidden_layer_sizes": settings["hidden_layer_sizes"],
        "activation": ACTIVATION_NAMES[settings["activation"]],
        "optimizer": _optimizer(settings, loss_ratio),
        "learning_rate": "auto" if lbfgs else rate / loss_ratio if sgd else rate,
        "weight_decay": 0.0 if lbfgs else loss_ratio * settings["alpha"] / batch,
        "epochs": settings["max_iter"],
        "batch_size": None if lbfgs else batch,
        "early_stopping": _stopping(settings),
        "preparation": None,
        "random_state": settings["random_state"],
    }
    return MLPRegressor(**common, target_transform="none") if kind == "MLPRegressor" else MLPClassifier(**common)


def _without_counterpart(settings: dict[str, Any]) -> list[str]:
    """The parameters that would change scikit-learn's training and cannot change ours, each with what ours does."""
    solver = settings["solver"]
    steps = solver != "lbfgs"
    waits = steps and not settings["early_stopping"] and settings["n_iter_no_change"] < settings["max_iter"]
    scheduled = solver == "sgd" and settings["learning_rate"] != "constant"
    checks = {
        "learning_rate": (scheduled, "rates follow the optimizer's schedule, e.g. SGD(schedule=StepDecay())"),
        "power_t": (scheduled and settings["power_t"] != 0.5, "no schedule here divides by a power of the step"),
        "alpha": (not steps and settings["alpha"] != 0, "with lbfgs set weight_decay to alpha / rows"),
        "max_fun": (not steps and settings["max_fun"] != 15000, "L-BFGS is bounded by epochs"),
        "shuffle": (steps and not settings["shuffle"], "rows are reshuffled every epoch"),
        "tol": ((waits or not steps) and settings["tol"] != 1e-4, "all epochs are trained"),
        "n_iter_no_change": (waits and settings["n_iter_no_change"] != 10, "all epochs are trained"),
        "verbose": (bool(settings["verbose"]), "read history_ instead"),
        "warm_start": (settings["warm_start"], "use partial_fit, or fit(…, initial=model.parameters_)"),
    }
    return [f"{name}={settings[name]!r} ({instead})" for name, (lost, instead) in checks.items() if lost]


def _optimizer(settings: dict[str, Any], loss_ratio: float) -> Optimizer:
    if settings["solver"] == "lbfgs":
        return LBFGS()
    if settings["solver"] == "sgd":
        nesterov = settings["nesterovs_momentum"] and settings["momentum"] > 0
        return SGD(momentum=settings["momentum"], nesterov=nesterov)
    epsilon = loss_ratio * settings["epsilon"]
    return Adam(beta_1=settings["beta_1"], beta_2=settings["beta_2"], epsilon=epsilon)


def _stopping(settings: dict[str, Any]) -> EarlyStopping | bool:
    if not settings["early_stopping"] or settings["solver"] == "lbfgs":
        return False
    return EarlyStopping(settings["n_iter_no_change"], settings["tol"], settings["validation_fraction"])
