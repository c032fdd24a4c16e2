"""Dropout: in every training step units sit out with probability `rate`; the others are divided by 1 - rate.

Source: Srivastava et al. (2014), JMLR 15; the division ("inverted dropout") keeps the expected value, so
that prediction needs no correction.

Whether a unit stays is not drawn from a stream but computed from where it stands: seed, step, layer, row,
unit. So every engine, on any number of threads and in any order, finds the same answer. The lines of `mix`
and `draw` use +, *, ^, >> and & on whole numbers below 2⁶³ only, which makes them mean the same in Python,
in NumPy and Numba (int64) and in torch (int64): both multipliers are below 2³¹, so no product of a 32-bit
word leaves the 64 bits, signed or not.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import SpecError

MASK = 0xFFFFFFFF
SPREAD = 0x1B873593  # an odd multiplier of MurmurHash3 (Appleby, 2011): neighbors get words that are far apart


def mix(h: Any, word: Any) -> Any:
    """A new 32-bit hash from hash `h` and a whole number 0 ≤ word < 2³².

    Shift, multiply, shift, multiply, shift is the form of MurmurHash3's finalizer; these shifts and
    multipliers come from the search of Wellons (2018), "Prospecting for hash functions".
    """
    h = h ^ ((word + 1) * SPREAD & MASK)
    h = h ^ (h >> 16)
    h = h * 0x21F0AAAD & MASK
    h = h ^ (h >> 15)
    h = h * 0x735A2D97 & MASK
    return h ^ (h >> 15)


def draw(seed: Any, step: Any, layer: Any, row: Any, unit: Any) -> Any:
    """The number in [0, 2³²), as good as drawn at random, that belongs to this unit, row and step.

    Each argument is a whole number (`seed` up to 63 bits) or an int64 array; arrays are combined by
    broadcasting.
    """
    h = mix(seed >> 32, seed & MASK)
    h = mix(mix(h, step), layer)
    return mix(mix(h, row), unit)


def keep(seed: int, step: int, layer: int, row: Any, unit: Any, rate: float) -> Any:
    """Whether units stay: True with probability 1 - rate.

    `row` and `unit` are whole numbers, or arrays that combine, such as (rows, 1) and (1, units) → bool
    (rows, units). Raises `SpecError` for a rate outside [0, 1).
    """
    if not 0 <= rate < 1:
        raise SpecError(f"a dropout rate must lie in [0, 1), got {rate!r}")
    row, unit = np.asarray(row, dtype=np.int64), np.asarray(unit, dtype=np.int64)
    return draw(seed, step, layer, row, unit) >= int(rate * 2**32)


def dropout_mask(kept: np.ndarray, rate: float, dtype: Any = np.float64) -> np.ndarray:
    """What activations (rows, units) are multiplied with: 0 if dropped, 1 / (1 - rate) if kept."""
    return (kept / (1 - rate)).astype(dtype)


def forward(A: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    """A (rows, units) after dropout; None drops nothing."""
    return A if mask is None else A * mask


def backward(dA: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    """The gradient before dropout from the one after it: dropout was a product, so the mask comes again."""
    return dA if mask is None else dA * mask
