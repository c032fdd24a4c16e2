"""Records from the JSON that their `to_dict` gave, by the types of their fields."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")


def record_from(kind: type[T], values: dict[str, Any]) -> T:
    """A record of class `kind`; a number that was not finite is NaN, names that it does not know are left out.

    Raises KeyError, TypeError or ValueError for values that do not fit.
    """
    hints = typing.get_type_hints(kind)
    fields = [field for field in dataclasses.fields(kind) if field.init]  # type: ignore[arg-type]
    known = {field.name: _value(hints[field.name], values[field.name]) for field in fields if field.name in values}
    return kind(**known)


def _value(hint: Any, value: Any) -> Any:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        inner = next(part for part in parts if part is not type(None))
        return None if value is None else _value(inner, value)
    if dataclasses.is_dataclass(hint):
        return record_from(hint, value)  # type: ignore[arg-type]
    if hint is np.ndarray:
        return np.array([np.nan if item is None else item for item in value])
    if origin is tuple:
        each = [parts[0]] * len(value) if parts[1:] == (...,) else parts
        return tuple(_value(part, item) for part, item in zip(each, value, strict=True))
    if origin is dict:
        return {key: _value(parts[1], item) for key, item in value.items()}
    return float("nan") if hint is float and value is None else value
