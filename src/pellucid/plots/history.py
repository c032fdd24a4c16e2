"""Loss of training and validation rows, epoch by epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import InputError
from ..records import counted
from ..records import figure as number
from ..training.history import History
from .theme import LIGHT, Theme, label, leave_room, legend, shortened, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EPOCHS = "Epoch (passes over the training rows)"
STOPPED = {
    "finished": "all epochs were run",
    "patience": "it stopped when the validation loss no longer fell",
    "converged": "it stopped when the loss no longer changed",
    "interrupted": "it was stopped by hand",
    "time": "it stopped when the time was up",
    "non_finite": "it stopped when the loss was no longer finite",
}


def loss_curves(history: History, *, loss: str = "", ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """Training loss (and validation loss, where there were such rows) against the epoch; the kept epoch is marked.

    `loss` is its name, such as that of the `TrainingSpec`, for the axis.

    Lesson lines 5, 14, 16, 22, 26, 32, 33.
    """
    expect(history, History, "fit_network")
    figure, ax = start(ax, theme)
    leave_room(ax, left=52)
    epochs = [record.epoch for record in history.epochs]
    ax.plot(epochs, history.training_loss, color=theme.series[0], linewidth=1.8, label="training rows")
    if np.isfinite(history.validation_loss).any():
        ax.plot(
            epochs,
            history.validation_loss,
            color=theme.series[1],
            linestyle="--",
            linewidth=1.8,
            label="validation rows",
        )
    _epochs(ax, theme, history)
    label(ax, theme, "Learning curve", EPOCHS, f"Loss, {shortened(loss, 30)}" if loss else "Loss")
    legend(ax, theme)
    return figure


def loss_curves_in_words(history: History) -> str:
    """The figure as sentences."""
    expect(history, History, "fit_network")
    if not len(history):
        return "No epoch was run."
    first, last = history.epochs[0], history.epochs[-1]
    told = (
        f"Over {counted(len(history), 'epoch')} the training loss went from {number(first.training_loss)} to "
        f"{number(last.training_loss)}"
    )
    if first.validation_loss is not None and last.validation_loss is not None:
        told += f", the validation loss from {number(first.validation_loss)} to {number(last.validation_loss)}"
    end = STOPPED.get(history.stopped, history.stopped)
    return f"{told}; {end}, and the parameters of epoch {history.kept_epoch:,} were kept."


def score_curve(history: History, score: str = "Accuracy", *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """The score of the validation rows against the epoch, the kept epoch marked.

    It is the accuracy, and R² where the network predicts numbers; `score` is its name. Raises `InputError` for a
    history without it. Lesson lines 31, 33.
    """
    scores = _scores(history)
    figure, ax = start(ax, theme)
    leave_room(ax, left=52)
    epochs = [record.epoch for record in history.epochs]
    ax.plot(epochs, scores, color=theme.series[1], linestyle="--", linewidth=1.8, label="validation rows")
    _epochs(ax, theme, history)
    label(ax, theme, f"{shortened(score, 30)} over the epochs", EPOCHS, shortened(score, 30))
    legend(ax, theme)
    return figure


def score_curve_in_words(history: History, score: str = "Accuracy") -> str:
    """The figure as sentences."""
    scores = _scores(history)
    known = np.flatnonzero(np.isfinite(scores))
    first, last, best = known[0], known[-1], known[scores[known].argmax()]
    return (
        f"{score[:1].upper()}{score[1:]} on the validation rows went from {number(float(scores[first]))} at epoch "
        f"{history.epochs[first].epoch:,} to {number(float(scores[last]))} at epoch {history.epochs[last].epoch:,}; "
        f"highest, {number(float(scores[best]))}, at epoch {history.epochs[best].epoch:,}. The parameters of epoch "
        f"{history.kept_epoch:,} were kept."
    )


def _scores(history: History) -> np.ndarray:
    """The validation score of each epoch (epochs,), NaN where it was not measured."""
    expect(history, History, "fit_network")
    scores = np.array([np.nan if one.validation_score is None else one.validation_score for one in history.epochs])
    if not np.isfinite(scores).any():
        raise InputError("no epoch has a validation score; train with validation rows: fit_network(validation=(X, y))")
    return scores


def _epochs(ax: Axes, theme: Theme, history: History) -> None:
    """Whole epochs below, and a line at the kept one."""
    from matplotlib.ticker import MaxNLocator

    if history.kept_epoch:
        ax.axvline(history.kept_epoch, color=theme.quiet, linestyle=":", linewidth=1.2, label="kept epoch")
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
