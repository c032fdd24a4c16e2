"""Activations: values by hand, derivatives by differences, extremes without a warning."""

import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from pellucid import nn
from pellucid.errors import SpecError

ALL = pytest.mark.parametrize("name", sorted(nn.ACTIVATIONS))

# At z = 1 and z = -1, from the formulas with e = 2.718281828.
BY_HAND = {
    "identity": (1.0, -1.0),
    "sigmoid": (0.7310585786, 0.2689414214),  # 1 / (1 + 1/e), 1 / (1 + e)
    "tanh": (0.7615941560, -0.7615941560),  # (e² - 1) / (e² + 1)
    "relu": (1.0, 0.0),
    "leaky_relu": (1.0, -0.01),
    "elu": (1.0, -0.6321205588),  # 1/e - 1
    "gelu": (0.8413447461, -0.1586552539),  # 84.13 % of a normal distribution lies below 1
    "silu": (0.7310585786, -0.2689414214),
    "mish": (0.8650983883, -0.3034014614),
    "softplus": (1.3132616875, 0.3132616875),  # ln(1 + e), ln(1 + 1/e)
}


@ALL
def test_values_by_hand(name: str) -> None:
    np.testing.assert_allclose(nn.ACTIVATIONS[name](np.array([1.0, -1.0])), BY_HAND[name], atol=1e-9)


@ALL
def test_derivative_is_the_slope(name: str) -> None:
    check = nn.check_activation(nn.ACTIVATIONS[name])
    assert check.passed, str(check)
    assert check.kinks == (1 if name in ("relu", "leaky_relu") else 0)


@ALL
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_type_and_stays_finite_far_out(name: str, dtype: type) -> None:
    activation = nn.ACTIVATIONS[name]
    Z = np.array([[-1e4, -100, -20, -1e-8, 0], [1e4, 100, 20, 1e-8, -0.0]], dtype=dtype)
    A = activation.forward(Z)
    D = activation.derivative(Z, A)
    assert A.dtype == D.dtype == dtype
    assert A.shape == D.shape == Z.shape
    assert np.isfinite(A).all()
    assert np.isfinite(D).all()
    low, high = activation.range
    assert (np.float32(low) - 1e-6 <= A).all()
    assert (high >= A).all()


@ALL
def test_range_is_filled_and_not_left(name: str) -> None:
    A = nn.ACTIVATIONS[name](np.linspace(-60, 60, 24_001))
    for end, reached in zip(nn.ACTIVATIONS[name].range, (A.min(), A.max())):
        if math.isfinite(end):
            assert reached == pytest.approx(end, abs=1e-4)
        else:
            assert abs(reached) > 0.5


@settings(deadline=None)
@given(st.floats(-500, 500))
def test_sigmoid_and_softplus_equal_the_library(z: float) -> None:
    Z = np.array([z])
    np.testing.assert_allclose(nn.sigmoid(Z), special.expit(Z), rtol=1e-14)
    np.testing.assert_allclose(nn.softplus(Z), np.logaddexp(0, Z), rtol=1e-14)


def test_nan_is_not_hidden() -> None:
    for activation in nn.ACTIVATIONS.values():
        assert np.isnan(activation(np.array([np.nan]))).all(), activation.name


def test_misspelt_name_gets_the_nearest() -> None:
    with pytest.raises(SpecError, match="did you mean 'sigmoid'"):
        nn.get_activation("sigmiod")
    with pytest.raises(SpecError, match="name or an Activation"):
        nn.get_activation(3)


def square(Z: np.ndarray) -> np.ndarray:
    return Z * Z


def twice(Z: np.ndarray, A: np.ndarray) -> np.ndarray:
    return 2 * Z


def test_own_activation_is_checked() -> None:
    mine = nn.Activation("square", "z²", square, twice, (0.0, math.inf))
    assert nn.get_activation(mine) is mine
    wrong = nn.Activation("square", "z²", square, lambda Z, A: Z, (0.0, math.inf))
    with pytest.raises(SpecError, match="derivative of activation 'square' is wrong: failed, worst relative"):
        nn.get_activation(wrong)
    taken = nn.Activation("relu", "z²", square, twice, (0.0, math.inf))
    with pytest.raises(SpecError, match="is taken"):
        nn.get_activation(taken)


def test_activations_can_be_pickled() -> None:
    for activation in nn.ACTIVATIONS.values():
        assert nn.get_activation(pickle.loads(pickle.dumps(activation))) == activation
