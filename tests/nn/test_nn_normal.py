"""The normal distribution in NumPy against SciPy's."""

import numpy as np
import pytest
from scipy.special import ndtr

from pellucid.nn.normal import normal_below

Z = np.concatenate([np.linspace(-45, 45, 20001), [-1e4, -0.0, 0.0, 1e-300, 1e4]])


@pytest.mark.parametrize(("dtype", "error"), [("float64", 4e-16), ("float32", 3e-7)])
def test_it_is_scipys_to_rounding(dtype: str, error: float) -> None:
    below = normal_below(Z.astype(dtype))
    assert below.dtype == dtype
    assert np.abs(below - ndtr(Z.astype(dtype).astype(np.float64))).max() < error
    assert np.isnan(normal_below(np.array([np.nan], dtype))).all()


def test_the_lower_tail_keeps_its_digits() -> None:
    tail = Z[(Z < -1) & (Z > -37)]
    np.testing.assert_allclose(normal_below(tail), ndtr(tail), rtol=1e-12)


def test_any_shape() -> None:
    square = np.array([[-1.0, 0.5], [2.0, 0.0]])
    np.testing.assert_array_equal(normal_below(square), normal_below(square.ravel()).reshape(2, 2))
