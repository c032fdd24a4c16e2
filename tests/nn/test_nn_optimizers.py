"""Optimizers, clipping and penalties: first steps by hand, then properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import nn
from pellucid.errors import SpecError

STEPPING = [
    nn.SGD(),
    nn.SGD(momentum=0.9),
    nn.SGD(momentum=0.9, nesterov=True),
    nn.RMSprop(),
    nn.RMSprop(momentum=0.5),
    nn.Adam(),
    nn.AdamW(),
]
ALL = pytest.mark.parametrize("optimizer", STEPPING, ids=repr)


def walk(optimizer: nn.Optimizer, gradients: list[float], rate: float, start: float = 1.0) -> list[float]:
    """The path of one parameter under the given gradients."""
    parameters = {"layers.0.weight": np.array([[start]])}
    state, path = optimizer.start(parameters), []
    for g in gradients:
        parameters, state = optimizer.step(parameters, {"layers.0.weight": np.array([[g]])}, state, rate)
        path.append(float(parameters["layers.0.weight"][0, 0]))
    return path


def test_sgd_by_hand() -> None:
    assert walk(nn.SGD(), [2, -1], 0.1) == pytest.approx([0.8, 0.9])
    # v = 2, then 0.9 · 2 - 1 = 0.8
    assert walk(nn.SGD(momentum=0.9), [2, -1], 0.1) == pytest.approx([0.8, 0.72])
    # 2 + 0.9 · 2 = 3.8, then -1 + 0.9 · 0.8 = -0.28
    assert walk(nn.SGD(momentum=0.9, nesterov=True), [2, -1], 0.1) == pytest.approx([0.62, 0.648])


def test_rmsprop_by_hand() -> None:
    # s = 0.01 · 4 = 0.04, root 0.2, step 0.1 · 2 / 0.2 = 1; s = 0.99 · 0.04 + 0.01 · 1 = 0.0496
    second = 0.0 + 0.1 / np.sqrt(0.0496)
    assert walk(nn.RMSprop(epsilon=0.0), [2, -1], 0.1) == pytest.approx([0.0, second])
    # with momentum 0.5: v = 10, then 5 - 1/√0.0496
    with_momentum = 0.0 - 0.1 * (5 - 1 / np.sqrt(0.0496))
    assert walk(nn.RMSprop(epsilon=0.0, momentum=0.5), [2, -1], 0.1) == pytest.approx([0.0, with_momentum])


def test_adam_by_hand() -> None:
    # Corrected for their start at 0, the first mean and root are g and |g|: a step of exactly the rate.
    # Second: m = 0.9 · 0.2 - 0.1 = 0.08, corrected by 1 - 0.81; s = 0.999 · 0.004 + 0.001 = 0.004996, by 1 - 0.998001.
    second = 0.9 - 0.1 * (0.08 / 0.19) / np.sqrt(0.004996 / 0.001999)
    assert walk(nn.Adam(epsilon=0.0), [2, -1], 0.1) == pytest.approx([0.9, second])
    # AdamW shrinks 1 by 0.1 · 0.5 first: 0.95 - 0.1
    assert walk(nn.AdamW(epsilon=0.0, weight_decay=0.5), [2], 0.1) == pytest.approx([0.85])
    # epsilon joins the corrected root: 0.1 · 2 / (2 + 2)
    assert walk(nn.Adam(epsilon=2.0), [2], 0.1) == pytest.approx([0.95])


@ALL
def test_every_optimizer_finds_the_bottom_of_a_bowl(optimizer: nn.Optimizer) -> None:
    parameters = {"layers.0.weight": np.array([[3.0, -2.0]]), "layers.0.bias": np.array([1.0])}
    state = optimizer.start(parameters)
    rates = nn.Cosine().rates(0.1, 400, 1)
    for rate in rates:
        gradients = {name: 2 * p for name, p in parameters.items()}
        parameters, state = optimizer.step(parameters, gradients, state, rate)
    assert nn.global_norm(parameters) < 1e-2


@ALL
def test_steps_make_new_arrays_and_keep_the_type(optimizer: nn.Optimizer) -> None:
    parameters = {"layers.0.weight": np.ones((2, 3), dtype=np.float32), "layers.0.bias": np.ones(2, dtype=np.float32)}
    gradients = {name: np.full_like(p, 0.5) for name, p in parameters.items()}
    start = optimizer.start(parameters)
    first = optimizer.step(parameters, gradients, start, np.float64(0.1))
    again = optimizer.step(parameters, gradients, start, 0.1)
    for name in parameters:
        assert (parameters[name] == 1).all()
        assert (gradients[name] == 0.5).all()
        assert first[0][name].dtype == np.float32
        np.testing.assert_array_equal(first[0][name], again[0][name])
    kept = [v for part in first[1].values() if isinstance(part, dict) for v in part.values()]
    assert {v.dtype for v in kept} == {np.dtype(np.float32)}


def test_lbfgs_belongs_to_an_engine() -> None:
    optimizer = nn.get_optimizer("lbfgs")
    assert optimizer.start({}) == {}
    with pytest.raises(SpecError, match="no single step"):
        optimizer.step({}, {}, {}, 0.1)
    with pytest.raises(SpecError, match="leave schedule and clip_norm"):
        nn.get_optimizer(nn.LBFGS(clip_norm=1.0))


@pytest.mark.parametrize(
    "wrong",
    [
        nn.SGD(momentum=1.0),
        nn.Adam(beta_1=-0.1),
        nn.Adam(beta_2="0.9"),
        nn.RMSprop(decay=1.0),
        nn.AdamW(weight_decay=-1.0),
        nn.Adam(clip_norm=0.0),
        nn.Adam(schedule="cosinus"),
        nn.LBFGS(memory=0),
        nn.LBFGS(memory=2.5),
    ],
    ids=repr,
)
def test_knobs_out_of_range_are_refused_at_use(wrong: nn.Optimizer) -> None:
    with pytest.raises(SpecError):
        nn.get_optimizer(wrong)


def test_names_and_dicts() -> None:
    assert nn.get_optimizer("adam") == nn.Adam()
    made = nn.Adam(beta_2=0.95, schedule=nn.StepDecay(every=7), clip_norm=1.0)
    assert made.to_dict()["schedule"] == {"name": "step_decay", "every": 7, "factor": 0.1}
    assert nn.get_optimizer(made.to_dict()) == made
    assert nn.get_optimizer(made) is made
    with pytest.raises(SpecError, match="did you mean 'adam'"):
        nn.get_optimizer("adm")
    with pytest.raises(SpecError, match="did you mean 'beta_2'"):
        nn.get_optimizer({"name": "adam", "beta2": 0.9})
    with pytest.raises(SpecError, match="a name, a dict"):
        nn.get_optimizer(3)


def test_clipping_by_hand() -> None:
    gradients = {"layers.0.weight": np.array([[3.0, 0.0]]), "layers.0.bias": np.array([4.0])}  # length 5
    clipped, norm = nn.clip_by_norm(gradients, 1.0)
    assert norm == 5
    assert clipped["layers.0.weight"] == pytest.approx(np.array([[0.6, 0]]))
    assert clipped["layers.0.bias"] == pytest.approx([0.8])
    assert nn.clip_by_norm(gradients, 5.0) == (gradients, 5.0)


@settings(deadline=None)
@given(st.lists(st.floats(-(2.0**100), 2.0**100, width=32), min_size=1, max_size=6), st.floats(1e-3, 1e3))
def test_clipping_bounds_the_length_and_keeps_the_direction(numbers: list[float], limit: float) -> None:
    gradients = {"layers.0.weight": np.array([numbers], dtype=np.float32)}
    clipped, norm = nn.clip_by_norm(gradients, limit)
    assert np.isfinite(norm)
    assert nn.global_norm(clipped) <= max(limit * (1 + 1e-5), 0)
    assert (np.sign(clipped["layers.0.weight"]) * np.sign(numbers) >= 0).all()


def test_clipping_leaves_what_is_not_finite() -> None:
    gradients = {"layers.0.weight": np.array([[np.inf, 1.0]])}
    clipped, norm = nn.clip_by_norm(gradients, 1.0)
    assert clipped is gradients
    assert norm == np.inf


def test_penalties_by_hand() -> None:
    parameters = {"layers.0.weight": np.array([[2.0, -3.0, 0.0]]), "layers.0.bias": np.array([100.0])}
    # 0.1 (2 + 3) + 0.5 / 2 (4 + 9) = 0.5 + 3.25
    assert nn.penalty_value(parameters, l1=0.1, l2=0.5) == pytest.approx(3.75)
    gradients = {name: np.ones_like(p) for name, p in parameters.items()}
    penalized = nn.penalty_gradients(gradients, parameters, l1=0.1, l2=0.5)
    assert penalized["layers.0.weight"] == pytest.approx(np.array([[1 + 0.1 + 1.0, 1 - 0.1 - 1.5, 1.0]]))
    assert penalized["layers.0.bias"] == pytest.approx([1.0])


@pytest.mark.parametrize("name", ["momentum", "nesterov"])
def test_a_variant_that_is_a_setting_says_which(name):
    with pytest.raises(SpecError, match=r"is a setting of an optimizer.*write SGD\(momentum=0\.9"):
        nn.get_optimizer(name)
