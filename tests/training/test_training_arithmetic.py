"""What `fit_network` computes, against short loops over plain arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pytest

from pellucid import NetworkSpec, TrainingSpec, fit_network, nn
from pellucid.data.generate import moons
from pellucid.errors import SpecError
from pellucid.training.fit_network import FittedNetwork, draw_parameters, starting_point

X, y = moons(50, 0.2, 0)
NETWORK = NetworkSpec(2, (4,), activation="tanh")
PLAN = TrainingSpec("bce", "sgd", 0.2, epochs=3, batch_size=16, seed=1)
ORDER = np.stack([np.random.default_rng(k).permutation(50) for k in range(3)])


def same(a: nn.Parameters, b: nn.Parameters) -> bool:
    return list(a) == list(b) and all(np.array_equal(a[name], b[name]) for name in a)


def close(a: nn.Parameters, b: nn.Parameters, rtol: float = 1e-10) -> None:
    assert list(a) == list(b)
    for name in a:
        np.testing.assert_allclose(a[name], b[name], rtol=rtol, atol=1e-13)


@dataclass
class Walk:
    """Two layers and binary cross-entropy, every formula written out; `bend` changes the gradients before the step."""

    weights: np.ndarray
    bend: Callable[[nn.Parameters, nn.Parameters], nn.Parameters] = lambda gradients, parameters: gradients

    def run(self, start: nn.Parameters, rates: np.ndarray) -> tuple[nn.Parameters, list[dict[str, float]]]:
        p, lines = dict(start), []
        step = 0
        for order in ORDER:
            total = weight = 0.0
            for begin in range(0, 50, 16):  # 16, 16, 16 and the last 2
                rows = order[begin : begin + 16]
                x, t, w = X[rows], y[rows, None], self.weights[rows, None]
                A = np.tanh(x @ p["layers.0.weight"].T + p["layers.0.bias"])
                Z = A @ p["layers.1.weight"].T + p["layers.1.bias"]
                P = 1 / (1 + np.exp(-Z))
                loss = -(w * (t * np.log(P) + (1 - t) * np.log(1 - P))).sum() / w.sum()
                total, weight = total + loss * w.sum(), weight + w.sum()
                dZ = w * (P - t) / w.sum()
                dA = dZ @ p["layers.1.weight"] * (1 - A * A)
                g = {"layers.0.weight": dA.T @ x, "layers.0.bias": dA.sum(0)}
                g |= {"layers.1.weight": dZ.T @ A, "layers.1.bias": dZ.sum(0)}
                g = self.bend(g, p)
                before, rate = p, rates[step]
                p = {name: p[name] - rate * g[name] for name in p}
                step += 1
            moved = np.sqrt(sum(((p[n] - before[n]) ** 2).sum() for n in p))
            norm = np.sqrt(sum((g[n] ** 2).sum() for n in g))
            lines.append({"loss": total / weight, "moved": moved, "norm": norm, "rate": rate})
        return p, lines


def compare(fitted: FittedNetwork, walked: tuple[nn.Parameters, list[dict[str, float]]], norm: bool = True) -> None:
    close(fitted.parameters, walked[0])
    for record, line in zip(fitted.history.epochs, walked[1], strict=True):
        assert record.training_loss == pytest.approx(line["loss"], rel=1e-12)
        assert record.update_norm == pytest.approx(line["moved"], rel=1e-9)
        assert record.learning_rate == line["rate"]
        if norm:
            assert record.gradient_norm == pytest.approx(line["norm"], rel=1e-9)


def fit(plan: TrainingSpec = PLAN, network: NetworkSpec = NETWORK, **changes: Any) -> FittedNetwork:
    return fit_network(X, y, network, plan, order=ORDER, **changes)


START = starting_point(NETWORK, PLAN, None).parameters
ONES, CONSTANT = np.ones(50), np.full(12, 0.2)


def test_mini_batches_with_a_smaller_last_one() -> None:
    """Two rows weigh as little in the epoch's loss as they are, but their step is a whole step."""
    compare(fit(), Walk(ONES).run(START, CONSTANT))


def test_sample_weights_are_normalized_in_every_batch() -> None:
    weights = np.random.default_rng(0).uniform(0.1, 3, 50)
    compare(fit(sample_weight=weights), Walk(weights).run(START, CONSTANT))
    close(fit(sample_weight=7 * weights).parameters, fit(sample_weight=weights).parameters)


