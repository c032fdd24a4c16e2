"""Tables: reading, profiling, splitting and generating them.

`pellucid.read` reads; the rest is here. Every public name is fetched from its module at first use, so that importing
the room imports nothing else.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# Public name → the module that defines it.
_HOME = {
    "Column": "table",
    "Table": "table",
    "Profile": "profile",
    "profile_table": "profile",
    "Task": "task",
    "guess_task": "task",
    "repeated_rows": "duplicates",
    "rows_seen": "duplicates",
    "Split": "split",
    "random_split": "split",
    "stratified_split": "split",
    "grouped_split": "split",
    "time_split": "split",
    "ordered_split": "split",
    "repeated_folds": "split",
    "repeated_stratified_folds": "split",
    "repeated_grouped_folds": "split",
    "time_folds": "split",
    "line": "generate",
    "quadratic": "generate",
    "moons": "generate",
    "circles": "generate",
    "spiral": "generate",
    "xor": "generate",
    "random_labels": "generate",
    "torch_rand": "torch_stream",
    "bundled": "datasets",
    "load_titanic": "datasets",
    "fetch_admissions": "datasets",
    "fetch_spiral": "datasets",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


if TYPE_CHECKING:
    from .datasets import bundled as bundled
    from .datasets import fetch_admissions as fetch_admissions
    from .datasets import fetch_spiral as fetch_spiral
    from .datasets import load_titanic as load_titanic
    from .duplicates import repeated_rows as repeated_rows
    from .duplicates import rows_seen as rows_seen
    from .generate import circles as circles
    from .generate import line as line
    from .generate import moons as moons
    from .generate import quadratic as quadratic
    from .generate import random_labels as random_labels
    from .generate import spiral as spiral
    from .generate import xor as xor
    from .profile import Profile as Profile
    from .profile import profile_table as profile_table
    from .split import Split as Split
    from .split import grouped_split as grouped_split
    from .split import ordered_split as ordered_split
    from .split import random_split as random_split
    from .split import repeated_folds as repeated_folds
    from .split import repeated_grouped_folds as repeated_grouped_folds
    from .split import repeated_stratified_folds as repeated_stratified_folds
    from .split import stratified_split as stratified_split
    from .split import time_folds as time_folds
    from .split import time_split as time_split
    from .table import Column as Column
    from .table import Table as Table
    from .task import Task as Task
    from .task import guess_task as guess_task
    from .torch_stream import torch_rand as torch_rand
