"""Where training starts: how the first weights are drawn.

An initializer is a function `(outputs, inputs, rng) -> (W, b)` for one layer, W (outputs, inputs) and b
(outputs,). Too small, and the signal dies on its way through the layers; too large, and it explodes.
Xavier's and He's rules keep its size about the same from layer to layer. Biases start at 0 unless the
docstring says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from ..errors import ShapeError, SpecError
from .activations import ACTIVATIONS, Activation
from .parameters import Parameters, bias_name, weight_name
from .settings import look_up

Draw = tuple[np.ndarray, np.ndarray]
Initializer = Callable[[int, int, np.random.Generator], Draw]


def zeros(outputs: int, inputs: int, rng: np.random.Generator) -> Draw:
    """All 0. Fine without hidden layers; with them every unit of a layer would stay the same as its
    neighbors.
    """
    return np.zeros((outputs, inputs)), np.zeros(outputs)


def uniform(outputs: int, inputs: int, rng: np.random.Generator, low: float = -0.5, high: float = 0.5) -> Draw:
    """Evenly between `low` and `high`, whatever the size of the layer."""
    return low + (high - low) * _random(outputs, inputs, rng), np.zeros(outputs)


def normal(outputs: int, inputs: int, rng: np.random.Generator, std: float = 0.01) -> Draw:
    """Normal around 0 with standard deviation `std`, whatever the size of the layer."""
    return std * rng.standard_normal((inputs, outputs)).T, np.zeros(outputs)


def xavier_uniform(outputs: int, inputs: int, rng: np.random.Generator) -> Draw:
    """Even, ±√(6 / (inputs + outputs)). Source: Glorot, Bengio (2010)."""
    limit = math.sqrt(6 / (inputs + outputs))
    return uniform(outputs, inputs, rng, -limit, limit)


def xavier_normal(outputs: int, inputs: int, rng: np.random.Generator) -> Draw:
    """Normal, standard deviation √(2 / (inputs + outputs)). Source: Glorot, Bengio (2010)."""
    return normal(outputs, inputs, rng, math.sqrt(2 / (inputs + outputs)))


def he_uniform(outputs: int, inputs: int, rng: np.random.Generator) -> Draw:
    """Even, ±√(6 / inputs): twice Xavier's variance, since relu silences half. Source: He et al.,
    arXiv:1502.01852.
    """
    limit = math.sqrt(6 / inputs)
    return uniform(outputs, inputs, rng, -limit, limit)


def he_normal(outputs: int, inputs: int, rng: np.random.Generator) -> Draw:
    """Normal, standard deviation √(2 / inputs). Source: He et al. (2015), arXiv:1502.01852."""
    return normal(outputs, inputs, rng, math.sqrt(2 / inputs))


def torch_uniform(outputs: int, inputs: int, rng: np.random.Generator) -> Draw:
    """Even, ±1/√inputs for weights and biases: the distribution of a new `torch.nn.Linear`."""
    limit = 1 / math.sqrt(inputs)
    W, _ = uniform(outputs, inputs, rng, -limit, limit)
    return W, limit * (2 * rng.random(outputs) - 1)


def course_hidden(outputs: int, inputs: int, rng: np.random.Generator) -> Draw:
    """(u - 0.5) / outputs, u even in [0, 1). With the next two: the hand-tuned starts of a well-known
    course for beginners, kept so that its runs can be repeated, and to show how delicate such numbers are.
    """
    return (_random(outputs, inputs, rng) - 0.5) / outputs, np.zeros(outputs)


def course_output(outputs: int, inputs: int, rng: np.random.Generator) -> Draw:
    """u - 0.3 for weights, one u for all biases of the layer."""
    return _random(outputs, inputs, rng) - 0.3, np.full(outputs, rng.random())


def course_deep(outputs: int, inputs: int, rng: np.random.Generator) -> Draw:
    """4 (u - 0.3) / outputs for weights, one 0.1 (u - 0.5) for all biases of the layer."""
    return 4 * (_random(outputs, inputs, rng) - 0.3) / outputs, np.full(outputs, 0.1 * (rng.random() - 0.5))


INITIALIZERS: dict[str, Callable[..., Draw]] = {
    f.__name__: f
    for f in (
        *(zeros, uniform, normal, xavier_uniform, xavier_normal, he_uniform, he_normal, torch_uniform),
        *(course_hidden, course_output, course_deep),
    )
}


def get_initializer(initializer: str | Mapping[str, Any] | Initializer) -> Initializer:
    """An initializer from its name, from `{"name": "uniform", "low": -1.0}`, or your own function.

    Raises `SpecError` for unknown names and settings.
    """
    if callable(initializer):
        return initializer
    draw, settings = look_up("initializer", INITIALIZERS, initializer)
    return partial(draw, **settings)


def auto_initializer(activation: str | Activation) -> str:
    """The initializer that suits the weights before an activation: he_uniform before the relu family,
    xavier_uniform before sigmoid, tanh, anything else that is bounded on both sides, and "identity" (the
    output layer).
    """
    name = activation if isinstance(activation, str) else activation.name
    known = ACTIVATIONS.get(name) if isinstance(activation, str) else activation
    bounded = known is not None and all(map(math.isfinite, known.range))
    return "xavier_uniform" if bounded or name == "identity" else "he_uniform"


def initialize(
    sizes: Sequence[int],
    bias: bool | Sequence[bool],
    initializer: str | Mapping[str, Any] | Initializer | Sequence[str | Mapping[str, Any] | Initializer],
    rng: np.random.Generator,
    dtype: Any = np.float64,
) -> Parameters:
    """First parameters of a network with `sizes` (inputs, units of each hidden layer …, outputs).

    `bias` and `initializer` are one for all layers or one for each. Numbers are drawn in float64 and then
    rounded to `dtype`, so that both types start at the same place. Raises `SpecError` for counts that do
    not fit, `ShapeError` for an initializer of your own that returns other shapes.
    """
    layers = len(sizes) - 1
    if layers < 1:
        raise SpecError(f"sizes must list the inputs, hidden units and outputs, got {tuple(sizes)}")
    biases = [bias] * layers if isinstance(bias, bool) else list(bias)
    several = isinstance(initializer, Sequence) and not isinstance(initializer, str)
    draws = [get_initializer(i) for i in (initializer if several else [initializer] * layers)]  # type: ignore
    if not len(biases) == len(draws) == layers:
        raise SpecError(f"{layers} layers, but {len(biases)} bias flags and {len(draws)} initializers")
    parameters: Parameters = {}
    for i, (inputs, outputs) in enumerate(pairwise(sizes)):
        W, b = draws[i](outputs, inputs, rng)
        if W.shape != (outputs, inputs) or b.shape != (outputs,):
            raise ShapeError(
                f"the initializer of layer {i} must return W ({outputs}, {inputs}) and b ({outputs},), "
                f"got {W.shape} and {b.shape}"
            )
        parameters[weight_name(i)] = np.array(W, dtype=dtype, order="C")
        if biases[i]:
            parameters[bias_name(i)] = np.array(b, dtype=dtype)
    return parameters


def _random(outputs: int, inputs: int, rng: np.random.Generator) -> np.ndarray:
    """Numbers even in [0, 1), (outputs, inputs), drawn input by input."""
    return rng.random((inputs, outputs)).T