def test_weight_two_is_the_row_twice_and_weight_zero_is_no_row() -> None:
    weights = np.arange(50) % 3
    whole = replace(PLAN, batch_size=None, l2=0.01)
    held = (X[:20], y[:20], weights[:20])
    weighted = fit_network(X, y, NETWORK, whole, sample_weight=weights, validation=held)
    few = weights[:20]
    repeated = (X[:20].repeat(few, 0), y[:20].repeat(few))
    twice = fit_network(X.repeat(weights, 0), y.repeat(weights), NETWORK, whole, validation=repeated)
    close(weighted.parameters, twice.parameters)
    for name in ("training_loss", "validation_loss", "validation_score", "gradient_norm"):
        np.testing.assert_allclose(weighted.history.column(name), twice.history.column(name), rtol=1e-10)


def test_penalties_pull_at_weights_only_and_stay_out_of_the_reported_loss() -> None:
    def bend(g: nn.Parameters, p: nn.Parameters) -> nn.Parameters:
        return {n: g[n] + (0.03 * np.sign(p[n]) + 0.1 * p[n] if n.endswith("weight") else 0) for n in g}

    compare(fit(replace(PLAN, l1=0.03, l2=0.1)), Walk(ONES, bend).run(START, CONSTANT))


def test_clip_norm_shortens_the_step_and_reports_the_length_before() -> None:
    limit = 0.05
    lengths: list[float] = []

    def bend(g: nn.Parameters, p: nn.Parameters) -> nn.Parameters:
        lengths.append(np.sqrt(sum((v**2).sum() for v in g.values())))
        return {n: v * min(1, limit / lengths[-1]) for n, v in g.items()}

    fitted = fit(replace(PLAN, optimizer=nn.SGD(clip_norm=limit)))
    compare(fitted, Walk(ONES, bend).run(START, CONSTANT), norm=False)
    assert fitted.history.column("gradient_norm") == pytest.approx(lengths[3::4], rel=1e-9)
    assert fitted.history.column("update_norm") == pytest.approx(np.minimum(lengths[3::4], limit) * 0.2, rel=1e-9)
    assert max(lengths) > limit


@pytest.mark.parametrize("schedule", [nn.StepDecay(every=1, factor=0.5), nn.Cosine(), nn.OneCycle(), nn.WarmUp(2)])
def test_schedules_reach_every_step_and_the_last_rate_is_recorded(schedule: nn.Schedule) -> None:
    rates = schedule.rates(0.2, 3, 4)
    fitted = fit(replace(PLAN, optimizer=nn.SGD(schedule=schedule)))
    compare(fitted, Walk(ONES).run(START, rates))
    assert len(set(fitted.history.column("learning_rate"))) > 1


def test_full_batch_is_the_table_in_its_own_order_whatever_shuffle_says() -> None:
    whole = replace(PLAN, batch_size=None)
    fitted = [fit_network(X, y, NETWORK, replace(whole, shuffle=s, batch_size=b)) for s in (True, False)
              for b in (None, 50, 51)]  # fmt: skip
    assert all(same(fitted[0].parameters, other.parameters) for other in fitted)
    assert fitted[0].snapshot.step == 3


def test_own_order_with_shuffling_is_a_function_of_the_seed() -> None:
    one, again, other = (fit_network(X, y, NETWORK, replace(PLAN, seed=s), initial=START) for s in (1, 1, 2))
    assert same(one.parameters, again.parameters)
    assert not same(one.parameters, other.parameters)


# ---- dropout ---------------------------------------------------------------------------------------------------------


