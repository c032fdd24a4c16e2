"""How the chosen network answers: calibration, threshold, unsure band or intervals, all from out-of-fold rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..errors import InputError, SpecError
from ..estimators.decision import Decision
from ..estimators.prediction_intervals import PredictionIntervals
from ..records import Record
from .abstention import Abstention, band_of, check_share, expected_abstention
from .calibration import AUTO, NONE, CalibrationChoice, check_method, choose_calibration
from .conformal import intervals_of_rows, lowest_of
from .out_of_fold import OutOfFold
from .threshold_rules import ThresholdRule, rule_of
from .thresholds import SEVERAL_CLASSES, ThresholdChoice, threshold_of_rows
from .truth import Truth


@dataclass(frozen=True)
class DecisionPlan:
    """What `climb` is asked for.

    `threshold` is what `choose_threshold` takes as its rule, None for 0.5; `unsure` the share of rows to be left
    undecided; `calibration` "auto" (when it helps), "none", or the name of one. Raises `SpecError` for anything else.
    """

    threshold: Any = None
    unsure: float | None = None
    calibration: str = AUTO

    def __post_init__(self) -> None:
        check_method(self.calibration, 2)
        if self.unsure is not None:
            check_share(self.unsure)
        if self.threshold is not None:
            rule_of(self.threshold)

    @property
    def rule(self) -> ThresholdRule | None:
        """The rule of the threshold, if one is asked for."""
        return None if self.threshold is None else rule_of(self.threshold)

    def check(self, truth: Truth) -> None:
        """Raise `SpecError` when the target is not one for which this can be had."""
        classes = len(truth.labels)
        if truth.is_classes:
            check_method(self.calibration, classes)
            if self.threshold is not None and classes > 2:
                raise SpecError(SEVERAL_CLASSES.format(classes))
        elif self != DecisionPlan():
            raise SpecError(
                f"threshold, costs, unsure share and calibration are for classes; {truth.name!r} is a "
                f"{'date' if truth.date_unit else 'number'}, and its "
                "prediction intervals come by themselves"
            )


@dataclass(frozen=True)
class Decisions(Record):
    """How the saved network answers, and on what grounds; `unsure` is what the band is worth out of fold.

    For classes there is a calibration choice, the rest where it was asked for; for numbers there are intervals.
    """

    calibration: CalibrationChoice | None = None
    threshold: ThresholdChoice | None = None
    band: tuple[float, ...] = ()
    unsure: Abstention | None = None
    intervals: PredictionIntervals | None = None

    @property
    def decision(self) -> Decision:
        """What a classifier keeps of it."""
        threshold = 0.5 if self.threshold is None else self.threshold.threshold
        return Decision(threshold, None if self.calibration is None else self.calibration.calibration, self.band)


def decisions_of(plan: DecisionPlan, truth: Truth, rows: OutOfFold, logarithmic: bool) -> Decisions:
    """Choose everything on out-of-fold predictions of training rows. Raises as `choose_threshold` does."""
    values = truth.values[rows.rows]
    if not truth.is_classes:
        lowest = None if truth.date_unit else lowest_of(truth.values)
        intervals = intervals_of_rows(values, rows, logarithmic=logarithmic, lowest=lowest)
        return Decisions(intervals=replace(intervals, unit="days" if truth.date_unit else ""))
    alone = bool((values == values[0]).all())
    if alone and plan.threshold is not None:
        raise InputError(
            f"all held-out rows are of the class {truth.labels[values[0]]}; they cannot choose a threshold"
        )
    calibration = choose_calibration(values, rows, NONE if alone else plan.calibration)
    rows = replace(rows, predicted=Decision(calibration=calibration.calibration).calibrated(rows.predicted))
    rule = plan.rule
    chosen = None if rule is None else threshold_of_rows(values, rows, rule)
    if plan.unsure is None:
        return Decisions(calibration, chosen)
    threshold = 0.5 if chosen is None else chosen.threshold
    band = band_of(rows.predicted, rows.weights, threshold, plan.unsure)
    return Decisions(calibration, chosen, band, expected_abstention(values, rows, threshold, plan.unsure))
