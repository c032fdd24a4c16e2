"""From the raw outputs Z of the last layer to predictions: identity, sigmoid, softmax.

A link belongs to a loss, not to the network: losses act on raw outputs, where sums of exponentials can be
kept stable.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from .activations import identity, sigmoid

Link = Literal["identity", "sigmoid", "softmax"]


def softmax(Z: np.ndarray) -> np.ndarray:
    """e^z over the sum of e^z in the row; Z (rows, classes) to probabilities (rows, classes).

    The largest z of a row is subtracted first: it cancels in the ratio, and no exponential can then overflow.
    """
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def log_softmax(Z: np.ndarray) -> np.ndarray:
    """ln softmax(Z), (rows, classes); finite even where a probability is too small to be written down."""
    S = Z - Z.max(axis=1, keepdims=True)
    return S - np.log(np.exp(S).sum(axis=1, keepdims=True))


LINKS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "identity": identity,
    "sigmoid": sigmoid,
    "softmax": softmax,
}
