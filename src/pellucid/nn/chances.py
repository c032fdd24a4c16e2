"""Probability, odds and log odds: three ways to say how likely something is.

    odds = p / (1 - p)        log odds = ln(p / (1 - p))        p = sigmoid(log odds)

A network with the sigmoid link computes log odds (the logit), each weight adding to them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import InputError


def odds(probability: Any) -> np.ndarray:
    """p / (1 - p) of any array of probabilities; infinity at 1. Raises `InputError` outside [0, 1]."""
    p = _probabilities(probability)
    with np.errstate(divide="ignore"):
        return p / (1 - p)


def log_odds(probability: Any) -> np.ndarray:
    """ln(p / (1 - p)), the inverse of sigmoid; infinite at 0 and 1. Raises `InputError` outside [0, 1]."""
    p = _probabilities(probability)
    with np.errstate(divide="ignore"):
        return np.log(p) - np.log1p(-p)


def _probabilities(values: Any) -> np.ndarray:
    p = np.asarray(values, dtype=np.float64)
    outside = ~((p >= 0) & (p <= 1))
    if outside.any():
        raise InputError(f"probabilities lie in [0, 1], got {p[outside][0]:g}; give probabilities, not logits")
    return p
