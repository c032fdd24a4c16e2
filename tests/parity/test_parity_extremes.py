"""Where numbers end, where training stops, and where one engine goes on for another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from both_engines import ACTIVATIONS, LOSSES, OPTIMIZERS, Case, engines, flat, needs_torch, rows_for

from pellucid import NetworkSpec, TrainingSpec, nn
from pellucid.engines.contract import NonFinite, Snapshot, TrainingData

PAIRS = [
    ("compiled", "reference"),
    ("reference", "compiled"),
    pytest.param("torch:cpu", "reference", marks=needs_torch),
    pytest.param("compiled", "torch:cpu", marks=needs_torch),
]
WRONG = (np.nan, np.inf, -np.inf)


def case(loss: nn.Loss, activation: str = "tanh", dtype: str = "float64", epochs: int = 1, **plan: object) -> Case:
    network = NetworkSpec(3, (6, 5), 3, activation=activation)
    training = TrainingSpec(loss, "sgd", 0.01, epochs, 16, dtype=dtype, **plan)  # type: ignore[arg-type]
    rng = np.random.default_rng(0)
    data = rows_for(rng, network, training, 40, 20, True, False)
    return Case(network, training, data, np.tile(np.arange(40), (epochs, 1)), np.full((epochs, 3), 0.01))


def failures(one: Case, engine: str) -> tuple[NonFinite | None, NonFinite | None]:
    """Where each engine says that numbers ended; both stop with the state before the epoch, or after a whole one."""
    (ours, seen), (textbook, told) = one.run(engine), one.run("reference")
    assert (ours.stopped, ours.epoch, len(seen)) == (textbook.stopped, textbook.epoch, len(told))
    assert [r.dead_units for r in seen] == [r.dead_units for r in told]
    if ours.epoch == 0:
        np.testing.assert_array_equal(flat(ours.snapshot().parameters), flat(textbook.snapshot().parameters))
    return ours.failure, textbook.failure


@engines
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_an_input_that_is_not_finite_is_seen_behind_every_activation(
    engine: str, dtype: str, activation: str, wrong: float
) -> None:
    one = case(nn.MSE(), activation, dtype)
    one.data.X[21, 1] = wrong
    ours, textbook = failures(one, engine)
    assert ours == textbook
    if np.isnan(wrong):
        assert ours == NonFinite(1, 2, 0)


@engines
@pytest.mark.parametrize("place", ["X", "Y", "weights"])
@pytest.mark.parametrize("loss", LOSSES, ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_nan_is_seen_by_every_loss(engine: str, dtype: str, loss: nn.Loss, place: str) -> None:
    one = case(loss, "relu", dtype)
    getattr(one.data, place)[21] = np.nan
    chosen, state = one.start(engine)
    chosen.run(state, one.order, one.rates)
    layer = 0 if place == "X" else -1  # the textbook would refuse such targets and weights by name
    assert (state.stopped, state.failure) == ("non_finite", NonFinite(1, 2, layer))


@engines
@pytest.mark.parametrize("loss", [nn.MSE(), nn.Huber(), nn.BCE(), nn.SoftmaxCrossEntropy()], ids=str)
@pytest.mark.parametrize("layer", [0, 1, 2])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_overflow_is_seen_in_its_layer(engine: str, dtype: str, layer: int, loss: nn.Loss) -> None:
    one = case(loss, "identity", dtype)
    parameters = one.start("reference")[1].snapshot().parameters
    parameters[f"layers.{layer}.weight"][0] = np.finfo(dtype).max
    results = []
    for name in (engine, "reference"):
        begin = Snapshot({k: v.copy() for k, v in parameters.items()})
        state, _ = one.run(name, begin)
        results.append((state.stopped, state.failure))
    assert results[0] == results[1]
    assert results[0][0] == "non_finite"


@engines
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
def test_divergence_ends_at_the_same_step(engine: str, optimizer: nn.Optimizer) -> None:
    one = case(nn.MSE(), "identity", epochs=60)
    wild = replace(one.training, optimizer=optimizer, learning_rate=1e150)
    one = Case(one.network, wild, one.data, one.order, np.full((60, 3), 1e150))
    ours, textbook = failures(one, engine)
    assert ours == textbook
    assert ours is not None


@engines
def test_huge_inputs_that_fit_are_no_failure(engine: str) -> None:
    for activation in ACTIVATIONS:
        one = case(nn.MAE(), activation)
        one.data.X[:] *= 1e4
        ours, textbook = failures(one, engine)
        assert ours is textbook is None


@engines
@pytest.mark.parametrize("min_delta", [0.0, 0.01])
@pytest.mark.parametrize("loss", [nn.MSE(), nn.BCE(), nn.SoftmaxCrossEntropy()], ids=str)
def test_early_stopping_ends_in_the_same_epoch(engine: str, loss: nn.Loss, min_delta: float) -> None:
    one = case(loss, "tanh", epochs=200, patience=4, min_delta=min_delta)
    one.rates[:] = 0.2
    (ours, seen), (textbook, told) = one.run(engine), one.run("reference")
    assert ours.stopped == textbook.stopped == "patience"
    assert (ours.epoch, ours.best_epoch, len(seen)) == (textbook.epoch, textbook.best_epoch, len(told))
    np.testing.assert_allclose(flat(ours.best()), flat(textbook.best()), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_one_engine_goes_on_from_the_others_snapshot(optimizer: nn.Optimizer, first: str, second: str) -> None:
    whole = case(nn.Huber(), "gelu", epochs=4)
    whole = Case(whole.network, replace(whole.training, optimizer=optimizer), whole.data, whole.order, whole.rates)
    half = Case(whole.network, whole.training, whole.data, whole.order[:2], whole.rates[:2])
    reached = half.run(second, half.run(first)[0].snapshot())[0].snapshot()
    alone = whole.run("reference")[0].snapshot()
    assert (reached.epoch, reached.step) == (alone.epoch, alone.step) == (4, 12)
    np.testing.assert_allclose(flat(reached.parameters), flat(alone.parameters), rtol=1e-9, atol=1e-11)


@engines
def test_a_snapshot_is_a_copy(engine: str) -> None:
    one = case(nn.MSE(), epochs=2)
    chosen, state = one.start(engine)
    chosen.run(state, one.order[:1], one.rates[:1])
    kept = state.snapshot()
    before = flat(kept.parameters)
    chosen.run(state, one.order[1:], one.rates[1:])
    np.testing.assert_array_equal(flat(kept.parameters), before)
    assert not np.array_equal(flat(state.snapshot().parameters), before)


@engines
def test_rows_that_cannot_be_written_are_read(engine: str) -> None:
    one = case(nn.MSE())
    for array in (one.data.X, one.data.Y, one.data.weights, one.order, one.rates):
        array.setflags(write=False)  # type: ignore[union-attr]
    assert one.run(engine)[0].epoch == 1
    assert TrainingData(one.data.X, one.data.Y).weights is None
