"""What figures draw about scored rows: counts at thresholds, calibration, errors in bins. Nothing of a single row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..metrics.binned_errors import FEWEST_ROWS, BinnedErrors, bin_errors
from ..metrics.classification import ConfusionCounts
from ..metrics.curves import PrecisionRecallCurve, RocCurve, ThresholdCurve, precision_recall_curve, threshold_curve
from ..metrics.gains import GainsCurve, cumulative_gains
from ..metrics.reliability import CalibrationCurve, calibration_curve
from ..records import Record
from .truth import Truth

POINTS = 200  # of a curve; more cannot be seen
STEPS = 200  # of the threshold, from 0 to 1
MOST_CLASSES = 6


@dataclass(frozen=True, eq=False)
class ClassCurves(Record):
    """The curves of one class against the rest.

    `counts` are thinned to about 200 points along the ROC curve; `steps` are exact at the thresholds 1, 0.995 … 0
    and at `threshold`, from which on the model decides for the class.
    `average_precision` and `gains_area` are exact too.
    """

    label: str
    counts: ThresholdCurve
    steps: ThresholdCurve
    average_precision: float
    gains_area: float
    calibration: CalibrationCurve
    threshold: float = 0.5

    @property
    def roc(self) -> RocCurve:
        """The ROC curve of `counts`."""
        c = self.counts
        return RocCurve(c.positive, c.thresholds, c.tp, c.fp, c.positives, c.negatives, c.area)

    @property
    def precision_recall(self) -> PrecisionRecallCurve:
        """Precision and recall of `counts`."""
        c = self.counts
        return PrecisionRecallCurve(
            c.positive, c.thresholds, c.tp, c.fp, c.positives, c.negatives, self.average_precision
        )

    @property
    def gains(self) -> GainsCurve:
        """Cumulative gains of `counts`."""
        c, rows = self.counts, self.counts.positives + self.counts.negatives
        return GainsCurve(
            c.positive, c.thresholds, (c.tp + c.fp) / rows, c.tp / c.positives, c.positives / rows, self.gains_area
        )


@dataclass(frozen=True, eq=False)
class ScoredCurves(Record):
    """The positive class of two, or the most frequent of more classes, each against the rest; or errors of numbers.

    `left_out` are classes that have no curves: because there are many, or all rows or none are of them.
    """

    classes: tuple[ClassCurves, ...] = ()
    left_out: tuple[str, ...] = ()
    errors: BinnedErrors | None = None
    counts: ConfusionCounts | None = None


def curves_of(truth: Truth, predicted: np.ndarray, model: Any = None) -> ScoredCurves:
    """The curves of probabilities (rows, classes) or numbers (rows,), and the threshold of `model` for two classes."""
    if not truth.is_classes:
        return ScoredCurves(errors=bin_errors(truth.values, predicted) if len(predicted) >= FEWEST_ROWS else None)
    rows = np.bincount(truth.values, minlength=len(truth.labels))
    wanted = [1] if len(rows) == 2 else np.argsort(-rows, kind="stable")[:MOST_CLASSES].tolist()
    shown = [code for code in wanted if 0 < rows[code] < len(truth.values)]
    threshold = model.decision_.threshold if model is not None and len(rows) == 2 else 0.5
    left_out = [label for code, label in enumerate(truth.labels) if (code not in shown and len(rows) > 2) or not shown]
    return ScoredCurves(
        tuple(class_curves(truth.labels[code], truth.values == code, predicted[:, code], threshold) for code in shown),
        tuple(left_out),
    )


def class_curves(label: str, truth: np.ndarray, probability: np.ndarray, threshold: float = 0.5) -> ClassCurves:
    """The curves of one class: bool (rows,) which rows are of it, and its probability (rows,)."""
    full = threshold_curve(truth, probability, positive=True)
    grid = np.union1d(np.linspace(0, 1, STEPS + 1).round(6), [threshold])[::-1]
    at = np.searchsorted(-full.thresholds, -grid, side="right") - 1
    thin = full.thinned(POINTS)
    return ClassCurves(
        label,
        replace(thin, positive=label, thresholds=thin.thresholds.round(6)),
        replace(full, positive=label, thresholds=grid, tp=full.tp[at], fp=full.fp[at]),
        precision_recall_curve(truth, probability, positive=True).area,
        cumulative_gains(truth, probability, positive=True).area,
        replace(calibration_curve(truth, probability, positive=True), positive=label),
        threshold,
    )
