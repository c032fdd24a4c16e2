"""L-BFGS: known minima, and records that tell of the parameters they stand beside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pellucid import NetworkSpec, TrainingSpec, fit_network, nn
from pellucid.data.generate import moons
from pellucid.errors import SpecError
from pellucid.training.fit_network import NonFiniteError

X, y = moons(100, 0.3, 0)
PLAN = TrainingSpec("bce", nn.LBFGS(), epochs=300)


def test_a_quadratic_is_solved_like_least_squares() -> None:
    rng = np.random.default_rng(0)
    A = rng.standard_normal((60, 5)) * [1, 3, 0.3, 10, 1]
    target = A @ [1.0, -2, 3, 0.5, 0] + 4 + 0.1 * rng.standard_normal(60)
    fitted = fit_network(A, target, NetworkSpec(5), replace(PLAN, loss="mse"))
    exact = np.linalg.lstsq(np.column_stack([A, np.ones(60)]), target, rcond=None)[0]
    np.testing.assert_allclose(fitted.parameters["layers.0.weight"][0], exact[:5], rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(fitted.parameters["layers.0.bias"], exact[5:], rtol=1e-6)
    assert fitted.history.stopped == "converged"
    assert len(fitted.history) < 60


@pytest.mark.parametrize("l2", [0.0, 0.001, 0.1])
def test_logistic_regression_is_scikit_learns(l2: float) -> None:
    from sklearn.linear_model import LogisticRegression

    weights = np.random.default_rng(1).uniform(0.5, 2, 100)
    C = 1 / (l2 * weights.sum()) if l2 else np.inf
    peer = LogisticRegression(C=C, tol=1e-12, max_iter=5000).fit(X, y, weights)
    fitted = fit_network(X, y, NetworkSpec(2), replace(PLAN, l2=l2), sample_weight=weights)
    np.testing.assert_allclose(fitted.parameters["layers.0.weight"], peer.coef_, rtol=2e-5)
    np.testing.assert_allclose(fitted.parameters["layers.0.bias"], peer.intercept_, rtol=2e-5, atol=1e-6)


def test_softmax_regression_is_scikit_learns() -> None:
    from sklearn.linear_model import LogisticRegression

    three = y + (X[:, 0] > 1.2)
    network = NetworkSpec(2, (), 3)
    fitted = fit_network(X, three, network, replace(PLAN, loss="softmax_cross_entropy", l2=0.01))
    peer = LogisticRegression(C=1 / (0.01 * 100), tol=1e-12, max_iter=5000).fit(X, three)
    np.testing.assert_allclose(fitted.predict(X), peer.predict_proba(X), atol=1e-5)


def test_records_speak_of_the_parameters_that_the_step_reached() -> None:
    network = NetworkSpec(2, (5,), activation="tanh")
    held = moons(40, 0.3, 1)
    for epochs in (1, 2, 7):
        fitted = fit_network(X, y, network, replace(PLAN, epochs=epochs, l2=0.01), validation=held)
        last = fitted.history.epochs[-1]
        assert len(fitted.history) == last.epoch == epochs
        loss, cache = nn.loss_forward(nn.BCE(), fitted.scores(X), y[:, None])
        assert last.training_loss == loss
        tape = nn.network_forward(X, fitted.parameters, [nn.tanh])[1]
        gradients = nn.network_backward(nn.loss_backward(cache), tape)
        gradients = nn.penalty_gradients(gradients, fitted.parameters, 0.0, 0.01)
        assert last.gradient_norm == pytest.approx(nn.global_norm(gradients), rel=1e-12)
        assert last.validation_loss == nn.loss_forward(nn.BCE(), fitted.scores(held[0]), held[1][:, None])[0]
    assert (np.diff(fitted.history.training_loss) < 0).all()


def test_patience_and_the_best_epoch() -> None:
    few, held = moons(30, 0.4, 0), moons(200, 0.4, 1)
    network = NetworkSpec(2, (16,), activation="tanh")
    fitted = fit_network(*few, network, replace(PLAN, patience=5), validation=held)
    losses = fitted.history.validation_loss
    assert fitted.history.stopped == "patience"
    assert fitted.history.kept_epoch == int(losses.argmin()) + 1 == len(losses) - 5
    assert nn.loss_forward(nn.BCE(), fitted.scores(held[0]), held[1][:, None])[0] == losses.min()


def test_dead_units_are_seen() -> None:
    start = {"layers.0.weight": np.full((4, 2), -1.0), "layers.0.bias": np.array([-50.0, -50, -50, 3])}
    start |= {"layers.1.weight": np.ones((1, 4)), "layers.1.bias": np.zeros(1)}
    fitted = fit_network(X, y, NetworkSpec(2, (4,)), replace(PLAN, epochs=4), initial=start)
    assert fitted.history.epochs[0].dead_units == (0.75,)
    assert "DEAD_UNITS" in {f.code for f in fitted.history.findings}


def test_a_start_at_the_minimum_ends_at_once() -> None:
    fitted = fit_network(X, np.zeros(100), NetworkSpec(2, initializer="zeros"), replace(PLAN, loss="mse"))
    assert (len(fitted.history), fitted.history.stopped) == (0, "converged")
    assert not any(value.any() for value in fitted.parameters.values())


def test_a_start_that_is_not_finite_is_named_without_advice_on_rates() -> None:
    with pytest.raises(NonFiniteError, match="L-BFGS has no learning rate to lower; look at the scale"):
        fit_network(1e200 * X, y, NetworkSpec(2), replace(PLAN, loss="mse"))


@pytest.mark.parametrize(
    ("network", "changes", "words"),
    [
        (NetworkSpec(2, (3,), dropout=0.1), {}, "dropout must be 0"),
        (NetworkSpec(2), {"l1": 0.1}, "l1 must be 0"),
        (NetworkSpec(2), {"batch_size": 10}, "batch_size must be None, got 10"),
    ],
)
def test_plans_that_it_cannot_follow(network: NetworkSpec, changes: dict[str, float], words: str) -> None:
    with pytest.raises(SpecError, match=words):
        fit_network(X, y, network, replace(PLAN, **changes))


def test_the_time_ends_it_after_an_iteration_and_what_was_reached_stays() -> None:
    network = NetworkSpec(2, hidden=(8,))
    cut = fit_network(X, y, network, PLAN, max_seconds=0.0)
    assert (cut.history.stopped, len(cut.history)) == ("time", 1)
    one = fit_network(X, y, network, replace(PLAN, epochs=1))
    assert all(np.array_equal(cut.parameters[name], one.parameters[name]) for name in one.parameters)
    assert fit_network(X, y, network, replace(PLAN, epochs=1), max_seconds=0.0).history.stopped == "finished"
    assert fit_network(X, y, network, replace(PLAN, epochs=5), max_seconds=1e6).history.stopped == "finished"
