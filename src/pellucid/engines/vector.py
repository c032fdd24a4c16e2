"""All parameters of a network as one vector, layer after layer, as engines and recordings keep them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..nn.parameters import bias_name, weight_name
from ..spec import NetworkSpec
from .contract import Parameters

# Which parts an optimizer's state has, each as long as all parameters; their vectors stand in this order.
OPTIMIZER_PARTS = {
    "sgd": ("velocity",),
    "rmsprop": ("square", "velocity"),
    "adam": ("mean", "square"),
    "adamw": ("mean", "square"),
}


def flatten(parameters: Parameters, network: NetworkSpec, vector: Any) -> None:
    """Writes all parameters, in the order of their layers, to `vector` (parameter_count,)."""
    for name, view in as_parameters(vector, network).items():
        view[...] = parameters[name]


def as_vector(parameters: Parameters, network: NetworkSpec) -> np.ndarray:
    """A new vector (parameter_count,) of all parameters."""
    vector = np.empty(network.parameter_count, parameters[weight_name(0)].dtype)
    flatten(parameters, network, vector)
    return vector


def as_parameters(vector: Any, network: NetworkSpec) -> dict[str, Any]:
    """The parameters as named views of `vector` (parameter_count,), an array or a tensor of PyTorch."""
    sizes, begin, named = network.sizes, 0, {}
    for layer, has_bias in enumerate(network.biases):
        inputs, outputs = sizes[layer], sizes[layer + 1]
        end = begin + inputs * outputs
        named[weight_name(layer)] = vector[begin:end].reshape(outputs, inputs)
        if has_bias:
            named[bias_name(layer)] = vector[end : end + outputs]
            end += outputs
        begin = end
    return named
