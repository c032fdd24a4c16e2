"""The network for one row: where the arithmetic takes microseconds, every call and every new array counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..nn.activations import relu
from ..nn.parameters import Parameters, bias_name, weight_name
from ..spec import NetworkSpec

# From a design row (inputs,) to raw outputs (outputs,).
RowNetwork = Callable[[np.ndarray], np.ndarray]


def row_network(network: NetworkSpec, parameters: Parameters) -> RowNetwork:
    """The function from a design row (inputs,), in the type of the parameters, to raw outputs (outputs,).

    The sums are those of `nn.network.scores` in another order: equal but for rounding. Safe from many threads.
    """
    dtype = parameters[weight_name(0)].dtype
    zero = np.zeros((), dtype)
    maximum = np.maximum
    *hidden, last = [
        (np.ascontiguousarray(parameters[weight_name(i)]).dot, parameters.get(bias_name(i), zero))
        for i in range(len(network.activations) + 1)
    ]
    bends = [None if activation is relu else activation.forward for activation in network.activations]
    layers = [(times, bias, bend) for (times, bias), bend in zip(hidden, bends)]
    times_last, last_bias = last

    def outputs(x: np.ndarray) -> np.ndarray:
        for times, bias, bend in layers:
            x = times(x)
            x += bias
            x = maximum(x, zero, out=x) if bend is None else bend(x)
        z: np.ndarray = times_last(x)
        z += last_bias
        return z

    return outputs
