"""Going on: one epoch at a time, from given parameters, from a trained model."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import EarlyStopping, MLPClassifier, MLPRegressor, NetworkSpec, TrainingSpec, fit_network
from pellucid.errors import InputError, ShapeError, SpecError
from pellucid.nn import SGD, Adam, Cosine

RNG = np.random.default_rng(4)
X = RNG.normal(size=(100, 3))
Y = np.digitize(X[:, 0] * X[:, 1], [-0.3, 0.3])
OPTIONS: dict[str, Any] = {"hidden_layer_sizes": (5,), "learning_rate": 0.01, "random_state": 0}


@settings(deadline=None, max_examples=20)
@given(
    st.sampled_from([MLPClassifier, MLPRegressor]),
    st.integers(1, 4),
    st.sampled_from([None, 32, 7]),
    st.sampled_from(["adam", "sgd", SGD(momentum=0.9, nesterov=True), "adamw", "rmsprop"]),
    st.sampled_from([0.0, 0.3]),
)
def test_so_many_calls_are_a_fit_of_so_many_epochs(
    kind: Any, epochs: int, batch: Any, how: Any, dropout: float
) -> None:
    """To the bit: the optimizer's state, the order of rows and the dropout draws go on."""
    options = {**OPTIONS, "batch_size": batch, "optimizer": how, "dropout": dropout}
    whole = kind(**options, epochs=epochs).fit(X, Y)
    steps = kind(**options)
    for _ in range(epochs):
        steps.partial_fit(X, Y)
    for name, value in whole.parameters_.items():
        np.testing.assert_array_equal(steps.parameters_[name], value)
    assert steps.loss_curve_ == whole.loss_curve_
    assert steps.n_iter_ == steps.history_.kept_epoch == epochs
    assert [record.epoch for record in steps.history_.epochs] == list(range(1, epochs + 1))


@pytest.mark.parametrize("batch", [None, 16])
def test_a_network_goes_on_from_a_snapshot_as_if_never_interrupted(batch: int | None) -> None:
    network, training = NetworkSpec(3, (4,), dropout=0.2), TrainingSpec(batch_size=batch, epochs=6, seed=3)
    whole = fit_network(X, X[:, 0], network, training)
    first = fit_network(X, X[:, 0], network, replace(training, epochs=2))
    second = fit_network(X, X[:, 0], network, replace(training, epochs=4), initial=first.snapshot)
    for name, value in whole.parameters.items():
        np.testing.assert_array_equal(second.parameters[name], value)


def test_partial_fit_goes_on_after_fit() -> None:
    longer = MLPClassifier(**OPTIONS, epochs=6).fit(X, Y)
    model = MLPClassifier(**OPTIONS, epochs=5).fit(X, Y).partial_fit(X, Y)
    np.testing.assert_array_equal(model.coefs_[0], longer.coefs_[0])
    assert model.loss_curve_ == longer.loss_curve_


def test_after_early_stopping_it_goes_on_from_the_parameters_that_predict() -> None:
    stopping = EarlyStopping(patience=4)
    options = {**OPTIONS, "learning_rate": 0.2, "epochs": 100, "early_stopping": stopping}
    model = MLPRegressor(**options).fit(X, RNG.normal(size=100))
    kept, best = model.history_.kept_epoch, model.parameters_
    assert kept < model.n_iter_
    model.set_params(learning_rate=1e-9).partial_fit(X, X[:, 0])
    np.testing.assert_allclose(model.coefs_[0], best["layers.0.weight"].T, atol=1e-6)
    assert model.n_iter_ == model.history_.kept_epoch == kept + 1


def test_another_optimizer_starts_with_a_state_of_its_own() -> None:
    model = MLPRegressor(**OPTIONS, optimizer="adam").partial_fit(X, Y)
    before = model.coefs_[0]
    model.set_params(optimizer="sgd").partial_fit(X, Y)
    assert model.training_.the_optimizer == SGD()
    assert not np.array_equal(model.coefs_[0], before)


def test_schedules_and_early_stopping_wait_for_fit() -> None:
    model = MLPRegressor(**OPTIONS, optimizer=Adam(schedule=Cosine()), early_stopping=True)
    constant = MLPRegressor(**OPTIONS, optimizer=Adam())
    for _ in range(3):
        model.partial_fit(X, Y)
        constant.partial_fit(X, Y)
    np.testing.assert_array_equal(model.coefs_[0], constant.coefs_[0])
    assert np.isnan(model.history_.validation_loss).all()


def test_classes_are_named_at_the_first_call() -> None:
    model = MLPClassifier(**OPTIONS)
    model.partial_fit(X[:60], np.zeros(60, dtype=int), classes=[0, 1, 2])
    assert model.classes_.tolist() == [0, 1, 2]
    for start in range(0, 100, 20):
        model.partial_fit(X[start : start + 20], Y[start : start + 20])
    model.partial_fit(X[:1], Y[:1])  # a single row is enough later on
    assert model.predict_proba(X).shape == (100, 3)
    with pytest.raises(InputError, match="unknown label 5"):
        model.partial_fit(X[:2], [0, 5])
    with pytest.raises(InputError, match=r"what they were at the first partial_fit, \[0, 1, 2\]"):
        model.partial_fit(X, Y, classes=[0, 1])
    with pytest.raises(InputError, match="only one class"):
        MLPClassifier(**OPTIONS).partial_fit(X[:9], np.zeros(9))
    with pytest.raises(InputError, match="n_samples = 1"):
        MLPClassifier(**OPTIONS).partial_fit(X[:1], Y[:1], classes=[0, 1, 2])


def test_class_weights_in_partial_fit() -> None:
    weighted = MLPClassifier(**OPTIONS, class_weight={2: 5.0}).partial_fit(X, Y)
    by_hand = MLPClassifier(**OPTIONS, preparation=weighted.preparation).partial_fit(X, Y)
    assert not np.array_equal(weighted.coefs_[0], by_hand.coefs_[0])
    with pytest.raises(SpecError, match="needs all rows at once"):
        MLPClassifier(**OPTIONS, class_weight="balanced").partial_fit(X, Y)
    MLPClassifier(**OPTIONS, class_weight="balanced", epochs=1).fit(X, Y).partial_fit(X[:9], Y[:9])


def test_initial_parameters_are_the_start() -> None:
    first = MLPClassifier(**OPTIONS, epochs=4).fit(X, Y)
    same = MLPClassifier(**OPTIONS, epochs=0).fit(X, Y, initial=first.parameters_)
    np.testing.assert_array_equal(same.predict_proba(X), first.predict_proba(X))
    before = first.parameters_["layers.0.weight"].copy()
    further = MLPClassifier(**OPTIONS, epochs=3).fit(X, Y, initial=first.parameters_)
    np.testing.assert_array_equal(first.parameters_["layers.0.weight"], before)
    assert further.loss_curve_[0] < first.loss_curve_[0]
    with pytest.raises(ShapeError, match=r"\(outputs, inputs\) = \(6, 3\), got \(5, 3\)"):
        MLPClassifier(**{**OPTIONS, "hidden_layer_sizes": (6,)}).fit(X, Y, initial=first.parameters_)


def test_a_model_that_goes_on_loses_its_card() -> None:
    model = MLPClassifier(**OPTIONS, epochs=1).fit(X, Y)
    model.card_ = "speaks of rows that were held out"
    model.partial_fit(X, Y)
    assert not hasattr(model, "card_")
