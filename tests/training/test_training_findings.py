"""Every finding of a run, provoked at its threshold from both sides; and healthy runs, which raise none."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import pellucid
from pellucid import NetworkSpec, TrainingSpec, fit_network, nn
from pellucid.data.generate import moons, quadratic, spiral
from pellucid.errors import ShapeError
from pellucid.nn import probabilities_as_logits
from pellucid.preprocessing.preparation import fit_preparation
from pellucid.records import Finding
from pellucid.training.base_rate import base_loss
from pellucid.training.diagnosis import collapse, same_start
from pellucid.training.fit_network import FittedNetwork, NonFiniteError, starting_point

X, y = moons(100, 0.2, 0)


def found(fitted: FittedNetwork) -> dict[str, Finding]:
    return {finding.code: finding for finding in fitted.history.findings}


def unit(weight: float, bias: float) -> nn.Parameters:
    return {"layers.0.weight": np.array([[weight]]), "layers.0.bias": np.array([bias])}


# ---- healthy runs ----------------------------------------------------------------------------------------------------


@cache
def task(name: str) -> tuple[np.ndarray, np.ndarray, str, int]:
    if name == "titanic":
        table = pellucid.read("titanic")
        kept = table.drop(["Survived", "PassengerId", "Name", "Ticket", "Cabin"])
        # Only the training rows of the first seed: a preparation of all rows would be a finding.
        training = np.random.default_rng(0).permutation(len(kept))[len(kept) // 5 :]
        preparation = fit_preparation(kept.take(training))
        return preparation.transform(kept), table["Survived"].values.astype(float), "bce", 1
    if name == "quadratic":
        x, t = quadratic(rows=100, seed=0)
        return x, (t - t.mean()) / t.std(), "mse", 1
    if name == "spiral":
        return *spiral(300, 3, 0.1, seed=0), "softmax_cross_entropy", 3
    return *moons(200, 0.2, 0), "bce", 1


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("optimizer", [("adam", 0.005), (nn.SGD(momentum=0.9), 0.01), (nn.SGD(), 0.05)], ids=str)
@pytest.mark.parametrize("name", ["moons", "spiral", "quadratic", "titanic"])
def test_healthy_runs_raise_nothing(
    name: str, optimizer: tuple[str | nn.Optimizer, float], seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    X, y, loss, outputs = task(name)
    rows = np.random.default_rng(seed).permutation(len(X))
    train, held = rows[len(X) // 5 :], rows[: len(X) // 5]
    for hidden, batch_size in (((24,), 16), ((), 32)):
        plan = TrainingSpec(loss, *optimizer, 30, batch_size, seed=seed)
        network = NetworkSpec(X.shape[1], hidden, outputs)
        with caplog.at_level(logging.INFO, "pellucid"):
            fitted = fit_network(X[train], y[train], network, plan, validation=(X[held], y[held]))
        assert fitted.history.findings == ()
        assert not caplog.records


def test_findings_are_logged_once_by_severity(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "pellucid"):
        fitted = fit_network(
            X * [1, 1e4], y, NetworkSpec(2), TrainingSpec("bce", "sgd", 1e-9, 1), sample_weight=np.ones(100)
        )
    assert list(found(fitted)) == ["EXPLODING_SCALE", "NO_EFFECT"]
    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.INFO]
    assert caplog.records[0].getMessage() == str(fitted.history.findings[0])


def test_a_search_says_a_finding_once(caplog: pytest.LogCaptureFixture) -> None:
    plan = TrainingSpec("bce", "sgd", 1e-9, 1)
    for _ in range(3):
        fitted = fit_network(X * [1, 1e4], y, NetworkSpec(2), plan)
        assert "EXPLODING_SCALE" in found(fitted)
    assert len(caplog.records) == 1
    fit_network(X, y, NetworkSpec(2, (2,), activation="identity"), plan)
    assert [record.getMessage().split(":")[0] for record in caplog.records[1:]] == ["warning LINEAR_STACK"]


# ---- numbers that are not finite, and runs that diverge ------------------------------------------------------------


def test_non_finite_names_epoch_step_and_layer() -> None:
    """(w - 1)² with rate 10⁶⁰: w is multiplied by about -2·10⁶⁰ a step, so z² overflows in the third epoch."""
    x, t = np.ones((4, 1)), np.ones(4)
    plan = TrainingSpec("mse", "sgd", 1e60, 50, batch_size=2, shuffle=False)
    with pytest.raises(NonFiniteError) as caught:
        fit_network(x, t, NetworkSpec(1, bias=False), plan, initial={"layers.0.weight": [[2.0]]})
    finding, history = caught.value.finding, caught.value.history
    # w - 1 = 1, -2e60, 4e120, -8e180: the fourth look, in epoch 2 at step 4, squares 8e180.
    assert "epoch 2, step 4: a number in the loss is no longer finite (learning rate 1e+60)" in finding.seen
    assert (finding.code, finding.severity) == ("NON_FINITE", "error")
    assert history.stopped == "non_finite"
    assert [record.epoch for record in history.epochs] == [1, 2]
    assert history.findings == (finding,)
    assert not np.isfinite(history.training_loss[-1])
    assert str(caught.value).startswith("Training stopped at epoch 2, step 4")


@pytest.mark.parametrize(
    ("x", "first", "second", "layer"),
    [
        (1e10, 1e300, 1.0, "layer 0 (hidden layer of 1 unit)"),
        (1.0, 1e200, 1e200, "layer 1 (the output layer)"),
        (1.0, 1e200, 1.0, "the loss"),
    ],
)
def test_non_finite_names_the_first_layer(x: float, first: float, second: float, layer: str) -> None:
    initial = {"layers.0.weight": np.array([[first]]), "layers.0.bias": np.zeros(1)}
    initial |= {"layers.1.weight": np.array([[second]]), "layers.1.bias": np.zeros(1)}
    plan = TrainingSpec("mse", "sgd", 0.1, 3)
    with pytest.raises(NonFiniteError) as caught:
        fit_network(np.full((3, 1), x), np.ones(3), NetworkSpec(1, (1,)), plan, initial=initial)
    assert f"epoch 1, step 1: a number in {layer} is no longer finite" in caught.value.finding.seen


def test_parameters_that_stop_being_finite_in_the_last_step() -> None:
    x, t = np.full((2, 1), 1e10), np.zeros(2)
    with pytest.raises(NonFiniteError, match=r"epoch 1, step 1: a number in layer 0 \(the output layer\)"):
        fit_network(x, t, NetworkSpec(1), TrainingSpec("mse", "sgd", 1e300, 1), initial=unit(1.0, 0.0))


def test_validation_loss_that_is_not_finite() -> None:
    held = (np.array([[1e200]]), np.array([0.0]))
    with pytest.raises(NonFiniteError, match="a number in the loss") as caught:
        fit_network(np.ones((4, 1)), np.zeros(4), NetworkSpec(1), TrainingSpec("mse", "sgd", 0.1, 5), validation=held)
    assert len(caught.value.history) == 1


def test_the_rate_of_the_advice_has_really_been_tried() -> None:
    plan = TrainingSpec("mse", "sgd", 1e3, 60, batch_size=10)
    network = NetworkSpec(2, (8,), activation="tanh")
    start = starting_point(network, plan, None).parameters
    with pytest.raises(NonFiniteError) as caught:
        fit_network(X, y, network, replace(plan, loss="mse"), initial=start, order=np.tile(np.arange(100), (60, 1)))
    words = caught.value.finding.remedy
    rate = float(words.split("learning_rate=")[1].split(":")[0])
    assert rate < 1e3
    assert np.log(1e3 / rate) / np.log(4) == pytest.approx(round(np.log(1e3 / rate) / np.log(4)), abs=0.01)
    again = replace(plan, learning_rate=1e3 / 4 ** round(np.log(1e3 / rate) / np.log(4)), epochs=5, shuffle=False)
    losses = fit_network(X, y, network, again, initial=start).history.training_loss
    assert words.endswith(f"from {losses[0]:.4g} to {losses[-1]:.4g}")
    assert losses[-1] < losses[0]


def test_advice_when_no_rate_helps() -> None:
    with pytest.raises(NonFiniteError, match="were tried and did not help; look at the scale of X and y"):
        fit_network(1e180 * X, y, NetworkSpec(2), TrainingSpec("mse", "sgd", 1e-3, 5))


def test_diverged_by_loss_and_by_outputs() -> None:
    x, t = np.array([[1.0], [-1.0]]), np.array([1.0, -1.0])
    # Full batch: w - 1 is multiplied by 1 - 2·rate; at rate 1.5 the loss grows fourfold an epoch: 1, 4, 16.
    plan = TrainingSpec("mse", "sgd", 1.5, 3)
    network = NetworkSpec(1, bias=False)
    zero = {"layers.0.weight": [[0.0]]}
    finding = found(fit_network(x, t, network, plan, initial=zero))["DIVERGED"]
    assert "The training loss went from 1 to 16" in finding.seen
    assert finding.severity == "warning"
    assert "Try learning_rate=0.375: tried for 5 epochs" in finding.remedy
    assert "DIVERGED" not in found(fit_network(x, t, network, replace(plan, epochs=2), initial=zero))  # 1, 4
    # A loss that stays flat while outputs run away: raw outputs beyond 10⁶ for targets of size 1.
    for size, flagged in ((1.1e6, True), (0.9e6, False)):
        fitted = fit_network(
            x, t > 0, network, TrainingSpec("bce", "sgd", 0.1, 1), initial={"layers.0.weight": [[size]]}
        )
        assert ("DIVERGED" in found(fitted)) == flagged


def test_ten_times_almost_nothing_is_no_divergence() -> None:
    x = np.linspace(-1, 1, 40)[:, None]
    t = 0.7 * x[:, 0] + 0.3 + 1e-9 * np.sin(50 * x[:, 0])
    fitted = fit_network(x, t, NetworkSpec(1), TrainingSpec("mse", "adam", 0.01, 10), initial=unit(0.7, 0.3))
    assert fitted.history.training_loss[-1] > 10 * fitted.history.training_loss[0]
    assert fitted.history.findings == ()


# ---- what the network became -------------------------------------------------------------------------------------


def test_one_class_says_which_and_what_its_accuracy_is_worth() -> None:
    t = np.repeat([0, 1], [70, 30])
    plan = TrainingSpec("bce", "sgd", 1e-6, 1)
    start = {"layers.0.weight": np.zeros((1, 2)), "layers.0.bias": np.array([-3.0])}
    finding = found(fit_network(X, t, NetworkSpec(2), plan, initial=start))["ONE_CLASS"]
    assert "predicts only class 0 for all 100 rows; its accuracy of 0.7000" in finding.seen
    # The held-out rows are the judged ones, where there are any: here all of one class, so nothing can be said.
    held = (X[:50], t[:50])
    assert "ONE_CLASS" not in found(fit_network(X, t, NetworkSpec(2), plan, initial=start, validation=held))
    held = (X[-40:], t[-40:])
    seen = found(fit_network(X, t, NetworkSpec(2), plan, initial=start, validation=held))["ONE_CLASS"].seen
    assert "all 40 rows; its accuracy of 0.2500" in seen


def test_one_class_on_few_rows_is_a_warning_only_where_they_tell_no_rows_apart() -> None:
    """Seven positive rows of 72, and outputs that rank them a little: a weak network or luck, nobody can tell."""
    rng = np.random.default_rng(0)
    t = np.repeat([0, 1], [65, 7])
    start = {"layers.0.weight": np.ones((1, 1)), "layers.0.bias": np.array([-2.2])}
    weak = (rng.normal(size=72) * 0.5 + 0.1 * t)[:, None]
    many = np.tile(weak, (30, 1)), np.tile(t, 30)
    for rows, truth, severity in ((weak, t, "information"), (0 * weak, t, "warning"), (*many, "warning")):
        plan = TrainingSpec("bce", "sgd", 1e-9, 1)
        told = found(fit_network(rows, truth, NetworkSpec(1), plan, initial=start))["ONE_CLASS"]
        assert told.severity == severity
        assert ("too few to tell" in told.seen) == (severity == "information")


@pytest.mark.parametrize("coded", [True, False])
def test_one_class_of_a_softmax(coded: bool) -> None:
    t = np.repeat([0, 1, 2], [20, 50, 30])
    start = {"layers.0.weight": np.zeros((3, 2)), "layers.0.bias": np.array([0.0, 0, 2])}
    plan = TrainingSpec("softmax_cross_entropy", "sgd", 1e-6, 1)
    fitted = fit_network(X, t if coded else np.eye(3)[t], NetworkSpec(2, (), 3), plan, initial=start)
    assert "only class 2 for all 100 rows; its accuracy of 0.3000" in found(fitted)["ONE_CLASS"].seen


def test_one_class_is_not_said_of_real_regressions() -> None:
    fitted = fit_network(X, X[:, 0] * 0.1, NetworkSpec(2), TrainingSpec("mse", "sgd", 1e-6, 1))
    assert "ONE_CLASS" not in found(fitted)


@pytest.mark.parametrize(
    ("activation", "layers", "shape"),
    [
        (("identity", "relu"), (0, 1), "3 × 2"),
        (("relu", "identity"), (1, 2), "1 × 4"),
        (("identity", "identity"), (0, 1), "3 × 2"),
    ],
)
def test_linear_stack_gives_the_one_layer_that_is_the_same(
    activation: tuple[str, str], layers: tuple[int, int], shape: str
) -> None:
    network = NetworkSpec(2, (4, 3), activation=activation, bias=False)
    fitted = fit_network(X, y, network, TrainingSpec("bce", "adam", 0.01, 2))
    seen = found(fitted)["LINEAR_STACK"].seen
    assert f"Layers {layers[0]} and {layers[1]} have no activation" in seen
    assert shape in seen
    first, second = (fitted.parameters[f"layers.{k}.weight"] for k in layers)
    np.testing.assert_array_equal(collapse(fitted.parameters, layers[0]), second @ first)
    assert f"{(second @ first)[0, 0]:.4g}" in seen


def test_the_collapsed_layer_predicts_the_same() -> None:
    network = NetworkSpec(2, (5,), activation="identity", bias=False)
    fitted = fit_network(X, y, network, TrainingSpec("bce", "adam", 0.01, 20))
    np.testing.assert_allclose(X @ collapse(fitted.parameters, 0).T, fitted.scores(X), atol=1e-12)
    assert "LINEAR_STACK" not in found(fit_network(X, y, NetworkSpec(2), TrainingSpec("bce", "adam", 0.01, 2)))


def dead_start(dead: int, units: int = 8) -> nn.Parameters:
    rng = np.random.default_rng(0)
    bias = np.where(np.arange(units) < dead, -100.0, 1.0)
    start = {"layers.0.weight": rng.uniform(-0.1, 0.1, (units, 2)), "layers.0.bias": bias}
    return start | {"layers.1.weight": rng.uniform(-0.1, 0.1, (1, units)), "layers.1.bias": np.zeros(1)}


@pytest.mark.parametrize(
    ("dead", "epochs", "flagged"), [(3, 3, "information"), (4, 3, "warning"), (2, 3, ""), (8, 3, "warning"), (3, 2, "")]
)
def test_dead_units_are_more_than_a_quarter_for_three_epochs(dead: int, epochs: int, flagged: str) -> None:
    plan = TrainingSpec("bce", "adam", 1e-4, epochs, batch_size=10)
    fitted = fit_network(X, y, NetworkSpec(2, (8,)), plan, initial=dead_start(dead))
    assert fitted.history.epochs[-1].dead_units == (dead / 8,)
    assert ("DEAD_UNITS" in found(fitted)) == bool(flagged)
    if flagged:
        assert found(fitted)["DEAD_UNITS"].severity == flagged
        assert f"{dead} of 8 relu units of layer 0" in found(fitted)["DEAD_UNITS"].seen


def test_a_unit_is_alive_when_one_batch_of_the_epoch_wakes_it() -> None:
    one_row = X.copy()
    one_row[0] = [1000.0, 0]
    start = dead_start(0, 4)
    start["layers.0.weight"] = np.array([[1.0, 0], [1, 0], [1, 0], [-1, 0]])
    start["layers.0.bias"] = np.array([-50.0, -50, -50, -50])
    fitted = fit_network(one_row, y, NetworkSpec(2, (4,)), TrainingSpec("bce", "sgd", 0.0, 1, 7), initial=start)
    assert fitted.history.epochs[0].dead_units == (0.25,)
    other = fit_network(
        one_row, y, NetworkSpec(2, (4,), activation="leaky_relu"), TrainingSpec("bce", "sgd", 0.0, 3, 7), initial=start
    )
    assert other.history.epochs[0].dead_units == (0.0,)
    assert "DEAD_UNITS" not in found(other)


# ---- what the data and the path look like ------------------------------------------------------------------------


def test_exploding_scale_is_a_factor_of_more_than_one_hundred() -> None:
    plan = TrainingSpec("bce", "sgd", 1e-12, 1)
    unit_columns = X / np.abs(X).max(axis=0)
    assert "EXPLODING_SCALE" not in found(fit_network(unit_columns * [1, 99], y, NetworkSpec(2), plan))
    seen = found(fit_network(unit_columns * [1, 101], y, NetworkSpec(2), plan))["EXPLODING_SCALE"].seen
    assert seen == "Input column 1 reaches 101, column 0 only 1"
    assert "EXPLODING_SCALE" not in found(fit_network(unit_columns * [1, 0], y, NetworkSpec(2), plan))  # empty column


def line(rate: float, schedule: str | None = None, epochs: int = 500, loss: str = "mae") -> FittedNetwork:
    """Document 002: y = 0.7 x + 0.3, mean absolute error, a constant step."""
    x = np.arange(0, 1, 0.02)
    t = 0.7 * x + 0.3
    plan = TrainingSpec(loss, nn.SGD(schedule=schedule), rate, epochs)
    start = unit(-0.0739, 0.1015)
    return fit_network(x[:40, None], t[:40], NetworkSpec(1), plan, initial=start, validation=(x[40:, None], t[40:]))


def test_oscillation_of_a_constant_step_on_absolute_errors() -> None:
    fitted = line(0.01)
    finding = found(fitted)["OSCILLATION"]
    assert "swings between 0.004281 and 0.00724 without getting better" in finding.seen
    assert "the last epoch is not the best one" in finding.why
    assert fitted.history.best_epoch < fitted.history.kept_epoch == 500
    assert found(line(0.01, "cosine")) == {}
    assert found(line(0.01, epochs=300)) == {}
    assert found(line(0.1, loss="mse")) == {}


def test_oscillation_needs_twenty_epochs_without_gain() -> None:
    """Full batch on (w - 1)²: at rate 0.995 w jumps across the minimum, but the loss falls; at 1 it only jumps."""
    x, t = np.ones((2, 1)), np.ones(2)
    network = NetworkSpec(1, bias=False)
    zero = {"layers.0.weight": [[0.0]]}
    for rate in (0.9, 1.0):
        fitted = fit_network(x, t, network, TrainingSpec("mse", "sgd", rate, 30), initial=zero)
        assert "OSCILLATION" not in found(fitted)  # it jumps, but between points of equal loss
    # |w - 1| from 0 with steps of 0.7: 1, 0.3, 0.4, 0.3, 0.4, …
    for epochs, flagged in ((19, False), (24, True)):
        fitted = fit_network(x, t, network, TrainingSpec("mae", "sgd", 0.7, epochs), initial=zero)
        assert ("OSCILLATION" in found(fitted)) == flagged


def test_noise_of_mini_batches_is_no_oscillation() -> None:
    rng = np.random.default_rng(0)
    x, t = rng.standard_normal((60, 3)), rng.standard_normal(60)
    for seed in range(12):
        plan = TrainingSpec("mse", "sgd", 0.1, 60, batch_size=6, seed=seed)
        assert "OSCILLATION" not in found(fit_network(x, t, NetworkSpec(3), plan))


def test_no_progress_beside_the_best_constant() -> None:
    rng = np.random.default_rng(1)
    noise, coin = rng.standard_normal((400, 2)), np.arange(400) % 2
    stuck = TrainingSpec("bce", "sgd", 1e-5, 12)
    flat = {"layers.0.weight": np.zeros((1, 2)), "layers.0.bias": np.zeros(1)}
    finding = found(fit_network(noise, coin, NetworkSpec(2), stuck, initial=flat))["NO_PROGRESS"]
    assert finding.seen == "For 12 of 12 epochs the loss stays near 0.6931, that of the best constant prediction"
    assert "NO_PROGRESS" not in found(fit_network(noise, coin, NetworkSpec(2), replace(stuck, epochs=9), initial=flat))
    # Away from the base rate a flat loss is merely a slow one.
    far = flat | {"layers.0.bias": np.array([1.0])}
    assert "NO_PROGRESS" not in found(fit_network(noise, coin, NetworkSpec(2), stuck, initial=far))
    # A plateau that is left within half of the epochs is forgiven.
    fitted = fit_network(X, y, NetworkSpec(2, (8,)), TrainingSpec("bce", "adam", 0.01, 60))
    assert "NO_PROGRESS" not in found(fitted)


def test_no_progress_with_class_weights_is_measured_against_weighted_constants() -> None:
    rng = np.random.default_rng(1)
    noise, rare = rng.standard_normal((400, 2)), (np.arange(400) % 10 == 0).astype(int)
    loss = nn.SoftmaxCrossEntropy(class_weights=(1 / 1.8, 5.0))
    flat = {"layers.0.weight": np.zeros((2, 2)), "layers.0.bias": np.zeros(2)}
    fitted = fit_network(noise, rare, NetworkSpec(2, (), 2), TrainingSpec(loss, "sgd", 1e-5, 10), initial=flat)
    assert "stays near 0.6931" in found(fitted)["NO_PROGRESS"].seen


# ---- the base rate itself ----------------------------------------------------------------------------------------


def entropy(p: float) -> float:
    return float(-p * np.log(p) - (1 - p) * np.log(1 - p))


@pytest.mark.parametrize(
    ("loss", "constant_loss"),
    [
        (nn.BCE(), entropy(0.2)),
        (nn.SigmoidBCE(), entropy(0.2)),
        (nn.SigmoidMAE(), 0.2),
        (nn.MAE(), 0.2),
        (nn.MSE(), 0.16),
        (nn.Huber(delta=10.0), 0.08),
        # four times the positives make both classes equal: ln 2 in the weighted mean, 1.6 ln 2 divided by rows
        (nn.BCE(pos_weight=4.0), np.log(2)),
        (nn.BCE(pos_weight=4.0, divide_by="rows"), 1.6 * np.log(2)),
    ],
    ids=repr,
)
def test_base_loss_by_hand(loss: nn.Loss, constant_loss: float) -> None:
    Y = (np.arange(50) % 5 == 0).astype(float)[:, None]
    assert base_loss(loss, Y, 1) == pytest.approx(constant_loss, rel=1e-5)
    assert base_loss(loss, Y.astype("float32"), 1) == pytest.approx(constant_loss, rel=1e-4)


def test_base_loss_of_classes_weights_and_several_outputs() -> None:
    codes = np.repeat([0, 1, 2], [10, 20, 70])
    shares = np.array([0.1, 0.2, 0.7])
    plain = nn.SoftmaxCrossEntropy()
    assert base_loss(plain, codes, 3) == pytest.approx(-(shares * np.log(shares)).sum())
    assert base_loss(plain, np.eye(3)[codes], 3) == pytest.approx(-(shares * np.log(shares)).sum())
    assert base_loss(plain, codes, 3, 1 / shares[codes]) == pytest.approx(np.log(3))
    weighted = nn.SoftmaxCrossEntropy(class_weights=tuple(1 / shares))
    assert base_loss(weighted, codes, 3) == pytest.approx(np.log(3), rel=1e-5)
    absent = base_loss(plain, codes, 4)  # a class that never comes costs nothing
    assert absent == pytest.approx(-(shares * np.log(shares)).sum())
    Y = np.array([[0.0, 10], [2, 10], [4, 10]])
    assert base_loss(nn.MSE(), Y, 2) == pytest.approx(8 / 3 / 2)
    assert base_loss(nn.MSE(), Y, 2, np.array([1.0, 0, 1])) == pytest.approx(4 / 2)
    assert base_loss(nn.MAE(), np.array([[0.0], [1], [100]]), 1) == pytest.approx(100 / 3)


def test_no_other_constant_is_better() -> None:
    Y = np.random.default_rng(0).exponential(size=(200, 1))
    grid = np.linspace(0, 5, 5001)
    for loss in (nn.MAE(), nn.MSE(), nn.Huber(0.3), nn.Huber(2.0)):
        best = min(nn.loss_forward(loss, np.full((200, 1), c), Y)[0] for c in grid)
        assert best * (1 - 1e-5) < base_loss(loss, Y, 1) <= best * (1 + 1e-9)


# ---- settings without effect, hand-made loops --------------------------------------------------------------------


def test_no_effect_names_what_does_nothing() -> None:
    even = TrainingSpec(nn.SoftmaxCrossEntropy(class_weights=(3.0, 3.0)), epochs=1)
    fitted = fit_network(X, y, NetworkSpec(2, (), 2), even)
    assert found(fitted)["NO_EFFECT"].seen == "All class weights are 3"
    assert found(fitted)["NO_EFFECT"].severity == "information"
    plan = TrainingSpec("bce", epochs=1)
    fitted = fit_network(X, y, NetworkSpec(2), plan, sample_weight=np.full(100, 0.5))
    assert found(fitted)["NO_EFFECT"].seen == "All rows weigh 0.5 (sample and class weights together)"
    start = starting_point(NetworkSpec(2), plan, None).parameters
    fitted = fit_network(X, y, NetworkSpec(2, initializer="he_normal"), plan, initial=start)
    assert "initial parameters were given" in found(fitted)["NO_EFFECT"].seen.lower()
    assert found(fit_network(X, y, NetworkSpec(2), plan, initial=start)) == {}
    uneven = np.arange(1, 101)
    assert found(fit_network(X, y, NetworkSpec(2), plan, sample_weight=uneven)) == {}


def test_going_on_is_not_a_setting_without_effect() -> None:
    network = NetworkSpec(2, initializer="he_normal")
    first = fit_network(X, y, network, TrainingSpec("bce", epochs=1))
    assert found(fit_network(X, y, network, TrainingSpec("bce", epochs=1), initial=first.snapshot)) == {}


def test_probabilities_where_raw_outputs_belong() -> None:
    finding = probabilities_as_logits(np.array([[0.2], [0.9]]))
    assert finding is not None
    assert (finding.code, finding.severity) == ("LOSS_INPUTS", "warning")
    assert "All 2 numbers" in finding.seen
    assert "0.2 to 0.9" in finding.seen
    for raw in ([[-0.1], [0.9]], [[0.2], [1.0]], [[0.0]], np.zeros((0, 1))):
        assert probabilities_as_logits(np.array(raw)) is None


def test_the_same_start_twice() -> None:
    network = NetworkSpec(2, (3,))
    starts = [starting_point(network, TrainingSpec(seed=s), None).parameters for s in (0, 1, 2, 1)]
    finding = same_start(starts)
    assert finding is not None
    assert (finding.code, finding.seen) == ("SAME_START", "Runs 1 and 3 start from identical parameters")
    assert same_start(starts[:3]) is None


def test_targets_are_never_stretched_to_fit() -> None:
    for wrong in (np.stack([y, y], axis=1), y[None, :], y[:, None, None]):
        with pytest.raises(ShapeError, match=r"\(100, 1\).*never stretched"):
            fit_network(X, wrong, NetworkSpec(2), TrainingSpec("mse", epochs=1))
    flat = fit_network(X, y, NetworkSpec(2), TrainingSpec("mse", epochs=2))
    column = fit_network(X, y[:, None], NetworkSpec(2), TrainingSpec("mse", epochs=2))
    assert flat.history == column.history


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_scaling_with_the_validation_rows_is_noticed(ddof: int, dtype: str) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(3, 2, (120, 3))
    y = X[:, 0] + rng.normal(size=120)
    plan = TrainingSpec("mse", "adam", learning_rate=0.01, epochs=2, dtype=dtype)

    def codes(scaled: np.ndarray) -> set[str]:
        held_out = (scaled[90:], y[90:])
        return {
            f.code for f in fit_network(scaled[:90], y[:90], NetworkSpec(3), plan, validation=held_out).history.findings
        }

    assert "FIT_ON_HELD_OUT" in codes((X - X.mean(axis=0)) / X.std(axis=0, ddof=ddof))
    assert "FIT_ON_HELD_OUT" not in codes((X - X[:90].mean(axis=0)) / X[:90].std(axis=0, ddof=ddof))
    assert "FIT_ON_HELD_OUT" not in codes(X)


def test_one_class_is_said_of_all_rows_only() -> None:
    """With many rows some are looked at first; one row of another class is enough to keep ONE_CLASS silent."""
    rows = np.zeros((25_000, 1))
    truth = np.zeros(25_000)
    truth[:100] = 1
    plan = TrainingSpec("bce", "sgd", 1e-9, 1)
    same_for_all = fit_network(rows, truth, NetworkSpec(1), plan, initial=unit(1.0, -0.5))
    assert "for all 25000 rows" in found(same_for_all)["ONE_CLASS"].seen
    rows[7] = 1.0  # row 7 is not among those looked at first, and is given class 1
    assert "ONE_CLASS" not in found(fit_network(rows, truth, NetworkSpec(1), plan, initial=unit(1.0, -0.5)))
