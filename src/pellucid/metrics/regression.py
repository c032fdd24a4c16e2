"""Scores of predicted numbers: RMSE, MAE and R², for one target or several."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import InputError, ShapeError
from ..records import Score
from .checks import LIMIT, numbers, row_weights, same_rows
from .intervals import bootstrap


def rmse(
    truth: Any, predicted: Any, *, weights: Any = None, level: float = 0.95, draws: int = 1000, seed: int = 0
) -> Score:
    """The root of the mean squared error, in the units of the target.

    `truth` and `predicted` are (rows,) or (rows, outputs); the score of several outputs is the mean of
    theirs. The interval is `intervals.bootstrap`'s. Raises `InputError` for NaN and infinity (with the
    row), `ShapeError` for shapes that differ.
    """
    _, error, w = _errors(truth, predicted, weights)
    return _score(
        "RMSE",
        lambda sums: np.sqrt(_means(sums)).mean(axis=1),
        _terms(w, error**2),
        error.shape[1],
        level,
        draws,
        seed,
    )


def mae(
    truth: Any, predicted: Any, *, weights: Any = None, level: float = 0.95, draws: int = 1000, seed: int = 0
) -> Score:
    """The mean absolute error, in the units of the target; arguments and errors as `rmse`."""
    _, error, w = _errors(truth, predicted, weights)
    return _score(
        "MAE",
        lambda sums: _means(sums).mean(axis=1),
        _terms(w, np.abs(error)),
        error.shape[1],
        level,
        draws,
        seed,
    )


def r2(
    truth: Any, predicted: Any, *, weights: Any = None, level: float = 0.95, draws: int = 1000, seed: int = 0
) -> Score:
    """R²: the share of the target's variance in these rows that the prediction explains; 1 is perfect.

    0 is what the mean of these very rows would reach, and worse predictions are below 0. Arguments as
    `rmse`. Where the target is constant the share has no meaning; as in scikit-learn it then counts as 1
    for a perfect prediction and 0 for any other, and `detail` says so. Raises `InputError` for a single
    row, else as `rmse`.
    """
    truth, error, w = _errors(truth, predicted, weights)
    if len(truth) < 2:
        raise InputError("R² compares with the spread of the target, and one row has none; score at least two rows")
    outputs, counting = truth.shape[1], w > 0
    centered = truth - np.average(truth, axis=0, weights=w)
    differs = (truth[counting] != truth[counting][0]).any(axis=0)
    varied = differs & (np.average(centered**2, axis=0, weights=w) > 0)  # the square of 1e-200 is zero
    agreed = np.count_nonzero((error[counting] == 0).all(axis=0) & ~varied)

    def statistic(sums: np.ndarray) -> np.ndarray:
        squared, centers, spreads = np.split(_means(sums), 3, axis=1)
        mean: np.ndarray = (agreed + (1 - squared / (spreads - centers**2)).sum(axis=1)) / outputs
        return mean

    parts = np.concatenate([a[:, varied] for a in (error**2, centered, centered**2)], axis=1)
    score = _score("R²", statistic, _terms(w, parts), outputs, level, draws, seed)
    if not varied.all():
        detail = "the target is constant" if outputs == 1 else f"{(~varied).sum()} of {outputs} outputs are constant"
        score = dataclasses.replace(score, detail=f"{detail}: counted as 1 if perfect, else 0")
    return score


def _errors(truth: Any, predicted: Any, weights: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth and error as (rows, outputs) in float64, and the weights."""
    actual, guess = (
        array[:, None] if array.ndim == 1 else array
        for array in (
            numbers("truth", truth).astype(np.float64),
            numbers("predicted", predicted).astype(np.float64),
        )
    )
    same_rows(("truth", actual), ("predicted", guess))
    if actual.shape != guess.shape:
        raise ShapeError(
            f"truth has {actual.shape[1]} outputs and predicted has {guess.shape[1]}; give the same outputs"
        )
    if max(np.abs(actual).max(), np.abs(guess).max()) > LIMIT:
        raise InputError(f"truth and predicted should stay below {LIMIT:g} in size; rescale the target")
    return actual, actual - guess, row_weights(weights, len(actual))


def _terms(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The weights and the weighted values (rows, kinds), as terms (1 + kinds, rows) of sums."""
    return np.concatenate([weights[None], (weights[:, None] * values).T])


def _means(sums: np.ndarray) -> np.ndarray:
    means: np.ndarray = sums[:, 1:] / sums[:, :1]
    return means


def _score(
    name: str,
    statistic: Callable[[np.ndarray], np.ndarray],
    terms: np.ndarray,
    outputs: int,
    level: float,
    draws: int,
    seed: int,
) -> Score:
    return Score(
        name,
        float(statistic(terms.sum(axis=1)[None])[0]),
        bootstrap(statistic, terms, level=level, draws=draws, seed=seed),
        terms.shape[1],
        higher_is_better=name == "R²",
        detail=f"mean over {outputs} outputs" if outputs > 1 else "",
    )
