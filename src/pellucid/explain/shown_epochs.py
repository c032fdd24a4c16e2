"""Of many epochs as many as a table can show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

MOST = 15

Item = TypeVar("Item")


def shown(epochs: Sequence[Item], most: int = MOST, always: Sequence[int] = ()) -> list[Item]:
    """The first, the last and evenly spaced ones between them, and those at the places `always`."""
    if len(epochs) <= most:
        return list(epochs)
    places = np.unique(np.linspace(0, len(epochs) - 1, most).round().astype(int))
    return [epochs[place] for place in sorted({*places.tolist(), *always})]
