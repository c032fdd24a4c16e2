"""The band in which a classifier had better say that it does not know, how many rows it takes, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import SpecError
from ..estimators.decision import Decision, logit, sigmoid
from ..metrics.intervals import wilson
from ..records import Interval, Record, Score, figure, percent, share_with_interval, with_interval
from .expected_cost import expected_cost
from .out_of_fold import OutOfFold
from .truth import decide


@dataclass(frozen=True)
class Abstention(Record):
    """Rows outside and inside the unsure band.

    `coverage` is the share of rows that are answered, `error` the share of mistakes among these, `error_of_all` that
    among all rows, had all been answered; each with its Wilson interval. `error` is None where no row is answered.
    Where answers have costs, `cost` is that of 1,000 answered cases and `cost_of_all` that of 1,000 of all.
    """

    rows: int
    coverage: float
    coverage_interval: Interval
    error: float | None
    error_interval: Interval | None
    error_of_all: float
    cost: Score | None = None
    cost_of_all: float | None = None

    def in_words(self) -> str:
        """One sentence."""
        answered = f"{share_with_interval(self.coverage, self.coverage_interval)} of the rows are answered"
        if self.error is None:
            return f"{answered}: all are in the unsure band"
        said = f"with {share_with_interval(self.error, self.error_interval)} mistakes"
        told = f"{answered}, {said}; of all rows it would be {percent(self.error_of_all)}"
        if self.cost is not None and self.cost_of_all is not None:
            cost = with_interval(self.cost.value, self.cost.interval)
            told += f"; {self.cost.name} that are answered {cost}, of all {figure(self.cost_of_all)}"
            if self.cost.value >= self.cost_of_all:
                told += ": the rows that are answered cost no less, so the band does not help"
        elif self.error >= self.error_of_all:
            told += ": the rows that are answered are no better, so by mistakes alone the band does not help"
        return told


def check_share(share: Any) -> None:
    """Raise `SpecError` unless it is a share of rows between 0 and 1."""
    if not isinstance(share, (int, float)) or isinstance(share, bool) or not 0 < share < 1:
        raise SpecError(f"unsure takes the share of rows to be left undecided, above 0 and below 1, got {share!r}")


def band_of(probability: np.ndarray, weights: np.ndarray, threshold: float, share: float) -> tuple[float, float]:
    """The band (low, high), see `Decision`, with the least sure `share` of these rows (rows, classes).

    Of two classes it reaches equally far to both sides of the threshold in the logit; of more, it holds the rows whose
    highest probability is lowest.
    """
    if probability.shape[1] > 2:
        return 0.0, min(float(_quantile(probability.max(axis=1), weights, share)), 1.0)
    middle = float(logit(np.array(threshold)))
    reach = _quantile(np.abs(logit(probability[:, 1]) - middle), weights, share)
    low, high = sigmoid(np.array([middle - reach, middle + reach]))
    return min(float(low), threshold), max(float(high), threshold)


def abstention_on(
    truth: np.ndarray, probability: np.ndarray, decision: Decision, weights: np.ndarray | None = None
) -> Abstention:
    """Coverage and error on rows: codes (rows,) and calibrated probabilities (rows, classes)."""
    return abstained(truth, decide(probability, decision), decision.is_unsure(probability), decision.costs, weights)


def abstained(
    truth: np.ndarray,
    answers: np.ndarray,
    unsure: np.ndarray,
    costs: tuple[tuple[float, ...], ...] = (),
    weights: np.ndarray | None = None,
) -> Abstention:
    """The same from codes, what was answered, both (rows,), and what is unsure, bool (rows,)."""
    wrong = truth != answers
    w = np.ones(len(wrong)) if weights is None else weights
    rows, answered = float(w.sum()), float(w @ ~unsure)
    mistakes = float(w @ (wrong & ~unsure))
    return Abstention(
        round(rows),
        min(answered / rows, 1.0),
        wilson(min(answered, rows), rows),
        mistakes / answered if answered else None,
        wilson(min(mistakes, answered), answered) if answered else None,
        float(w @ wrong) / rows,
        *_costs(truth, answers, unsure, np.array(costs), w),
    )


def _costs(
    truth: np.ndarray, answers: np.ndarray, unsure: np.ndarray, costs: np.ndarray, weights: np.ndarray
) -> tuple[Score | None, float | None]:
    """(the cost of 1,000 answered cases, that of 1,000 of all); None each where there are no costs or no answers."""
    if not costs.size or unsure.all():
        return None, None
    each, ends = costs[truth, answers], (float(costs.min()), float(costs.max()))
    of_all = expected_cost(each, weights, *ends).value
    return expected_cost(each[~unsure], weights[~unsure], *ends), of_all


def expected_abstention(
    truth: np.ndarray, rows: OutOfFold, decided: Decision, thresholds: np.ndarray, share: float
) -> Abstention:
    """Out of fold, of answers that are `decided` so: each fold with the threshold and the band that the others give.

    `thresholds` (entries,) are those of each entry, one in a fold, as `cross_fitted_thresholds` gives them.
    """
    unsure, answers = np.empty(len(truth), dtype=bool), np.empty(len(truth), dtype=np.int64)
    for fold in np.unique(rows.folds):
        own = rows.folds == fold
        threshold = float(thresholds[own][0])
        band = band_of(rows.predicted[~own], rows.weights[~own], threshold, share)
        decision = replace(decided, threshold=threshold, unsure=band)
        unsure[own], answers[own] = decision.is_unsure(rows.predicted[own]), decide(rows.predicted[own], decision)
    return abstained(truth, answers, unsure, decided.costs, rows.weights)


def _quantile(values: np.ndarray, weights: np.ndarray, share: float) -> float:
    """A value with about `share` of the weight below it: half-way to the next one."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    place = int(np.searchsorted(total, share * total[-1] * (1 + 1e-12), side="right"))
    place = min(place, len(values) - 1)
    return float((values[order[max(place - 1, 0)]] + values[order[place]]) / 2)
