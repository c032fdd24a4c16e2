"""The error for a figure that was given another record than its own."""

from __future__ import annotations

from typing import Any

from ..errors import InputError


def expect(record: Any, kind: type, maker: str) -> None:
    """Raise `InputError` unless `record` is a `kind`; `maker` names the call that makes one."""
    if not isinstance(record, kind):
        a = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise InputError(f"expected {a} {kind.__name__}, as {maker} gives, got {type(record).__name__}")