def test_one_step_with_dropout_by_hand() -> None:
    network = NetworkSpec(2, (4, 3), activation="tanh", dropout=(0.5, 0.25))
    start = draw_parameters(network, 1, np.dtype("float64"))
    order = np.random.default_rng(3).permutation(50)[None, :20]
    plan = TrainingSpec("mse", "sgd", 0.1, epochs=1, seed=9)
    fitted = fit_network(X, y, network, plan, order=order, initial=start)
    rows = order[0]
    masks = []
    for layer, (units, rate) in enumerate(((4, 0.5), (3, 0.25))):
        kept = [[nn.keep(9, 0, layer, int(row), unit, rate) for unit in range(units)] for row in rows]
        masks.append(np.array(kept) / (1 - rate))
    tanh = nn.tanh
    Z, tape = nn.network_forward(X[rows], start, [tanh, tanh], masks)
    loss, cache = nn.loss_forward(nn.MSE(), Z, y[rows, None])
    gradients = nn.network_backward(nn.loss_backward(cache), tape)
    assert fitted.history.training_loss[0] == pytest.approx(loss, rel=1e-12)
    close(fitted.parameters, {name: start[name] - 0.1 * gradients[name] for name in start})
    assert 0 < np.mean(masks[0] == 0) < 1


def test_the_mask_belongs_to_the_row_and_not_to_its_place_in_the_batch() -> None:
    network = NetworkSpec(2, (20,), dropout=0.5)
    plan = replace(PLAN, batch_size=None, epochs=1)
    straight, shuffled = (
        fit_network(X, y, network, plan, order=order) for order in (np.arange(50)[None], np.arange(50)[None, ::-1])
    )
    close(straight.parameters, shuffled.parameters)
    other = fit_network(X, y, network, replace(plan, seed=2), initial=starting_point(network, plan, None).parameters)
    assert not np.allclose(other.parameters["layers.0.weight"], straight.parameters["layers.0.weight"])


def test_dropout_is_fresh_in_every_step_and_never_in_a_score() -> None:
    network = NetworkSpec(2, (20,), dropout=0.5)
    still = TrainingSpec("bce", "sgd", 0.0, epochs=4)  # at rate 0 only the masks differ from epoch to epoch
    fitted = fit_network(X, y, network, still, validation=(X, y))
    assert len(set(fitted.history.training_loss)) == 4
    assert len(set(fitted.history.validation_loss)) == 1
    Z, _ = nn.network_forward(X, fitted.parameters, [nn.relu])
    np.testing.assert_allclose(fitted.scores(X), Z, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(fitted.predict(X), nn.sigmoid(fitted.scores(X)))


# ---- shape of the network ------------------------------------------------------------------------------------------


def test_activation_bias_and_initializer_of_every_layer() -> None:
    network = NetworkSpec(
        2, (5, 3), activation=("softplus", "elu"), bias=(False, True, False), initializer=("normal", "zeros", "auto")
    )
    start = starting_point(network, PLAN, None).parameters
    assert list(start) == ["layers.0.weight", "layers.1.weight", "layers.1.bias", "layers.2.weight"]
    assert np.abs(start["layers.0.weight"]).max() < 0.1
    assert not start["layers.1.weight"].any()
    assert network.parameter_count == sum(value.size for value in start.values()) == 10 + 18 + 3
    fitted = fit(network=network)
    Z, _ = nn.network_forward(X, fitted.parameters, [nn.softplus, nn.elu])
    np.testing.assert_allclose(fitted.scores(X), Z, rtol=1e-12, atol=1e-14)
    assert "layers.0.bias" not in fitted.parameters


def test_automatic_initial_weights_suit_what_follows() -> None:
    network = NetworkSpec(600, (200, 100), activation=("relu", "tanh"))
    start = draw_parameters(network, 0, np.dtype("float64"))
    limits = [np.sqrt(6 / 600), np.sqrt(6 / 300), np.sqrt(6 / 101)]  # he, xavier, xavier
    for k, limit in enumerate(limits):
        W = start[f"layers.{k}.weight"]
        assert 0.9 * limit < np.abs(W).max() <= limit
        assert not start[f"layers.{k}.bias"].any()
    assert not same(start, draw_parameters(network, 1, np.dtype("float64")))
    single = draw_parameters(network, 0, np.dtype("float32"))
    assert all(np.array_equal(single[name], start[name].astype("float32")) for name in start)


ACTIVATION_NAMES = sorted(nn.ACTIVATIONS)


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adam", "adamw", "lbfgs"])
@pytest.mark.parametrize("loss", sorted(nn.LOSSES))
def test_float32_stays_float32_and_near_float64(loss: str, optimizer: str) -> None:
    outputs = 2 if loss == "softmax_cross_entropy" else 1
    network = NetworkSpec(2, (6,) * len(ACTIVATION_NAMES), outputs, activation=ACTIVATION_NAMES)
    many = optimizer == "lbfgs"
    plan = TrainingSpec(loss, optimizer, 0.001, epochs=2, batch_size=None if many else 20, l2=0.01)
    if not many:
        network = replace(network, dropout=0.1)
        plan = replace(plan, l1=0.01, optimizer=replace(plan.the_optimizer, clip_norm=1.0))
    fits = {}
    for dtype in ("float32", "float64"):
        weights = np.linspace(0.5, 1, 50)
        fits[dtype] = fit_network(
            X, y, network, replace(plan, dtype=dtype), sample_weight=weights, validation=(X, y, weights)
        )
        fitted = fits[dtype]
        arrays = [*fitted.parameters.values(), fitted.scores(X), fitted.predict(X)]
        for part in (fitted.snapshot.optimizer or {}).values():
            arrays += part.values() if isinstance(part, dict) else []
        assert {a.dtype for a in arrays} == {np.dtype(dtype)}
    assert fits["float32"].history.training_loss[0] == pytest.approx(fits["float64"].history.training_loss[0], rel=1e-4)


# ---- parts of one's own ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quantile(nn.Loss):
    """Errors below the line cost nine times as much as those above: its constant minimum is the 90 % quantile."""

    name: ClassVar[str] = "quantile"
    formula: ClassVar[str] = "max(q (y - z), (1 - q) (z - y))"
    q: float = 0.9

    def forward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return np.maximum(self.q * (Y - Z), (1 - self.q) * (Z - Y)).mean(axis=1)

    def backward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return np.where(Y > Z, -self.q, 1 - self.q) / Z.shape[1]


def test_an_own_loss_and_an_own_activation_from_end_to_end() -> None:
    arsinh = nn.Activation("arsinh", "arsinh z", np.arcsinh, lambda Z, A: 1 / np.sqrt(1 + Z * Z), (-np.inf, np.inf))
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (400, 1))
    target = x[:, 0] + rng.standard_normal(400)
    plan = TrainingSpec(Quantile(), nn.Adam(schedule="cosine"), 0.05, epochs=200, batch_size=100)
    fitted = fit_network(x, target, NetworkSpec(1, (8,), activation=arsinh), plan)
    below = np.mean(target < fitted.predict(x)[:, 0])
    assert below == pytest.approx(0.9, abs=0.02)
    assert fitted.training.to_dict()["loss"] == {"name": "quantile", "q": 0.9}
    assert fitted.network.to_dict()["activation"] == ["arsinh"]


