"""How layers and units are called: `0.3` is unit 3 of layer 0, both counted as in the parameters' names.

0.3    the row `parameters["layers.0.weight"][3]`; hidden layers come first, the output layer has the last number
"""

from __future__ import annotations

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
    if not 0 <= layer <= last:
        near = min(max(layer, 0), last)
        raise SpecError(f"there is no layer {layer}; the nearest is {layer_words(network, near)}")
    return layer


def the_unit(network: NetworkSpec, name: str) -> tuple[int, int]:
    """(layer, unit) of a name such as "0.3"; raises `SpecError` for what is no name, naming the nearest unit."""
    parts = str(name).split(".")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
        raise SpecError(f"a unit is named LAYER.UNIT, such as 0.3 for unit 3 of layer 0, got {name!r}")
    layer, unit = int(parts[0]), int(parts[1])
    last, units = len(network.hidden), network.sizes[min(layer, len(network.hidden)) + 1]
    if layer > last or unit >= units:
        near = unit_name(min(layer, last), min(unit, units - 1))
        raise SpecError(f"there is no unit {name}; the nearest is {near}, in {layer_words(network, min(layer, last))}")
    return layer, unit
