"""How one parameter is called: `layers.0.weight[3, 2]`, or in the first layer `layers.0.weight[3, Age]`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import SpecError, nearest
from ..spec import NetworkSpec, parameter_shapes
from .unit_names import unit_name

FORM = re.compile(r"\s*(?P<array>[\w.]+)\s*(\[(?P<place>.*)\])?\s*")


def the_parameter(network: NetworkSpec, given: str, inputs: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """(array, place) of a name; `inputs` (inputs,) are the names of the network's inputs.

    Raises `SpecError` for an array or a place that does not exist, naming the nearest.
    """
    shapes = parameter_shapes(network)
    found = FORM.fullmatch(str(given))
    array = found["array"] if found else str(given)
    if array not in shapes:
        raise SpecError(f"there is no parameter {array!r}{nearest(array, shapes)}")
    shape = shapes[array]
    assert found is not None
    if found["place"] is None:
        if shape[0] * shape[-1] == 1:
            return array, (0,) * len(shape)
        example = name_of(array, (0,) * len(shape))
        numbers = " × ".join(map(str, shape))
        raise SpecError(f"{array} holds {numbers} numbers; name one of them, such as {example}")
    parts = [part.strip() for part in found["place"].split(",", len(shape) - 1)]
    if len(parts) == len(shape) == 2 and array == "layers.0.weight" and not parts[1].lstrip("-").isdigit():
        if parts[1] not in inputs:
            raise SpecError(f"the network has no input {parts[1]!r}{nearest(parts[1], inputs)}")
        parts[1] = str(list(inputs).index(parts[1]))
    if len(parts) != len(shape) or not all(part.lstrip("-").isdigit() for part in parts):
        example = name_of(array, (0,) * len(shape))
        raise SpecError(f"{array} takes {len(shape)} whole numbers, such as {example}, got [{found['place']}]")
    place = tuple(int(part) for part in parts)
    if not all(0 <= i < n for i, n in zip(place, shape)):
        near = tuple(min(max(i, 0), n - 1) for i, n in zip(place, shape))
        raise SpecError(
            f"there is no parameter {name_of(array, place)}; the nearest is {name_of(array, near)} "
            f"({array} is {' × '.join(map(str, shape))}, outputs first, counted from 0)"
        )
    return array, place


def name_of(array: str, place: tuple[int, ...]) -> str:
    """`layers.0.weight[3, 2]`."""
    return f"{array}[{', '.join(map(str, place))}]"


def with_input(array: str, place: tuple[int, ...], inputs: Sequence[str]) -> str:
    """`layers.0.weight[3, 2] (Age)`: the name, and of the first layer the input that the weight multiplies."""
    name = name_of(array, place)
    known = array == "layers.0.weight" and inputs[place[1]] != f"x{place[1]}"
    return f"{name} ({inputs[place[1]]})" if known else name


def layer_of(array: str) -> int:
    """The layer that an array belongs to."""
    return int(array.split(".")[1])


def ends_of(
    network: NetworkSpec, array: str, place: tuple[int, ...], inputs: Sequence[str], outputs: Sequence[str]
) -> tuple[str, str]:
    """(what the parameter multiplies, where it leads): an input, a unit or an output; a bias multiplies "1"."""
    layer = layer_of(array)
    to = f"output {outputs[place[0]]}" if layer == len(network.hidden) else f"unit {unit_name(layer, place[0])}"
    if len(place) == 1:
        return "1", to
    return (inputs[place[1]] if layer == 0 else f"unit {unit_name(layer - 1, place[1])}"), to
