"""Scores of predicted numbers: RMSE, MAE, R², median absolute error and pinball loss, for one target or several."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import InputError, ShapeError
from ..records import Interval, Score
from .checks import LIMIT, numbers, row_weights, same_rows
from .few_rows import with_reason
from .intervals import bootstrap, wilson
from .ranks import effective_rows
from .ratios import mirrored, ratio_intervals


def rmse(
    truth: Any, predicted: Any, *, weights: Any = None, level: float = 0.95, draws: int = 1000, seed: int = 0
) -> Score:
    """The root of the mean squared error, in the units of the target.

    `truth` and `predicted` are (rows,) or (rows, outputs); the score of several outputs is the mean of
    theirs. The interval of one output is `ratios.ratio_intervals`', of several `intervals.bootstrap`'s.
    Raises `InputError` for NaN and infinity (with the row), `ShapeError` for shapes that differ.
    """
    _, error, w = errors_of(truth, predicted, weights)
    return _mean_score("RMSE", error**2, w, np.sqrt, level, draws, seed)


def mae(
    truth: Any, predicted: Any, *, weights: Any = None, level: float = 0.95, draws: int = 1000, seed: int = 0
) -> Score:
    """The mean absolute error, in the units of the target; arguments, interval and errors as `rmse`."""
    _, error, w = errors_of(truth, predicted, weights)
    return _mean_score("MAE", np.abs(error), w, np.positive, level, draws, seed)


def pinball(
    truth: Any,
    predicted: Any,
    quantile: float,
    *,
    weights: Any = None,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Score:
    """The mean pinball loss of a predicted quantile, in the units of the target; 0.5 gives half the MAE.

    A truth above the prediction costs `quantile` times the distance, one below 1 - `quantile` times. Koenker
    and Bassett, "Regression quantiles", Econometrica 46 (1978). Arguments, interval and errors as `rmse`;
    raises `InputError` also unless 0 < quantile < 1.
    """
    if not 0 < quantile < 1:
        raise InputError(f"a quantile lies between 0 and 1, such as 0.9; got {quantile!r}")
    _, error, w = errors_of(truth, predicted, weights)
    cost = np.where(error >= 0, quantile * error, (quantile - 1) * error)
    return _mean_score(f"pinball loss at {quantile:g}", cost, w, np.positive, level, draws, seed)


def median_absolute_error(truth: Any, predicted: Any, *, weights: Any = None, level: float = 0.95) -> Score:
    """The error in size that half of the rows exceed, in the units of the target; arguments and errors as `rmse`.

    The interval holds the errors at the Wilson limits of a share of one half: no assumption on the errors. Of
    several outputs both are means of theirs.
    """
    _, error, w = errors_of(truth, predicted, weights)
    kept = w > 0
    error, w = np.abs(error[kept]), w[kept]
    share = wilson(effective_rows(w) / 2, effective_rows(w), level)
    value, low, high = (quantiles(error, w, part).mean() for part in (0.5, share.low, share.high))
    method = "errors at the Wilson limits of one half"
    interval = Interval(float(low), float(high), level, method) if len(error) > 1 and high > low else None
    outputs = f"mean over {error.shape[1]} outputs" if error.shape[1] > 1 else ""
    score = Score("median absolute error", float(value), interval, len(kept), higher_is_better=False, detail=outputs)
    return with_reason(score)


def quantiles(values: np.ndarray, weights: np.ndarray, share: float) -> np.ndarray:
    """The weighted quantile of each column of values (rows, columns), the mean of two where the share falls between.

    Hyndman and Fan's second definition, "Sample quantiles in statistical packages", The American Statistician 50
    (1996). No weight is zero.
    """
    order = np.argsort(values, axis=0)
    below = np.cumsum(weights[order], axis=0)
    found = np.empty(values.shape[1])
    for k, (column, mass) in enumerate(zip(np.take_along_axis(values, order, axis=0).T, below.T)):
        wanted = share * mass[-1]
        place = min(int(np.searchsorted(mass, wanted)), len(mass) - 1)
        following = min(place + 1, len(mass) - 1) if mass[place] - wanted <= np.finfo(np.float64).eps else place
        found[k] = (column[place] + column[following]) / 2
    return found


def r2(
    truth: Any, predicted: Any, *, weights: Any = None, level: float = 0.95, draws: int = 1000, seed: int = 0
) -> Score:
    """R²: the share of the target's variance in these rows that the prediction explains; 1 is perfect.

    0 is what the mean of these very rows would reach, and worse predictions are below 0. Arguments as
    `rmse`. Where the target is constant the share has no meaning; as in scikit-learn it then counts as 1
    for a perfect prediction and 0 for any other, and `detail` says so. Raises `InputError` for a single
    row, else as `rmse`.
    """
    truth, error, w = errors_of(truth, predicted, weights)
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

    if outputs == 1 and varied[0]:
        pair = (w * error[:, 0] ** 2, w * centered[:, 0] ** 2)
        (interval,) = ratio_intervals([pair], level=level, draws=draws, seed=seed)
        value = 1 - float(pair[0].sum() / pair[1].sum())
        if interval is not None or value == 1:
            return with_reason(Score("R²", value, mirrored(interval), len(truth)))
        # No row moves the score by itself, as in R² of the mean: only resamples tell how it spreads.
    parts = np.concatenate([a[:, varied] for a in (error**2, centered, centered**2)], axis=1)
    score = _score("R²", statistic, _terms(w, parts), outputs, level, draws, seed)
    if not varied.all():
        detail = "the target is constant" if outputs == 1 else f"{(~varied).sum()} of {outputs} outputs are constant"
        score = dataclasses.replace(score, detail=f"{detail}: counted as 1 if perfect, else 0")
    return score


def errors_of(truth: Any, predicted: Any, weights: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth and error as (rows, outputs) in float64, and the weights; raises as `rmse` does."""
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


def _mean_score(name: str, costs: np.ndarray, w: np.ndarray, shown: Any, level: float, draws: int, seed: int) -> Score:
    """A score that is `shown` (a root, or nothing) of the mean costs (rows, outputs)."""
    if costs.shape[1] > 1:
        return _score(
            name, lambda sums: shown(_means(sums)).mean(axis=1), _terms(w, costs), costs.shape[1], level, draws, seed
        )
    (interval,) = ratio_intervals([(w * costs[:, 0], w)], level=level, draws=draws, seed=seed)
    return mean_score(name, costs[:, 0], w, shown, interval)


def mean_score(name: str, costs: np.ndarray, w: np.ndarray, shown: Any, interval: Interval | None) -> Score:
    """The score `shown` of the mean of costs (rows,), with the interval of that mean carried over."""
    if interval is not None:
        interval = dataclasses.replace(interval, low=float(shown(interval.low)), high=float(shown(interval.high)))
    value = float(shown((w * costs).sum() / w.sum()))
    return with_reason(Score(name, value, interval, len(costs), higher_is_better=False))


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
    score = Score(
        name,
        float(statistic(terms.sum(axis=1)[None])[0]),
        bootstrap(statistic, terms, level=level, draws=draws, seed=seed),
        terms.shape[1],
        higher_is_better=name == "R²",
        detail=f"mean over {outputs} outputs" if outputs > 1 else "",
    )
    return with_reason(score)
