"""What can be read from a trained network, in scikit-learn's shapes and names."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError
from sklearn.neural_network import MLPClassifier as TheirClassifier
from sklearn.neural_network import MLPRegressor as TheirRegressor

from pellucid import EarlyStopping, MLPClassifier, MLPRegressor
from pellucid.errors import TrainingError
from pellucid.nn import SGD

RNG = np.random.default_rng(3)
X = RNG.normal(size=(40, 3))
OPTIONS: dict[str, Any] = {"epochs": 3, "random_state": 0}
LEARNED = ("coefs_", "intercepts_", "loss_curve_", "n_iter_", "out_activation_")


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.integers(1, 7), max_size=3).map(tuple), st.sampled_from(["two", "three", "labels", "one", "several"])
)
def test_shapes_are_scikit_learns(hidden: tuple[int, ...], task: str) -> None:
    y = {
        "two": (X[:, 0] > 0) * 1,
        "three": np.digitize(X[:, 0], [-0.5, 0.5]),
        "labels": (X > 0) * 1,
        "one": X[:, 0],
        "several": X[:, :2],
    }[task]
    numbers = task in ("one", "several")
    ours = (MLPRegressor if numbers else MLPClassifier)(hidden, **OPTIONS).fit(X, y)
    theirs = (TheirRegressor if numbers else TheirClassifier)(hidden_layer_sizes=hidden, max_iter=1, solver="sgd")
    theirs.partial_fit(X, y, **({} if numbers else {"classes": np.unique(y) if y.ndim == 1 else np.arange(3)}))
    assert [w.shape for w in ours.coefs_] == [w.shape for w in theirs.coefs_]
    assert [b.shape for b in ours.intercepts_] == [b.shape for b in theirs.intercepts_]
    assert ours.out_activation_ == theirs.out_activation_
    assert ours.predict(X).shape == theirs.predict(X).shape
    assert len(ours.loss_curve_) == ours.n_iter_ == 3
    assert ours.loss_curve_ == [record.training_loss for record in ours.history_.epochs]


def test_coefs_and_intercepts_redo_the_prediction_by_hand() -> None:
    model = MLPRegressor((5,), **OPTIONS, preparation=None, target_transform="none").fit(X, X[:, 0])
    hidden = np.maximum(X @ model.coefs_[0] + model.intercepts_[0], 0)
    np.testing.assert_allclose(model.predict(X), (hidden @ model.coefs_[1] + model.intercepts_[1])[:, 0], rtol=1e-12)


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_before_fit_there_is_nothing(kind: Any) -> None:
    model = kind()
    for name in LEARNED:
        assert not hasattr(model, name)
        with pytest.raises(NotFittedError, match="call fit first"):
            getattr(model, name)
    for method in ("predict", "predict_proba", "decision_function"):
        if hasattr(kind, method):
            with pytest.raises(NotFittedError):
                getattr(model, method)(X)


def test_learned_numbers_cannot_be_overwritten() -> None:
    model = MLPClassifier((4,), **OPTIONS).fit(X, X[:, 0] > 0)
    for name in LEARNED:
        with pytest.raises(AttributeError):
            setattr(model, name, None)
    for array in (model.coefs_[0], model.intercepts_[1]):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_early_stopping_counts_all_epochs_and_keeps_the_best() -> None:
    stopping = EarlyStopping(patience=3, fraction=0.25)
    noise = RNG.normal(size=40)
    model = MLPRegressor((30,), learning_rate=0.05, epochs=200, early_stopping=stopping, random_state=0).fit(X, noise)
    assert model.history_.stopped == "patience"
    assert model.n_iter_ == len(model.loss_curve_) == model.history_.kept_epoch + 3
    assert model.history_.validation_loss.argmin() + 1 == model.history_.kept_epoch
    assert (
        MLPRegressor((4,), **OPTIONS, early_stopping=True).fit(X, noise).training_.patience == EarlyStopping().patience
    )


def test_a_fit_that_fails_leaves_no_mixture_of_two_models() -> None:
    model = MLPRegressor((4,), **OPTIONS).fit(X, X[:, 0])
    model.set_params(optimizer=SGD(), learning_rate=1e9, target_transform="none", epochs=50)
    with pytest.raises(TrainingError, match="no longer finite"):
        model.fit(X[:, :2], 1e3 * X[:, 0])
    with pytest.raises(NotFittedError):
        model.predict(X[:, :2])
