"""scikit-learn's networks: their settings under our names, their steps number by number."""

import inspect
import re
import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier as TheirClassifier
from sklearn.neural_network import MLPRegressor as TheirRegressor

from pellucid import EarlyStopping, MLPClassifier, MLPRegressor, from_sklearn
from pellucid.errors import SpecError
from pellucid.nn import LBFGS, SGD, Adam

RNG = np.random.default_rng(5)
X = RNG.normal(size=(60, 4))
TARGETS = {
    "two classes": (TheirClassifier, (X[:, 0] + X[:, 1] ** 2 > 1).astype(int)),
    "three classes": (TheirClassifier, np.digitize(X[:, 0] * X[:, 1], [-0.3, 0.3])),
    "numbers": (TheirRegressor, X[:, 0] - X[:, 1] ** 2),
}


def parameters_of(theirs: Any) -> dict[str, np.ndarray]:
    start = {}
    for layer, (weights, bias) in enumerate(zip(theirs.coefs_, theirs.intercepts_)):
        start |= {f"layers.{layer}.weight": weights.T.copy(), f"layers.{layer}.bias": bias.copy()}
    return start


def both(target: str, epochs: int = 40, **settings: Any) -> tuple[Any, Any]:
    """Theirs and ours after the same epochs from one start: `warm_start` keeps weights, not the optimizer's state."""
    kind, y = TARGETS[target]
    common = {"batch_size": 60, "n_iter_no_change": 10_000, "shuffle": False, "random_state": 1}
    theirs = kind(hidden_layer_sizes=(7, 5), max_iter=1, warm_start=True, **common, **settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        theirs.fit(X, y)
        start = parameters_of(theirs)
        theirs.set_params(max_iter=epochs).fit(X, y)
    with pytest.warns(UserWarning, match=r"shuffle=False .*warm_start=True"):
        ours = from_sklearn(theirs)
    return theirs, ours.fit(X, y, initial=start)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic", "identity"])
@pytest.mark.parametrize(("momentum", "nesterov"), [(0.0, False), (0.9, False), (0.9, True)])
def test_sgd_takes_the_very_steps(target: str, activation: str, momentum: float, nesterov: bool) -> None:
    """Nesterov's momentum in scikit-learn's form and in PyTorch's are one formula, rearranged."""
    settings = {"momentum": momentum, "nesterovs_momentum": nesterov, "alpha": 0.3, "learning_rate_init": 0.05}
    theirs, ours = both(target, solver="sgd", activation=activation, **settings)
    for a, b in zip(ours.coefs_ + ours.intercepts_, theirs.coefs_ + theirs.intercepts_):
        np.testing.assert_allclose(a, b, atol=1e-10)
    np.testing.assert_allclose(ours.predict(X), theirs.predict(X), atol=1e-9)


@pytest.mark.parametrize("target", TARGETS)
def test_adam_parts_by_the_place_of_epsilon(target: str) -> None:
    for epsilon, apart in ((1e-13, 1e-8), (1e-8, 0.02)):  # some gradients are near 0, where epsilon counts
        theirs, ours = both(target, solver="adam", alpha=0.1, learning_rate_init=0.01, epsilon=epsilon)
        for a, b in zip(ours.coefs_, theirs.coefs_):
            np.testing.assert_allclose(a, b, atol=apart)


def test_without_a_penalty_the_loss_curves_agree() -> None:
    theirs, ours = both("three classes", solver="sgd", alpha=0.0)
    np.testing.assert_allclose(ours.loss_curve_, theirs.loss_curve_[1:], rtol=1e-9)
    theirs, ours = both("numbers", solver="sgd", alpha=0.0)
    np.testing.assert_allclose(np.array(ours.loss_curve_) / 2, theirs.loss_curve_[1:], rtol=1e-9)


# For each parameter a setting in which it matters, and a value that is not the default.
OTHER_VALUES: dict[str, tuple[dict[str, Any], Any]] = {
    "hidden_layer_sizes": ({}, (3, 2)),
    "activation": ({}, "tanh"),
    "solver": ({}, "sgd"),
    "alpha": ({}, 0.5),
    "batch_size": ({}, 10),
    "learning_rate": ({"solver": "sgd"}, "adaptive"),
    "learning_rate_init": ({}, 0.5),
    "power_t": ({"solver": "sgd", "learning_rate": "invscaling"}, 0.7),
    "max_iter": ({}, 3),
    "shuffle": ({}, False),
    "random_state": ({}, 4),
    "tol": ({}, 0.1),
    "verbose": ({}, True),
    "warm_start": ({}, True),
    "momentum": ({"solver": "sgd"}, 0.5),
    "nesterovs_momentum": ({"solver": "sgd"}, False),
    "early_stopping": ({}, True),
    "validation_fraction": ({"early_stopping": True}, 0.3),
    "beta_1": ({}, 0.5),
    "beta_2": ({}, 0.5),
    "epsilon": ({}, 1e-3),
    "n_iter_no_change": ({}, 3),
    "max_fun": ({"solver": "lbfgs"}, 7),
}


@pytest.mark.parametrize("kind", [TheirClassifier, TheirRegressor])
@pytest.mark.parametrize("name", OTHER_VALUES)
def test_every_parameter_is_mapped_or_named(kind: Any, name: str) -> None:
    around, value = OTHER_VALUES[name]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        before = from_sklearn(kind(**around))
        heard = len(caught)
        after = from_sklearn(kind(**{**around, name: value}))
    said = " ".join(str(warning.message) for warning in caught[heard:])
    named = re.search(rf"\b{name}={re.escape(repr(value))} \(", said) is not None
    mapped = repr(after.get_params()) != repr(before.get_params())
    assert mapped != named, f"{name}: mapped {mapped}, named {named}"


@pytest.mark.parametrize("kind", [TheirClassifier, TheirRegressor])
def test_there_is_no_other_parameter(kind: Any) -> None:
    assert set(inspect.signature(kind).parameters) - {"loss"} == set(OTHER_VALUES)


def test_defaults_are_mapped_without_a_word() -> None:
    """Warnings are errors here."""
    ours = from_sklearn(TheirClassifier())
    assert isinstance(ours, MLPClassifier)
    assert ours.hidden_layer_sizes == (100,)
    assert ours.optimizer == Adam(beta_1=0.9, beta_2=0.999, epsilon=1e-8)
    assert (ours.learning_rate, ours.epochs, ours.batch_size, ours.weight_decay) == (0.001, 200, 200, 1e-4 / 200)
    numbers = from_sklearn(TheirRegressor(solver="sgd", learning_rate_init=0.1))
    assert isinstance(numbers, MLPRegressor)
    assert numbers.optimizer == SGD(momentum=0.9, nesterov=True)
    assert (numbers.learning_rate, numbers.weight_decay, numbers.target_transform) == (0.05, 1e-6, "none")
    stopping = from_sklearn(TheirClassifier(early_stopping=True, n_iter_no_change=7, tol=0.01)).early_stopping
    assert stopping == EarlyStopping(patience=7, min_delta=0.01, fraction=0.1)


def test_lbfgs() -> None:
    with pytest.warns(UserWarning, match=r"alpha=0.0001 \(with lbfgs set weight_decay to alpha / rows\)"):
        ours = from_sklearn(TheirClassifier((6,), solver="lbfgs", max_iter=300, random_state=0))
    assert ours.optimizer == LBFGS()
    _, y = TARGETS["two classes"]
    assert ours.fit(X, y).score(X, y) > 0.95


@pytest.mark.parametrize("wrong", [3, MLPClassifier(), TheirRegressor(loss="poisson")])
def test_what_has_no_counterpart_is_refused(wrong: Any) -> None:
    with pytest.raises(SpecError, match=r"from_sklearn takes|poisson"):
        from_sklearn(wrong)


def test_a_class_is_no_estimator() -> None:
    with pytest.raises(SpecError, match=r"got the class MLPClassifier; write its name with \(\)"):
        from_sklearn(TheirClassifier)
