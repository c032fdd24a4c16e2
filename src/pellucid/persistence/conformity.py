"""Whether records that were rebuilt from a file are what their annotations say, and say what the file says."""

from __future__ import annotations

import dataclasses
import functools
import types
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def conforming_record(kind: type[T], values: Any) -> T:
    """The record of `kind` that `values` describe, each field of its type and nothing of `values` lost or bent.

    Raises ValueError, KeyError, TypeError and their like where they describe none.
    """
    record: Any = kind.from_dict(values)  # type: ignore[attr-defined]
    if not conforms(record, kind) or not agrees(values, record.to_dict()):
        raise ValueError(f"the {kind.__name__.lower()} holds values of wrong types")
    rebuilt: T = record
    return rebuilt


def conforms(value: Any, hint: Any) -> bool:
    """Whether `value` is of the type `hint`, as our records are annotated: plain types, tuples, dicts and records."""
    kind, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if kind in (Union, types.UnionType):
        return any(conforms(value, option) for option in inner)
    if kind is Literal:
        return isinstance(value, str) and value in inner
    if kind is tuple:
        return isinstance(value, tuple) and all(conforms(item, inner[0]) for item in value)
    if kind in (dict, Mapping):
        return isinstance(value, dict) and all(
            conforms(k, inner[0]) and conforms(v, inner[1]) for k, v in value.items()
        )
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        hints = _hints(hint)
        return isinstance(value, hint) and all(
            conforms(getattr(value, f.name), hints[f.name]) for f in dataclasses.fields(hint)
        )
    if hint in (int, float):
        return isinstance(value, (int, float) if hint is float else int) and not isinstance(value, bool)
    return isinstance(value, hint)


@functools.cache
def _hints(record: Any) -> dict[str, Any]:
    return get_type_hints(record)


def agrees(given: Any, rebuilt: Any) -> bool:
    """Whether all that `given` (plain JSON) says is said by `rebuilt` too, which may have fields besides."""
    if isinstance(given, dict) and isinstance(rebuilt, dict):
        return all(name in rebuilt and agrees(value, rebuilt[name]) for name, value in given.items())
    if isinstance(given, list) and isinstance(rebuilt, list):
        return len(given) == len(rebuilt) and all(agrees(one, other) for one, other in zip(given, rebuilt))
    return type(given) is type(rebuilt) and bool(given == rebuilt)
