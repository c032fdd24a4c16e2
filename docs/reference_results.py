"""What public functions return: the classes that a caller holds in the hand without ever importing their names."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import pellucid

# Fields of what is returned that are records of their own, worth a place beside it.
PARTS = ("history", "recording", "expected")


@cache
def classes() -> dict[str, list[type]]:
    """Every class of the package by its name, lessons and engines left aside."""
    found: dict[str, list[type]] = {}
    for module in pkgutil.walk_packages(pellucid.__path__, "pellucid."):
        if re.search(r"\.lesson_|\.engines|__main__", module.name):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if inspect.isclass(value) and value.__module__ == module.name and not name.startswith("_"):
                found.setdefault(name, []).append(value)
    return found


def returned(value: Any) -> list[type]:
    """The classes that a function returns, or that parts of a record are of."""
    told = ""
    if inspect.isfunction(value):
        told = str(inspect.signature(value).return_annotation)
    elif inspect.isclass(value):
        told = " ".join(
            str(value.__annotations__[part]) for part in PARTS if part in vars(value).get("__annotations__", {})
        )
    named = (classes().get(word, []) for word in re.findall(r"[A-Z]\w+", told))
    # A name that several files use says nothing about which of them is meant.
    return [one[0] for one in named if len(one) == 1]


def results_of(values: Iterable[Any], known: Iterable[Any]) -> list[type]:
    """The classes that `values` return, parts included, those in `known` left out."""
    left, seen, found = list(values), {id(value) for value in known}, []
    while left:
        for one in returned(left.pop(0)):
            if id(one) not in seen:
                seen.add(id(one))
                found.append(one)
                left.append(one)
    return found
