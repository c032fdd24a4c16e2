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
# Parameters without a counterpart, the value that asks for nothing, and what ours does instead.
WITHOUT_COUNTERPART = {
    "learning_rate": ("constant", "rates follow the optimizer's schedule, e.g. SGD(schedule=StepDecay())"),
    "power_t": (0.5, "only used by learning_rate='invscaling'"),
    "max_fun": (15000, "L-BFGS is bounded by epochs"),
    "shuffle": (True, "rows are reshuffled every epoch"),
    "verbose": (False, "read history_ instead"),
    "warm_start": (False, "use partial_fit, or fit(…, initial=model.parameters_)"),
}


def from_sklearn(estimator: Any) -> MLPClassifier | MLPRegressor:
    """Our unfitted estimator with the settings of scikit-learn's `MLPClassifier` or `MLPRegressor`.

    All 23 parameters are mapped, or a UserWarning names those whose value has no counterpart. Two conventions differ:
    scikit-learn divides `alpha` by the rows of a batch, so `weight_decay` is alpha / batch_size ("auto": 200 rows; with
    L-BFGS, whose batch is the table, 0, and said); and it scales nothing, so neither does the result. Without early
    stopping scikit-learn still stops when the training loss stalls for n_iter_no_change epochs; ours trains `epochs`.

    Raises `SpecError` for anything but those two estimators.
    """
    settings = estimator.get_params(deep=False) if hasattr(estimator, "get_params") else {}
    if type(estimator).__name__ not in ("MLPClassifier", "MLPRegressor") or "learning_rate_init" not in settings:
        raise SpecError(
            f"from_sklearn takes scikit-learn's MLPClassifier or MLPRegressor, got {type(estimator).__name__}"
        )
    lost = [
        f"{name}={settings[name]!r} ({instead})"
        for name, (nothing, instead) in WITHOUT_COUNTERPART.items()
        if settings[name] != nothing
    ]
    batch = AUTO_BATCH if settings["batch_size"] == "auto" else settings["batch_size"]
    lbfgs = settings["solver"] == "lbfgs"
    if lbfgs and settings["alpha"]:
        lost.append(f"alpha={settings['alpha']!r} with lbfgs (set weight_decay to alpha / rows)")
    common: dict[str, Any] = {
        "hidden_layer_sizes": settings["hidden_layer_sizes"],
        "activation": ACTIVATION_NAMES[settings["activation"]],
        "optimizer": _optimizer(settings),
        "learning_rate": 1.0 if lbfgs else settings["learning_rate_init"],
        "weight_decay": 0.0 if lbfgs else settings["alpha"] / batch,
        "epochs": settings["max_iter"],
        "batch_size": None if lbfgs else batch,
        "early_stopping": _stopping(settings),
        "preparation": None,
        "random_state": settings["random_state"],
    }
    if settings.get("loss", "squared_error") != "squared_error":
        raise SpecError(f"the loss {settings['loss']!r} has no counterpart; mse, mae and huber are there")
    if lost:
        warnings.warn("without counterpart: " + "; ".join(lost), UserWarning, stacklevel=2)
    if type(estimator).__name__ == "MLPRegressor":
        return MLPRegressor(**common, target_transform="none")
    return MLPClassifier(**common)


def _optimizer(settings: dict[str, Any]) -> Optimizer:
    if settings["solver"] == "lbfgs":
        return LBFGS()
    if settings["solver"] == "sgd":
        nesterov = settings["nesterovs_momentum"] and settings["momentum"] > 0
        return SGD(momentum=settings["momentum"], nesterov=nesterov)
    return Adam(beta_1=settings["beta_1"], beta_2=settings["beta_2"], epsilon=settings["epsilon"])


def _stopping(settings: dict[str, Any]) -> EarlyStopping | bool:
    if not settings["early_stopping"]:
        return False
    return EarlyStopping(settings["n_iter_no_change"], settings["tol"], settings["validation_fraction"])
