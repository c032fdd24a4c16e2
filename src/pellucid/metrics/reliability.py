"""The calibration curve: how often the class came, among rows that were given about the same probability of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..errors import InputError
from ..records import Record
from .checks import labels_of, numbers, row_weights, same_rows
from .intervals import wilson
from .ranking import rows_of_class
from .ranks import effective_rows


@dataclass(frozen=True, eq=False, repr=False)
class CalibrationCurve(Record):
    """Bins of rows by the probability that they were given of the class `positive`, each (bins,), lowest first.

    `predicted` is the mean probability in the bin and `observed` the share of its rows that are of the class, with
    Wilson's interval `low` to `high` at `level` (of the effective number of rows, where rows are weighted). `rows` and
    `positives` are counts, or weights. `edges` (bins, 2) are where the bin begins and ends; bins without rows are left
    out. `base` is the share of the class in all rows. `error` is the mean distance of `predicted` and `observed` over
    the rows, the expected calibration error; it depends on the bins.
    """

    positive: Any
    edges: np.ndarray
    predicted: np.ndarray
    observed: np.ndarray
    low: np.ndarray
    high: np.ndarray
    rows: np.ndarray
    positives: np.ndarray
    base: float
    error: float
    level: float
    method: str

    def __repr__(self) -> str:
        return f"CalibrationCurve(positive={self.positive!r}, {len(self.rows)} bins, error={self.error:.4f})"

    @property
    def inside(self) -> np.ndarray:
        """Whether the mean probability lies in the interval of what was observed, (bins,)."""
        return (self.low <= self.predicted) & (self.predicted <= self.high)


def calibration_curve(
    truth: Any,
    probabilities: Any,
    *,
    bins: int = 10,
    strategy: Literal["quantile", "uniform"] = "quantile",
    positive: Any = 1,
    weights: Any = None,
    level: float = 0.95,
) -> CalibrationCurve:
    """Compare probabilities (rows,) of the class `positive` with how often labels `truth` (rows,) are of it.

    Bins hold about as many rows each ("quantile"; equal probabilities stay together, so there may be fewer bins) or are
    equally wide ("uniform"). Rows of one class only are fine: all of the class, or all of one other where both are
    numbers (or both text). Raises `InputError` for another `positive` that occurs nowhere, for values that are no
    probabilities, gaps, fewer than one bin or another strategy; `ShapeError` for unequal lengths.
    """
    labels, chances = labels_of("truth", truth), numbers("probabilities", probabilities, dimensions=(1,))
    same_rows(("truth", labels), ("probabilities", chances))
    outside = (chances < 0) | (chances > 1)
    if outside.any():
        row = int(outside.argmax())
        raise InputError(f"probabilities should lie in [0, 1]; row {row} has {chances[row]:g}; give no raw scores")
    chances, w = chances.astype(np.float64), row_weights(weights, len(chances))
    alone = isinstance(positive, str) == (labels.dtype.kind == "U") and bool((labels == labels[0]).all())
    hits = np.asarray(labels == positive) if alone else rows_of_class(labels, positive)
    cuts = _cuts(chances[w > 0], bins, strategy)
    places = np.searchsorted(cuts[1:-1], chances)
    edges = np.stack([cuts[:-1], cuts[1:]], axis=1)
    mass, right, summed = (np.bincount(places, v, minlength=len(edges)) for v in (w, w * hits, w * chances))
    used = mass > 0
    effective = np.array([effective_rows(w[places == place]) for place in np.flatnonzero(used)])
    mass, observed, predicted = mass[used], (right[used] / mass[used]).clip(0, 1), summed[used] / mass[used]
    bands = [wilson(share * rows, rows, level) for share, rows in zip(observed, effective)]
    return CalibrationCurve(
        positive,
        edges[used],
        predicted,
        observed,
        np.array([band.low for band in bands]),
        np.array([band.high for band in bands]),
        mass,
        right[used],
        float(right.sum() / mass.sum()),
        float((mass * np.abs(observed - predicted)).sum() / mass.sum()),
        level,
        "Wilson" if weights is None else "Wilson, effective rows",
    )


def _cuts(chances: np.ndarray, bins: int, strategy: str) -> np.ndarray:
    """The borders of the bins, (bins + 1,); the first and the last bin take in everything beyond."""
    if bins < 1:
        raise InputError(f"expected at least one bin; got {bins}; 10 serve well")
    if strategy == "uniform":
        return np.linspace(0, 1, bins + 1)
    if strategy != "quantile":
        raise InputError(f"the strategy is 'quantile' or 'uniform'; got {strategy!r}")
    cuts = np.unique(np.quantile(chances, np.linspace(0, 1, bins + 1)))
    return cuts if len(cuts) > 1 else np.repeat(cuts, 2)
