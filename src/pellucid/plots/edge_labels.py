"""Where weights are written on the edges of a small network, so that no two of them meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from .network_columns import number_told
from .network_records import RADIUS, NetworkEdge, NetworkNode, Place

ALONG = (0.36, 0.5, 0.62, 0.28, 0.43, 0.56, 0.7)  # tried in this order, from the source on
LETTER, HEIGHT = 4.7, 11.0
MOST = 8  # with more between two columns nobody can tell which number belongs to which line

Rectangle = tuple[float, float, float, float]


def with_labels(edges: Sequence[NetworkEdge], nodes: Sequence[NetworkNode]) -> list[NetworkEdge]:
    """The edges, with places for their weights wherever all weights between two columns can be written."""
    step = {node.name: node.step for node in nodes}
    circles = [_around(node.at, 2 * RADIUS + 16, 2 * RADIUS + 24) for node in nodes]
    found: list[NetworkEdge] = []
    for _, group in groupby(edges, key=lambda edge: step[edge.target]):
        between = list(group)
        found += _labeled(between, circles) or between
    return found


def _labeled(edges: Sequence[NetworkEdge], circles: Sequence[Rectangle]) -> list[NetworkEdge] | None:
    """The edges with places for all weights; None where there is no room for one of them."""
    if len(edges) > MOST or any(edge.weight is None for edge in edges):
        return None
    taken = list(circles)
    found = []
    for edge in edges:
        width = LETTER * len(number_told(edge.weight or 0.0)) + 4
        for share in ALONG:
            at = Place(*(s + share * (e - s) for s, e in zip(edge.start, edge.end)))
            box = _around(at, width, HEIGHT)
            if not any(_meet(box, other) for other in taken):
                break
        else:
            return None
        taken.append(box)
        found.append(replace(edge, label_at=at))
    return found


def _around(at: Place, width: float, height: float) -> Rectangle:
    return at.x - width / 2, at.y - height / 2, at.x + width / 2, at.y + height / 2


def _meet(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
