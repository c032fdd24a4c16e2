"""Frames around parts of a network drawing: its layers, one layer, one neuron, one activation, or nodes of your own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ..errors import SpecError, nearest
from .network_columns import UnitColumn, hidden_title
from .network_records import LETTER, LONGEST, RADIUS, NetworkBox, NetworkNode, Place

AROUND = 9.0  # points between a circle and a wide frame; narrow frames lie inside wide ones
VALUE = 12.0  # what is written below a circle
TITLE = 16.0  # the height of a title above its frame

Columns = Sequence[UnitColumn]
Frames = list[tuple[str, list[str]]]


def _layers(columns: Columns) -> Frames:
    """Input layer, hidden layers, output layer."""
    last = columns[-1].layer
    hidden = [hidden_title(layer, last) for layer in range(last)]
    titles = enumerate(("input layer", *hidden, "output layer"), -1)
    return [(title, _names([one for one in columns if one.layer == layer])) for layer, title in titles]


def _layer(columns: Columns) -> Frames:
    """The first layer behind the inputs."""
    return [("layer", _names(_neurons(columns, 0)))]


def _neuron(columns: Columns) -> Frames:
    """One unit, its sum and what follows it: the first of the last hidden layer, without one the output's."""
    return [("neuron", _names(_neurons(columns, max(columns[-1].layer - 1, 0)), 0))]


def _activation(columns: Columns) -> Frames:
    """One activation: the last unit of the last hidden layer, without one the output's."""
    having = [one for one in columns if one.kind == "activation"]
    hidden = [one for one in having if one.layer < columns[-1].layer]
    return [("activation function", _names((hidden or having)[-1:], -1))]


PRESETS: dict[str, Callable[[Columns], Frames]] = {
    "layers": _layers,
    "layer": _layer,
    "neuron": _neuron,
    "activation": _activation,
}
SMALL = ("neuron", "activation")


def needs_sums(boxes: Iterable[str]) -> bool:
    """Whether a box is about nodes that only a drawing with sums has."""
    return not isinstance(boxes, Mapping) and "activation" in boxes


def needs_room(boxes: Iterable[str]) -> bool:
    """Whether titles will stand between the rows."""
    return isinstance(boxes, Mapping) or any(name in boxes for name in SMALL)


def boxes_around(
    boxes: Sequence[str] | Mapping[str, Sequence[str]], columns: Columns, nodes: Mapping[str, NetworkNode]
) -> tuple[NetworkBox, ...]:
    """The frames. Raises `SpecError` for an unknown preset or node and for a frame around nothing."""
    if isinstance(boxes, Mapping):
        frames = [(title, list(names)) for title, names in boxes.items()]
    else:
        given = (boxes,) if isinstance(boxes, str) else boxes
        for name in given:
            if name not in PRESETS:
                raise SpecError(f"no box {name!r}{nearest(str(name), PRESETS)}")
        frames = [frame for name in given for frame in PRESETS[name](columns)]
    return _titles_apart([_box(title, names, nodes) for title, names in frames])


def _box(title: str, names: Sequence[str], nodes: Mapping[str, NetworkNode]) -> NetworkBox:
    if not names:
        raise SpecError(f"the box {title!r} is around nothing; draw the network with sums=True, or name nodes")
    for name in names:
        if name not in nodes:
            raise SpecError(f"no node {name!r} is shown{nearest(name, nodes)}")
    inside = [nodes[name] for name in names]
    around = RADIUS + (AROUND if len(names) > 2 else AROUND / 2)
    below = around + (VALUE if any(node.value is not None for node in inside) else 0)
    across, up = [node.at.x for node in inside], [node.at.y for node in inside]
    before, behind = (
        max((5 + LETTER * min(len(node.label), LONGEST) for node in inside if node.kind == kind), default=0)
        for kind in ("input", "output")
    )
    low = Place(min(across) - around - before, min(up) - below)
    high = Place(max(across) + around + behind, max(up) + around)
    return NetworkBox(title, low, high)


def _titles_apart(boxes: Sequence[NetworkBox]) -> tuple[NetworkBox, ...]:
    """The frames, wider ones raised where their title would stand in that of a narrower one."""
    placed: dict[int, NetworkBox] = {}
    for place in sorted(range(len(boxes)), key=lambda k: boxes[k].high.x - boxes[k].low.x):
        box = boxes[place]
        for other in sorted(placed.values(), key=lambda one: one.high.y):
            if _share_a_side(box, other) and abs(box.high.y - other.high.y) < TITLE:
                box = replace(box, high=box.high._replace(y=other.high.y + TITLE))
        placed[place] = box
    return tuple(placed[place] for place in range(len(boxes)))


def _share_a_side(one: NetworkBox, other: NetworkBox) -> bool:
    return _left(one) < _right(other) and _left(other) < _right(one)


def _left(box: NetworkBox) -> float:
    return min(box.low.x, (box.low.x + box.high.x - LETTER * len(box.title)) / 2)


def _right(box: NetworkBox) -> float:
    return box.low.x + box.high.x - _left(box)


def _neurons(columns: Columns, layer: int) -> Columns:
    """The columns of a layer that make its neurons: not the answers that only repeat them."""
    return [one for one in columns if one.layer == layer and (one.kind != "output" or one.weighted)]


def _names(columns: Columns, slot: int | None = None) -> list[str]:
    """The shown nodes of the columns, or of each the one in a slot."""
    found = []
    for column in columns:
        units = [unit for unit in column.slots if unit is not None]
        found += [column.node_name(unit) for unit in (units if slot is None else [units[slot]])]
    return found
