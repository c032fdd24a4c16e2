"""The time machine: every epoch and step of a training, kept or trained again, to the same bits."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import MLPClassifier, NetworkSpec, Record, TrainingSpec, fit_network, nn
from pellucid.data.generate import moons
from pellucid.errors import InputError, SpecError
from pellucid.training import recording as recording_file
from pellucid.training.batches import shuffled
from pellucid.training.fit_network import FittedNetwork, NonFiniteError, recording_of
from pellucid.training.recording import Recording

X, y = moons(70, 0.2, 0)
HELD = moons(30, 0.2, 1)
NETWORK = NetworkSpec(2, (6, 5), dropout=(0.3, 0.0))
PLAN = TrainingSpec("bce", nn.Adam(schedule="cosine"), 0.01, epochs=23, batch_size=16, l1=1e-4, l2=1e-3, seed=5)
STEPS = 5  # 70 rows in batches of 16

OPTIMIZERS = [
    nn.SGD(),
    nn.SGD(momentum=0.9, nesterov=True, clip_norm=0.5),
    nn.RMSprop(momentum=0.5, schedule="one_cycle"),
    nn.Adam(schedule="step_decay"),
    nn.AdamW(schedule="warm_up"),
]


def same(a: nn.Parameters, b: nn.Parameters) -> bool:
    return list(a) == list(b) and all(np.array_equal(a[name], b[name]) and a[name].dtype == b[name].dtype for name in a)


def recorded(
    plan: TrainingSpec = PLAN, network: NetworkSpec = NETWORK, **asked: Any
) -> tuple[FittedNetwork, Recording]:
    fitted = fit_network(X, y, network, plan, **{"record": Record(1), **asked})
    return fitted, recording_of(fitted)


def every_step(fitted: FittedNetwork, order: np.ndarray | None = None) -> list[nn.Parameters]:
    """The parameters after every step, by a training in which every step is an epoch of its own."""
    plan, origin = fitted.training, recording_of(fitted).origin
    lines = np.concatenate(list(shuffled(len(X), plan)(plan.epochs) if order is None else order))
    size = plan.batch_size or len(X)
    cuts = [line[i : i + size] for line in lines.reshape(plan.epochs, -1) for i in range(0, len(line), size)]
    state = origin.engine.start(fitted.network, plan, origin.rows, recording_of(fitted).reach(0).snapshot)
    reached = [state.snapshot().parameters]
    for rows, rate in zip(cuts, origin.rates.ravel()):
        origin.engine.run(state, rows[None, :], np.array([[rate]]))
        reached.append(state.snapshot().parameters)
    return reached


@pytest.mark.parametrize("engine", ["compiled", "reference"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_every_epoch_and_step_is_reached_to_the_bit(optimizer: nn.Optimizer, dtype: str, engine: str) -> None:
    plan = replace(PLAN, optimizer=optimizer, dtype=dtype)
    fitted, kept = recorded(plan, engine=engine)
    _, sparse = recorded(plan, engine=engine, record=Record(7, 8))
    truth = every_step(fitted)
    assert kept.epochs == tuple(range(24))
    assert sparse.epochs == (0, 7, 8, 14, 16, 21, 23)
    for epoch in range(24):
        assert same(kept.at(epoch), truth[epoch * STEPS])
    for epoch, step in [(0, 3), (6, 0), (7, 4), (8, 1), (22, 4)]:
        reached = sparse.reach(epoch, step)
        assert same(reached.parameters, truth[epoch * STEPS + step])
        assert reached.snapshot.step == epoch * STEPS + step
        assert reached.replayed_from == 8 * (epoch // 8)
        assert reached.steps_replayed == (epoch % 8) * STEPS + step


@settings(max_examples=25, deadline=None)
@given(
    hidden=st.lists(st.integers(1, 5), max_size=2),
    activation=st.sampled_from(sorted(nn.ACTIVATIONS)),
    dropout=st.sampled_from([0.0, 0.4]),
    batch=st.sampled_from([None, 1, 7, 16, 70]),
    shuffle=st.booleans(),
    epochs=st.integers(1, 9),
    data=st.data(),
)
def test_any_network_goes_back_in_time(
    hidden: list[int],
    activation: str,
    dropout: float,
    batch: int | None,
    shuffle: bool,
    epochs: int,
    data: st.DataObject,
) -> None:
    network = NetworkSpec(2, tuple(hidden), activation=activation, dropout=dropout)
    plan = TrainingSpec("bce", "adam", 0.01, epochs, batch_size=batch, shuffle=shuffle, dtype="float32")
    fitted, kept = recorded(plan, network, record=Record(4, 3))
    steps = kept.origin.steps
    truth = every_step(fitted)
    epoch = data.draw(st.integers(0, epochs), label="epoch")
    step = data.draw(st.integers(0, steps - 1), label="step") if epoch < epochs else 0
    assert same(kept.reach(epoch, step).parameters, truth[epoch * steps + step])


def test_a_given_order_is_followed_again() -> None:
    order = np.stack([np.random.default_rng(k).permutation(70)[:40] for k in range(23)])
    fitted, kept = recorded(replace(PLAN, dtype="float32"), order=order, record=Record(5))
    truth = every_step(fitted, order)
    for epoch, step in [(3, 1), (13, 0), (19, 2)]:
        assert same(kept.reach(epoch, step).parameters, truth[epoch * 3 + step])


def test_a_run_that_went_on_is_recorded_by_its_own_epochs() -> None:
    whole, kept = recorded()
    half = fit_network(X, y, NETWORK, replace(PLAN, optimizer="adam", epochs=11))
    rest, later = recorded(replace(PLAN, optimizer="adam", epochs=12), initial=half.snapshot, record=Record(4, 4))
    assert later.epochs == (11, 15, 19, 23)
    assert same(later.at(23), rest.parameters)
    every, _ = recorded(replace(PLAN, optimizer="adam"))
    assert same(later.reach(17, 2).parameters, recording_of(every).reach(17, 2).parameters)
    with pytest.raises(SpecError, match="epoch 10 lies outside the training, which went from epoch 11 to 23"):
        later.at(10)
    assert not same(kept.at(23), rest.parameters)
    assert whole.history.stopped == "finished"


def test_early_stopping_keeps_the_best_epoch_and_the_road_to_the_end() -> None:
    noisy, answers = moons(40, 0.45, 0)
    held = moons(100, 0.45, 1)
    plan = TrainingSpec("bce", "adam", 0.005, 150, batch_size=16, patience=7)
    fitted = fit_network(noisy, answers, NetworkSpec(2, (24,)), plan, validation=held, record=Record(10, 10))
    kept, best, end = recording_of(fitted), fitted.history.best_epoch, len(fitted.history)
    assert best % 10 != 0 != end % 10
    assert {best, end} <= set(kept.epochs)
    assert same(kept.at(best), fitted.parameters)
    assert same(kept.at(end), fitted.snapshot.parameters)
    assert same(kept.reach(best).parameters, fitted.parameters)
    assert same(kept.reach(end - 1, 2).parameters, fitted.at(end - 1, 2).parameters)
    whole = fit_network(
        noisy, answers, NetworkSpec(2, (24,)), replace(plan, patience=None), validation=held, record=True
    )
    assert same(kept.reach(best + 3).parameters, recording_of(whole).at(best + 3))
    with pytest.raises(SpecError, match=f"which went from epoch 0 to {end}"):
        kept.reach(end + 1)


def test_an_interrupted_run_keeps_its_past() -> None:
    seen: list[int] = []

    def watch(records: list[Any]) -> None:
        seen.extend(record.epoch for record in records)
        if len(seen) > 12:
            raise KeyboardInterrupt

    fitted, kept = recorded(validation=HELD, on_epochs=watch, record=Record(5))
    whole, every = recorded(validation=HELD)
    end = seen[-1]
    assert fitted.history.stopped == "interrupted"
    assert kept.last == end < 23
    assert {fitted.history.best_epoch, end} <= set(kept.epochs)
    assert same(kept.at(end), every.at(end))
    assert same(kept.reach(end, 2).parameters, every.reach(end, 2).parameters)
    assert whole.history.stopped == "finished"


def test_no_epochs_are_a_past_too() -> None:
    _, kept = recorded(replace(PLAN, epochs=0))
    assert kept.epochs == (0,)
    assert kept.nbytes == 3 * NETWORK.parameter_count * 8


def test_l_bfgs_keeps_every_iteration_and_is_replayed_from_its_start() -> None:
    plan = TrainingSpec("bce", "lbfgs", epochs=9, l2=1e-3)
    _, every = recorded(plan, NetworkSpec(2, (6,)))
    _, few = recorded(plan, NetworkSpec(2, (6,)), record=Record(4))
    assert every.epochs == tuple(range(10))
    assert few.epochs == (0, 4, 8, 9)
    for epoch in range(10):
        assert same(few.reach(epoch).parameters, every.at(epoch))
    assert few.reach(6).replayed_from == 0
    with pytest.raises(SpecError, match="nothing between its epochs"):
        every.reach(2, 1)


def test_l_bfgs_beyond_the_budget_keeps_start_and_end() -> None:
    plan = TrainingSpec("bce", "lbfgs", epochs=9)
    size = NetworkSpec(2, (6,)).parameter_count * 8
    fitted, few = recorded(plan, NetworkSpec(2, (6,)), record=Record(budget_mb=4 * size / 1e6))
    assert few.epochs == (0, 9)
    assert "RECORDING_THINNED" in [finding.code for finding in fitted.history.findings]
    assert same(few.reach(5).parameters, recorded(plan, NetworkSpec(2, (6,)))[1].at(5))


def test_a_diverging_run_leaves_its_recording() -> None:
    plan = TrainingSpec("mse", "sgd", 1e4, 40, batch_size=16)
    with pytest.raises(NonFiniteError) as caught:
        recorded(plan, NetworkSpec(2, (6,)))
    kept, failure = caught.value.recording, caught.value.history
    assert kept is not None
    assert kept.epochs[0] == 0
    assert kept.last < 40
    assert len(failure) >= kept.last
    assert np.isfinite(kept.at(0)["layers.0.weight"]).all()


def test_the_budget_thins_out_every_second_and_says_so() -> None:
    state = NETWORK.parameter_count * 8
    fitted, few = recorded(record=Record(1, 4, budget_mb=13 * state / 1e6))
    assert few.nbytes <= 13 * state
    assert few.epochs == (0, 4, 8, 12, 16, 20, 23) or few.nbytes > 8 * state
    (finding,) = [f for f in fitted.history.findings if f.code == "RECORDING_THINNED"]
    assert f"every {few.states.weights_every} epochs" in finding.seen
    assert few.states.weights_every in (2, 4, 8)
    gaps = np.diff(few.epochs[:-1])
    assert set(gaps.tolist()) <= {few.states.weights_every, few.states.weights_every // 2}
    _, every = recorded()
    for epoch in range(24):
        assert same(few.reach(epoch).parameters, every.at(epoch))
    whole, roomy = recorded()
    assert roomy.nbytes == (24 + 2 * 4) * state
    assert "RECORDING_THINNED" not in [f.code for f in whole.history.findings]


@pytest.mark.parametrize("states", [5, 8, 11, 16])
def test_whatever_is_thinned_out_every_epoch_is_reached(states: int) -> None:
    """Weights of every third and memory of every fourth epoch: neither holds the other's."""
    fitted, few = recorded(record=Record(3, 4, budget_mb=states * 3 * NETWORK.parameter_count * 8 / 1e6))
    _, every = recorded()
    assert few.nbytes <= states * 3 * NETWORK.parameter_count * 8
    assert all(same(few.reach(epoch).parameters, every.at(epoch)) for epoch in range(24))
    assert few.states.nbytes == sum(
        [weights.nbytes for weights in few.states.weights.values()]
        + [memory.nbytes for memory in few.states.memories.values()]
    )
    assert same(few.at(23), fitted.parameters)


