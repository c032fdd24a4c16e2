"""Weights of rows and classes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import MLPClassifier, MLPRegressor
from pellucid.errors import InputError, ShapeError, SpecError

RNG = np.random.default_rng(2)
X = RNG.normal(size=(16, 2))
LABELS = np.array(["a", "b", "c", "a"] * 4)
OPTIONS: dict[str, Any] = {"hidden_layer_sizes": (4,), "epochs": 5, "random_state": 0}


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.integers(0, 3), min_size=16, max_size=16).filter(lambda w: {*LABELS[np.array(w) > 0]} == {*"abc"}),
    st.sampled_from(["adam", "sgd", "lbfgs"]),
    st.sampled_from([None, "balanced", {"a": 3.0}]),
)
def test_a_weight_is_a_row_written_so_many_times(weights: list[int], optimizer: str, class_weight: Any) -> None:
    options = {**OPTIONS, "optimizer": optimizer}
    times = np.array(weights)
    weighted = MLPClassifier(**options, class_weight=class_weight).fit(X, LABELS, sample_weight=times)
    repeated = MLPClassifier(**options, class_weight=class_weight).fit(np.repeat(X, times, 0), np.repeat(LABELS, times))
    np.testing.assert_allclose(weighted.predict_proba(X), repeated.predict_proba(X), atol=1e-7)
    numbers = MLPRegressor(**options).fit(X, X[:, 0], sample_weight=times)
    written = MLPRegressor(**options).fit(np.repeat(X, times, 0), np.repeat(X[:, 0], times))
    np.testing.assert_allclose(numbers.predict(X), written.predict(X), atol=1e-7)


def test_balanced_classes_weigh_the_same() -> None:
    """9 rows of one class, 3 of the other: 12 / (2 · 9) and 12 / (2 · 3)."""
    y = np.repeat([0, 1], [9, 3])
    balanced = MLPClassifier(**OPTIONS, class_weight="balanced").fit(X[:12], y)
    by_hand = MLPClassifier(**OPTIONS, class_weight={0: 2 / 3, 1: 2.0}).fit(X[:12], y)
    np.testing.assert_array_equal(balanced.coefs_[0], by_hand.coefs_[0])
    plain = MLPClassifier(**OPTIONS).fit(X[:12], y)
    assert (balanced.predict_proba(X)[:, 1] > plain.predict_proba(X)[:, 1]).mean() > 0.9


def test_class_weights_multiply_sample_weights() -> None:
    y = np.arange(16) % 2
    weights = RNG.uniform(0.5, 2, 16)
    both = MLPClassifier(**OPTIONS, class_weight={1: 3.0}).fit(X, y, sample_weight=weights)
    # The preparation counts rows, not classes, so weights that are folded together differ in the scale of the columns.
    assert both.preparation_ == MLPClassifier(**OPTIONS).fit(X, y, sample_weight=weights).preparation_
    plain = {**OPTIONS, "preparation": None}
    both = MLPClassifier(**plain, class_weight={1: 3.0}).fit(X, y, sample_weight=weights)
    folded = MLPClassifier(**plain).fit(X, y, sample_weight=weights * np.where(y == 1, 3, 1))
    np.testing.assert_allclose(both.coefs_[0], folded.coefs_[0], rtol=1e-12)


def test_weights_stay_with_their_rows_in_batches_and_hold_outs() -> None:
    rng = np.random.default_rng(0)
    many = rng.normal(size=(300, 2))
    wrong = rng.random(300) < 0.4
    y = (many[:, 0] > 0) ^ wrong
    options = {**OPTIONS, "epochs": 30, "learning_rate": 0.02, "early_stopping": True}
    model = MLPClassifier(**options).fit(many, y, sample_weight=np.where(wrong, 1e-3, 1.0))
    assert model.score(many, many[:, 0] > 0) > 0.95


def test_one_number_stands_for_all_rows() -> None:
    one = MLPRegressor(**OPTIONS).fit(X, X[:, 0], sample_weight=1.0)
    np.testing.assert_allclose(one.predict(X), MLPRegressor(**OPTIONS).fit(X, X[:, 0]).predict(X), rtol=1e-9)


@pytest.mark.parametrize(
    ("weights", "error", "words"),
    [
        (np.zeros(16), InputError, "every sample_weight is zero"),
        (np.where(np.arange(16) == 5, -1, 1), InputError, "got -1.0 in row 5"),
        (np.where(np.arange(16) == 5, np.nan, 1), InputError, "got nan in row 5"),
        (np.ones(4), ShapeError, r"\(rows,\) = \(16,\), got \(4,\)"),
        (np.ones((16, 1)), ShapeError, r"got \(16, 1\)"),
        (np.eye(16)[0], InputError, "n_samples = 1"),
        ((LABELS == "a") * 1.0, InputError, "only one class, 'a'"),
    ],
)
def test_weights_that_cannot_be_used(weights: np.ndarray, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        MLPClassifier(**OPTIONS).fit(X, LABELS, sample_weight=weights)


@pytest.mark.parametrize(
    ("class_weight", "words"),
    [
        ("balansed", '"balanced" or a dict'),
        ({"A": 2.0}, "names 'A', which is no label of y; did you mean 'a'"),
        ({"a": -1.0}, "finite number of at least 0, got -1.0"),
    ],
)
def test_class_weights_that_cannot_be_used(class_weight: Any, words: str) -> None:
    with pytest.raises(SpecError, match=words):
        MLPClassifier(**OPTIONS, class_weight=class_weight).fit(X, LABELS)


def test_class_weight_is_not_for_several_labels_at_once() -> None:
    with pytest.raises(SpecError, match="use sample_weight"):
        MLPClassifier(**OPTIONS, class_weight="balanced").fit(X, X > 0)
