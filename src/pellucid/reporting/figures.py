"""The figures of a report, each with its caption in words and the numbers behind it as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .. import plots
from ..data.days import date_text
from ..estimators.prediction_intervals import PredictionIntervals
from ..judging.importance import ColumnImportance, Importance
from ..judging.scored_curves import ClassCurves
from ..judging.slices import Slices
from ..metrics.binned_errors import BinnedErrors
from ..records import figure as number
from ..records import percent, rounded
from ..training.history import History
from .content import Ladder
from .inline_svg import frame_of, inline_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TABLE_ROWS = 11
Cells = tuple[str, ...]


@dataclass(frozen=True)
class PageFigure:
    """A drawing, what it shows in words, and a table of it; `frame` says where the script may mark a threshold."""

    name: str
    title: str
    svg: str
    caption: str
    head: Cells
    rows: tuple[Cells, ...]
    kind: str = ""
    frame: str = ""


def history_figure(history: History) -> PageFigure | None:
    """The learning curve; None where no epoch was run."""
    if not len(history):
        return None
    epochs = [history.epochs[place] for place in evenly(len(history))]
    rows = [
        (
            f"{one.epoch:,}",
            number(one.training_loss),
            "" if one.validation_loss is None else number(one.validation_loss),
        )
        for one in epochs
    ]
    drawn = plots.loss_curves(history)
    words = plots.loss_curves_in_words(history)
    return _made("history", "Learning curve", drawn, words, ("Epoch", "Training loss", "Validation loss"), rows)


def ladder_figure(ladder: Ladder) -> PageFigure:
    """The rungs with their intervals."""
    drawn = plots.ladder_steps(ladder.rungs, ladder.figure, chosen=ladder.chosen)
    words = plots.ladder_steps_in_words(ladder.rungs, ladder.figure, ladder.chosen)
    rows = [
        (rung.name, number(rung.mean(ladder.figure)), str(rung.intervals[ladder.figure]))
        for rung in ladder.rungs
        if ladder.figure in rung.scores
    ]
    return _made("ladder", "Ladder", drawn, words, ("Rung", ladder.figure, "95% interval"), rows)


def class_figures(curves: ClassCurves, prefix: str) -> tuple[PageFigure, ...]:
    """ROC, precision and recall, thresholds, gains and calibration of one class."""
    roc, precision, steps = curves.roc, curves.precision_recall, curves.steps
    gains, calibration = curves.gains, curves.calibration
    along = evenly(len(roc.thresholds))
    at = evenly(len(steps.thresholds))
    return (
        _made(
            f"{prefix}roc",
            "ROC curve",
            plots.roc(roc),
            plots.roc_in_words(roc),
            ("Threshold", "False alarms", "Recall"),
            [(_threshold(roc.thresholds[k]), percent(roc.fpr[k]), percent(roc.recall[k])) for k in along],
            "roc",
        ),
        _made(
            f"{prefix}pr",
            "Precision and recall",
            plots.precision_recall(precision),
            plots.precision_recall_in_words(precision),
            ("Threshold", "Recall", "Precision"),
            [
                (_threshold(precision.thresholds[k]), percent(precision.recall[k]), percent(precision.precision[k]))
                for k in along
            ],
            "pr",
        ),
        _made(
            f"{prefix}thresholds",
            "Scores at every threshold",
            plots.threshold_scores(steps),
            plots.threshold_scores_in_words(steps),
            ("Threshold", "Precision", "Recall", "Specificity", "F1"),
            [
                (
                    _threshold(steps.thresholds[k]),
                    percent(steps.precision[k]),
                    percent(steps.recall[k]),
                    percent(steps.specificity[k]),
                    rounded(steps.f1[k]),
                )
                for k in at
            ],
            "thresholds",
        ),
        _made(
            f"{prefix}gains",
            "Cumulative gains",
            plots.gains(gains),
            plots.gains_in_words(gains),
            ("Rows taken", "Share of the class found"),
            [(percent(gains.taken[k]), percent(gains.found[k])) for k in along],
            "gains",
        ),
        _made(
            f"{prefix}calibration",
            "Calibration",
            plots.calibration(calibration),
            plots.calibration_in_words(calibration),
            ("Probability given", "Share that came", f"{calibration.level:.0%} interval", "Rows"),
            [
                (percent(given), percent(came), f"{percent(low)} to {percent(high)}", f"{rows:,.0f}")
                for given, came, low, high, rows in zip(
                    calibration.predicted, calibration.observed, calibration.low, calibration.high, calibration.rows
                )
            ],
        ),
    )


def error_figures(
    errors: BinnedErrors, target: str, intervals: PredictionIntervals | None, dates: bool = False
) -> tuple[PageFigure, ...]:
    """Predicted against true numbers, or `dates`, with the bands of their intervals, and the errors."""
    shown = _date if dates else number
    return (
        _made(
            "predicted",
            "Predicted and true",
            plots.predicted_against_true(errors, target, intervals=intervals, dates=dates),
            plots.predicted_against_true_in_words(errors, intervals),
            ("Predicted", "True, median", f"True, middle {errors.middle:.0%}", "Rows"),
            [
                (
                    shown(errors.predicted[k]),
                    shown(errors.median[k]),
                    f"{shown(errors.low[k])} to {shown(errors.high[k])}",
                    f"{errors.rows[k]:,}",
                )
                for k in range(len(errors.rows))
            ],
        ),
        _made(
            "residuals",
            "Errors",
            plots.residuals(errors, target, unit="days" if dates else ""),
            plots.residuals_in_words(errors),
            ("True minus predicted, days" if dates else "True minus predicted", "Rows"),
            [(_part(errors.error_edges, k), f"{errors.error_rows[k]:,}") for k in range(len(errors.error_rows))],
        ),
    )


def _date(days: float) -> str:
    return date_text(round(days))


def importance_figure(found: Importance | None) -> PageFigure | None:
    """What the columns are worth; None where that is not known."""
    if found is None or not found.columns:
        return None
    rows = [(one.name, _change(one), str(one.interval or "")) for one in found.columns]
    words = plots.importance_in_words(found)
    head = ("Column", f"{found.figure} higher by", "95% interval")
    return _made("importance", "Importance", plots.importance(found), words, head, rows)


def _change(one: ColumnImportance) -> str:
    return number(one.increase, sign=True, beside=one.interval.size if one.interval else 0.0)


def slices_figure(found: Slices | None) -> PageFigure | None:
    """Where the model is worse; None where no slice is large enough, or nobody looked."""
    if found is None or not found.slices:
        return None
    rows = [
        (one.name, f"{one.rows:,}", number(one.score), str(one.interval or ""), number(one.loss), rounded(one.p_value))
        for one in found.slices
    ]
    head = ("Slice", "Rows", found.score_name, "95% interval", found.figure, "p, corrected")
    return _made("slices", "Slices", plots.slices(found), plots.slices_in_words(found), head, rows)


def evenly(length: int) -> list[int]:
    """Places of at most eleven rows of a table, the first and the last among them."""
    return np.unique(np.linspace(0, length - 1, min(length, TABLE_ROWS)).round().astype(int)).tolist()


def _made(
    name: str, title: str, drawn: Figure, words: str, head: Cells, rows: Sequence[Cells], kind: str = ""
) -> PageFigure:
    frame = frame_of(drawn) if kind else ""
    return PageFigure(name, title, inline_svg(drawn, name), words, head, tuple(rows), kind, frame)


def _threshold(value: float) -> str:
    return "above all" if np.isinf(value) else rounded(value)


def _part(edges: np.ndarray, place: int) -> str:
    """The errors of a bar; the outer ones take in what lies beyond."""
    if place == 0:
        return f"below {number(edges[1])}"
    return f"from {number(edges[place])} on" if place == len(edges) - 2 else _span(edges[place], edges[place + 1])


def _span(low: float, high: float) -> str:
    return f"{number(low)} to {number(high)}"
