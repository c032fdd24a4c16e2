"""The learned numbers of a network: an ordered dict of named arrays.

    layers.0.weight (outputs, inputs)    layers.0.bias (outputs,)    layers.1.weight …

Names and shapes are those of PyTorch's `Linear`; a layer without bias has no bias entry.
"""

from __future__ import annotations

import numpy as np

Parameters = dict[str, np.ndarray]


def weight_name(layer: int) -> str:
    """`layers.0.weight` for layer 0, the one next to the inputs."""
    return f"layers.{layer}.weight"


def bias_name(layer: int) -> str:
    """`layers.0.bias` for layer 0."""
    return f"layers.{layer}.bias"


def layer_count(parameters: Parameters) -> int:
    """How many layers the parameters describe: hidden layers and the output layer."""
    return sum(name.endswith(".weight") for name in parameters)
