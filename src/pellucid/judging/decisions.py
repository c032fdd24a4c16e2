"""How the chosen network answers: calibration, threshold, unsure band or intervals, all from out-of-fold rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import InputError, SpecError
from ..estimators.decision import Decision
from ..estimators.prediction_intervals import PredictionIntervals
from ..records import Record
from .abstention import Abstention, band_of, check_share, expected_abstention
from .calibration import AUTO, NONE, CalibrationChoice, check_method, choose_calibration
from .conformal import intervals_of_rows, lowest_of
from .cost_matrix import CostChoice, choose_by_costs, cost_pairs, matrix_of
from .out_of_fold import OutOfFold
from .threshold_rules import Costs, ThresholdRule, rule_of
from .thresholds import SEVERAL_CLASSES, ThresholdChoice, cross_fitted_thresholds, threshold_of_rows
from .truth import Truth


@dataclass(frozen=True)
class DecisionPlan:
    """What `climb` is asked for.

    `threshold` is what `choose_threshold` takes as its rule, None for 0.5; `unsure` the share of rows to be left
    undecided; `calibration` "auto" (when it helps), "none", or the name of one. `costs` says what it costs to answer
    one class for another, as `cost_pairs` takes it: the answer is then the class that costs least; of two classes
    they choose the threshold. Raises `SpecError` for anything else.
    """

    threshold: Any = None
    unsure: float | None = None
    calibration: str = AUTO
    costs: Any = None

    def __post_init__(self) -> None:
        if self.costs is not None:
            cost_pairs(self.costs)
            if self.threshold is not None:
                raise SpecError("costs choose how classes are answered; leave threshold out, or costs")
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
            if self.costs is not None:
                matrix_of(cost_pairs(self.costs), truth.labels)
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
    costs: CostChoice | None = None
    intervals: PredictionIntervals | None = None

    @property
    def decision(self) -> Decision:
        """What a classifier keeps of it."""
        threshold = 0.5 if self.threshold is None else self.threshold.threshold
        costs = self.costs.costs if self.costs is not None else ()
        if self.threshold is not None and self.threshold.costs is not None:
            costs = self.threshold.costs.matrix
        return Decision(threshold, None if self.calibration is None else self.calibration.calibration, self.band, costs)


def decisions_of(plan: DecisionPlan, truth: Truth, rows: OutOfFold, logarithmic: bool) -> Decisions:
    """Choose everything on out-of-fold predictions of training rows. Raises as `choose_threshold` does."""
    values = truth.values[rows.rows]
    if not truth.is_classes:
        lowest = None if truth.date_unit else lowest_of(truth.values)
        intervals = intervals_of_rows(values, rows, logarithmic=logarithmic, lowest=lowest)
        return Decisions(intervals=replace(intervals, unit="days" if truth.date_unit else ""))
    alone = bool((values == values[0]).all())
    if alone and (plan.threshold is not None or plan.costs is not None):
        raise InputError(
            f"all held-out rows are of the class {truth.labels[values[0]]}; they cannot choose a threshold"
        )
    calibration = choose_calibration(values, rows, NONE if alone else plan.calibration)
    rows = replace(rows, predicted=Decision(calibration=calibration.calibration).calibrated(rows.predicted))
    rule = _rule(plan, truth)
    threshold = None if rule is None else threshold_of_rows(values, rows, rule)
    costs = None if plan.costs is None or rule is not None else _least_cost(plan, truth, values, rows)
    found = Decisions(calibration, threshold, costs=costs)
    if plan.unsure is None:
        return found
    decided = replace(found.decision, calibration=None)
    band = band_of(rows.predicted, rows.weights, decided.threshold, plan.unsure)
    thresholds = cross_fitted_thresholds(values, rows, rule, decided.threshold)
    return replace(found, band=band, unsure=expected_abstention(values, rows, decided, thresholds, plan.unsure))


def _rule(plan: DecisionPlan, truth: Truth) -> ThresholdRule | None:
    """What chooses the threshold of two classes, where one is asked for."""
    if plan.costs is None:
        return plan.rule
    costs = matrix_of(cost_pairs(plan.costs), truth.labels)
    if len(costs) > 2:
        return None
    return ThresholdRule("cost", costs=Costs(costs[0][1], costs[1][0], costs[1][1], costs[0][0]))


def _least_cost(plan: DecisionPlan, truth: Truth, values: np.ndarray, rows: OutOfFold) -> CostChoice:
    """How more than two classes are answered by their costs."""
    pairs = cost_pairs(plan.costs)
    return choose_by_costs(values, rows, matrix_of(pairs, truth.labels), pairs)
