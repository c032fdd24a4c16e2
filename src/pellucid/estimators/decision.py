"""How probabilities become answers: the calibration, the threshold, and the band in which a model is unsure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from ..errors import SpecError
from ..records import Record

CalibrationMethod = Literal["temperature", "platt", "quadratic", "isotonic"]
# Probabilities nearer to 0 or 1 than a float64 can tell 1 - p apart from 1 count as this far from it.
SMALLEST = 1e-16


@dataclass(frozen=True)
class Calibration(Record):
    """A function from probabilities to probabilities that never turns their order round.

    `method` says which, with z the logit of the second class's probability p:
    - "temperature": softmax(a log p) over all classes, coefficients (a,), a > 0 being 1 / temperature;
    - "platt": σ(a + b z), coefficients (a, b), b > 0;
    - "quadratic": σ(a + b z + c z²), coefficients (a, b, c), for z between the two `knots`, between which it rises;
      beyond them the curve goes straight on;
    - "isotonic": straight lines from point to point (`knots`, `values`), level beyond them; it rises or stays.

    Raises `SpecError` for numbers that are no such function.
    """

    method: CalibrationMethod
    coefficients: tuple[float, ...] = ()
    knots: tuple[float, ...] = ()
    values: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        numbers = (*self.coefficients, *self.knots, *self.values)
        if not all(isinstance(n, (int, float)) and math.isfinite(n) for n in numbers) or not _rises(self):
            raise SpecError(f"{self.method!r} with {numbers[:8]} is no calibration that keeps the order of rows")

    def __call__(self, probability: np.ndarray) -> np.ndarray:
        """Calibrated probabilities of the same shape (…, classes)."""
        if self.method == "temperature":
            logs = self.coefficients[0] * np.log(np.maximum(probability, SMALLEST))
            e: np.ndarray = np.exp(logs - logs.max(axis=-1, keepdims=True))
            return e / e.sum(axis=-1, keepdims=True)
        second = probability[..., 1]
        if self.method == "isotonic":
            changed = np.interp(second, self.knots, self.values)
        else:
            changed = sigmoid(self._logit(logit(second)))
        return np.stack([1 - changed, changed], axis=-1)

    def _logit(self, z: np.ndarray) -> np.ndarray:
        if self.method == "platt":
            a, b = self.coefficients
            return a + b * z
        a, b, c = self.coefficients
        inside = np.clip(z, self.knots[0], self.knots[1])
        return a + b * inside + c * inside**2 + (b + 2 * c * inside) * (z - inside)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Calibration:
        """The inverse of `to_dict`."""
        return cls(values["method"], *(tuple(values[name]) for name in ("coefficients", "knots", "values")))


@dataclass(frozen=True)
class Decision(Record):
    """From a classifier's probabilities to its answer.

    Probabilities go through `calibration`. Of two classes the second is the answer from `threshold` on; of more, the
    most probable one, or with `costs` the one that costs least on average. `costs` are what answers cost, a row for
    each true class and a column for each answer; of two classes they say what the threshold was chosen for. `unsure`
    is () or (low, high): a row is unsure when its calibrated probability of the second class is in [low, high), or,
    with more than two classes, when its highest probability is below high.

    Raises `SpecError` for numbers outside [0, 1], a band that does not reach round the threshold, and costs that are
    below 0 or make a mistake cheaper than the right answer.
    """

    threshold: float = 0.5
    calibration: Calibration | None = None
    unsure: tuple[float, ...] = ()
    costs: tuple[tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        for number in (self.threshold, *self.unsure):
            if not isinstance(number, (int, float)) or isinstance(number, bool) or not 0 <= number <= 1:
                raise SpecError(f"thresholds are probabilities from 0 to 1, got {number!r}")
        if self.unsure and (len(self.unsure) != 2 or self.unsure[0] > self.unsure[1]):
            raise SpecError(f"unsure takes (low, high), the lower end first, got {self.unsure!r}")

        check_costs(self.costs)

    def codes(self, probability: np.ndarray) -> np.ndarray:
        """Which class is the answer, int (rows,), of calibrated probabilities (rows, classes); () of one row."""
        if probability.shape[-1] == 2:
            return np.asarray(probability[..., 1] >= self.threshold).astype(int)
        if self.costs:
            return np.asarray((probability @ np.array(self.costs, dtype=np.float64)).argmin(axis=-1))
        return np.asarray(probability.argmax(axis=-1))

    def calibrated(self, probability: np.ndarray) -> np.ndarray:
        """Probabilities (…, classes) after the calibration, if there is one."""
        return probability if self.calibration is None else self.calibration(probability)

    def is_unsure(self, probability: np.ndarray) -> np.ndarray:
        """Which rows are unsure, bool (rows,), of calibrated probabilities (rows, classes); bool () of one row."""
        if not self.unsure:
            return np.zeros(probability.shape[:-1], dtype=bool)
        low, high = self.unsure
        if probability.shape[-1] > 2:
            return np.asarray(probability.max(axis=-1) < high)
        second = probability[..., 1]
        return np.asarray((second >= low) & (second < high))

    def check(self, classes: int, multilabel: bool) -> None:
        """Raise `SpecError` when it is not for so many classes, or for several labels at once."""
        if multilabel and self != Decision():
            raise SpecError("a model of several labels at once has no calibration, threshold or unsure band of its own")
        if classes > 2 and (self.threshold != 0.5 or (self.calibration and self.calibration.method != "temperature")):
            raise SpecError(f"of {classes} classes the most probable is the answer; a threshold is for two")
        if self.costs and len(self.costs) != classes:
            raise SpecError(f"costs of {len(self.costs)} classes for {classes} classes")
        if classes == 2 and self.unsure and not self.unsure[0] <= self.threshold <= self.unsure[1]:
            raise SpecError(f"the band {self.unsure} lies beside the threshold {self.threshold}")

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Decision:
        """The inverse of `to_dict`."""
        calibration = values["calibration"]
        made = None if calibration is None else Calibration.from_dict(calibration)
        costs = tuple(tuple(row) for row in values.get("costs", ()))  # files of earlier versions have none
        return cls(values["threshold"], made, tuple(values["unsure"]), costs)


def check_costs(costs: tuple[tuple[float, ...], ...]) -> None:
    """Raise `SpecError` unless they are finite, at least 0, and lowest in each row for the right answer."""
    for place, row in enumerate(costs):
        numbers = all(isinstance(c, (int, float)) and not isinstance(c, bool) and 0 <= c < math.inf for c in row)
        if len(row) != len(costs) or not numbers:
            raise SpecError(f"costs are a row of {len(costs)} numbers of at least 0 for each true class, got {row!r}")
        if any(row[place] >= cost for k, cost in enumerate(row) if k != place):
            raise SpecError(f"a mistake must cost more than the right answer, got {row!r} for the class {place}")


def logit(probability: np.ndarray) -> np.ndarray:
    """log(p / (1 - p)), finite for 0 and 1 too: within ±36.9."""
    result: np.ndarray = np.log(np.maximum(probability, SMALLEST)) - np.log(np.maximum(1 - probability, SMALLEST))
    return result


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-z), without overflow."""
    e = np.exp(-np.abs(z))
    result: np.ndarray = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return result


def _rises(given: Calibration) -> bool:
    """Whether the numbers are as many as the method takes, and make a function that never falls."""
    a, knots, values = given.coefficients, given.knots, given.values
    if given.method == "isotonic":
        ends = [*knots, *values]
        rising = all(x < y for x, y in pairwise(knots)) and all(x <= y for x, y in pairwise(values))
        return not a and len(knots) == len(values) >= 1 and rising and all(0 <= end <= 1 for end in ends)
    if given.method == "quadratic":
        return len(a) == 3 and not values and len(knots) == 2 and knots[0] <= knots[1] and _slopes(a, knots)
    wanted = {"temperature": 1, "platt": 2}.get(given.method)
    return len(a) == wanted and not knots and not values and a[-1] > 0


def _slopes(coefficients: tuple[float, ...], ends: tuple[float, ...]) -> bool:
    """Whether a quadratic rises at both ends, and so between them."""
    return all(coefficients[1] + 2 * coefficients[2] * end > 0 for end in ends)


AS_IS = Decision()
