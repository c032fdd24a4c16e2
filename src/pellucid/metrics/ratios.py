"""Intervals for means and ratios of means that cannot be negative: losses, and losses over the loss of a base rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..records import Interval
from .intervals import NORMAL_ROWS, poisson_counts, quantile_for

FEWEST_FOR_DRAWS = 10  # with fewer rows, draws in which all rows are alike decide about the ends


def ratio_intervals(
    pairs: Sequence[tuple[np.ndarray, np.ndarray]], *, level: float = 0.95, draws: int = 1000, seed: int = 0
) -> list[Interval | None]:
    """The interval of Σa / Σb for each pair (a, b) of what rows add, both (rows,); a mean of x has the pair (w·x, w).

    The studentized bootstrap on the log scale (Efron and Tibshirani, "An introduction to the bootstrap", 1993, section
    12.5), all ratios with the same draws: losses are skewed, and BCa covers them less well (docs/coverage.md). Above
    20,000 rows, and below 10, Student's t with the influence function instead. None where the ratio is zero, or all
    rows are alike.
    """
    quantile_for(level)
    fits = [_Ratio(np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)) for a, b in pairs]
    rows = len(fits[0].a)
    if not FEWEST_FOR_DRAWS <= rows <= NORMAL_ROWS:
        return [ratio_by_influence(a, b, level=level) for a, b in pairs]
    useful = [fit for fit in fits if fit.told]
    terms = np.concatenate([fit.terms() for fit in useful]) if useful else np.empty((0, rows))
    sums = np.empty((draws, len(terms)))
    for block, counts in poisson_counts(rows, draws if useful else 0, seed):
        sums[block] = np.einsum("dr,kr->dk", counts, terms)
    drawn = dict(zip(map(id, useful), np.split(sums, max(1, len(useful)), axis=1)))
    return [fit.studentized(drawn[id(fit)], level, draws) if fit.told else None for fit in fits]


def ratio_by_influence(
    a: np.ndarray, b: np.ndarray, *, freedom: float | None = None, unseen: float = 0.0, level: float = 0.95
) -> Interval | None:
    """The interval of Σa / Σb on the log scale, by the influence of each row and Student's t.

    `freedom` is the degrees of freedom, rows - 1 when left out. `unseen` is what the worst row could add to Σa, where
    that is known: a tenth of such a row widens the interval. None as in `ratio_intervals`.
    """
    fit = _Ratio(a, b)
    if not fit.told:
        return None
    error = math.hypot(fit.error, math.sqrt(0.1) * unseen / float(b.sum()))
    reach = student_quantile(level, len(a) - 1 if freedom is None else freedom) * error / fit.value
    low, high = fit.value * math.exp(-reach), fit.value * math.exp(min(reach, 700.0))
    return Interval(low, high, level, "Student's t by the influence function, log scale")


def student_quantile(level: float, freedom: float) -> float:
    """The two-sided quantile of Student's t: 2.26 for 0.95 and 9 degrees of freedom."""
    from scipy.special import stdtrit

    quantile_for(level)
    return float(stdtrit(freedom, (1 + level) / 2))


def mirrored(interval: Interval | None) -> Interval | None:
    """The interval of 1 - x from that of x."""
    return None if interval is None else replace(interval, low=1 - interval.high, high=1 - interval.low)


class _Ratio:
    """Σa / Σb, its standard error by the influence function, and the same in resamples.

    Both are scaled by their largest, so that squares neither overflow nor vanish; `unit` scales the ratio back.
    """

    def __init__(self, a: np.ndarray, b: np.ndarray) -> None:
        largest = float(np.abs(a).max()), float(b.max())
        usable = min(largest) > 0
        self.a: np.ndarray = a / largest[0] if usable else a
        self.b: np.ndarray = b / largest[1] if usable else b
        self.unit = largest[0] / largest[1] if usable else 0.0
        base = float(self.b.sum()) if usable else 1.0
        self.ratio = float(self.a.sum()) / base
        influence = (self.a - self.ratio * self.b) / base
        rows = max(2, int(np.count_nonzero(b)))
        scaled = math.sqrt(float((influence**2).sum()) * rows / (rows - 1))
        # Rows that are all alike differ by rounding.
        self.told = usable and self.ratio > 0 and int(np.count_nonzero(b)) > 1 and scaled > 1e-12 * self.ratio
        self.value, self.error = self.ratio * self.unit, scaled * self.unit

    def terms(self) -> np.ndarray:
        """What rows add to the sums that the ratio and its standard error need."""
        return np.stack([self.a, self.b, self.a**2, self.a * self.b, self.b**2])

    def studentized(self, sums: np.ndarray, level: float, draws: int) -> Interval:
        """The interval from sums (draws, 5) of `terms` over resamples."""
        with np.errstate(all="ignore"):
            a, b, aa, ab, bb = sums.T
            ratio = a / b
            error = np.sqrt(aa - 2 * ratio * ab + ratio**2 * bb) / b
            pivots = np.log(ratio / self.ratio) * ratio / error
        low, high = np.quantile(pivots[np.isfinite(pivots)], [(1 - level) / 2, (1 + level) / 2])
        step = self.error / self.value
        ends = [self.value * math.exp(min(-pivot * step, 700.0)) for pivot in (high, low)]
        how = f"studentized bootstrap of {draws:,} draws, log scale"
        return Interval(min(ends[0], self.value), max(ends[1], self.value), level, how)
