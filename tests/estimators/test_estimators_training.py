"""The options of training: each does what it says; and what is learned is good."""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_iris, make_moons
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_score, train_test_split

from pellucid import EarlyStopping, MLPClassifier, MLPRegressor
from pellucid.errors import SpecError
from pellucid.nn import LBFGS, SGD, Adam, AdamW, OneCycle, RMSprop
from pellucid.preprocessing import NumberRecipe, PreparationSpec

RNG = np.random.default_rng(6)
X = RNG.normal(size=(120, 3))
Y = X[:, 0] * X[:, 1] > 0
OPTIONS: dict[str, Any] = {"hidden_layer_sizes": (12,), "epochs": 60, "random_state": 0}


@pytest.mark.parametrize(
    ("optimizer", "rate"),
    [
        ("sgd", 0.5),
        ("rmsprop", 0.01),
        ("adam", 0.02),
        ("adamw", 0.02),
        ("lbfgs", "auto"),
        (SGD(momentum=0.9, nesterov=True), 0.1),
        (RMSprop(momentum=0.5), 0.01),
        (Adam(beta_2=0.95, schedule=OneCycle(), clip_norm=1.0), 0.05),
        (AdamW(weight_decay=0.1), 0.02),
        (LBFGS(memory=5), "auto"),
    ],
    ids=str,
)
def test_every_optimizer_learns(optimizer: Any, rate: Any) -> None:
    model = MLPClassifier(**OPTIONS, optimizer=optimizer, learning_rate=rate).fit(X, Y)
    assert model.score(X, Y) > 0.9
    if not isinstance(optimizer, str):
        assert model.training_.the_optimizer == optimizer


def test_weight_decay_makes_weights_smaller() -> None:
    def size(**options: Any) -> float:
        model = MLPRegressor(**OPTIONS, learning_rate=0.02, **options).fit(X, X[:, 0])
        return float(sum(np.square(weights).sum() for weights in model.coefs_))

    for optimizer in ("adam", "adamw", "sgd"):
        assert size(optimizer=optimizer, weight_decay=0.5) < 0.7 * size(optimizer=optimizer)
    assert size(optimizer="adamw", weight_decay=0.5) == size(optimizer=AdamW(weight_decay=0.5))


def test_dropout_changes_training_and_not_prediction() -> None:
    model = MLPRegressor(**OPTIONS, dropout=0.5).fit(X, X[:, 0])
    assert not np.array_equal(model.coefs_[0], MLPRegressor(**OPTIONS).fit(X, X[:, 0]).coefs_[0])
    np.testing.assert_array_equal(model.predict(X), model.predict(X))
    two = MLPRegressor(**{**OPTIONS, "hidden_layer_sizes": (4, 3)}, dropout=(0.1, 0.4)).fit(X, X[:, 0])
    assert two.network_.dropouts == (0.1, 0.4)


@pytest.mark.parametrize(
    ("rows", "expected"), [(2, None), (64, None), (65, 32), (4095, 32), (4096, 64), (16384, 256), (100_000, 256)]
)
def test_the_rule_of_the_batch_size(rows: int, expected: int | None) -> None:
    model = MLPRegressor((), epochs=1, random_state=0).fit(np.arange(rows)[:, None], np.arange(rows))
    assert model.training_.batch_size == expected


def test_held_out_rows_are_seen_by_nothing_that_is_learned() -> None:
    """With the held-out rows replaced by nonsense, preparation, target and the first epoch stay to the bit."""
    options = {**OPTIONS, "early_stopping": EarlyStopping(fraction=0.25), "epochs": 1}
    model = MLPRegressor(**options).fit(X, X[:, 0])
    moved = []
    for row in range(len(X)):
        wild, y = X.copy(), X[:, 0].copy()
        wild[row], y[row] = 1e4, -1e4
        other = MLPRegressor(**options).fit(wild, y)
        moved.append(other.preparation_ != model.preparation_ or other.target_ != model.target_)
        if not moved[-1]:
            np.testing.assert_array_equal(other.coefs_[0], model.coefs_[0])
    assert sum(moved) == 90


