"""Every sort of answer: two classes, more, several labels at once, one number, several."""

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from pellucid import MLPClassifier, MLPRegressor, read
from pellucid.errors import InputError, PellucidError, ShapeError, SpecError
from pellucid.nn import SoftmaxCrossEntropy

RNG = np.random.default_rng(0)
X = RNG.normal(size=(80, 3))
YES = X[:, 0] > 0
OPTIONS: dict[str, Any] = {"hidden_layer_sizes": (8,), "learning_rate": 0.05, "epochs": 40, "random_state": 0}


@pytest.mark.parametrize(
    "labels",
    [(False, True), (0, 1), (3, 7), (-1.0, 1.0), ("no", "yes")],
    ids=["bool", "codes", "int", "float", "text"],
)
def test_two_classes_come_back_in_their_own_type(labels: tuple[Any, Any]) -> None:
    y = np.where(YES, labels[1], labels[0])
    model = MLPClassifier(**OPTIONS).fit(X, y)
    assert model.classes_.tolist() == list(labels)
    assert model.classes_.dtype == model.predict(X).dtype == y.dtype
    assert model.score(X, y) > 0.95
    probability = model.predict_proba(X)
    assert probability.shape == (80, 2)
    np.testing.assert_allclose(probability.sum(axis=1), 1)
    logit = model.decision_function(X)
    assert logit.shape == (80,)
    np.testing.assert_allclose(probability[:, 1], 1 / (1 + np.exp(-logit)), rtol=1e-12)
    np.testing.assert_array_equal(model.predict(X) == labels[1], logit >= 0)


@pytest.mark.parametrize(
    "container",
    [
        list,
        pd.Series,
        lambda y: pd.Series(y, dtype="category"),
        lambda y: pd.Series(y, dtype="string"),
        lambda y: y.astype(object),
        pl.Series,
        pa.array,
        lambda y: pa.chunked_array([y[:30], y[30:]]),
        lambda y: read(pd.DataFrame({"y": y}))["y"],
    ],
    ids=["list", "series", "category", "string", "object", "polars", "arrow", "chunks", "column"],
)
def test_labels_in_any_container(container: Any) -> None:
    y = np.where(YES, "yes", "no")
    model = MLPClassifier(**{**OPTIONS, "epochs": 2}).fit(X, container(y))
    plain = MLPClassifier(**{**OPTIONS, "epochs": 2}).fit(X, y)
    assert model.classes_.tolist() == ["no", "yes"]
    np.testing.assert_array_equal(model.coefs_[0], plain.coefs_[0])


@pytest.mark.parametrize("labels", [("low", "middle", "top"), (10, 20, 35)])
def test_several_classes(labels: tuple[Any, ...]) -> None:
    y = np.array(labels)[np.digitize(X[:, 0], [-0.5, 0.5])]
    model = MLPClassifier(**OPTIONS).fit(X, y)
    probability = model.predict_proba(X)
    assert probability.shape == model.decision_function(X).shape == (80, 3)
    np.testing.assert_allclose(probability.sum(axis=1), 1)
    np.testing.assert_array_equal(model.predict(X), model.classes_[probability.argmax(axis=1)])
    assert model.score(X, y) > 0.9


def test_several_labels_at_once() -> None:
    y = (X > 0).astype(int)
    model = MLPClassifier(**OPTIONS).fit(X, y)
    assert model.multilabel_
    assert model.predict(X).shape == model.predict_proba(X).shape == model.decision_function(X).shape == (80, 3)
    assert set(np.unique(model.predict(X))) == {0, 1}
    np.testing.assert_array_equal(model.predict(X), model.predict_proba(X) >= 0.5)
    assert (model.predict(X) == y).mean() > 0.9
    from_bools = MLPClassifier(**OPTIONS).fit(X, y.astype(bool))
    np.testing.assert_array_equal(from_bools.coefs_[0], model.coefs_[0])


@pytest.mark.parametrize("transform", ["standardize", "none", "log1p_standardize"])
def test_one_number(transform: str) -> None:
    y = np.exp(X[:, 0]) * (1 if transform == "none" else 1000)
    model = MLPRegressor(**OPTIONS, target_transform=transform).fit(X, y)
    assert model.predict(X).shape == (80,)
    assert model.predict(X).dtype == np.float64
    assert model.score(X, y) > 0.8


def test_several_numbers() -> None:
    y = np.column_stack([X[:, 0], 1000 * X[:, 1] + 5])
    model = MLPRegressor(**OPTIONS).fit(X, y)
    assert model.predict(X).shape == (80, 2)
    assert model.score(X, y) > 0.9
    assert MLPRegressor(**OPTIONS).fit(X, pd.DataFrame(y)).predict(X).shape == (80, 2)


