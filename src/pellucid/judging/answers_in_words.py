"""How a model answers and what that is worth, in sentences that the terminal and the report share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..records import figure, with_interval

if TYPE_CHECKING:
    from ..estimators.prediction_intervals import PredictionIntervals
    from .decisions import Decisions
    from .evaluation import Evaluation


def chosen_lines(decided: Decisions) -> tuple[str, ...]:
    """What was chosen out of fold and on what grounds: calibration, threshold, unsure band, intervals."""
    told = [] if decided.calibration is None else [decided.calibration.in_words()]
    if decided.threshold is not None:
        told.append(decided.threshold.in_words())
    if decided.costs is not None:
        told.append(decided.costs.in_words())
    if decided.unsure is not None:
        told.append(f"unsure band {band_text(decided.band)}; out of fold {decided.unsure.in_words()}")
    if decided.intervals is not None:
        told.append(intervals_text(decided.intervals))
    return tuple(told)


def kept_lines(model: Any) -> tuple[str, ...]:
    """What a model keeps of that, without the grounds; () for one that answers as networks do by themselves."""
    intervals = getattr(model, "intervals_", None)
    if intervals is not None:
        return (intervals_text(intervals),)
    decision = getattr(model, "decision_", None)
    if decision is None:
        return ()
    told = [] if decision.calibration is None else [f"probabilities are calibrated ({decision.calibration.method})"]
    told += [f"threshold {figure(decision.threshold)}"] if decision.threshold != 0.5 else []
    if len(decision.costs) > 2:
        told.append("the answer is the class that costs least on average")
    return (*told, *([f"unsure band {band_text(decision.unsure)}"] if decision.unsure else []))


def answer_lines(evaluation: Evaluation) -> list[str]:
    """What the scored rows say about costs, unsure band and intervals; [] where the model has none of them."""
    cost = evaluation.cost
    told = [] if cost is None else [f"{cost.name} {with_interval(cost.value, cost.interval)}"]
    told += [] if evaluation.unsure is None else [evaluation.unsure.in_words()]
    return [*told, *(coverage.in_words() for coverage in evaluation.coverage)]


def band_text(band: tuple[float, ...]) -> str:
    """`[0.38, 0.61)`."""
    return f"[{figure(band[0])}, {figure(band[1])})"


def intervals_text(intervals: PredictionIntervals) -> str:
    """How far the intervals reach around a prediction, and how that changes with it."""
    if not intervals.levels:
        return f"too few rows for prediction intervals: {intervals.rows:,} held-out training rows"
    unit = " in log(1 + target)" if intervals.logarithmic else f" {intervals.unit}".rstrip()
    each = [f"{level * 100:g}% ±{figure(reach)}" for level, reach in zip(intervals.levels, intervals.reach)]
    said = f"prediction intervals {', '.join(each)}{unit}"
    if intervals.knots:
        low, high = (int(place(intervals.scales)) for place in (np.argmin, np.argmax))
        said += (
            f" on average; they are wider where errors are larger: {intervals.scales[low]:.2f} times as wide for "
            f"predictions about {figure(intervals.knots[low])}, {intervals.scales[high]:.2f} times about "
            f"{figure(intervals.knots[high])}"
        )
    if intervals.lowest is not None:
        said += f"; no end is below {intervals.lowest:g}, as no target of the training rows is"
    return f"{said}; from the errors on {intervals.rows:,} held-out training rows"