def test_a_budget_for_less_than_three_states_is_refused() -> None:
    with pytest.raises(SpecError, match=r"budget_mb=0\.001 is too little: a state of this network takes .* MB"):
        recorded(record=Record(budget_mb=0.001))


def test_large_networks_are_kept_epoch_by_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    _, every = recorded()
    monkeypatch.setattr(recording_file, "LARGEST_PATH_BYTES", 1)
    _, slow = recorded()
    assert slow.epochs == every.epochs
    assert all(same(slow.at(epoch), every.at(epoch)) for epoch in every.epochs)


def test_what_at_returns_belongs_to_the_caller() -> None:
    _, kept = recorded()
    before = kept.at(4)
    kept.at(4)["layers.0.weight"][:] = 0
    kept.reach(10).parameters["layers.0.weight"][:] = 0
    assert same(kept.at(4), before)
    assert kept.at(10)["layers.0.weight"].any()


def test_the_path_of_one_weight() -> None:
    _, kept = recorded()
    path = kept.path("layers.1.weight", (2, 3))
    assert path.tolist() == [kept.at(epoch)["layers.1.weight"][2, 3] for epoch in kept.epochs]


def test_a_fitted_network_shows_itself_at_any_epoch() -> None:
    fitted, kept = recorded(record=Record(5))
    assert np.array_equal(fitted.at(23).scores(X), fitted.scores(X))
    assert not np.array_equal(fitted.at(3).scores(X), fitted.scores(X))
    assert same(fitted.at(3).parameters, kept.reach(3).parameters)


