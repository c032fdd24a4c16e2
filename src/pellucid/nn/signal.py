"""How large the numbers are on their way through the layers, forwards and backwards.

Too small weights let the signal vanish, too large ones let it explode; Xavier's and He's rules keep it. The gradients
that come back do the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import SpecError
from ..records import Record
from .activations import Activation, get_activation
from .initializers import Initializer, auto_initializer, initialize
from .network import Parameters, forward


@dataclass(frozen=True, eq=False)
class LayerSignal(Record):
    """The activations of a layer, or the gradients that reach its pre-activations, over all rows and units.

    `edges` (bins + 1,) and `counts` (bins,) are their histogram, `zeros` the share that is exactly 0.
    """

    layer: int
    mean: float
    std: float
    zeros: float
    edges: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True)
class Signal(Record):
    """The signal of a network: `activations` of every layer, the outputs last, and `gradients` dL/dZ of the same."""

    name: str
    activations: tuple[LayerSignal, ...]
    gradients: tuple[LayerSignal, ...]


def trace_signal(
    X: np.ndarray,
    parameters: Parameters,
    activations: Sequence[Activation],
    dZ: np.ndarray | None = None,
    *,
    name: str = "network",
    bins: int = 40,
) -> Signal:
    """Follow X (rows, inputs) through the layers, and dZ (rows, outputs; ones for None) back. Errors as `forward`."""
    Z, tape = forward(X, parameters, activations)
    back = [np.ones_like(Z) if dZ is None else dZ]
    for i in reversed(range(1, len(tape))):
        below = tape[i - 1]
        back.append(back[-1] @ tape[i].dense.W * below.activation.derivative(below.Z, below.A))
    return Signal(
        name,
        tuple(_measured(layer, one.A, bins) for layer, one in enumerate(tape)),
        tuple(_measured(layer, one, bins) for layer, one in enumerate(reversed(back))),
    )


def compare_initializers(
    sizes: Sequence[int],
    initializers: Mapping[str, Any] | Sequence[str | Mapping[str, Any] | Initializer],
    *,
    activation: str | Activation = "tanh",
    rows: int = 200,
    seed: int = 0,
) -> tuple[Signal, ...]:
    """The signal of fresh networks of `sizes`, one an initializer, for rows from the standard normal.

    `initializers` are names, dicts, functions, or a dict title → one of these; "auto" is what a network would take.
    Raises `SpecError` for none and for unknown names.
    """
    chosen = get_activation(activation)
    named = initializers if isinstance(initializers, Mapping) else {_title(one): one for one in initializers}
    if not named or len(sizes) < 2:
        raise SpecError(f"give sizes and at least one initializer, got {tuple(sizes)} and {list(named)}")
    X = np.random.default_rng(seed).standard_normal((rows, sizes[0]))
    found = []
    for title, one in named.items():
        rule = auto_initializer(chosen) if isinstance(one, str) and one == "auto" else one
        parameters = initialize(sizes, False, rule, np.random.default_rng(seed + 1))
        dZ = np.random.default_rng(seed + 2).standard_normal((rows, sizes[-1]))
        found.append(trace_signal(X, parameters, [chosen] * (len(sizes) - 2), dZ, name=title))
    return tuple(found)


def _title(initializer: Any) -> str:
    if isinstance(initializer, str):
        return initializer
    if isinstance(initializer, Mapping):
        settings = ", ".join(f"{k} {v}" for k, v in initializer.items() if k != "name")
        return f"{initializer.get('name')} {settings}".strip()
    return getattr(initializer, "__name__", type(initializer).__name__)


def _measured(layer: int, values: np.ndarray, bins: int) -> LayerSignal:
    with np.errstate(over="ignore", invalid="ignore"):
        mean, std = float(values.mean()), float(values.std())
    finite = values[np.isfinite(values)]
    counts, edges = np.histogram(finite, bins) if len(finite) else (np.zeros(bins, int), np.linspace(0, 1, bins + 1))
    return LayerSignal(layer, mean, std, float((values == 0).mean()), edges, counts)
