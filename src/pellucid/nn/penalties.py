"""What large weights cost: l1 Σ|w| + l2/2 Σw², over the weights and never over the biases.

l1 pulls with the same force however small a weight is, so it ends at exactly 0; l2 pulls in proportion.
"""

from __future__ import annotations

import numpy as np

from .parameters import Parameters


def penalty_value(parameters: Parameters, l1: float = 0.0, l2: float = 0.0) -> float:
    """The cost of all weights."""
    weights = [W for name, W in parameters.items() if name.endswith(".weight")]
    return sum(l1 * float(np.abs(W).sum()) + l2 / 2 * float(np.square(W).sum()) for W in weights)


def penalty_gradients(gradients: Parameters, parameters: Parameters, l1: float = 0.0, l2: float = 0.0) -> Parameters:
    """The gradients of a loss with those of the penalty added: l1 sign(W) + l2 W on weights, nothing on
    biases.
    """
    if l1 == 0 and l2 == 0:
        return gradients
    penalized = {}
    for name, gradient in gradients.items():
        W = parameters[name]
        is_weight = name.endswith(".weight")
        penalized[name] = gradient + float(l1) * np.sign(W) + float(l2) * W if is_weight else gradient
    return penalized