def test_a_column_vector_is_flattened_with_scikit_learns_warning() -> None:
    with pytest.warns(UserWarning, match="column-vector y"):
        model = MLPRegressor(**OPTIONS).fit(X, X[:, :1])
    assert model.predict(X).shape == (80,)


def test_a_number_that_does_not_vary_is_predicted() -> None:
    model = MLPRegressor(**{**OPTIONS, "epochs": 200}).fit(X, np.full(80, 12.5))
    np.testing.assert_allclose(model.predict(X), 12.5, atol=0.05)


def with_gap(value: Any) -> Any:
    return np.where(np.arange(80) == 3, value, np.where(YES, "yes", "no").astype(object))


@pytest.mark.parametrize(
    ("kind", "y", "error", "words"),
    [
        (MLPClassifier, None, InputError, "requires y"),
        (MLPClassifier, ["a"] * 80, InputError, "only one class, 'a'"),
        (MLPClassifier, ["a", "b"] * 39, ShapeError, "X has 80 rows, y has 78"),
        (MLPClassifier, with_gap(None), InputError, "NaN or None, first in row 3"),
        (MLPClassifier, with_gap(float("nan")), InputError, "NaN or None, first in row 3"),
        (MLPClassifier, pd.Series([1, 2] * 40, dtype="Int64").mask(YES), ValueError, "contains NaN"),
        (MLPClassifier, np.array(["a", 1] * 40, dtype=object), InputError, "texts and other values"),
        (MLPClassifier, X[:, 0], ValueError, "continuous"),
        (MLPClassifier, RNG.integers(0, 3, (80, 2)), ShapeError, "of 0 and 1"),
        (MLPRegressor, np.full(80, np.inf), ValueError, "infinity"),
        (MLPRegressor, ["a", "b"] * 40, PellucidError, "must hold numbers"),
        (MLPRegressor, np.where(np.arange(80) == 9, np.nan, X[:, 0]), InputError, "contains NaN, first in row 9"),
        (MLPRegressor, X[:7, 0], ShapeError, "X has 80 rows, y has 7"),
    ],
)
def test_answers_that_cannot_be_used(kind: Any, y: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        kind(**OPTIONS).fit(X, y)


def test_the_loss_must_suit_the_answers() -> None:
    y = np.digitize(X[:, 0], [-0.5, 0.5])
    with pytest.raises(SpecError, match="bce has the link sigmoid, but 3 classes need softmax"):
        MLPClassifier(**OPTIONS, loss="bce").fit(X, y)
    with pytest.raises(SpecError, match="2 classes need sigmoid"):
        MLPClassifier(**OPTIONS, loss="softmax_cross_entropy").fit(X, YES)
    with pytest.raises(SpecError, match="3 labels need sigmoid"):
        MLPClassifier(**OPTIONS, loss="softmax_cross_entropy").fit(X, X > 0)
    with pytest.raises(SpecError, match="identity link"):
        MLPRegressor(**OPTIONS, loss="bce").fit(X, X[:, 0])
    smoothed = MLPClassifier(**OPTIONS, loss=SoftmaxCrossEntropy(label_smoothing=0.3)).fit(X, y)
    assert smoothed.predict_proba(X).max() < MLPClassifier(**OPTIONS).fit(X, y).predict_proba(X).max()
    assert MLPRegressor(**OPTIONS, loss="huber").fit(X, X[:, 0]).score(X, X[:, 0]) > 0.9


def test_a_column_of_a_table_as_the_answer() -> None:
    table = read({"x": X[:, 0], "z": X[:, 1], "said": YES.astype(int), "word": np.where(YES, "yes", "no")})
    model = MLPClassifier(**OPTIONS).fit(table.select(["x", "z"]), table["said"])
    assert model.classes_.tolist() == [0, 1]
    assert model.classes_.dtype == np.int64
    assert MLPClassifier(**OPTIONS).fit(table.select(["x", "z"]), table["word"]).classes_.tolist() == ["no", "yes"]
    for kind, answer in ((MLPClassifier, "word"), (MLPRegressor, "z")):
        with pytest.raises(InputError, match=rf"y is the column '{answer}', which is in X too"):
            kind(**OPTIONS).fit(table, table[answer])


def test_an_unknown_label_is_shown_as_it_is() -> None:
    model = MLPClassifier(**OPTIONS).fit(X, YES.astype(int))
    with pytest.raises(InputError, match="unknown label 2; there is 0, 1"):
        model.partial_fit(X, YES.astype(int) + 1)
