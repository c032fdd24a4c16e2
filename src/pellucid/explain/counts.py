"""Options that count things: whole numbers from a least one on."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import SpecError


def count_of(name: str, value: Any, least: int = 1, what: str = "") -> int:
    """`value` of the option `name` as an int.

    Raises `SpecError` for what is no whole number of at least `least`; `what` says what it counts, such as " points".
    """
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < least:
        raise SpecError(f"{name} must be a whole number of at least {least}{what}, got {value!r}")
    return int(value)
