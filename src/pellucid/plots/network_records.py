"""The record of a network drawing: nodes, edges, boxes and words, in points, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..records import Record

RADIUS = 11.0  # of a node, in points
LETTER, LONGEST = 5.2, 26  # points that a letter of a label takes, letters that are shown at most


class Place(NamedTuple):
    """A place in the drawing, in points; y upwards."""

    x: float
    y: float


@dataclass(frozen=True)
class NetworkNode(Record):
    """A circle of the drawing.

    `name` is like those of parameters: `input.0`, `layers.0.bias`, `layers.0.sum.2`, `layers.0.activation.2`,
    `layers.0.unit.2` (sum and activation in one) or `output.0`. `kind` is its middle part, `function` the activation
    or link that it applies, `value` its number for the row, `step` the panel from which on it is known.
    """

    name: str
    kind: str
    layer: int
    unit: int
    label: str
    function: str
    at: Place
    step: int
    value: float | None = None


@dataclass(frozen=True)
class NetworkEdge(Record):
    """A line from one node to another; `weight` is None where nothing is multiplied or nothing is known.

    `label_at` is the place of the written weight, None where there is no room for it.
    """

    source: str
    target: str
    start: Place
    end: Place
    weight: float | None = None
    weighted: bool = True
    label_at: Place | None = None


@dataclass(frozen=True)
class NetworkBox(Record):
    """A frame around some nodes, with its title above."""

    title: str
    low: Place
    high: Place


@dataclass(frozen=True)
class NetworkText(Record):
    """Words centered at a place: captions of columns, counts of units that are not shown."""

    text: str
    at: Place


@dataclass(frozen=True)
class NetworkLayout(Record):
    """A whole drawing. `steps` says what each column of nodes computes, for the panels of a forward pass; `low` and
    `high` are the corners of the page; `largest` is the largest weight, biases too, without its sign."""

    title: str
    nodes: tuple[NetworkNode, ...]
    edges: tuple[NetworkEdge, ...]
    boxes: tuple[NetworkBox, ...]
    gaps: tuple[NetworkText, ...]
    captions: tuple[NetworkText, ...]
    steps: tuple[str, ...]
    low: Place
    high: Place
    largest: float | None
    parameter_count: int

    def node(self, name: str) -> NetworkNode | None:
        """The node of that name, None when it is not shown."""
        return next((node for node in self.nodes if node.name == name), None)

    def __repr__(self) -> str:
        return f"NetworkLayout({self.title}, {len(self.nodes):,} nodes, {len(self.edges):,} edges)"
