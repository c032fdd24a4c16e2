"""How each figure is computed, and how far a computed value is from the printed one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Computed:
    """`by` is the public call of pellucid that the figure comes out of, a path below `pellucid`; `value` makes it."""

    by: str
    value: Callable[[], Any]


# Document and name of a figure → its computation.
Figures = dict[tuple[int, str], Computed]


def figures(document: int, by: str, values: Mapping[str, Callable[[], Any]]) -> Figures:
    """Figures of a document that come out of the same call."""
    return {(document, name): Computed(by, value) for name, value in values.items()}


def leaves(value: Any) -> Iterator[Any]:
    """The numbers and texts of nested lists, tuples and arrays, in order."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from leaves(one)
    else:
        yield value


def distance(got: Any, expected: Any) -> float:
    """The largest absolute difference between numbers; infinity where texts, NaN or the count of values differ."""
    found, printed = list(leaves(got)), list(leaves(expected))
    if len(found) != len(printed):
        return math.inf
    return max(_apart(g, e) for g, e in zip(found, printed, strict=True))


def _apart(got: Any, expected: Any) -> float:
    if isinstance(expected, str) or isinstance(got, str):
        return 0.0 if got == expected else math.inf
    apart = abs(float(got) - float(expected))
    return math.inf if math.isnan(apart) else apart
