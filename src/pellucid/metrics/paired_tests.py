"""Does one model really beat another? Tests of two predictions for the same rows, or of two scores in the same folds.

Every test is two-sided: its p-value is the chance of a difference at least as large if there were none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError, ShapeError
from ..records import Interval, Record, counted
from .checks import labels_of, numbers, same_rows
from .few_rows import ENOUGH_ROWS, FEWEST_ROWS, NOT_MEASURED
from .intervals import quantile_for
from .ranks import area


@dataclass(frozen=True)
class PairedTest(Record):
    """`difference` is first minus second, `error` its standard error, `statistic` what the p-value was read from.

    `interval` is that of the difference; None, as NaN stands for the statistic, where the rows tell of no spread, or of
    fewer than 5 rows of a class, which are too few to test areas.
    `detail` says what else must be known: counts, degrees of freedom.
    """

    name: str
    difference: float
    error: float
    interval: Interval | None
    statistic: float
    p_value: float
    rows: int
    detail: str = ""

    def __str__(self) -> str:
        told = f"{self.name}: p = {self.p_value:.3g}" if self.p_value == self.p_value else self.name
        return f"{told} ({self.detail})"


def resampled_t_test(first: Any, second: Any, *, held_out_share: float, level: float = 0.95) -> PairedTest:
    """Corrected resampled t-test of two scores (folds,) from the same folds.

    Folds share training rows, so the variance of the mean difference over k folds is taken as (1/k + r) s², with
    r = held-out rows / training rows (`held_out_share`), and Student's t has k - 1 degrees of freedom. Nadeau and
    Bengio, "Inference for the generalization error", Machine Learning 52 (2003), equation 9; over repeated cross
    validation Bouckaert and Frank (2004). r = 0 is the plain paired t-test, which claims too much.

    Raises `ShapeError` unless there are two folds or more and equally many scores, `InputError` for a share below 0.
    """
    a, b = numbers("first", first, dimensions=(1,)), numbers("second", second, dimensions=(1,))
    same_rows(("first", a), ("second", b))
    if not held_out_share >= 0:
        raise InputError(f"held_out_share is held-out rows / training rows, zero or more; got {held_out_share!r}")
    if len(a) < 2:
        raise ShapeError("a test over folds needs two folds or more, got 1")
    change = a.astype(np.float64) - b
    error = math.sqrt((1 / len(a) + held_out_share) * float(change.var(ddof=1)))
    detail = f"{len(a)} folds, t with {len(a) - 1} degrees of freedom"
    return _by_t("corrected resampled t-test", float(change.mean()), error, len(a), len(a) - 1, detail, level)


def paired_t_test(first: Any, second: Any, *, level: float = 0.95) -> PairedTest:
    """Student's t-test of two losses (rows,) of the same rows, such as squared errors or log losses.

    Raises `ShapeError` unless there are two rows or more and equally many losses.
    """
    a, b = numbers("first", first, dimensions=(1,)), numbers("second", second, dimensions=(1,))
    same_rows(("first", a), ("second", b))
    if len(a) < 2:
        raise ShapeError("a test over rows needs two rows or more, got 1")
    change = a.astype(np.float64) - b
    error = float(change.std(ddof=1)) / math.sqrt(len(a))
    detail = f"{len(a):,} rows, t with {len(a) - 1:,} degrees of freedom"
    return _by_t("paired t-test", float(change.mean()), error, len(a), len(a) - 1, detail, level)


def mcnemar(truth: Any, first: Any, second: Any, *, exact: bool = False, level: float = 0.95) -> PairedTest:
    """McNemar's test of two labelings (rows,) of the same rows: do they err equally often?

    Only rows count on which one is right and the other wrong; under the null they split like a fair coin. The p-value
    is the mid-p one, which is nearer to its level than the exact one (Fagerland, Lydersen and Laake, BMC Medical
    Research Methodology 13:91, 2013); `exact` gives the latter. The difference is in accuracy, and its interval that of
    Agresti and Min (Statistics in Medicine 24, 2005): Wald after adding half a row to each cell.

    Raises `ShapeError` and `InputError` for rows that do not fit together or have no label.
    """
    y = labels_of("truth", truth)
    a, b = labels_of("first", first), labels_of("second", second)
    same_rows(("truth", y), ("first", a))
    same_rows(("truth", y), ("second", b))
    right, other = np.asarray(a == y), np.asarray(b == y)
    only_first, only_second = int((right & ~other).sum()), int((other & ~right).sum())
    rows, discordant = len(y), only_first + only_second
    p_value = _coin(min(only_first, only_second), discordant, exact)
    z = quantile_for(level)
    center = (only_first - only_second) / (rows + 2)
    half = z * math.sqrt((discordant + 1) / (rows + 2) - center**2) / math.sqrt(rows + 2)
    interval = Interval(max(center - half, -1.0), min(center + half, 1.0), level, "Agresti-Min")
    difference = (only_first - only_second) / rows
    error = math.sqrt(max(discordant / rows - difference**2, 0.0) / rows)
    name = f"McNemar's test, {'exact' if exact else 'mid-p'}"
    detail = f"{counted(only_first, 'row')} right in the first only, {only_second:,} in the second only"
    return PairedTest(name, difference, error, interval, float(min(only_first, only_second)), p_value, rows, detail)


def paired_delong(positive: Any, first: Any, second: Any, *, level: float = 0.95) -> PairedTest:
    """DeLong's test of two areas under the ROC curve, from scores (rows,) for the same rows.

    `positive` (rows,) says which rows are of the positive class. The variance of the difference is the sum of squares
    of each row's part in it. DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988); ties count half.

    Raises `InputError` unless both classes have two rows or more, `ShapeError` for unequal lengths.
    """
    mask = numbers("positive", positive, dimensions=(1,))
    a, b = numbers("first", first, dimensions=(1,)), numbers("second", second, dimensions=(1,))
    same_rows(("positive", mask), ("first", a))
    same_rows(("positive", mask), ("second", b))
    if not np.isin(mask, (0, 1)).all():
        raise InputError("positive should be true or false (1 or 0) in every row")
    positives, negatives = int(mask.sum()), int(len(mask) - mask.sum())
    if min(positives, negatives) < 2:
        raise InputError(
            f"areas under the ROC curve are compared with two rows of each class or more; got {positives:,} positive "
            f"and {negatives:,} other rows"
        )
    one, other = (area(mask == 1, scores, np.ones(len(mask))) for scores in (a, b))
    fewest = min(positives, negatives)
    error = math.sqrt(float(((one.parts - other.parts) ** 2).sum()))
    detail = f"AUC {one.value:.4f} and {other.value:.4f}, {positives:,} positive and {negatives:,} other rows"
    difference = one.value - other.value
    z = quantile_for(level)
    if fewest < FEWEST_ROWS:
        why = f"no interval and no test: {counted(fewest, 'row')} of one class, and {FEWEST_ROWS} are needed"
        name = "DeLong's paired test"
        return PairedTest(name, difference, error, None, math.nan, math.nan, len(mask), f"{detail}; {why}")
    if fewest < ENOUGH_ROWS:
        detail += f"; {counted(fewest, 'row')} of one class: {NOT_MEASURED}"
    if error <= 1e-12:
        return _no_spread("DeLong's paired test", difference, len(mask), detail, level)
    interval = Interval(difference - z * error, difference + z * error, level, "paired DeLong")
    p_value = math.erfc(abs(difference) / error / math.sqrt(2))
    return PairedTest(
        "DeLong's paired test", difference, error, interval, difference / error, p_value, len(mask), detail
    )


def _by_t(name: str, difference: float, error: float, rows: int, freedom: int, detail: str, level: float) -> PairedTest:
    from scipy.stats import t

    if error <= 1e-12 * abs(difference) or error == 0:
        return _no_spread(name, difference, rows, detail, level)
    quantile_for(level)  # refuses a level outside (0, 1)
    reach = float(t.ppf((1 + level) / 2, freedom)) * error
    interval = Interval(difference - reach, difference + reach, level, name)
    p_value = 2 * float(t.sf(abs(difference) / error, freedom))
    return PairedTest(name, difference, error, interval, difference / error, p_value, rows, detail)


def _no_spread(name: str, difference: float, rows: int, detail: str, level: float) -> PairedTest:
    """All differences are the same: none at all, or one that no chance explains and no interval surrounds."""
    why = "the two are alike in every row" if not difference else "the difference is the same everywhere: no spread"
    alike = Interval(0.0, 0.0, level, "no difference anywhere") if not difference else None
    p_value = 1.0 if not difference else math.nan
    return PairedTest(name, difference, 0.0, alike, math.nan, p_value, rows, f"{detail}; {why}")


def _coin(fewer: int, throws: int, exact: bool) -> float:
    """The two-sided p-value of so few heads of a fair coin."""
    from scipy.stats import binom

    if throws == 0:
        return 1.0
    tail = 2 * float(binom.cdf(fewer, throws, 0.5))
    return min(1.0, tail if exact else tail - float(binom.pmf(fewer, throws, 0.5)))
