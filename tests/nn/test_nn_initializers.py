"""Initializers: shapes, ranges and spreads as their formulas say, and reproducible draws."""

import numpy as np
import pytest

from pellucid import nn
from pellucid.errors import ShapeError, SpecError

INPUTS, OUTPUTS = 300, 200
# Standard deviation of the weights: of a spread ±a it is a/√3, of u in [0, 1) it is 1/√12.
SPREAD = {
    "zeros": 0.0,
    "uniform": 1 / 12**0.5,
    "normal": 0.01,
    "xavier_uniform": (2 / 500) ** 0.5,
    "xavier_normal": (2 / 500) ** 0.5,
    "he_uniform": (2 / 300) ** 0.5,
    "he_normal": (2 / 300) ** 0.5,
    "torch_uniform": (1 / 900) ** 0.5,
    "course_hidden": 1 / 12**0.5 / 200,
    "course_output": 1 / 12**0.5,
    "course_deep": 4 / 12**0.5 / 200,
}
MEAN = {"course_output": 0.2, "course_deep": 4 * 0.2 / 200}


@pytest.mark.parametrize("name", sorted(nn.INITIALIZERS))
def test_shape_mean_and_spread(name: str) -> None:
    W, b = nn.get_initializer(name)(OUTPUTS, INPUTS, np.random.default_rng(0))
    assert W.shape == (OUTPUTS, INPUTS)
    assert b.shape == (OUTPUTS,)
    assert W.std() == pytest.approx(SPREAD[name], rel=0.02)
    assert W.mean() == pytest.approx(MEAN.get(name, 0.0), abs=6 * SPREAD[name] / W.size**0.5)


@pytest.mark.parametrize(
    ("name", "limit"),
    [("xavier_uniform", (6 / 500) ** 0.5), ("he_uniform", (6 / 300) ** 0.5), ("torch_uniform", 300**-0.5)],
)
def test_even_draws_fill_their_limits(name: str, limit: float) -> None:
    W, _ = nn.get_initializer(name)(OUTPUTS, INPUTS, np.random.default_rng(0))
    assert np.abs(W).max() == pytest.approx(limit, rel=1e-3)
    assert np.abs(W).max() <= limit


def test_biases() -> None:
    rng = np.random.default_rng(0)
    for name in nn.INITIALIZERS:
        _, b = nn.get_initializer(name)(50, 4, rng)
        if name == "torch_uniform":
            assert 0 < np.abs(b).max() <= 0.5
            assert len(set(b)) == 50
        elif name in ("course_output", "course_deep"):
            assert b[0] != 0
            assert (b == b[0]).all()
        else:
            assert not b.any()


def test_he_keeps_the_signal_alive_where_small_numbers_lose_it() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 64))
    sizes, relus = (64,) * 12, [nn.relu] * 10
    spreads = {}
    for name in ("he_normal", "normal"):
        Z, _ = nn.network_forward(X, nn.initialize(sizes, False, name, rng), relus)
        spreads[name] = Z.std()
    assert 0.2 < spreads["he_normal"] < 5
    assert spreads["normal"] < 1e-8


def test_initialize_names_shapes_and_types() -> None:
    parameters = nn.initialize((3, 4, 1), [False, True], ["he_uniform", "xavier_uniform"], np.random.default_rng(0))
    assert [(name, p.shape) for name, p in parameters.items()] == [
        ("layers.0.weight", (4, 3)),
        ("layers.1.weight", (1, 4)),
        ("layers.1.bias", (1,)),
    ]
    assert all(p.flags.c_contiguous for p in parameters.values())


def test_same_seed_same_start_in_both_types() -> None:
    a = nn.initialize((3, 4, 1), True, "he_normal", np.random.default_rng(5))
    b = nn.initialize((3, 4, 1), True, "he_normal", np.random.default_rng(5), np.float32)
    for name in a:
        assert b[name].dtype == np.float32
        np.testing.assert_array_equal(a[name].astype(np.float32), b[name])


def test_settings_and_own_initializers() -> None:
    wide = nn.get_initializer({"name": "uniform", "low": 10.0, "high": 11.0})
    W, _ = wide(2, 3, np.random.default_rng(0))
    assert ((W >= 10) & (W < 11)).all()

    def ones(outputs: int, inputs: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        return np.ones((outputs, inputs)), np.ones(outputs)

    assert (nn.initialize((3, 2), True, ones, np.random.default_rng(0))["layers.0.weight"] == 1).all()
    with pytest.raises(ShapeError, match=r"layer 0 must return W \(2, 3\)"):
        nn.initialize((3, 2), True, lambda o, i, rng: (np.ones((i, o)), np.ones(o)), np.random.default_rng(0))


def test_auto_rule() -> None:
    he = {name for name in nn.ACTIVATIONS if nn.auto_initializer(name) == "he_uniform"}
    assert he == {"relu", "leaky_relu", "elu", "gelu", "silu", "mish", "softplus"}
    assert nn.auto_initializer(nn.tanh) == nn.auto_initializer("identity") == "xavier_uniform"


def test_mistakes_are_named() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(SpecError, match="did you mean 'he_uniform'"):
        nn.initialize((3, 1), True, "he_unifrom", rng)
    with pytest.raises(SpecError, match="no setting 'std'"):
        nn.get_initializer({"name": "uniform", "std": 1.0})
    with pytest.raises(SpecError, match="2 layers, but 1 bias flags and 2 initializers"):
        nn.initialize((3, 2, 1), [True], "zeros", rng)
    with pytest.raises(SpecError, match="sizes must list"):
        nn.initialize((3,), True, "zeros", rng)
