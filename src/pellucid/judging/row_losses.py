"""What each row costs: the losses whose means are the figures of a model, and the figures that people read."""

from __future__ import annotations

import numpy as np

from ..estimators.decision import AS_IS, Decision
from .truth import Truth, decide


def row_losses(truth: Truth, predicted: np.ndarray) -> np.ndarray:
    """Log loss of the true class for probabilities (rows, classes), squared error for numbers (rows,): (rows,)."""
    if not truth.is_classes:
        squared: np.ndarray = (truth.values - predicted) ** 2
        return squared
    chosen = predicted[np.arange(len(predicted)), truth.values].astype(np.float64)
    return -np.log(np.clip(chosen, np.finfo(np.float64).eps, 1))


def row_hits(truth: Truth, predicted: np.ndarray, decision: Decision = AS_IS) -> np.ndarray:
    """Whether each row is classified rightly, as `decide` decides: float (rows,), 0 or 1."""
    return (decide(predicted, decision) == truth.values).astype(np.float64)


def figure_of(truth: Truth) -> str:
    """The name of the figure that a mean of `row_losses` makes."""
    return "log loss" if truth.is_classes else "RMSE"


def figure_value(truth: Truth, mean_loss: float) -> float:
    """The figure of a mean loss: itself for log loss, its root for squared errors."""
    return mean_loss if truth.is_classes else float(np.sqrt(mean_loss))


def figure_slope(truth: Truth, mean_loss: float) -> float:
    """How much the figure moves when the mean loss does (delta method); 0 where there is no loss."""
    if truth.is_classes:
        return 1.0
    return 0.5 / float(np.sqrt(mean_loss)) if mean_loss > 0 else 0.0
