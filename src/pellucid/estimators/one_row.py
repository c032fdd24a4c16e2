"""The network for one row: where the arithmetic takes microseconds, every call and every new array counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..nn.activations import relu
from ..nn.parameters import Parameters, bias_name, weight_name
from ..spec import NetworkSpec

# From a design row (inputs,) to raw outputs (outputs,), or a NumPy number where there is one output.
RowNetwork = Callable[[np.ndarray], Any]


def row_network(network: NetworkSpec, parameters: Parameters) -> RowNetwork:
    """The function from a design row (inputs,), in the type of the parameters, to raw outputs.

    The sums are those of `nn.network.scores` in another order: equal but for rounding. Safe from many threads.
    """
    zero = np.zeros((), parameters[weight_name(0)].dtype)
    maximum = np.maximum
    *hidden, (W, b) = [
        (np.ascontiguousarray(parameters[weight_name(i)]), parameters.get(bias_name(i), zero))
        for i in range(len(network.activations) + 1)
    ]
    bends = [None if activation is relu else activation.forward for activation in network.activations]
    layers = [(V.dot, bias, bend) for (V, bias), bend in zip(hidden, bends)]
    last, last_bias = (W[0].dot, b.reshape(-1)[0]) if len(W) == 1 else (W.dot, b)

    def outputs(x: np.ndarray) -> Any:
        for times, bias, bend in layers:
            x = times(x)
            x += bias
            x = maximum(x, zero, out=x) if bend is None else bend(x)
        return last(x) + last_bias

    return outputs