def test_a_pickled_recording_holds_no_rows_until_they_are_given_back() -> None:
    fitted, kept = recorded(validation=HELD, record=Record(5))
    saved = pickle.dumps(kept)
    assert len(saved) < kept.nbytes + 6000
    loaded = pickle.loads(saved)
    assert same(loaded.at(15), kept.at(15))
    assert same(loaded.reach(10).parameters, kept.at(10))
    with pytest.raises(SpecError, match=r"a saved recording holds no rows; give them back with recording\.with_rows"):
        loaded.reach(12)
    with pytest.raises(InputError, match="these are not the rows of the training"):
        loaded.with_rows(X, y)
    with pytest.raises(InputError, match="these are not the rows of the training"):
        loaded.with_rows(X[::-1], y, validation=HELD)
    whole = loaded.with_rows(X, y, validation=HELD)
    assert same(whole.reach(12, 3).parameters, kept.reach(12, 3).parameters)
    assert same(pickle.loads(pickle.dumps(fitted)).parameters, fitted.parameters)


def test_rows_that_were_written_to_are_noticed() -> None:
    mine = X.copy()
    fitted = fit_network(mine, y, NETWORK, PLAN, record=Record(5))
    kept = recording_of(fitted)
    kept.reach(12)
    mine[3, 1] += 1
    with pytest.raises(InputError, match="its arrays were written to since"):
        kept.reach(12)
    assert same(kept.reach(10).parameters, kept.at(10))
    mine[3, 1] -= 1  # the same number as before, or nearly: moved by the last bit it would be noticed too
    mine[:] = X
    kept.reach(12)


