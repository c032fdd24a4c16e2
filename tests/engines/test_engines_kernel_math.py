"""exp, expm1, log1p, tanh and the normal distribution of the kernels, against NumPy's 80-bit numbers and SciPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numba import njit
from scipy.special import erfcx

from pellucid.engines import kernels

TYPES = [np.float32, np.float64]


def table_of(function: Any, x: np.ndarray) -> np.ndarray:
    """`function` of every number, in the vector code that the kernels get."""

    @njit(fastmath=kernels.FAST, error_model="numpy")
    def fill(x: np.ndarray, out: np.ndarray) -> None:
        for k in range(x.size):
            out[k] = function(x[k])

    out = np.empty_like(x)
    fill(x, out)
    return out


def error_in_ulp(found: np.ndarray, exact: np.ndarray) -> float:
    unit = np.spacing(np.abs(exact).astype(found.dtype)).astype(np.longdouble)
    return float((np.abs(found.astype(np.longdouble) - exact) / unit).max())


def spread_below_zero(rng: np.random.Generator, least: float) -> np.ndarray:
    return np.concatenate(
        [rng.uniform(least, 0, 100_000), -rng.exponential(1, 100_000), -(10 ** rng.uniform(-12, 0, 100_000))]
    )


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(
    ("name", "exact", "most"), [("exp_below", np.exp, 1.2), ("expm1_below", np.expm1, 2.0)], ids=["exp", "expm1"]
)
def test_exponentials(dtype: type, name: str, exact: Callable[..., np.ndarray], most: float) -> None:
    x = spread_below_zero(np.random.default_rng(0), -87 if dtype is np.float32 else -708).astype(dtype)
    assert error_in_ulp(table_of(getattr(kernels, name), x), exact(x.astype(np.longdouble))) < most
    ends = np.array([0, -1e30, -np.inf, np.nan], dtype)
    one, *small, nan = table_of(getattr(kernels, name), ends)
    np.testing.assert_allclose(small, exact(-1e30), atol=1e-37)
    assert one == exact(0)
    assert np.isnan(nan)


@pytest.mark.parametrize("dtype", TYPES)
def test_tanh(dtype: type) -> None:
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.uniform(-12, 12, 100_000), rng.normal(size=100_000) * 10 ** rng.uniform(-9, 0, 100_000)])
    x = x.astype(dtype)
    assert error_in_ulp(table_of(kernels.tanh, x), np.tanh(x.astype(np.longdouble))) < 3
    ends = table_of(kernels.tanh, np.array([np.inf, -np.inf, np.nan, 1e30], dtype))
    np.testing.assert_array_equal(ends, [1, -1, np.nan, 1])


@pytest.mark.parametrize("dtype", TYPES)
def test_log1p(dtype: type) -> None:
    rng = np.random.default_rng(2)
    x = np.concatenate([rng.uniform(0, 1, 100_000), 10 ** rng.uniform(-30, 0, 100_000), [1.0]]).astype(dtype)
    assert error_in_ulp(table_of(kernels.log1p_unit, x), np.log1p(x.astype(np.longdouble))) < 3
    assert np.isnan(table_of(kernels.log1p_unit, np.array([np.nan], dtype))[0])


@pytest.mark.parametrize(("dtype", "most"), [(np.float32, 2.5e-7), (np.float64, 1e-15)])
def test_the_tail_of_the_normal_distribution(dtype: type, most: float) -> None:
    u = np.concatenate([np.linspace(0, 10, 100_001), [50.0, 1e4, 1e30]]).astype(dtype)
    exact = erfcx(u.astype(np.float64) / np.sqrt(2)) / 2
    assert np.abs(table_of(kernels.half_erfcx, u) - exact).max() < most


@pytest.mark.parametrize("dtype", TYPES)
def test_logarithm_keeps_what_is_not_finite(dtype: type) -> None:
    x = np.array([0.0, 1.0, 2.0, np.inf, np.nan, -1.0], dtype)
    found = table_of(kernels.log_positive, x)
    np.testing.assert_allclose(found[:4], [-np.inf, 0, np.log(2), np.inf], rtol=1e-6)
    assert np.isnan(found[4])
