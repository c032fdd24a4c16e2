"""The chain rule written out: every path from one unit to the outputs is a product, and the sum of all is its slope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..records import Record
from .backward_tape import BackwardTape


@dataclass(frozen=True)
class ChainPath(Record):
    """One path in one row.

    `units` are the numbers of the units from the parameter's own upwards, the last one an output. `factors` are what
    is multiplied: dL/dz of that output, then downwards a weight and the slope of an activation in turn, last what the
    parameter multiplies. `product` is what the path adds to the gradient.
    """

    units: tuple[int, ...]
    factors: tuple[float, ...]
    product: float


def largest_paths(back: BackwardTape, row: int, layer: int, unit: int, entering: float, most: int) -> list[ChainPath]:
    """The paths of the `most` largest products in `row` from `unit` of `layer` to the outputs, the largest first.

    Exact: a common factor keeps the order of products, so the largest paths of a unit are made of those of the units
    above it.
    """
    tops: list[list[ChainPath]] = [
        [ChainPath((k,), (slope,), slope)] for k, slope in enumerate(back.dZ[-1][row].tolist())
    ]
    for below in reversed(range(layer, len(back.tape) - 1)):
        record, W = back.tape[below], back.tape[below + 1].dense.W
        slopes = record.activation.derivative(record.Z[row], record.A[row])
        wanted = range(W.shape[1]) if below > layer else (unit,)
        found = {k: _lengthened(tops, W[:, k].tolist(), float(slopes[k]), k, most) for k in wanted}
        tops = [found.get(k, []) for k in range(W.shape[1])]
    return [
        ChainPath(path.units, (*path.factors, entering), path.product * entering)
        for path in sorted(tops[unit], key=_size)[:most]
    ]


def path_count(back: BackwardTape, layer: int) -> int:
    """How many paths lead from a unit of `layer` to the outputs."""
    return int(np.prod([len(record.dense.W) for record in back.tape[layer + 1 :]], dtype=object))


def _lengthened(
    tops: list[list[ChainPath]], weights: list[float], slope: float, unit: int, most: int
) -> list[ChainPath]:
    longer = [
        ChainPath((unit, *path.units), (*path.factors, weight, slope), path.product * weight * slope)
        for paths, weight in zip(tops, weights)
        for path in paths
    ]
    return sorted(longer, key=_size)[:most]


def _size(path: ChainPath) -> float:
    return -abs(path.product)
