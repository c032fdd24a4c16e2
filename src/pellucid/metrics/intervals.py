"""How far a score can be trusted: intervals for proportions, sums over rows and areas under the curve."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from statistics import NormalDist

import numpy as np

from ..errors import InputError, ShapeError
from ..records import Interval

NORMAL_ROWS = 20_000  # with more rows the normal interval and the bootstrap agree to the digits that are shown
_STANDARD = NormalDist()


def wilson(successes: float, rows: float, level: float = 0.95) -> Interval:
    """Interval for a proportion, `successes` of `rows`; both may be fractions when rows are weighted.

    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927). Unlike
    the normal interval it never leaves [0, 1] and has width when all rows succeed. Raises `InputError`
    unless 0 ≤ successes ≤ rows, rows > 0 and 0 < level < 1.
    """
    if not (rows > 0 and 0 <= successes <= rows):
        raise InputError(f"expected 0 ≤ successes ≤ rows and rows > 0; got {successes:g} successes of {rows:g} rows")
    z = quantile_for(level)
    share = successes / rows
    center = (successes + z * z / 2) / (rows + z * z)
    half = z / (rows + z * z) * math.sqrt(rows * share * (1 - share) + z * z / 4)
    low = 0.0 if successes == 0 else max(0.0, center - half)
    high = 1.0 if successes == rows else min(1.0, center + half)
    return Interval(low, high, level, "Wilson")


def bootstrap(
    statistic: Callable[[np.ndarray], np.ndarray],
    terms: np.ndarray,
    *,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Interval | None:
    """Interval for a score that is a function of sums over rows, such as a mean, a root mean or a ratio.

    `terms` (kinds, rows) are what each row adds to each sum; `statistic` takes sums (draws, kinds) to
    scores (draws,) and must not change when all sums are multiplied by the same number. A weighted mean has
    the terms `w` and `w · x` and the statistic `sums[:, 1] / sums[:, 0]`.

    Up to 20,000 rows: `draws` resamples in which every row counts Poisson(1) times, read off as the
    bias-corrected and accelerated interval (Efron, "Better bootstrap confidence intervals", JASA 82, 1987),
    or as plain percentiles where all draws fall on one side of the score. Above: the normal interval by the
    influence function, unless that is zero everywhere, as it is for R² of the mean. None when the rows tell
    nothing about the spread: a single row, or rows that are all alike. Raises `ShapeError` unless `terms`
    has rows, `InputError` for a level outside (0, 1) or fewer than 100 draws.
    """
    z = quantile_for(level)
    if terms.ndim != 2 or terms.size == 0:
        raise ShapeError(f"terms should have shape (kinds, rows) with at least one row; it has shape {terms.shape}")
    if draws < 100:
        raise InputError(f"expected at least 100 bootstrap draws; got {draws}; 1000 serve well")
    rows = terms.shape[1]
    sums = terms.sum(axis=1)
    value = float(statistic(sums[None])[0])
    influence = _influence(statistic, terms, sums)
    if rows > NORMAL_ROWS and influence.any():
        half = z * float(np.sqrt((influence**2).sum()))
        return Interval(value - half, value + half, level, "normal, by the influence function")
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = statistic(_poisson_sums(terms, draws, seed))
    scores = scores[np.isfinite(scores)]
    if rows < 2 or len(scores) < 2 or np.ptp(scores) <= 1e-12 * abs(value):
        return None
    return _bias_corrected(value, scores, influence, z, level, draws)


def newcombe(auc: float, positives: float, negatives: float, level: float = 0.95) -> Interval:
    """Interval for an area under the ROC curve from the numbers of rows; it has width even at 0 and 1.

    Newcombe, "Confidence intervals for an effect size measure based on the Mann-Whitney statistic, part 2",
    Statistics in Medicine 25 (2006), method 5: the areas A with |auc - A| ≤ z √V(A), where V is Hanley and
    McNeil's variance with m - 1 and n - 1 both replaced by (m + n) / 2 - 1. Raises `InputError` for an area
    outside [0, 1].
    """
    z = quantile_for(level)
    if not (0 <= auc <= 1 and positives > 0 and negatives > 0):
        raise InputError(
            f"expected an area in [0, 1] and rows of both classes; got {auc:g}, {positives:g}, {negatives:g}"
        )

    def outside(area: float) -> bool:
        return (auc - area) ** 2 > z * z * newcombe_variance(area, positives, negatives)

    return Interval(_edge(0.0, auc, outside), _edge(1.0, auc, outside), level, "Newcombe's method 5")


def newcombe_variance(auc: float, positives: float, negatives: float) -> float:
    """The variance of an area under the ROC curve by the numbers of rows alone, as `newcombe` takes it."""
    mean_rows = (positives + negatives) / 2 - 1
    spread = 1 + mean_rows * ((1 - auc) / (2 - auc) + auc / (1 + auc))
    return auc * (1 - auc) * spread / (positives * negatives)


def delong(auc: float, variance: float, level: float = 0.95) -> Interval:
    """Interval for an area under the ROC curve from its variance, made on the logit scale.

    The variance is DeLong, DeLong and Clarke-Pearson's, Biometrics 44 (1988); the logit scale, which keeps
    the ends in (0, 1), is the choice of Perme and Manevski, "Confidence intervals for the Mann-Whitney
    test", Statistical Methods in Medical Research 28 (2019). Raises `InputError` unless 0 < auc < 1;
    `newcombe` serves there.
    """
    z = quantile_for(level)
    if not (0 < auc < 1 and variance > 0):
        raise InputError(f"expected an area inside (0, 1) and a variance above 0; got {auc:g} and {variance:g}")
    center = math.log(auc / (1 - auc))
    half = z * math.sqrt(variance) / (auc * (1 - auc))
    low, high = (_logistic(center + side * half) for side in (-1, 1))
    return Interval(low, high, level, "DeLong, logit scale")


def quantile_for(level: float) -> float:
    """The normal quantile of a two-sided interval (1.96 for 0.95); `InputError` unless 0 < level < 1."""
    if not 0 < level < 1:
        raise InputError(f"the level of an interval lies between 0 and 1, such as 0.95; got {level!r}")
    return _STANDARD.inv_cdf((1 + level) / 2)


def _influence(statistic: Callable[[np.ndarray], np.ndarray], terms: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """How far each row moves the score, (rows,): the statistic's slope in each sum times the row's terms.

    No term for the mean is needed: the statistic is the same for all multiples of the sums, so its slope
    along them is zero. All zeros where the slopes cancel to mere rounding.
    """
    steps = np.diag(1e-6 * np.abs(sums))
    rise = statistic(sums + steps) - statistic(sums - steps)
    run = 2 * np.diagonal(steps)
    slopes = np.divide(rise, run, out=np.zeros_like(run), where=run > 0)
    influence: np.ndarray = slopes @ terms
    uncancelled = np.abs(slopes) @ np.abs(terms)
    if np.linalg.norm(influence) <= 1e-8 * np.linalg.norm(uncancelled):
        return np.zeros_like(influence)
    return influence


def poisson_counts(rows: int, draws: int, seed: int) -> Iterator[tuple[slice, np.ndarray]]:
    """How often each row counts in each resample, Poisson(1) each on its own, in blocks of draws: (block, rows).

    Counts come from 16 random bits through a table of the Poisson distribution, four times faster than drawing them
    one by one. A block stays in the processor's cache; the slice says which draws it is.
    """
    chances = np.cumsum([math.exp(-1) / math.factorial(k) for k in range(9)])
    table = np.searchsorted(chances, (np.arange(65536) + 0.5) / 65536).astype(np.float64)
    rng = np.random.default_rng(seed)
    block = max(1, 50_000 // rows)
    for start in range(0, draws, block):
        size = min(block, draws - start)
        yield slice(start, start + size), table.take(rng.integers(0, 65536, size=(size, rows), dtype=np.uint16))


def _poisson_sums(terms: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """Sums (draws, kinds) over resamples; without BLAS, whose order of summation depends on the number of threads."""
    sums = np.empty((draws, len(terms)))
    for block, counts in poisson_counts(terms.shape[1], draws, seed):
        sums[block] = np.einsum("dr,kr->dk", counts, terms)
    return sums


def _bias_corrected(
    value: float, scores: np.ndarray, influence: np.ndarray, z: float, level: float, draws: int
) -> Interval:
    below = (np.count_nonzero(scores < value) + np.count_nonzero(scores <= value)) / (2 * len(scores))
    power = float((influence**2).sum())
    if below in (0, 1) or power == 0:
        low, high = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2])
        return Interval(
            min(float(low), value),
            max(float(high), value),
            level,
            f"bootstrap, percentiles of {draws:,} draws",
        )
    bias = _STANDARD.inv_cdf(below)
    acceleration = float((influence**3).sum()) / (6 * power**1.5)
    shares = [_STANDARD.cdf(bias + (bias + side * z) / (1 - acceleration * (bias + side * z))) for side in (-1, 1)]
    low, high = np.quantile(scores, shares)
    return Interval(float(low), float(high), level, f"bootstrap, BCa of {draws:,} draws")


def _edge(end: float, inner: float, outside: Callable[[float], bool]) -> float:
    """The border between `inner`, which is in the interval, and `end`, by halving."""
    if not outside(end):
        return end
    for _ in range(60):
        middle = (inner + end) / 2
        if outside(middle):
            end = middle
        else:
            inner = middle
    return inner


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
