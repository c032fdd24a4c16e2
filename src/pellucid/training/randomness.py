"""One seed, many independent streams, each with a name."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """The generator of `seed` that belongs to `name` ("initial weights", "order", …).

    Streams of different names are independent, so that asking one for more numbers never shifts another.
    """
    return np.random.default_rng([seed, zlib.crc32(name.encode())])
