"""How layers and units are called: `0.3` is unit 3 of layer 0, both counted as in the parameters' names.

0.3    the row `parameters["layers.0.weight"][3]`; hidden layers come first, the output layer has the last number
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import SpecError
from ..spec import NetworkSpec


def unit_name(layer: int, unit: int) -> str:
    """`0.3`."""
    return f"{layer}.{unit}"


def layer_words(network: NetworkSpec, layer: int) -> str:
    """`layer 0 (hidden, 64 relu units)`, `layer 2 (output)`."""
    if layer == len(network.hidden):
        return f"layer {layer} (output)"
    units = network.hidden[layer]
    return f"layer {layer} (hidden, {units} {network.activations[layer].name} unit{'s' * (units != 1)})"


def the_layer(network: NetworkSpec, layer: int) -> int:
    """`layer`, checked; raises `SpecError` naming the nearest layer there is."""
    last = len(network.hidden)
    if not isinstance(layer, (int, np.integer)) or isinstance(layer, bool):
        raise SpecError(f"a layer is a whole number from 0 to {last}, got {layer!r}")
    if not 0 <= layer <= last:
        near = min(max(layer, 0), last)
        raise SpecError(f"there is no layer {layer}; the nearest is {layer_words(network, near)}")
    return layer


def the_unit(network: NetworkSpec, name: str) -> tuple[int, int]:
    """(layer, unit) of a name such as "0.3"; raises `SpecError` for what is no name, naming the nearest unit."""
    return find_unit(network.sizes[1:], name)


def find_unit(sizes: Sequence[int], name: str) -> tuple[int, int]:
    """The same for layers of these `sizes` in units, the output layer last."""
    parts = name.split(".") if isinstance(name, str) else []
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
        raise SpecError(f"a unit is named by a text LAYER.UNIT, such as '0.3' for unit 3 of layer 0, got {name!r}")
    layer, unit = int(parts[0]), int(parts[1])
    near = min(layer, len(sizes) - 1)
    if layer != near or unit >= sizes[near]:
        what = "the output layer" if near == len(sizes) - 1 else f"the hidden layer {near}"
        nearest = unit_name(near, min(unit, sizes[near] - 1))
        units = f"{sizes[near]} unit{'s' * (sizes[near] != 1)}"
        raise SpecError(f"there is no unit {name}; the nearest is {nearest}, in {what} with {units}, counted from 0")
    return layer, unit
