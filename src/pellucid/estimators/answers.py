"""From the raw outputs of a network to probabilities and labels, for many rows and for one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..nn.losses import Loss, predict_from
from .decision import AS_IS, Decision


def probabilities(loss: Loss, scores: np.ndarray, multilabel: bool) -> np.ndarray:
    """Probabilities float64 (rows, classes) of raw outputs (rows, outputs); of each label where there are several.

    With one output, the second of two classes, both are given.
    """
    if scores.shape == (1, 1) and not multilabel:
        score = float(scores[0, 0])
        return np.array((_two(score, float(np.exp(-abs(score)))),))
    probability = predict_from(loss, scores.astype(np.float64, copy=False))
    if multilabel or probability.shape[1] > 1:
        return probability
    both = np.empty((len(probability), 2))
    both[:, 1] = probability[:, 0]
    np.subtract(1, probability[:, 0], out=both[:, 0])
    return both


def row_of_two(score: float) -> np.ndarray:
    """The same for the one output of one row: (2,)."""
    return np.array(_two(score, math.exp(-abs(score))))


def row_probabilities(loss: Loss, scores: np.ndarray, multilabel: bool) -> np.ndarray:
    """The same for the several outputs (outputs,) of one row: (classes,), or (labels,) of several labels."""
    if not multilabel:
        e: np.ndarray = np.exp(scores - scores.max(), dtype=np.float64)
        e /= e.sum()
        return e
    return predict_from(loss, np.atleast_1d(scores).astype(np.float64))


def _two(score: float, e: float) -> tuple[float, float]:
    """1 - p and p = 1 / (1 + e^-score), from e = e^-|score|, which cannot overflow."""
    second = (1.0 if score >= 0 else e) / (1.0 + e)
    return 1.0 - second, second


def decided(classes: np.ndarray, probability: np.ndarray, multilabel: bool, decision: Decision = AS_IS) -> Any:
    """Labels (rows,), or the label of one row, as the decision says; multi-label 0/1 of each label."""
    if multilabel:
        return (probability >= 0.5).astype(int)
    return classes[decision.codes(probability)]
