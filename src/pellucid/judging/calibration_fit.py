"""Fitting each calibration to probabilities and the truth, by weighted log loss."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..errors import SpecError
from ..estimators.decision import SMALLEST, Calibration, CalibrationMethod, logit, sigmoid

STEPS = 100
WIDEST_TEMPERATURE = 100.0


def fit_calibration(
    method: CalibrationMethod, truth: np.ndarray, probability: np.ndarray, weights: np.ndarray
) -> Calibration | None:
    """The calibration of that kind for codes (rows,) and probabilities (rows, classes).

    None where the best one would turn the order of rows round, or where there is nothing to fit it to.
    """
    try:
        return _FITS[method](truth, probability, weights)
    except SpecError:
        return None


def row_losses(truth: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """-log of the probability of the true class, (rows,)."""
    losses: np.ndarray = -np.log(np.maximum(probability[np.arange(len(truth)), truth], SMALLEST))
    return losses


def _temperature(truth: np.ndarray, probability: np.ndarray, weights: np.ndarray) -> Calibration:
    """Guo et al. (2017), On calibration of modern neural networks; the loss has one minimum in 1 / temperature."""
    from scipy.optimize import minimize_scalar

    def loss(exponent: float) -> float:
        calibrated = Calibration("temperature", (float(np.exp(exponent)),))(probability)
        return float(np.average(row_losses(truth, calibrated), weights=weights))

    reach = float(np.log(WIDEST_TEMPERATURE))
    found = minimize_scalar(loss, bounds=(-reach, reach), method="bounded", options={"xatol": 1e-7})
    return Calibration("temperature", (float(np.exp(found.x)),))


def _platt(truth: np.ndarray, probability: np.ndarray, weights: np.ndarray) -> Calibration:
    """Platt (1999) on the logit."""
    z = logit(probability[:, 1])
    return Calibration("platt", _logistic([np.ones(len(z)), z], truth, weights))


def _quadratic(truth: np.ndarray, probability: np.ndarray, weights: np.ndarray) -> Calibration:
    """Platt's with a term z² more, for nets that are too sure on one side only."""
    z = logit(probability[:, 1])
    coefficients = _logistic([np.ones(len(z)), z, z**2], truth, weights)
    return Calibration("quadratic", coefficients, (float(z.min()), float(z.max())))


def _isotonic(truth: np.ndarray, probability: np.ndarray, weights: np.ndarray) -> Calibration:
    """The best function that never falls (pool adjacent violators), kept as far from 0 and 1 as Laplace's rule does."""
    from sklearn.isotonic import IsotonicRegression

    rows = float(weights.sum())
    least = 1 / (rows + 2)
    fitted = IsotonicRegression(y_min=least, y_max=1 - least, out_of_bounds="clip")
    fitted.fit(probability[:, 1], truth.astype(float), weights)
    # As running maxima: rounding may make a value smaller than the one before by a last digit.
    values = np.maximum.accumulate(fitted.y_thresholds_)
    return Calibration("isotonic", (), tuple(fitted.X_thresholds_.tolist()), tuple(values.tolist()))


def _logistic(features: list[np.ndarray], truth: np.ndarray, weights: np.ndarray) -> tuple[float, ...]:
    """Coefficients of a logistic regression, by Newton's method with halved steps.

    Targets are drawn in from 0 and 1 as Platt (1999) does, so that rows that are told apart without a mistake still
    give finite coefficients.
    """
    F = np.stack(features)
    ones = float(weights[truth == 1].sum())
    zeros = float(weights[truth == 0].sum())
    targets = np.where(truth == 1, (ones + 1) / (ones + 2), 1 / (zeros + 2))

    def loss(c: np.ndarray) -> float:
        s = c @ F
        return float(weights @ (np.logaddexp(0, s) - targets * s))

    c = np.zeros(len(F))
    c[1] = 1.0
    for _ in range(STEPS):
        p = sigmoid(c @ F)
        slope = F @ (weights * (p - targets))
        bend = (F * (weights * p * (1 - p))) @ F.T
        step = np.linalg.lstsq(bend, slope, rcond=1e-12)[0]
        before = loss(c)
        while np.abs(step).max() > 1e-12 and not loss(c - step) <= before:
            step = step / 2
        c = c - step
        if np.abs(step).max() <= 1e-10:
            break
    return tuple(c.tolist())


_FITS: dict[CalibrationMethod, Callable[[np.ndarray, np.ndarray, np.ndarray], Calibration]] = {
    "temperature": _temperature,
    "platt": _platt,
    "quadratic": _quadratic,
    "isotonic": _isotonic,
}
