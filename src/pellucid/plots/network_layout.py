"""Where everything of a network drawing stands: computed before anything is drawn, from the model alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import SpecError
from ..nn.parameters import Parameters
from .edge_labels import with_labels
from .network_boxes import boxes_around, needs_room, needs_sums
from .network_columns import UnitColumn, shows_sums, step_told, unit_columns
from .network_parts import NetworkParts, network_parts, row_numbers
from .network_records import LETTER, LONGEST, RADIUS, NetworkEdge, NetworkLayout, NetworkNode, NetworkText, Place
from .wrong_record import expect_finite

NEAR, FAR = 84.0, 138.0  # points from column to column: one to one, and where weights lie between
ROW, ROW_WITH_VALUES, ROW_WITH_BOXES = 29.0, 42.0, 54.0
NARROWEST = 300.0  # from the first column to the last, so that title and legend fit
MOST_SHOWN = 1_000  # units of a layer: more are a picture of many meters
BELOW_BOX = 10.0  # more room above a bias where a box may end

Boxes = Sequence[str] | Mapping[str, Sequence[str]]


def lay_out_network(
    model: Any,
    row: Any = None,
    *,
    columns: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
    parameters: Parameters | None = None,
    link: str | None = None,
    sums: bool | None = None,
    boxes: Boxes = (),
    most_units: int | None = 12,
) -> NetworkLayout:
    """The record of a network drawing; `network` draws it, and its arguments are explained there."""
    if most_units is not None and (isinstance(most_units, bool) or most_units != int(most_units) or most_units < 3):
        raise SpecError(f"most_units must be a whole number of at least 3, or None for all units; got {most_units!r}")
    parts = network_parts(model, columns, outputs, parameters, link)
    for name, values in (parts.parameters or {}).items():
        expect_finite(name, values, "draw the parameters of an epoch before the training failed")
    numbers = None if row is None else row_numbers(parts, row)
    shown = shows_sums(parts) or needs_sums(boxes) if sums is None else sums
    drawn = unit_columns(parts, numbers, shown, most_units)
    widest = max(drawn, key=lambda column: len(column.slots))
    if len(widest.slots) > MOST_SHOWN:
        told = widest.caption.replace("\n", ", ")
        raise SpecError(f"{told}: at most {MOST_SHOWN:,} can be drawn; give most_units, such as 12")
    gap = ROW_WITH_BOXES if needs_room(boxes) else ROW if numbers is None else ROW_WITH_VALUES
    across = _across(drawn)
    below = gap + (BELOW_BOX if boxes else 0)
    nodes = [node for step, x in enumerate(across) for node in _nodes(drawn, step, parts, x, gap, below)]
    edges = _edges(drawn, nodes, parts)
    if shown:
        edges = with_labels(edges, nodes)
    named = {node.name: node for node in nodes}
    frames = boxes_around(boxes, drawn, named)
    bottom = min(node.at.y for node in nodes) - RADIUS - (12 if numbers is not None else 4)
    floor = min([bottom, *(frame.low.y for frame in frames)])
    captions = tuple(NetworkText(one.caption, Place(x, floor - 13)) for one, x in zip(drawn, across))
    wider = max(NARROWEST - across[-1], 0) / 2
    left = across[0] - wider - max(RADIUS + 6 + LETTER * _longest(drawn[0].names), 26)
    right = across[-1] + wider + max(RADIUS + 6 + LETTER * _longest(drawn[-1].names), 26)
    top = max([*(node.at.y + RADIUS for node in nodes), *(frame.high.y + 16 for frame in frames)])
    return NetworkLayout(
        f"Network {parts.network}",
        tuple(nodes),
        tuple(edges),
        frames,
        tuple(_gap(one, x, gap) for one, x in zip(drawn, across) if None in one.slots),
        captions,
        tuple(step_told(drawn, place, parts) for place in range(len(drawn))),
        Place(min([left, *(frame.low.x for frame in frames)]) - 4, floor - 30),
        Place(max([right, *(frame.high.x for frame in frames)]) + 4, top + 4),
        None if parts.parameters is None else max(float(np.abs(value).max()) for value in parts.parameters.values()),
        parts.network.parameter_count,
    )


def _across(drawn: Sequence[UnitColumn]) -> list[float]:
    """The x of each column."""
    steps = [FAR if one.weighted or one.together else NEAR for one in drawn[1:]]
    return [0.0, *np.cumsum(steps).tolist()]


def _heights(column: UnitColumn, gap: float) -> list[float]:
    middle = (len(column.slots) - 1) / 2
    return [(middle - slot) * gap for slot in range(len(column.slots))]


def _nodes(
    drawn: Sequence[UnitColumn], step: int, parts: NetworkParts, x: float, gap: float, below: float
) -> list[NetworkNode]:
    """The nodes of one column, and `below` them the bias that feeds the next one."""
    column, heights = drawn[step], _heights(drawn[step], gap)
    found = []
    for unit, y in zip(column.slots, heights):
        if unit is not None:
            label = column.names[unit] if column.names else ""
            value = None if column.values is None else float(column.values[unit])
            name = column.node_name(unit)
            kind = column.kind
            found.append(NetworkNode(name, kind, column.layer, unit, label, column.function, Place(x, y), step, value))
    fed = drawn[step + 1] if step + 1 < len(drawn) else None
    if fed is not None and fed.weighted and parts.network.biases[fed.layer]:
        at, value = Place(x, heights[-1] - below), None if column.values is None else 1.0
        found.append(NetworkNode(f"layers.{fed.layer}.bias", "bias", fed.layer, 0, "bias", "", at, step, value))
    return found


def _edges(drawn: Sequence[UnitColumn], nodes: Sequence[NetworkNode], parts: NetworkParts) -> list[NetworkEdge]:
    found = []
    for step in range(1, len(drawn)):
        column = drawn[step]
        before = [node for node in nodes if node.step == step - 1]
        for target in (node for node in nodes if node.step == step and node.kind != "bias"):
            for source in before:
                if column.weighted:
                    weight = _weight(parts.parameters, column.layer, source, target.unit)
                    found.append(NetworkEdge(source.name, target.name, source.at, target.at, weight))
                elif source.kind != "bias" and (column.together or source.unit == target.unit):
                    found.append(NetworkEdge(source.name, target.name, source.at, target.at, None, weighted=False))
    return found


def _weight(parameters: Parameters | None, layer: int, source: NetworkNode, unit: int) -> float | None:
    if parameters is None:
        return None
    if source.kind == "bias":
        return float(parameters[f"layers.{layer}.bias"][unit])
    return float(parameters[f"layers.{layer}.weight"][unit, source.unit])


def _gap(column: UnitColumn, x: float, gap: float) -> NetworkText:
    place = column.slots.index(None)
    hidden = column.units - len(column.slots) + 1
    return NetworkText(f"… {hidden:,} more", Place(x, _heights(column, gap)[place]))


def _longest(names: Sequence[str]) -> int:
    return min(max(map(len, names), default=0), LONGEST)