def test_a_class_that_occurs_once_does_not_stop_early_stopping() -> None:
    y = np.where(np.arange(120) == 0, 2, Y)
    model = MLPClassifier(**OPTIONS, early_stopping=True).fit(X, y)
    assert model.classes_.tolist() == [0, 1, 2]


def test_preparation() -> None:
    shifted = 100 * X + 50
    auto = MLPRegressor(**OPTIONS).fit(shifted, X[:, 0])
    assert auto.preparation_.columns[0].scaling.divisor == pytest.approx(shifted[:, 0].std())
    plain = MLPRegressor(**{**OPTIONS, "epochs": 0}, preparation=None).fit(shifted, X[:, 0])
    np.testing.assert_array_equal(plain.preparation_.columns[0].array(shifted[:, 0])[:, 0], shifted[:, 0])
    recipe = PreparationSpec(numbers=NumberRecipe(scale="min_max"))
    own = MLPRegressor(**OPTIONS, preparation=recipe).fit(shifted, X[:, 0])
    assert own.preparation_.columns[0].scaling.center == shifted[:, 0].min()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"hidden_layer_sizes": "64"}, "hidden_layer_sizes must be whole numbers"),
        ({"hidden_layer_sizes": (3.5,)}, "hidden_layer_sizes must be whole numbers"),
        ({"hidden_layer_sizes": (0,)}, "at least 1"),
        ({"activation": "rellu"}, "did you mean 'relu'"),
        ({"dropout": 1.0}, "dropout must lie in"),
        ({"loss": "bcee"}, "did you mean 'bce'"),
        ({"optimizer": "adamm"}, "did you mean 'adam'"),
        ({"optimizer": Adam(beta_1=1.5)}, "beta_1 of Adam must lie in"),
        ({"learning_rate": "fast"}, 'learning_rate must be "auto" or a number'),
        ({"learning_rate": -1.0}, "learning_rate must be a finite number of at least 0"),
        ({"weight_decay": -1}, "weight_decay must be a finite number of at least 0, got -1"),
        ({"weight_decay": None, "optimizer": "adamw"}, "weight_decay must be a finite number"),
        ({"epochs": 2.5}, "epochs must be a whole number"),
        ({"batch_size": "all"}, "batch_size must be"),
        ({"batch_size": 32.5}, "batch_size must be a whole number"),
        ({"early_stopping": 3}, "early_stopping must be True, False or"),
        ({"early_stopping": EarlyStopping(fraction=1.5)}, "fraction must lie in"),
        ({"early_stopping": EarlyStopping(patience=0)}, "patience must be a whole number of at least 1"),
        ({"preparation": "none"}, 'preparation must be "auto"'),
        ({"engine": "refrence"}, "did you mean 'reference'"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any], words: str) -> None:
    with pytest.raises(SpecError, match=words):
        MLPClassifier(**{**OPTIONS, **options}).fit(X, Y)


def test_moons() -> None:
    points, side = make_moons(400, noise=0.15, random_state=0)
    train, test, a, b = train_test_split(points, side, random_state=0)
    assert MLPClassifier(random_state=0).fit(train, a).score(test, b) > 0.95


def test_iris() -> None:
    assert cross_val_score(MLPClassifier(random_state=0), *load_iris(return_X_y=True), cv=5).mean() > 0.9


def test_diabetes_is_about_as_good_as_a_line() -> None:
    """442 rows of noise: nothing beats the line by much, and a network that memorizes falls far below it."""
    data = load_diabetes(return_X_y=True)
    model = MLPRegressor((16,), weight_decay=0.03, early_stopping=True, learning_rate=0.005, random_state=0)
    line = cross_val_score(LinearRegression(), *data, cv=5).mean()
    assert cross_val_score(model, *data, cv=5).mean() > line - 0.05
