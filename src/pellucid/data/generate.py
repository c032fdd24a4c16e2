"""Small tables made by a formula, for lessons and tests. Same seed, same numbers."""

from __future__ import annotations

import numpy as np

from ..errors import SpecError


def line(
    slope: float = 2.0, intercept: float = 1.0, *, rows: int = 100, noise: float = 0.1, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Points near a line: y = slope·x + intercept + ε, with ε normal of standard deviation `noise`.

    x runs evenly from -1 to 1. Gives X (rows, 1) and y (rows,), float64.
    """
    _check(rows, noise, seed)
    x = np.linspace(-1.0, 1.0, rows)
    y = slope * x + intercept + noise * np.random.default_rng(seed).standard_normal(rows)
    return x[:, None], y


def quadratic(
    a: float = 3.0,
    b: float = 2.0,
    c: float = 1.0,
    *,
    rows: int = 20,
    multiplicative_noise: float = 0.15,
    additive_noise: float = 0.15,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Points near a parabola: y = (a·x² + b·x + c)·(1 + μ) + ε.

    μ and ε are normal with standard deviations `multiplicative_noise` and `additive_noise`; x runs evenly from -2
    to 2. Gives X (rows, 1) and y (rows,), float64.
    """
    _check(rows, multiplicative_noise, seed)
    _check(rows, additive_noise, seed)
    rng = np.random.default_rng(seed)
    x = np.linspace(-2.0, 2.0, rows)
    factor = 1 + multiplicative_noise * rng.standard_normal(rows)
    y = (a * x**2 + b * x + c) * factor + additive_noise * rng.standard_normal(rows)
    return x[:, None], y


def moons(rows: int = 100, noise: float = 0.1, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two half circles that reach into each other: exactly scikit-learn's `make_moons(rows, random_state=seed)`.

    Class 0 is (cos t, sin t) and class 1 is (1 - cos t, 1/2 - sin t) for t from 0 to π, plus normal noise of
    standard deviation `noise`. Gives X (rows, 2) float64 and y (rows,) int64.
    """
    from sklearn.datasets import make_moons

    _check(rows, noise, seed)
    X, y = make_moons(n_samples=rows, noise=noise or None, random_state=seed)
    return X, y.astype(np.int64)


def circles(
    rows: int = 100, noise: float = 0.1, seed: int = 0, *, factor: float = 0.8
) -> tuple[np.ndarray, np.ndarray]:
    """A circle around a smaller one: exactly scikit-learn's `make_circles(rows, random_state=seed, factor=factor)`.

    Class 0 has radius 1, class 1 radius `factor`; normal noise of standard deviation `noise` is added.
    Gives X (rows, 2) float64 and y (rows,) int64.
    """
    from sklearn.datasets import make_circles

    _check(rows, noise, seed)
    if not 0 <= factor < 1:
        raise SpecError(f"factor must be at least 0 and below 1, got {factor}")
    X, y = make_circles(n_samples=rows, noise=noise or None, random_state=seed, factor=factor)
    return X, y.astype(np.int64)


def spiral(
    rows: int = 300, classes: int = 3, noise: float = 0.1, turns: float = 0.75, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Arms of a spiral, one a class: (r·sin φ, r·cos φ) with r from 0 to 1 and φ = 2π·(k / classes + turns·r) + ε.

    k is the class and ε is normal with standard deviation `noise` in radians. Gives X (rows, 2) float64 and
    y (rows,) int64; the classes differ by one row at most.
    """
    _check(rows, noise, seed, least=classes)
    if classes < 1:
        raise SpecError(f"classes must be 1 or more, got {classes}")
    y = np.arange(rows) * classes // rows
    radius = np.concatenate([np.linspace(0.0, 1.0, int((y == k).sum())) for k in range(classes)])
    epsilon = noise * np.random.default_rng(seed).standard_normal(rows)
    angle = 2 * np.pi * (y / classes + turns * radius) + epsilon
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)]), y.astype(np.int64)


def xor(rows: int = 200, noise: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points in the square from -1 to 1: y = 1 where x0·x1 < 0, else 0; then normal noise is added to both inputs.

    Gives X (rows, 2) float64 and y (rows,) int64.
    """
    _check(rows, noise, seed)
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1.0, 1.0, (rows, 2))
    y = (X[:, 0] * X[:, 1] < 0).astype(np.int64)
    return X + noise * rng.standard_normal((rows, 2)), y


def random_labels(rows: int = 100, inputs: int = 10, classes: int = 2, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Inputs drawn from the standard normal and labels drawn without looking at them: there is nothing to learn.

    Gives X (rows, inputs) float64 and y (rows,) int64 from 0 to classes - 1.
    """
    _check(rows, 0.0, seed)
    if inputs < 1 or classes < 1:
        raise SpecError(f"inputs and classes must be 1 or more, got {inputs} and {classes}")
    rng = np.random.default_rng(seed)
    return rng.standard_normal((rows, inputs)), rng.integers(0, classes, rows, dtype=np.int64)


def _check(rows: int, noise: float, seed: int, least: int = 1) -> None:
    if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool) or seed < 0:
        raise SpecError(f"seed must be a whole number of at least 0, got {seed!r}")
    if rows < least:
        raise SpecError(f"rows must be {least} or more, got {rows}")
    if noise < 0:
        raise SpecError(f"noise is a standard deviation and must not be negative, got {noise}")
