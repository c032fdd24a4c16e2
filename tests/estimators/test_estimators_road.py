"""The estimators from outside: scikit-learn's contract, tables, targets of all kinds, scikit-learn's own networks."""

from __future__ import annotations

import inspect
import pickle
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris, make_multilabel_classification, make_regression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier as TheirClassifier
from sklearn.neural_network import MLPRegressor as TheirRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

import pellucid
from pellucid import EarlyStopping, MLPClassifier, MLPRegressor, from_sklearn
from pellucid.data.generate import moons
from pellucid.errors import ColumnError, InputError
from pellucid.nn.optimizers import SGD, Adam

X, y = moons(200, 0.15, 0)
COLUMNS = ["Pclass", "Sex", "Age", "SibSp", "Parch", "Fare", "Embarked"]


def quick(**settings: Any) -> MLPClassifier:
    return MLPClassifier(**{"hidden_layer_sizes": (16,), "epochs": 20, "random_state": 0} | settings)


@pytest.mark.parametrize("estimator", [MLPClassifier(), MLPRegressor()], ids=["classifier", "regressor"])
def test_scikit_learns_own_checks_pass_with_nothing_excused(estimator: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_fail=None, on_skip=None)
    failed = [(r["check_name"], str(r["exception"])) for r in results if r["status"] not in ("passed", "skipped")]
    assert failed == []
    assert [r["check_name"] for r in results if r["status"] == "skipped"] == ["check_array_api_input"]


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_at_most_fourteen_parameters_with_plain_defaults(kind: type) -> None:
    defaults = [p.default for p in list(inspect.signature(kind).parameters.values())]
    assert len(defaults) <= 14
    assert all(isinstance(d, (str, int, float, tuple, type(None))) for d in defaults)


def test_pipeline_cross_validation_and_search() -> None:
    pipeline = make_pipeline(StandardScaler().set_output(transform="pandas"), quick())
    assert cross_val_score(pipeline, X, y, cv=3).mean() > 0.8
    grid = {"hidden_layer_sizes": [(4,), (16,)], "optimizer__beta_2": [0.9, 0.999]}
    search = GridSearchCV(quick(optimizer=Adam()), grid, cv=2).fit(X, y)
    assert search.best_estimator_.optimizer.beta_2 in (0.9, 0.999)
    assert search.best_estimator_.training_.the_optimizer.beta_2 == search.best_params_["optimizer__beta_2"]
    copy = clone(quick(optimizer=Adam(beta_1=0.8), early_stopping=EarlyStopping(patience=3)))
    assert (copy.optimizer.beta_1, copy.early_stopping.patience) == (0.8, 3)


def test_same_seed_same_bits_and_pickle() -> None:
    first, second, other = quick().fit(X, y), quick().fit(X, y), quick(random_state=1).fit(X, y)
    np.testing.assert_array_equal(first.predict_proba(X), second.predict_proba(X))
    assert not np.array_equal(first.predict_proba(X), other.predict_proba(X))
    again = pickle.loads(pickle.dumps(first))
    np.testing.assert_array_equal(first.predict_proba(X), again.predict_proba(X))


def test_arrays_train_in_their_own_type() -> None:
    for dtype in (np.float32, np.float64):
        model = quick(epochs=2).fit(X.astype(dtype), y)
        assert {value.dtype for value in model.parameters_.values()} == {np.dtype(dtype)}
    assert (
        quick(epochs=2).fit(pellucid.read("titanic").select(["Age", "Sex"]), y_of_titanic()).training_.dtype
        == "float32"
    )


def y_of_titanic() -> np.ndarray:
    return pellucid.read("titanic")["Survived"].values.astype(int)


def test_frames_with_categories_and_gaps() -> None:
    table = pellucid.read("titanic").select(COLUMNS)
    frame = pd.DataFrame({name: table[name].objects() for name in COLUMNS})
    truth = y_of_titanic()
    from_frame, from_table = quick().fit(frame, truth), quick().fit(table, truth)
    np.testing.assert_array_equal(from_frame.predict_proba(frame), from_table.predict_proba(table))
    assert from_frame.score(frame, truth) > 0.8
    assert list(from_frame.feature_names_in_) == COLUMNS
    with pytest.raises((ColumnError, ValueError), match="Sex"):
        from_frame.predict(frame.drop(columns="Sex"))


@pytest.mark.parametrize(
    "labels", [np.array(["no", "yes"]), np.array([False, True]), np.array([3, 7]), np.array([-1.0, 1.0])]
)
def test_labels_keep_their_type(labels: np.ndarray) -> None:
    model = quick().fit(X, labels[y])
    assert model.predict(X).dtype == labels.dtype
    assert model.classes_.tolist() == labels.tolist()
    assert model.score(X, labels[y]) > 0.8


