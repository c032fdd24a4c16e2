"""From the raw outputs of a network to probabilities and labels, for many rows and for one."""

from __future__ import annotations

import math

import numpy as np

from ..nn.losses import Loss, predict_from


def probabilities(loss: Loss, scores: np.ndarray, multilabel: bool) -> np.ndarray:
    """Probabilities float64 (rows, classes) of raw outputs (rows, outputs); of each label where there are several.

    With one output, the second of two classes, both are given.
    """
    probability = predict_from(loss, scores.astype(np.float64))
    if multilabel or probability.shape[1] > 1:
        return probability
    both = np.empty((len(probability), 2))
    both[:, 1] = probability[:, 0]
    np.subtract(1, probability[:, 0], out=both[:, 0])
    return both


def row_probabilities(loss: Loss, scores: np.ndarray, multilabel: bool) -> np.ndarray:
    """The same for the raw outputs (outputs,) of one row: (classes,)."""
    if multilabel or len(scores) > 1:
        return probabilities(loss, scores[None], multilabel)[0]
    score = float(scores[0])
    e = math.exp(-abs(score))
    second = (1.0 if score >= 0 else e) / (1.0 + e)
    return np.array((1.0 - second, second))


def decided(classes: np.ndarray, probability: np.ndarray, multilabel: bool) -> np.ndarray:
    """Labels (rows,): the most probable class, with two classes the second from P ≥ 0.5 on; multi-label 0/1."""
    if multilabel:
        return (probability >= 0.5).astype(int)
    if len(classes) == 2:
        return classes[(probability[..., 1] >= 0.5).astype(int)]
    return classes[probability.argmax(axis=-1)]
