"""The errors for a figure that was given something else than its own record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import InputError


def expect(record: Any, kind: type, maker: str) -> None:
    """Raise `InputError` unless `record` is a `kind`; `maker` names the call that makes one."""
    if not isinstance(record, kind):
        a = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise InputError(f"expected {a} {kind.__name__}, as {maker} gives, got {type(record).__name__}")


def expect_each(records: Any, kind: type, maker: str, most: int | None = None) -> None:
    """Raise `InputError` unless `records` are one or more of `kind`, and at most `most`."""
    if not isinstance(records, Sequence) or isinstance(records, str):
        raise InputError(f"expected a list of {kind.__name__}, as {maker} gives, got {type(records).__name__}")
    if not records:
        raise InputError(f"give at least one {kind.__name__}, as {maker} gives")
    if most is not None and len(records) > most:
        raise InputError(f"give one to {most}, got {len(records)}; more lines cannot be told apart")
    for one in records:
        expect(one, kind, maker)


def expect_finite(what: str, values: Any, advice: str) -> None:
    """Raise `InputError` where `values` hold NaN or infinity: the first place, what is there, and the `advice`."""
    array = np.asarray(values)
    wrong = ~np.isfinite(array)
    if wrong.any():
        place = np.unravel_index(int(np.argmax(wrong)), array.shape)
        at = ", ".join(str(k) for k in place)
        raise InputError(f"{what} must hold finite numbers, got {array[place]} at [{at}]; {advice}")


def expect_some_finite(what: str, values: Any, advice: str) -> None:
    """Raise `InputError` where `values` hold no finite number at all: gaps can be drawn, but not only gaps."""
    if not np.isfinite(values).any():
        raise InputError(f"{what} holds no finite number, so there is nothing to draw; {advice}")


def numbers_of(what: str, values: Any) -> np.ndarray:
    """`values` as float64 (values,); raises `InputError` for what is no number."""
    try:
        return np.asarray(values, dtype=np.float64).reshape(-1)
    except (TypeError, ValueError):
        raise InputError(f"{what} must hold numbers, got {str(values)[:60]!r}") from None
