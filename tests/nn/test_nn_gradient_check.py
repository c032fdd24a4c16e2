"""The checker is checked: right gradients pass, each kind of wrong gradient fails and is located."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import nn
from pellucid.errors import InputError, ShapeError

A = np.random.default_rng(0).normal(size=(4, 4))


def bowl(W: np.ndarray) -> float:
    """½ Σ W² + Σ A W, whose gradient is W + A."""
    return float((W * W).sum() / 2 + (A * W).sum())


@pytest.fixture
def W() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(4, 4))


def test_right_gradient_passes(W: np.ndarray) -> None:
    check = nn.check_gradients(bowl, W, W + A)
    assert check.passed
    assert check.worst_error < 1e-7
    assert (check.checked, check.kinks) == (16, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda g: -g,
        lambda g: 2 * g,
        lambda g: g * 1.001,
        lambda g: g.T,
        lambda g: np.roll(g, 1, axis=0),
        lambda g: np.zeros_like(g),
        lambda g: np.full_like(g, np.nan),
        lambda g: g + 0.01,
    ],
    ids=["sign", "factor 2", "0.1 %", "transposed", "rows shifted", "zero", "nan", "offset"],
)
def test_wrong_gradients_fail(W: np.ndarray, wrong: object) -> None:
    assert not nn.check_gradients(bowl, W, wrong(W + A)).passed


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 3), st.integers(0, 3), st.sampled_from([-1.0, 0.0, 1.01, 2.0]))
def test_one_wrong_element_is_found_and_named(row: int, column: int, factor: float) -> None:
    W = np.random.default_rng(1).normal(size=(4, 4))
    gradient = W + A
    right = gradient[row, column]
    gradient[row, column] *= factor
    check = nn.check_gradients(bowl, W, gradient)
    assert not check.passed
    assert check.where == f"[{row}, {column}]"
    assert check.slope == pytest.approx(right)
    assert check.given == pytest.approx(right * factor)
    assert "failed" in str(check)


def test_a_bias_forgotten_in_a_network_is_named() -> None:
    rng = np.random.default_rng(0)
    parameters = nn.initialize((3, 4, 1), True, "torch_uniform", rng)
    X, Y = rng.normal(size=(6, 3)), rng.normal(size=(6, 1))

    def value(at: nn.Parameters) -> float:
        return nn.loss_forward(nn.MSE(), nn.network_forward(X, at, [nn.tanh])[0], Y)[0]

    Z, tape = nn.network_forward(X, parameters, [nn.tanh])
    gradients = nn.network_backward(nn.loss_backward(nn.loss_forward(nn.MSE(), Z, Y)[1]), tape)
    assert nn.check_gradients(value, parameters, gradients).passed
    gradients["layers.1.bias"] = np.zeros(1)
    assert nn.check_gradients(value, parameters, gradients).where == "layers.1.bias[0]"


def test_kinks_accept_what_lies_between_the_sides() -> None:
    x = np.array([0.0, 2.0])

    def value(x: np.ndarray) -> float:
        return float(np.abs(x).sum())

    for at_zero in (-1.0, 0.0, 0.3, 1.0):
        check = nn.check_gradients(value, x, np.array([at_zero, 1.0]))
        assert check.passed
        assert check.kinks == 1
    assert not nn.check_gradients(value, x, np.array([1.5, 1.0])).passed


def test_scales_far_from_one() -> None:
    for scale in (1e-8, 1e8):
        x = np.array([0.5, -2.0]) * scale

        def value(x: np.ndarray, scale: float = scale) -> float:
            return float(np.exp(x / max(scale, 1)).sum())

        gradient = np.exp(x / max(scale, 1)) / max(scale, 1)
        assert nn.check_gradients(value, x, gradient, tolerance=1e-4).passed, scale


def test_samples_are_chosen_by_seed(W: np.ndarray) -> None:
    gradient = W + A
    gradient[2, 1] = 9.0
    found = [nn.check_gradients(bowl, W, gradient, samples=4, seed=seed).passed for seed in range(40)]
    assert found == [nn.check_gradients(bowl, W, gradient, samples=4, seed=seed).passed for seed in range(40)]
    assert 0 < sum(found) < 40
    assert nn.check_gradients(bowl, W, gradient, samples=4).checked == 4


def test_the_point_is_left_alone(W: np.ndarray) -> None:
    before = W.copy()
    nn.check_gradients(bowl, W, W + A)
    np.testing.assert_array_equal(W, before)


def test_shapes_names_and_types_are_required() -> None:
    point = np.zeros((2, 3))
    with pytest.raises(ShapeError, match=r"\(2, 3\), got \(3, 2\); is it transposed"):
        nn.check_gradients(lambda x: 0.0, point, np.zeros((3, 2)))
    with pytest.raises(InputError, match=r"float64.*float32"):
        nn.check_gradients(lambda x: 0.0, point.astype(np.float32), point)
    with pytest.raises(ShapeError, match="named b, the point a"):
        nn.check_gradients(lambda x: 0.0, {"a": point}, {"b": point})


def test_an_activation_must_work_point_by_point() -> None:
    centered = nn.Activation(
        "centered", "z - mean", lambda Z: Z - Z.mean() + Z.std(), lambda Z, A: np.ones_like(Z), (-9, 9)
    )
    with pytest.raises(InputError, match="element by element"):
        nn.check_activation(centered)
    flat = nn.Activation("flat", "Σ z", lambda Z: Z.sum(), lambda Z, A: np.ones_like(Z), (-9, 9))
    with pytest.raises(ShapeError, match="must keep the shape"):
        nn.check_activation(flat)
