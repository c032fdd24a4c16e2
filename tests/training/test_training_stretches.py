"""Time changes nothing: stretches, recordings, going on, and every way a run can end."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import pytest

from pellucid import NetworkSpec, Record, TrainingSpec, fit_network, nn
from pellucid.data.generate import moons
from pellucid.engines.choose import choose_engine
from pellucid.engines.contract import EpochRecord, Snapshot
from pellucid.errors import ShapeError, SpecError
from pellucid.training import loop
from pellucid.training.batches import shuffled, steps_per_epoch
from pellucid.training.fit_network import FittedNetwork, starting_point
from pellucid.training.numeric import as_training_data
from pellucid.training.randomness import stream

X, y = moons(90, 0.2, 0)
HELD = moons(30, 0.2, 1)
NETWORK = NetworkSpec(2, (6, 5), dropout=(0.3, 0.0))
PLAN = TrainingSpec("bce", nn.Adam(schedule="cosine"), 0.01, epochs=12, batch_size=16, l1=1e-4, l2=1e-3, seed=5)


def same(a: nn.Parameters, b: nn.Parameters) -> bool:
    return list(a) == list(b) and all(np.array_equal(a[name], b[name]) and a[name].dtype == b[name].dtype for name in a)


def stretched(longest: int, plan: TrainingSpec = PLAN) -> tuple[list[list[EpochRecord]], Snapshot, nn.Parameters]:
    engine = choose_engine("auto", NETWORK, plan)
    data = as_training_data(X, y, NETWORK, plan, None, HELD)
    state = engine.start(NETWORK, plan, data, starting_point(NETWORK, plan, None))
    steps = steps_per_epoch(len(X), plan)
    rates = plan.the_optimizer.schedule.rates(plan.learning_rate, plan.epochs, steps)  # type: ignore[union-attr]
    source = shuffled(len(X), plan)
    stretches = loop.train_in_stretches(engine, state, plan, source, rates.reshape(plan.epochs, steps), longest=longest)
    return list(stretches), state.snapshot(), state.best()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_one_seven_and_all_epochs_a_stretch_give_the_same_bits(dtype: str) -> None:
    plan = replace(PLAN, dtype=dtype)
    runs = [stretched(longest, plan) for longest in (1, 7, 12)]
    first, last, best = runs[0]
    assert [len(s) for s in first] == [1] * 12
    for stretches, snapshot, best_parameters in runs[1:]:
        assert [r for s in stretches for r in s] == [r for s in first for r in s]
        assert same(snapshot.parameters, last.parameters)
        assert same(best_parameters, best)
        assert snapshot.optimizer is not None
        assert last.optimizer is not None
        assert same(snapshot.optimizer["square"], last.optimizer["square"])
    fitted = fit_network(X, y, NETWORK, plan, validation=HELD)
    assert list(fitted.history.epochs) == [r for s in first for r in s]
    assert same(fitted.parameters, last.parameters)


def test_all_epochs_in_one_call_of_the_engine() -> None:
    engine = choose_engine("auto", NETWORK, PLAN)
    data = as_training_data(X, y, NETWORK, PLAN, None, HELD)
    state = engine.start(NETWORK, PLAN, data, starting_point(NETWORK, PLAN, None))
    rates = nn.Cosine().rates(0.01, 12, 6).reshape(12, 6)
    records = engine.run(state, shuffled(90, PLAN)(12), rates)
    assert records == [r for s in stretched(1)[0] for r in s]


def test_stretches_grow_and_end_at_multiples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "LONGEST_SECONDS", 1e9)
    assert [len(s) for s in stretched(12)[0]] == [1, 11]
    assert [len(s) for s in stretched(5)[0]] == [1, 4, 5, 2]
    monkeypatch.setattr(loop, "LONGEST_SECONDS", 0.0)
    assert [len(s) for s in stretched(12)[0]] == [1] * 12
    monkeypatch.setattr(loop, "LONGEST_SECONDS", 1e9)
    monkeypatch.setattr(loop, "LARGEST_ORDER_BYTES", 3 * 90 * 8)  # room for three lines of 90 row numbers
    assert [len(s) for s in stretched(12)[0]] == [1, 2, 2, 2, 2, 2, 1]


@pytest.mark.parametrize("seconds", [0.0, 1e9], ids=["slow engine", "fast engine"])
@pytest.mark.parametrize(("every", "epochs"), [(1, list(range(13))), (5, [0, 5, 10, 12]), (50, [0, 12])])
def test_a_recording_holds_the_asked_epochs_and_changes_no_bit(
    every: int, epochs: list[int], seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "LONGEST_SECONDS", seconds)
    plain = fit_network(X, y, NETWORK, PLAN, validation=HELD)
    kept = fit_network(X, y, NETWORK, PLAN, validation=HELD, record=Record(every))
    assert plain.recording is None
    assert kept.history == plain.history
    assert same(kept.parameters, plain.parameters)
    assert kept.recording is not None
    assert list(kept.recording.epochs) == epochs
    assert same(kept.recording.at(0), starting_point(NETWORK, PLAN, None).parameters)
    assert same(kept.recording.at(12), plain.parameters)


def test_recorded_parameters_belong_to_their_epoch() -> None:
    kept = fit_network(X, y, NETWORK, PLAN, validation=HELD, record=Record(3)).recording
    assert kept is not None
    short = fit_network(X, y, NETWORK, PLAN, order=shuffled(90, PLAN)(12), validation=HELD, record=Record(1)).recording
    assert short is not None
    assert same(kept.at(9), short.at(9))
    with pytest.raises(SpecError, match="epoch 8 was not recorded; the nearest one is 9"):
        kept.at(8)
    with pytest.raises(SpecError, match="weights_every must be a whole number of at least 1 epoch, got 0"):
        Record(0)
    with pytest.raises(SpecError, match=r"got 2\.5"):
        Record(2.5)  # type: ignore[arg-type]


def test_record_true_keeps_every_epoch() -> None:
    kept = fit_network(X, y, NETWORK, replace(PLAN, epochs=3), record=True).recording
    assert kept is not None
    assert kept.epochs == (0, 1, 2, 3)
    assert fit_network(X, y, NETWORK, replace(PLAN, epochs=3), record=False).recording is None
    with pytest.raises(SpecError, match="record must be True, False or Record"):
        fit_network(X, y, NETWORK, PLAN, record=2)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "optimizer", [nn.SGD(momentum=0.9, nesterov=True), nn.RMSprop(momentum=0.5), nn.Adam(), nn.AdamW()], ids=repr
)
@pytest.mark.parametrize("given", [True, False], ids=["given order", "own order"])
def test_going_on_equals_never_having_stopped(optimizer: nn.Optimizer, given: bool) -> None:
    order = np.stack([np.random.default_rng(k).permutation(90) for k in range(9)]) if given else None
    whole = replace(PLAN, optimizer=optimizer, epochs=9)
    run = fit_network(X, y, NETWORK, whole, order=order, validation=HELD)
    first, second, third = 2, 4, 3
    fitted: FittedNetwork | None = None
    records: list[EpochRecord] = []
    for k, epochs in enumerate((first, second, third)):
        begun = sum((first, second, third)[:k])
        fitted = fit_network(
            X,
            y,
            NETWORK,
            replace(whole, epochs=epochs),
            order=None if order is None else order[begun : begun + epochs],
            validation=HELD,
            initial=None if fitted is None else fitted.snapshot,
        )
        records += fitted.history.epochs
    assert fitted is not None
    assert records == list(run.history.epochs)
    assert same(fitted.parameters, run.parameters)
    assert fitted.snapshot.epoch == 9
    assert fitted.snapshot.step == run.snapshot.step == 9 * 6


def test_a_snapshot_is_not_changed_by_going_on_and_takes_the_new_type() -> None:
    first = fit_network(X, y, NETWORK, replace(PLAN, epochs=2))
    assert first.snapshot.optimizer is not None
    before = {name: value.copy() for name, value in first.snapshot.optimizer["mean"].items()}
    again = [fit_network(X, y, NETWORK, PLAN, initial=first.snapshot) for _ in range(2)]
    assert same(again[0].parameters, again[1].parameters)
    assert same(before, first.snapshot.optimizer["mean"])
    small = fit_network(X, y, NETWORK, replace(PLAN, dtype="float32"), initial=first.snapshot)
    assert {value.dtype for value in small.parameters.values()} == {np.dtype("float32")}


def test_a_snapshot_of_another_optimizer_is_refused() -> None:
    first = fit_network(X, y, NETWORK, replace(PLAN, epochs=2))
    with pytest.raises(SpecError, match="holds step, mean, square, but sgd keeps velocity"):
        fit_network(X, y, NETWORK, replace(PLAN, optimizer="sgd"), initial=first.snapshot)
    plain = NetworkSpec(2, (6, 5))
    with pytest.raises(SpecError, match="L-BFGS keeps its memory inside SciPy"):
        fit_network(X, y, plain, TrainingSpec("bce", "lbfgs", epochs=2), initial=first.snapshot)
    parameters = first.snapshot.parameters
    assert len(fit_network(X, y, plain, TrainingSpec("bce", "lbfgs", epochs=2), initial=parameters).history) == 2


# ---- the ways to end -------------------------------------------------------------------------------------------------


def overfitting(patience: int | None, min_delta: float = 0.0, **changes: Any) -> tuple[FittedNetwork, Any]:
    """Forty noisy rows: the validation loss falls for twenty-one epochs and then rises."""
    X, y = moons(40, 0.45, 0)
    held = moons(100, 0.45, 1)
    plan = TrainingSpec("bce", "adam", 0.005, 150, batch_size=16, patience=patience, min_delta=min_delta)
    return fit_network(X, y, NetworkSpec(2, (24,)), plan, validation=held, **changes), held


def again(fitted: FittedNetwork, held: tuple[np.ndarray, np.ndarray]) -> float:
    return nn.loss_forward(nn.BCE(), fitted.scores(held[0]), held[1][:, None].astype(float))[0]


def test_patience_ends_the_run_and_returns_the_best_epoch() -> None:
    everything, _ = overfitting(None)
    losses = everything.history.validation_loss
    best = int(losses.argmin()) + 1
    fitted, held = overfitting(7)
    history = fitted.history
    assert history.stopped == "patience"
    assert len(history) == best + 7 < 150
    assert history.epochs == everything.history.epochs[: best + 7]
    assert (history.best_epoch, history.kept_epoch) == (best, best)
    # Best pairing: the returned parameters are those that were measured (here by nn/, which sums in another order than
    # the compiled engine); the snapshot is the last.
    assert again(fitted, held) == pytest.approx(losses[best - 1], rel=1e-12)
    assert fitted.snapshot.epoch == best + 7
    assert not same(fitted.snapshot.parameters, fitted.parameters)


def test_without_patience_the_last_epoch_is_kept_and_the_best_is_named() -> None:
    fitted, held = overfitting(None)
    assert fitted.history.stopped == "finished"
    assert fitted.history.kept_epoch == 150
    assert fitted.history.best_epoch == int(fitted.history.validation_loss.argmin()) + 1 < 150
    assert again(fitted, held) == fitted.history.validation_loss[-1]


def test_with_patience_never_used_up_the_best_epoch_is_still_returned() -> None:
    fitted, held = overfitting(149)
    assert fitted.history.stopped == "finished"
    assert fitted.history.kept_epoch == fitted.history.best_epoch < 150
    assert again(fitted, held) == pytest.approx(fitted.history.validation_loss.min(), rel=1e-12)


def test_min_delta_counts_only_gains_that_are_large_enough() -> None:
    """Gains are counted from the last epoch that brought one; smaller ones still make the best epoch."""
    losses = overfitting(None)[0].history.validation_loss
    delta, patience = 0.004, 7
    reference, waited, end = np.inf, 0, 0
    while waited < patience:
        gained = losses[end] < reference - delta
        reference, waited = (losses[end], 0) if gained else (reference, waited + 1)
        end += 1
    fitted, held = overfitting(patience, delta)
    assert len(fitted.history) == end != len(overfitting(patience)[0].history)
    assert fitted.history.best_epoch == int(losses[:end].argmin()) + 1
    assert again(fitted, held) == pytest.approx(losses[:end].min(), rel=1e-12)


def test_patience_without_validation_rows_is_said_to_do_nothing() -> None:
    fitted = fit_network(X, y, NETWORK, replace(PLAN, patience=1))
    assert fitted.history.stopped == "finished"
    assert [f.code for f in fitted.history.findings] == ["NO_EFFECT"]
    assert "atience was given without validation rows" in fitted.history.findings[0].seen


def test_ctrl_c_between_stretches_keeps_the_best_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "LONGEST_SECONDS", 0.0)  # so that Ctrl-C comes after single epochs
    seen: list[EpochRecord] = []

    def watch(records: list[EpochRecord]) -> None:
        seen.extend(records)
        if len(seen) > 60:
            raise KeyboardInterrupt

    fitted, held = overfitting(None, on_epochs=watch)
    assert fitted.history.stopped == "interrupted"
    assert list(fitted.history.epochs) == seen
    assert len(seen) == 61
    assert fitted.history.kept_epoch == fitted.history.best_epoch == int(fitted.history.validation_loss.argmin()) + 1
    assert again(fitted, held) == pytest.approx(fitted.history.validation_loss.min(), rel=1e-12)
    without = fit_network(X, y, NETWORK, PLAN, on_epochs=watch)
    assert without.history.kept_epoch == len(without.history) == without.snapshot.epoch


@dataclass(frozen=True)
class Pressed(nn.MSE):
    """Squared error that presses Ctrl-C when its last look has come."""

    name: ClassVar[str] = "pressed"
    looks_left: list[int] = field(default_factory=lambda: [10**9])

    def forward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        self.looks_left[0] -= 1
        if self.looks_left[0] == 0:
            raise KeyboardInterrupt
        return super().forward(Z, Y)


@pytest.mark.parametrize("look", [1, 2, 3, 4, 9])
@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_ctrl_c_inside_a_stretch_leaves_whole_epochs(optimizer: str, look: int) -> None:
    loss = Pressed()
    plan = TrainingSpec(loss, optimizer, 0.01, 40)
    loss.looks_left[0] = look
    fitted = fit_network(X, y, NetworkSpec(2, (4,)), plan, validation=HELD)
    calm = fit_network(X, y, NetworkSpec(2, (4,)), replace(plan, loss="mse"), validation=HELD, engine="reference")
    count = len(fitted.history)
    assert fitted.history.stopped == "interrupted"
    assert count < 10
    assert fitted.history.epochs == calm.history.epochs[:count]
    assert fitted.snapshot.epoch == fitted.snapshot.step == count
    assert fitted.history.kept_epoch <= count
    if count:
        kept = fitted.history.epochs[fitted.history.kept_epoch - 1].validation_loss
        assert nn.loss_forward(nn.MSE(), fitted.scores(HELD[0]), HELD[1][:, None])[0] == kept


def test_no_more_stretches_after_max_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10**6))
    monkeypatch.setattr(loop.time, "perf_counter", lambda: float(next(clock)))  # every look takes a second
    fitted = fit_network(X, y, NETWORK, PLAN, validation=HELD, max_seconds=10)
    assert fitted.history.stopped == "time"
    assert 0 < len(fitted.history) < 12
    assert fitted.history.kept_epoch == fitted.history.best_epoch
    whole = fit_network(X, y, NETWORK, PLAN, validation=HELD)
    assert fitted.history.epochs == whole.history.epochs[: len(fitted.history)]


def test_time_that_runs_out_after_the_last_epoch_changes_nothing() -> None:
    plan = replace(PLAN, epochs=1)
    fitted = fit_network(X, y, NETWORK, plan, validation=HELD, max_seconds=0.0, on_epochs=lambda _: time.sleep(0.001))
    assert fitted.history.stopped == "finished"


def test_no_epochs_at_all() -> None:
    fitted = fit_network(X, y, NETWORK, replace(PLAN, epochs=0), record=Record())
    assert same(fitted.parameters, starting_point(NETWORK, PLAN, None).parameters)
    assert (len(fitted.history), fitted.history.stopped, fitted.history.kept_epoch) == (0, "finished", 0)
    assert repr(fitted.history) == "History(0 epochs)"


# ---- the order of rows -----------------------------------------------------------------------------------------------


def test_every_epoch_visits_every_row_once_in_an_order_of_its_own() -> None:
    order = shuffled(90, PLAN)(5)
    assert order.shape == (5, 90)
    assert (np.sort(order, axis=1) == np.arange(90)).all()
    assert len({line.tobytes() for line in order}) == 5
    assert not np.array_equal(order, shuffled(90, replace(PLAN, seed=6))(5))
    one_by_one = shuffled(90, PLAN)
    np.testing.assert_array_equal(order, np.concatenate([one_by_one(1), one_by_one(3), one_by_one(1)]))
    for plan in (replace(PLAN, shuffle=False), replace(PLAN, batch_size=None), replace(PLAN, batch_size=90)):
        np.testing.assert_array_equal(shuffled(90, plan)(2), [np.arange(90)] * 2)


def test_streams_of_different_names_and_seeds_are_different() -> None:
    draws = {stream(seed, name).random() for seed in range(4) for name in ("order", "initial weights", "order ")}
    assert len(draws) == 12
    assert stream(2, "order").random() == stream(2, "order").random()


@pytest.mark.parametrize("shuffle", [True, False])
def test_a_given_order_may_leave_rows_out_and_name_rows_twice(shuffle: bool) -> None:
    order = np.tile([3, 3, 40, 7], (4, 1))
    plan = TrainingSpec("mse", "sgd", 0.1, 4, shuffle=shuffle)
    few = [3, 3, 40, 7]
    some = fit_network(X, y, NETWORK, plan, order=order)
    alone = fit_network(X[few], y[few], NetworkSpec(2, (6, 5)), plan)
    assert not same(some.parameters, alone.parameters)  # dropout: rows are known by their number
    some = fit_network(X, y, NetworkSpec(2, (6, 5)), plan, order=order)
    assert same(some.parameters, alone.parameters)
    assert some.history.epochs == alone.history.epochs


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (np.zeros((11, 90), int), r"\(epochs, rows visited\) = \(12 or more, 90\), got int64 of shape \(11, 90\)"),
        (np.zeros((12, 90)), "whole numbers.*got float64"),
        (np.arange(90), r"got int64 of shape \(90,\)"),
        (np.full((12, 3), 90), "rows 90 to 90, but rows run from 0 to 89"),
        (np.full((12, 3), -1), "rows -1 to -1"),
        (np.zeros((12, 0), int), "at least one row an epoch"),
    ],
)
def test_orders_that_make_no_sense(order: np.ndarray, words: str) -> None:
    with pytest.raises(ShapeError, match=words):
        fit_network(X, y, NETWORK, PLAN, order=order)
