"""Schedules: rates by hand, ends, and lengths; settings in scikit-learn's manner."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from pellucid import TrainingSpec, nn
from pellucid.errors import SpecError


def test_rates_by_hand() -> None:
    assert nn.Constant().rates(0.5, 2, 2) == pytest.approx([0.5] * 4)
    assert nn.StepDecay(every=2, factor=0.1).rates(1.0, 5, 1) == pytest.approx([1, 1, 0.1, 0.1, 0.01])
    # cos 0, π/4, π/2, 3π/4 lifted into [0, 1]
    assert nn.Cosine().rates(1.0, 2, 2) == pytest.approx([1, 0.8535533906, 0.5, 0.1464466094])
    assert nn.Cosine(final_fraction=0.2).rates(10.0, 2, 1) == pytest.approx([10, 6])
    assert nn.WarmUp(epochs=2).rates(1.0, 3, 2) == pytest.approx([0.25, 0.5, 0.75, 1, 1, 1])
    after = nn.WarmUp(epochs=1, then=nn.StepDecay(every=1, factor=0.5))
    assert after.rates(1.0, 4, 1) == pytest.approx([1, 1, 0.5, 0.25])


def test_one_cycle_by_hand() -> None:
    # Ten steps, half of them up: the peak is step 4; up 0.2 → 1 in quarters, down 1 → 0 in fifths of a half wave.
    rates = nn.OneCycle(warm_fraction=0.5, start_fraction=0.2, final_fraction=0.0).rates(1.0, 5, 2)
    up = 0.2 + 0.8 * (1 - np.cos(np.pi * np.arange(5) / 4)) / 2
    down = (1 + np.cos(np.pi * np.arange(6) / 5)) / 2
    assert rates == pytest.approx([*up, *down[1:]])
    assert rates.argmax() == 4


@settings(deadline=None)
@given(st.sampled_from(sorted(nn.SCHEDULES)), st.integers(0, 12), st.integers(1, 5), st.floats(1e-6, 10))
def test_one_finite_rate_a_step(name: str, epochs: int, steps: int, base: float) -> None:
    rates = nn.get_schedule(name).rates(base, epochs, steps)
    assert rates.shape == (epochs * steps,)
    assert rates.dtype == np.float64
    assert np.isfinite(rates).all()
    assert (rates >= 0).all()
    assert (rates <= base * (1 + 1e-12)).all()


def test_none_is_constant_and_misspellings_are_named() -> None:
    assert nn.get_schedule(None) == nn.Constant()
    assert nn.get_schedule({"name": "warm_up", "then": {"name": "cosine"}}).rates(1.0, 7, 1)[-1] < 1
    with pytest.raises(SpecError, match="did you mean 'one_cycle'"):
        nn.get_schedule("onecycle")
    for wrong in (nn.StepDecay(every=0), nn.Cosine(final_fraction=-1), nn.WarmUp(epochs=1.5), nn.WarmUp(then="cos!")):
        with pytest.raises(SpecError):
            nn.get_schedule(wrong)


def test_settings_can_be_cloned_and_searched() -> None:
    optimizer = nn.Adam(beta_2=0.95, schedule=nn.StepDecay(every=7))
    copy = clone(optimizer)
    assert copy == optimizer
    assert copy.schedule is not optimizer.schedule
    assert optimizer.get_params()["schedule__every"] == 7
    assert "schedule__every" not in optimizer.get_params(deep=False)
    copy.set_params(beta_2=0.5, schedule__every=3)
    assert (copy.beta_2, copy.schedule.every) == (0.5, 3)
    assert optimizer.schedule.every == 7
    # A new part and its knob in one call: the part first, whatever the order.
    copy.set_params(schedule__final_fraction=0.1, schedule=nn.Cosine())
    assert copy.schedule == nn.Cosine(final_fraction=0.1)


def test_unknown_settings_are_named() -> None:
    with pytest.raises(SpecError, match="Adam has no setting 'beta2'; did you mean 'beta_2'"):
        nn.Adam().set_params(beta2=0.5)
    with pytest.raises(SpecError, match="schedule is None and has no settings"):
        nn.Adam().set_params(schedule__every=3)
    with pytest.raises(SpecError, match="did you mean 'every'"):
        nn.Adam(schedule=nn.StepDecay()).set_params(schedule__evry=3)


@pytest.mark.parametrize("kind", [*nn.OPTIMIZERS.values(), *nn.SCHEDULES.values()], ids=lambda k: k.__name__)
def test_every_part_survives_a_clone_and_a_dict(kind: type) -> None:
    part = kind()
    assert clone(part) == part
    assert kind(**part.get_params(deep=False)) == part
    get = nn.get_optimizer if isinstance(part, nn.Optimizer) else nn.get_schedule
    assert get(part.to_dict()) == part


def test_a_schedule_inside_a_schedule_comes_back_from_its_dict() -> None:
    plan = TrainingSpec(optimizer=nn.SGD(schedule=nn.WarmUp(2, then=nn.WarmUp(1, nn.Cosine(0.5)))))
    assert TrainingSpec.from_dict(plan.to_dict()) == plan
    assert nn.get_schedule({"name": "warm_up", "then": "cosine"}) == nn.WarmUp(then=nn.Cosine())
