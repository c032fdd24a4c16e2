"""`fit_network` from outside: stretches, resuming, stopping, findings, own parts, wrong input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from pellucid import NetworkSpec, TrainingSpec, fit_network
from pellucid.data.generate import moons, random_labels
from pellucid.engines.choose import choose_engine
from pellucid.engines.contract import EpochRecord, TrainingData
from pellucid.errors import InputError, ShapeError, SpecError
from pellucid.nn import probabilities_as_logits
from pellucid.nn.activations import Activation
from pellucid.nn.losses import Loss
from pellucid.nn.optimizers import LBFGS, SGD, Adam
from pellucid.nn.schedules import Cosine
from pellucid.training.batches import shuffled
from pellucid.training.diagnosis import collapse, same_start
from pellucid.training.fit_network import FittedNetwork, NonFiniteError, starting_point
from pellucid.training.history import History
from pellucid.training.loop import train_in_stretches
from pellucid.training.recording import Record

X, y = moons(120, 0.2, 0)
NETWORK = NetworkSpec(2, (8, 4), dropout=0.2)
PLAN = TrainingSpec("bce", Adam(schedule=Cosine(), clip_norm=1.0), 0.01, epochs=9, batch_size=25, l2=1e-3, seed=3)


def same(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> bool:
    return list(a) == list(b) and all(np.array_equal(a[name], b[name]) for name in a)


@pytest.mark.parametrize("name", ["reference", "compiled"])
@pytest.mark.parametrize("longest", [1, 7, 9])
def test_the_length_of_stretches_changes_no_bit(longest: int, name: str) -> None:
    whole = fit_network(X, y, NETWORK, PLAN, validation=(X[:30], y[:30]), engine=name)
    engine = choose_engine(name, NETWORK, PLAN)
    data = TrainingData(X, y[:, None].astype(float), None, X[:30], y[:30, None].astype(float))
    state = engine.start(NETWORK, PLAN, data, starting_point(NETWORK, PLAN, None))
    rates = PLAN.the_optimizer.schedule.rates(PLAN.learning_rate, 9, 5).reshape(9, 5)
    stretches = list(train_in_stretches(engine, state, PLAN, shuffled(120, PLAN), rates, longest=longest))
    assert max(map(len, stretches)) <= longest
    assert [record for records in stretches for record in records] == list(whole.history.epochs)
    assert same(state.snapshot().parameters, whole.parameters)


def test_going_on_from_a_snapshot_equals_not_stopping() -> None:
    order = np.stack([np.random.default_rng(k).permutation(120) for k in range(6)])
    plan = TrainingSpec("bce", Adam(), 0.01, epochs=6, batch_size=32)
    half = TrainingSpec("bce", Adam(), 0.01, epochs=3, batch_size=32)
    whole = fit_network(X, y, NETWORK, plan, order=order)
    first = fit_network(X, y, NETWORK, half, order=order[:3])
    second = fit_network(X, y, NETWORK, half, order=order[3:], initial=first.snapshot)
    assert same(whole.parameters, second.parameters)
    assert second.history.epochs == whole.history.epochs[3:]


def test_recording_keeps_every_epoch_and_changes_nothing() -> None:
    plain = fit_network(X, y, NETWORK, PLAN)
    kept = fit_network(X, y, NETWORK, PLAN, record=Record(weights_every=2))
    assert same(plain.parameters, kept.parameters)
    assert kept.recording is not None
    assert same(kept.recording.at(9), kept.parameters)
    assert kept.recording.epochs == (0, 2, 4, 6, 8, 9)
    with pytest.raises(SpecError, match="nearest one is"):
        kept.recording.at(5)


def test_early_stopping_returns_the_parameters_of_the_best_loss() -> None:
    noise, labels = random_labels(60, 5, 2, 0)
    held, held_labels = random_labels(40, 5, 2, 1)
    plan = TrainingSpec("bce", Adam(), 0.02, epochs=300, batch_size=16, patience=5)
    fitted = fit_network(noise, labels, NetworkSpec(5, (32,)), plan, validation=(held, held_labels))
    losses = fitted.history.validation_loss
    assert fitted.history.stopped == "patience"
    assert fitted.history.kept_epoch == fitted.history.best_epoch == int(losses.argmin()) + 1
    assert len(losses) == fitted.history.best_epoch + 5
    p = np.clip(fitted.predict(held)[:, 0], 1e-12, 1 - 1e-12)
    again = -np.mean(held_labels * np.log(p) + (1 - held_labels) * np.log(1 - p))
    assert again == pytest.approx(losses.min(), rel=1e-12)


def test_ctrl_c_keeps_the_best_so_far() -> None:
    seen: list[EpochRecord] = []

    def interrupt(records: list[EpochRecord]) -> None:
        seen.extend(records)
        if len(seen) >= 3:
            raise KeyboardInterrupt

    plan = TrainingSpec("bce", Adam(), 0.01, epochs=50, batch_size=32)
    fitted = fit_network(X, y, NETWORK, plan, validation=(X[:30], y[:30]), on_epochs=interrupt)
    assert fitted.history.stopped == "interrupted"
    assert len(fitted.history) == len(seen) < 50
    assert fitted.history.kept_epoch == fitted.history.best_epoch


def test_a_row_of_weight_two_is_a_row_twice() -> None:
    plan = TrainingSpec("bce", SGD(), 0.5, epochs=20)
    weights = np.where(np.arange(120) % 3 == 0, 2.0, 1.0)
    weighted = fit_network(X, y, NetworkSpec(2, (4,)), plan, sample_weight=weights)
    repeated = fit_network(X.repeat(weights.astype(int), 0), y.repeat(weights.astype(int)), NetworkSpec(2, (4,)), plan)
    for name, value in weighted.parameters.items():
        np.testing.assert_allclose(value, repeated.parameters[name], rtol=1e-9)


def test_lbfgs_finds_logistic_regression() -> None:
    from sklearn.linear_model import LogisticRegression

    plan = TrainingSpec("bce", LBFGS(), epochs=200, l2=0.01)
    fitted = fit_network(X, y, NetworkSpec(2), plan)
    peer = LogisticRegression(C=1 / (0.01 * 120), tol=1e-12, max_iter=1000).fit(X, y)
    assert fitted.history.stopped == "converged"
    np.testing.assert_allclose(fitted.parameters["layers.0.weight"], peer.coef_, rtol=1e-4)
    np.testing.assert_allclose(fitted.parameters["layers.0.bias"], peer.intercept_, rtol=1e-4)


def test_float32_stays_float32_and_biases_can_be_left_out() -> None:
    network = NetworkSpec(2, (6, 3), activation=("tanh", "softplus"), bias=(True, False, True))
    fitted = fit_network(X, y, network, TrainingSpec("bce", Adam(), 0.01, epochs=2, dtype="float32"))
    assert {value.dtype for value in fitted.parameters.values()} == {np.dtype("float32")}
    assert "layers.1.bias" not in fitted.parameters
    assert fitted.scores(X).dtype == np.float32


def test_an_own_activation_and_loss_in_ten_lines() -> None:
    sine = Activation("sine", "sin z", np.sin, lambda Z, A: np.cos(Z), (-1.0, 1.0))

    @dataclass(frozen=True)
    class Quartic(Loss):
        name: ClassVar[str] = "quartic"
        formula: ClassVar[str] = "(z - y)^4"

        def forward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
            return ((Z - Y) ** 4).mean(axis=1)

        def backward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
            return 4 * (Z - Y) ** 3 / Z.shape[1]

    fitted = fit_network(X, y, NetworkSpec(2, (8,), activation=sine), TrainingSpec(Quartic(), Adam(), 0.02, epochs=60))
    assert fitted.history.training_loss[-1] < 0.5 * fitted.history.training_loss[0]
    wrong = Activation("wrong", "sin z", np.sin, lambda Z, A: np.sin(Z), (-1.0, 1.0))
    with pytest.raises(SpecError, match="derivative"):
        NetworkSpec(2, (8,), activation=wrong)


def test_history_goes_through_json_csv_and_frame() -> None:
    import json

    history = fit_network(X, y, NETWORK, PLAN, validation=(X[:30], y[:30])).history
    assert History.from_dict(json.loads(history.to_json())) == history
    assert history.to_frame().shape == (9, 9)
    assert len(history.to_csv().splitlines()) == 10
    assert history.column("learning_rate")[0] > history.column("learning_rate")[-1]


# ---- findings: each provoked, none in healthy runs -----------------------------------------------------------------


def codes(fitted: FittedNetwork) -> set[str]:
    return {finding.code for finding in fitted.history.findings if finding.severity != "information"}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("optimizer", [Adam(), SGD(momentum=0.9)])
def test_healthy_runs_raise_nothing(seed: int, optimizer: Adam) -> None:
    plan = TrainingSpec("bce", optimizer, 0.02, epochs=40, batch_size=16, seed=seed)
    assert codes(fit_network(X, y, NetworkSpec(2, (16,)), plan, validation=(X[::3], y[::3]))) == set()


def test_non_finite_names_epoch_step_layer_and_a_rate_that_was_tried() -> None:
    plan = TrainingSpec("mse", SGD(), 1e6, epochs=200)
    with pytest.raises(NonFiniteError, match=r"epoch \d+, step \d+") as caught:
        fit_network(X, y, NetworkSpec(2, (8,), activation="identity"), plan)
    assert caught.value.finding.code == "NON_FINITE"
    assert "tried for 5 epochs" in str(caught.value)
    assert not np.isfinite(caught.value.history.training_loss[-1])


def test_diverged_and_the_rate_that_works() -> None:
    plan = TrainingSpec("mse", SGD(), 3.0, epochs=12)
    finding = next(f for f in fit_network(X, y, NetworkSpec(2), plan).history.findings if f.code == "DIVERGED")
    rate = float(finding.remedy.split("learning_rate=")[1].split(":")[0])
    losses = fit_network(X, y, NetworkSpec(2), TrainingSpec("mse", SGD(), rate, epochs=5)).history.training_loss
    assert losses[-1] < losses[0]


def test_linear_stack_gives_the_collapsed_weights() -> None:
    network = NetworkSpec(2, (5, 3), activation="identity")
    fitted = fit_network(X, y, network, TrainingSpec("bce", Adam(), 0.01, epochs=3))
    assert "LINEAR_STACK" in codes(fitted)
    product = fitted.parameters["layers.1.weight"] @ fitted.parameters["layers.0.weight"]
    np.testing.assert_array_equal(collapse(fitted.parameters, 0), product)


def test_dead_units_one_class_and_no_progress() -> None:
    dead = {"layers.0.weight": -np.ones((4, 2)), "layers.0.bias": -9 * np.ones(4)}
    dead |= {"layers.1.weight": np.ones((1, 4)), "layers.1.bias": np.array([-0.2])}
    plan = TrainingSpec("bce", SGD(), 1e-6, epochs=12)
    uneven = (y == 1) & (np.arange(120) % 2 == 0)
    found = codes(fit_network(X, uneven, NetworkSpec(2, (4,)), plan, initial=dead))
    assert {"DEAD_UNITS", "ONE_CLASS"} <= found
    base = np.log(uneven.mean() / (1 - uneven.mean()))
    flat = dead | {"layers.1.bias": np.array([base])}
    assert "NO_PROGRESS" in codes(fit_network(X, uneven, NetworkSpec(2, (4,)), plan, initial=flat))


def test_exploding_scale_and_oscillation() -> None:
    wide = X * [1.0, 1000.0]
    assert "EXPLODING_SCALE" in codes(fit_network(wide, y, NetworkSpec(2), TrainingSpec("bce", SGD(), 1e-9, epochs=2)))
    t = np.arange(0, 0.8, 0.02)
    line = fit_network(t[:, None], 0.7 * t + 0.3, NetworkSpec(1), TrainingSpec("mae", SGD(), 0.01, epochs=500))
    assert "OSCILLATION" in codes(line)


def test_no_effect_same_start_and_probabilities_as_logits() -> None:
    fitted = fit_network(X, y, NetworkSpec(2), TrainingSpec("bce", epochs=1), sample_weight=np.full(120, 2.0))
    assert [f.code for f in fitted.history.findings if f.severity == "information"] == ["NO_EFFECT"]
    one, other = (starting_point(NetworkSpec(2), TrainingSpec(seed=s), None).parameters for s in (0, 1))
    assert same_start([one, other]) is None
    found = same_start([one, other, one])
    assert found is not None
    assert "0 and 2" in found.seen
    assert probabilities_as_logits(fitted.scores(X)) is None
    assert probabilities_as_logits(fitted.predict(X)) is not None


# ---- wrong input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "targets", "words"),
    [
        (X[:, :1], y, r"\(1 or more, 2\)"),
        (X, np.repeat(y[:, None], 2, 1), r"\(120, 1\)"),
        (X, y[:60], r"\(120, 1\)"),
        (np.where(np.arange(240).reshape(120, 2) == 41, np.nan, X), y, "row 20, column 1"),
    ],
)
def test_arrays_that_do_not_fit(inputs: np.ndarray, targets: np.ndarray, words: str) -> None:
    with pytest.raises(InputError, match=words):
        fit_network(inputs, targets, NetworkSpec(2), TrainingSpec("bce", epochs=1))


def test_plans_and_values_that_make_no_sense() -> None:
    with pytest.raises(InputError, match=r"\[0, 1\]"):
        fit_network(X, y + 1, NetworkSpec(2), TrainingSpec("bce", epochs=1))
    with pytest.raises(InputError, match="class codes 0 to 1"):
        fit_network(X, y + 1, NetworkSpec(2, (), 2), TrainingSpec("softmax_cross_entropy", epochs=1))
    with pytest.raises(SpecError, match="dropout must be 0"):
        fit_network(X, y, NETWORK, TrainingSpec("bce", LBFGS(), epochs=1))
    with pytest.raises(ShapeError, match="outputs, inputs"):
        fit_network(
            X, y, NetworkSpec(2), TrainingSpec("bce"), initial={"layers.0.weight": X[:1].T, "layers.0.bias": [0]}
        )
    with pytest.raises(InputError, match="at least 0"):
        fit_network(X, y, NetworkSpec(2), TrainingSpec("bce"), sample_weight=-np.ones(120))
    with pytest.raises(SpecError, match="did you mean 'bce'"):
        TrainingSpec("bec")
    with pytest.raises(SpecError, match="did you mean 'relu'"):
        NetworkSpec(2, (3,), activation="rely")
    with pytest.raises(SpecError, match="lists 3 values"):
        NetworkSpec(2, (3, 3), activation=("relu", "tanh", "relu"))


def test_specs_go_through_dicts() -> None:
    assert NetworkSpec.from_dict(NETWORK.to_dict()) == NETWORK
    assert TrainingSpec.from_dict(PLAN.to_dict()) == PLAN
    with pytest.raises(SpecError, match="did you mean 'epochs'"):
        TrainingSpec.from_dict({"epoch": 3})
