"""What a model's unsure band and its prediction intervals do, in words for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..records import figure

if TYPE_CHECKING:
    from ..estimators.prediction_intervals import PredictionIntervals
    from ..judging.evaluation import Evaluation


def answer_lines(evaluation: Evaluation) -> list[str]:
    """What the scored rows say about the unsure band and the intervals; [] where the model has neither."""
    told = [] if evaluation.unsure is None else [evaluation.unsure.in_words()]
    return [*told, *(coverage.in_words() for coverage in evaluation.coverage)]


def band_text(band: tuple[float, ...]) -> str:
    """`[0.38, 0.61)`."""
    return f"[{figure(band[0])}, {figure(band[1])})"


def intervals_text(intervals: PredictionIntervals) -> str:
    """How far the intervals reach around a prediction."""
    unit = " in log(1 + target)" if intervals.logarithmic else ""
    each = [f"{level * 100:g} % ±{figure(reach)}" for level, reach in zip(intervals.levels, intervals.reach)]
    said = f"prediction intervals {', '.join(each)}{unit}" if each else "too few rows for prediction intervals"
    return f"{said}, from the errors on {intervals.rows:,} held-out training rows"