def test_wrong_gradients_of_own_parts_are_refused_before_training() -> None:
    @dataclass(frozen=True)
    class Wrong(Quantile):
        name: ClassVar[str] = "wrong"

        def backward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
            return -super().backward(Z, Y)

    with pytest.raises(SpecError, match=r"gradient of loss 'wrong' is wrong.*slope"):
        TrainingSpec(Wrong())
    bent = nn.Activation("bent", "z²", np.square, lambda Z, A: Z, (0, np.inf))
    with pytest.raises(SpecError, match="derivative of activation 'bent' is wrong"):
        NetworkSpec(2, (), activation=bent)
    with pytest.raises(SpecError, match="taken by a built-in"):
        NetworkSpec(2, (3,), activation=replace(bent, name="relu"))


def test_an_own_optimizer_and_an_own_initializer() -> None:
    class Signs(nn.SGD):
        name = "signs"

        def step(self, parameters: Any, gradients: Any, state: Any, rate: float) -> Any:
            return {n: p - rate * np.sign(gradients[n]) for n, p in parameters.items()}, state

    def halves(outputs: int, inputs: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        return np.full((outputs, inputs), 0.5), np.full(outputs, -0.5)

    fitted = fit_network(X, y, NetworkSpec(2, initializer=halves), TrainingSpec("bce", Signs(), 0.25, epochs=2))
    for value in fitted.parameters.values():  # from ±0.5 in two steps of ±0.25
        assert set(np.abs(value.ravel())) <= {0.0, 0.5, 1.0}
    assert fitted.network.to_dict()["initializer"] == ["halves"]
    np.testing.assert_allclose(fitted.history.column("update_norm"), 0.25 * np.sqrt(3))
