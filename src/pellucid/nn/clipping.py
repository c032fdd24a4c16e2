"""A limit on the length of the gradient, so that one bad batch cannot throw the parameters far away.

Source: Pascanu, Mikolov, Bengio (2013), arXiv:1211.5063. All gradients are scaled together: the direction
stays.
"""

from __future__ import annotations

import math

import numpy as np

from .parameters import Parameters


def global_norm(gradients: Parameters) -> float:
    """The Euclidean length of all gradients taken as one vector, summed in float64."""
    return math.sqrt(sum(float(np.square(g, dtype=np.float64).sum()) for g in gradients.values()))


def clip_by_norm(gradients: Parameters, max_norm: float) -> tuple[Parameters, float]:
    """The gradients, shortened to `max_norm` where they are longer, and their length before.

    Gradients that are not finite come back as they are, for the caller to see.
    """
    norm = global_norm(gradients)
    if not max_norm < norm < math.inf:
        return gradients, norm
    return {name: g * (max_norm / norm) for name, g in gradients.items()}, norm