def test_places_that_do_not_exist() -> None:
    _, kept = recorded(record=Record(5))
    with pytest.raises(SpecError, match=r"epoch 12 was not recorded; the nearest one is 10\. recording\.reach\(12\)"):
        kept.at(12)
    for epoch in (-1, 24):
        with pytest.raises(SpecError, match=f"epoch {epoch} lies outside the training, which went from epoch 0 to 23"):
            kept.reach(epoch)
    with pytest.raises(SpecError, match="step 5 of epoch 4 does not exist: an epoch has 5 steps"):
        kept.reach(3, 5)
    with pytest.raises(SpecError, match="step 1 of epoch 24 does not exist"):
        kept.reach(23, 1)
    with pytest.raises(SpecError, match="step -1 of epoch 4"):
        kept.reach(3, -1)


def test_a_network_without_a_recording_says_how_to_get_one() -> None:
    fitted = fit_network(X, y, NETWORK, replace(PLAN, epochs=1))
    with pytest.raises(SpecError, match=r"train it again with fit_network\(…, record=True\)"):
        fitted.at(0)
    with pytest.raises(SpecError, match=r"this MLPClassifier keeps no past; pellucid\.replay\(model, X, y\)"):
        recording_of(MLPClassifier(epochs=1, random_state=0).fit(X, y))
    with pytest.raises(InputError, match=r"expected what fit_network\(…, record=True\).* got int"):
        recording_of(3)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"optimizer_every": 0}, "optimizer_every must be a whole number of at least 1 epoch, got 0"),
        ({"optimizer_every": True}, "got True"),
        ({"budget_mb": 0}, "budget_mb must be a number of megabytes above 0, got 0"),
        ({"budget_mb": "1"}, "budget_mb .* got '1'"),
    ],
)
def test_records_that_make_no_sense(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(SpecError, match=words):
        Record(**asked)
