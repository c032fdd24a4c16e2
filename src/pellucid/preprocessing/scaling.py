"""How a column of numbers is brought to a common size: x → (x − center) / divisor, or straight lines between knots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from ..records import Record
from . import weighted

KNOTS = 100
LARGEST_SCORE = 3.0


@dataclass(frozen=True)
class Scaling(Record):
    """(x − `center`) / `divisor`; where there are knots, straight lines through (`knots`, `scores`), flat outside."""

    center: float = 0.0
    divisor: float = 1.0
    knots: tuple[float, ...] = ()
    scores: tuple[float, ...] = ()

    def column(self, values: np.ndarray) -> np.ndarray:
        """Scaled values (rows,)."""
        if self.knots:
            scores: np.ndarray = np.interp(values, self.knots, self.scores)
            return scores
        with np.errstate(over="ignore"):
            scaled: np.ndarray = (values - self.center) / self.divisor
        return scaled

    def cell(self, value: float) -> float:
        """One scaled value."""
        if self.knots:
            return float(np.interp(value, self.knots, self.scores))
        return (value - self.center) / self.divisor

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Scaling:
        """The inverse of `to_dict`."""
        return cls(values["center"], values["divisor"], tuple(values["knots"]), tuple(values["scores"]))


def fit_scaling(values: np.ndarray, weights: np.ndarray, scale: str) -> Scaling:
    """The scaling called `scale` (see `NumberRecipe`) for values (rows,) without gaps."""
    if scale == "none":
        return Scaling()
    if scale == "quantile":
        return _normal_scores(values, weights)
    if scale == "standard":
        center, divisor = weighted.mean_and_spread(values, weights)
    elif scale == "max_abs":
        center, divisor = 0.0, float(np.abs(values).max())
    elif scale == "min_max":
        center = float(values.min())
        divisor = float(values.max()) - center
    else:
        quarter, center, three_quarters = weighted.quantiles(values, weights, np.array([0.25, 0.5, 0.75])).tolist()
        divisor = three_quarters - quarter
    # A divisor that is 0, or so small or large that dividing by it leaves the range of floats, is no scale.
    return Scaling(center, divisor if 1e-300 < divisor < np.inf else 1.0)


def _normal_scores(values: np.ndarray, weights: np.ndarray) -> Scaling:
    found, counts = weighted.distinct(values, weights)
    knots = np.unique(weighted.quantiles(values, weights, np.linspace(0, 1, KNOTS)))
    total = np.concatenate([[0.0], np.cumsum(counts)])
    below = total[np.searchsorted(found, knots, side="left")]
    up_to = total[np.searchsorted(found, knots, side="right")]
    shares = ((below + up_to) / 2 / total[-1]).tolist()
    normal = NormalDist()
    scores = (normal.inv_cdf(min(max(p, 1e-9), 1 - 1e-9)) for p in shares)
    held = tuple(min(max(s, -LARGEST_SCORE), LARGEST_SCORE) for s in scores)
    return Scaling(knots=tuple(knots.tolist()), scores=held)
