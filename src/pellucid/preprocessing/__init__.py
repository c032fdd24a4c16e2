"""From a `Table` to the design matrix and back from outputs to answers, learned on training rows only.

Recipes say what to do with a column, `fit_preparation` learns it, `Preparation.transform` does it. `fit_target` does
the same for the column that is to be predicted.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# Public name → the module of this room that defines it.
_HOME = {
    "NumberRecipe": "recipes",
    "CategoryRecipe": "recipes",
    "DateRecipe": "recipes",
    "PreparationSpec": "recipes",
    "Preparation": "preparation",
    "fit_preparation": "preparation",
    "NumberStep": "numbers",
    "CategoryStep": "categories",
    "DateStep": "dates",
    "ClassTarget": "target",
    "NumberTarget": "target",
    "fit_target": "target",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


if TYPE_CHECKING:
    from .categories import CategoryStep as CategoryStep
    from .dates import DateStep as DateStep
    from .numbers import NumberStep as NumberStep
    from .preparation import Preparation as Preparation
    from .preparation import fit_preparation as fit_preparation
    from .recipes import CategoryRecipe as CategoryRecipe
    from .recipes import DateRecipe as DateRecipe
    from .recipes import NumberRecipe as NumberRecipe
    from .recipes import PreparationSpec as PreparationSpec
    from .target import ClassTarget as ClassTarget
    from .target import NumberTarget as NumberTarget
    from .target import fit_target as fit_target
