"""What would have happened: a training that goes on from its past with another setting."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pellucid import NetworkSpec, Record, TrainingSpec, branch, fit_network, nn
from pellucid.data.generate import moons
from pellucid.errors import InputError, ShapeError, SpecError
from pellucid.training.fit_network import FittedNetwork, NonFiniteError

X, y = moons(70, 0.2, 0)
HELD = moons(30, 0.2, 1)
NETWORK = NetworkSpec(2, (6,), dropout=0.2)
PLAN = TrainingSpec("bce", nn.Adam(schedule="cosine"), 0.01, epochs=12, batch_size=16, dtype="float32", seed=3)


def same(a: nn.Parameters, b: nn.Parameters) -> bool:
    return list(a) == list(b) and all(np.array_equal(a[name], b[name]) for name in a)


def trained(plan: TrainingSpec = PLAN, **asked: Any) -> FittedNetwork:
    return fit_network(X, y, NETWORK, plan, validation=HELD, **{"record": Record(1, 5), **asked})


@pytest.mark.parametrize("engine", ["compiled", "reference"])
@pytest.mark.parametrize(("epoch", "step"), [(0, 0), (5, 0), (7, 0), (7, 3), (11, 4)])
def test_a_branch_that_changes_nothing_is_the_training(epoch: int, step: int, engine: str) -> None:
    fitted = trained(engine=engine)
    same_again = branch(fitted, epoch, step)
    assert same_again.changes == {}
    assert same_again.memory_kept
    assert same(same_again.fitted.parameters, fitted.parameters)
    whole = epoch + (step > 0)
    assert same_again.fitted.history.epochs[step > 0 :] == fitted.history.epochs[whole:]
    recording = same_again.fitted.recording
    assert recording is not None
    assert recording.epochs == tuple(range(whole, 13))
    assert same(recording.reach(12).parameters, fitted.parameters)
    assert same_again.begun.replayed_from == 5 * (epoch // 5)
    assert (same_again.replay_seconds > 0) == ((epoch, step) not in [(0, 0), (5, 0)])


def test_another_learning_rate_goes_on_as_its_own_schedule_would() -> None:
    fitted = trained()
    fast = branch(fitted, 4, learning_rate=0.05)
    assert fast.changes == {"learning_rate": (0.01, 0.05)}
    rates = nn.Cosine().rates(0.05, 12, 5).reshape(12, 5)
    assert [record.learning_rate for record in fast.fitted.history.epochs] == rates[4:, -1].tolist()
    assert fitted.recording is not None
    by_hand = fit_network(
        X,
        y,
        NETWORK,
        replace(PLAN, optimizer=nn.Adam(schedule=Rest(rates[4:].ravel().tolist())), epochs=8),
        validation=HELD,
        initial=fitted.recording.reach(4).snapshot,
    )
    assert same(by_hand.parameters, fast.fitted.parameters)
    assert not same(fast.fitted.parameters, fitted.parameters)


class Rest(nn.Schedule):
    """Rates as they are given."""

    def __init__(self, numbers: list[float]) -> None:
        self.numbers = numbers

    def __deepcopy__(self, memo: Any) -> Rest:
        return self

    def check(self) -> Rest:
        return self

    def rates(self, base_rate: float, epochs: int, steps_per_epoch: int) -> np.ndarray:
        return np.array(self.numbers)


def test_a_branch_from_inside_an_epoch_takes_the_remaining_steps() -> None:
    fitted = trained()
    fast = branch(fitted, 4, 2, learning_rate=0.05)
    assert fitted.recording is not None
    assert fast.fitted.recording is not None
    assert fast.fitted.recording.epochs == tuple(range(5, 13))
    assert [record.epoch for record in fast.fitted.history.epochs] == list(range(5, 13))
    assert fast.fitted.snapshot.step == 12 * 5
    assert same(fast.begun.parameters, fitted.recording.reach(4, 2).parameters)
    assert not same(fast.fitted.recording.at(5), branch(fitted, 4, learning_rate=0.05).fitted.at(5).parameters)


def test_an_optimizer_of_another_kind_begins_anew() -> None:
    fitted = trained()
    other = branch(fitted, 6, optimizer=nn.SGD(momentum=0.9), learning_rate=0.1)
    assert not other.memory_kept
    assert other.changes == {"learning_rate": (0.01, 0.1), "optimizer": ("adam", "sgd")}
    assert "the optimizer's memory begun anew" in repr(other)
    own = branch(fitted, 6, optimizer=nn.Adam(beta_2=0.9, schedule="cosine"))
    assert own.memory_kept
    assert own.changes == {"beta_2": (0.999, 0.9)}
    assert "beta_2 0.999 → 0.9" in repr(own)
    kin = branch(fitted, 6, optimizer="adamw")
    assert kin.memory_kept


def test_a_branch_of_a_branch_and_one_beyond_the_plan() -> None:
    fitted = trained()
    first = branch(fitted, 4, 2)
    second = branch(first.fitted, 9, 1)
    assert same(second.fitted.parameters, fitted.parameters)
    longer = branch(fitted, 10, epochs=6)
    assert [record.epoch for record in longer.fitted.history.epochs] == list(range(11, 17))
    short = branch(fitted, 4, epochs=2)
    assert fitted.recording is not None
    assert same(short.fitted.parameters, fitted.recording.at(6))


def test_l_bfgs_and_given_orders_branch_too() -> None:
    plan = TrainingSpec("bce", "lbfgs", epochs=6)
    searched = fit_network(X, y, NetworkSpec(2, (6,)), plan, record=True)
    anew = branch(searched, 3)
    assert not anew.memory_kept
    assert [record.epoch for record in anew.fitted.history.epochs] == [4, 5, 6]
    order = np.stack([np.random.default_rng(k).permutation(70) for k in range(12)])
    fitted = trained(order=order)
    assert same(branch(fitted, 7, 2).fitted.parameters, fitted.parameters)
    with pytest.raises(ShapeError, match=r"\(3 or more, 70\)"):
        branch(fitted, 10, epochs=3)


def test_early_stopping_counts_from_the_branch_on() -> None:
    noisy, answers = moons(40, 0.45, 0)
    held = moons(100, 0.45, 1)
    plan = TrainingSpec("bce", "adam", 0.005, 150, batch_size=16, patience=7)
    fitted = fit_network(noisy, answers, NetworkSpec(2, (24,)), plan, validation=held, record=True)
    late = branch(fitted, fitted.history.best_epoch + 2, learning_rate=0.0)
    assert late.fitted.history.stopped == "patience"
    assert len(late.fitted.history) == 8


def test_branches_that_make_no_sense() -> None:
    fitted = trained()
    with pytest.raises(SpecError, match="the plan ends at epoch 12; pass epochs="):
        branch(fitted, 12)
    with pytest.raises(SpecError, match="epoch 13 lies outside the training"):
        branch(fitted, 13)
    with pytest.raises(SpecError, match="learning_rate must be a finite number"):
        branch(fitted, 3, learning_rate=-1)
    with pytest.raises(SpecError, match="no optimizer 'adma'; did you mean 'adam'"):
        branch(fitted, 3, optimizer="adma")
    with pytest.raises(SpecError, match="L-BFGS needs the same loss at every look"):
        branch(fitted, 3, optimizer="lbfgs")
    with pytest.raises(SpecError, match="without a recording"):
        branch(trained(record=None), 3)
    with pytest.raises(InputError, match="expected what fit_network"):
        branch(X, 3)


def test_a_branch_that_diverges_leaves_its_recording() -> None:
    network, plan = NetworkSpec(2, (6,)), TrainingSpec("mse", "sgd", 0.01, 30, batch_size=16)
    fitted = fit_network(X, y, network, plan, record=True)
    with pytest.raises(NonFiniteError) as caught:
        branch(fitted, 4, learning_rate=1e6)
    assert caught.value.recording is not None
    assert caught.value.recording.epochs[0] == 4
