"""Loss of training and validation rows, epoch by epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..records import counted
from ..records import figure as number
from ..training.history import History
from .theme import LIGHT, Theme, label, leave_room, legend, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STOPPED = {
    "finished": "all epochs were run",
    "patience": "it stopped when the validation loss no longer fell",
    "converged": "it stopped when the loss no longer changed",
    "interrupted": "it was stopped by hand",
    "time": "it stopped when the time was up",
    "non_finite": "it stopped when the loss was no longer finite",
}


def loss_curves(history: History, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """Training loss (and validation loss, where there were such rows) against the epoch; the kept epoch is marked.

    Lesson lines 5, 14, 16, 22, 26, 32, 33.
    """
    expect(history, History, "fit_network")
    from matplotlib.ticker import MaxNLocator

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
    if history.kept_epoch:
        ax.axvline(history.kept_epoch, color=theme.quiet, linestyle=":", linewidth=1.2, label="kept epoch")
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    label(ax, theme, "Learning curve", "Epoch (passes over the training rows)", "Loss")
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