def test_several_classes_several_labels_several_outputs() -> None:
    iris = load_iris()
    three = quick(epochs=60, learning_rate=0.01).fit(iris.data, iris.target)
    assert three.score(iris.data, iris.target) > 0.9
    np.testing.assert_allclose(three.predict_proba(iris.data).sum(axis=1), 1)
    A, B = make_multilabel_classification(150, n_features=6, n_classes=3, random_state=0)
    several = quick(epochs=60, learning_rate=0.01).fit(A, B)
    assert several.predict(A).shape == B.shape
    assert (several.predict(A) == B).mean() > 0.8
    R, T = make_regression(150, 4, n_targets=2, random_state=0)
    numbers = MLPRegressor((16,), epochs=150, learning_rate=0.01, random_state=0).fit(R, T)
    assert numbers.predict(R).shape == T.shape
    assert numbers.score(R, T) > 0.95


def test_weights_of_zero_leave_rows_out_and_balanced_weighs_classes() -> None:
    weights = (np.arange(200) < 150).astype(float)
    short = quick(batch_size=None).fit(X[:150], y[:150])
    weighted = quick(batch_size=None).fit(X, y, sample_weight=weights)
    np.testing.assert_allclose(short.predict_proba(X), weighted.predict_proba(X), rtol=1e-9)
    few = np.flatnonzero((y == 0) | (np.arange(200) % 8 == 0))
    plain = quick().fit(X[few], y[few]).predict(X).mean()
    balanced = quick(class_weight="balanced").fit(X[few], y[few]).predict(X).mean()
    assert balanced > plain


def test_partial_fit_goes_on_and_initial_parameters_are_used() -> None:
    model = quick()
    for _ in range(30):
        model.partial_fit(X, y, classes=[0, 1])
    assert model.score(X, y) > 0.85
    assert len(model.loss_curve_) == 30
    start = quick(epochs=0).fit(X, y, initial=model.parameters_)
    np.testing.assert_array_equal(start.predict_proba(X), model.predict_proba(X))
    with pytest.raises(InputError, match="9"):
        model.partial_fit(X, np.where(y == 0, 9, y))


def test_read_only_views_have_scikit_learns_shapes() -> None:
    ours, theirs = quick().fit(X, y), TheirClassifier((16,), solver="lbfgs", max_iter=500).fit(X, y)
    assert [c.shape for c in ours.coefs_] == [c.shape for c in theirs.coefs_]
    assert [b.shape for b in ours.intercepts_] == [b.shape for b in theirs.intercepts_]
    assert ours.out_activation_ == theirs.out_activation_ == "logistic"
    assert ours.n_iter_ == len(ours.loss_curve_) == 20
    with pytest.raises(AttributeError):
        _ = quick().coefs_
    with pytest.raises(AttributeError):
        ours.coefs_ = []


def test_a_run_of_scikit_learn_is_repeated() -> None:
    theirs = TheirClassifier((8,), activation="tanh", solver="adam", batch_size=200, max_iter=1, shuffle=True)
    theirs.set_params(alpha=0.02, learning_rate_init=0.01, random_state=0, epsilon=1e-14)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs.partial_fit(X, y, classes=[0, 1])
        start = {}
        for k, (c, b) in enumerate(zip(theirs.coefs_, theirs.intercepts_, strict=True)):
            start |= {f"layers.{k}.weight": c.T.copy(), f"layers.{k}.bias": b.copy()}
        theirs._optimizer = None
        fresh = clone(theirs)
        fresh.fit(X, y)  # gives it an optimizer without history, then the same start as ours
        from sklearn.neural_network._stochastic_optimizers import AdamOptimizer

        fresh.coefs_ = [c.copy() for c in theirs.coefs_]
        fresh.intercepts_ = [b.copy() for b in theirs.intercepts_]
        fresh._optimizer = AdamOptimizer(fresh.coefs_ + fresh.intercepts_, 0.01, epsilon=1e-14)
        for _ in range(5):
            fresh.partial_fit(X, y)
    ours = from_sklearn(theirs).set_params(epochs=5).fit(X, y, initial=start)
    for a, b in zip(ours.coefs_, fresh.coefs_, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_from_sklearn_maps_every_parameter_or_says_so() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ours = from_sklearn(
            TheirClassifier((5, 4), solver="sgd", momentum=0.8, early_stopping=True, n_iter_no_change=7)
        )
        assert isinstance(from_sklearn(TheirRegressor()), MLPRegressor)
    assert isinstance(ours.optimizer, SGD)
    assert (ours.optimizer.momentum, ours.optimizer.nesterov, ours.early_stopping.patience) == (0.8, True, 7)
    with pytest.warns(UserWarning, match="warm_start"):
        from_sklearn(TheirClassifier(warm_start=True))
    with pytest.raises(InputError, match="StandardScaler"):
        from_sklearn(StandardScaler())


@pytest.mark.parametrize(
    ("data", "truth", "words"),
    [
        (X, np.zeros(200), "class"),
        (X[:1], y[:1], "class|n_samples = 1"),
        (np.ones((20, 2)), np.arange(20) % 2, "no column is left|every training row"),
        (np.full((20, 2), np.inf), np.arange(20) % 2, "infinity"),
        (X, y[:50], "200"),
        (np.empty((0, 2)), np.empty(0), "0 sample"),
    ],
)
def test_data_that_cannot_be_learned(data: np.ndarray, truth: np.ndarray, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        quick().fit(data, truth)
