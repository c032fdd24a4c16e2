"""How good is a prediction? Pure functions of (truth, prediction) to frozen records with intervals."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# Public name → the module of this room that defines it.
_HOME = {
    "ConfusionCounts": "classification",
    "accuracy": "classification",
    "confusion_counts": "classification",
    "log_loss": "classification",
    "roc_auc": "classification",
    "mae": "regression",
    "r2": "regression",
    "rmse": "regression",
    "bootstrap": "intervals",
    "delong": "intervals",
    "newcombe": "intervals",
    "wilson": "intervals",
    "PairedTest": "paired_tests",
    "mcnemar": "paired_tests",
    "paired_delong": "paired_tests",
    "paired_t_test": "paired_tests",
    "resampled_t_test": "paired_tests",
}

__all__ = [*_HOME]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


if TYPE_CHECKING:
    from .classification import ConfusionCounts as ConfusionCounts
    from .classification import accuracy as accuracy
    from .classification import confusion_counts as confusion_counts
    from .classification import log_loss as log_loss
    from .classification import roc_auc as roc_auc
    from .intervals import bootstrap as bootstrap
    from .intervals import delong as delong
    from .intervals import newcombe as newcombe
    from .intervals import wilson as wilson
    from .paired_tests import PairedTest as PairedTest
    from .paired_tests import mcnemar as mcnemar
    from .paired_tests import paired_delong as paired_delong
    from .paired_tests import paired_t_test as paired_t_test
    from .paired_tests import resampled_t_test as resampled_t_test
    from .regression import mae as mae
    from .regression import r2 as r2
    from .regression import rmse as rmse
