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
    "CalibrationCurve": "reliability",
    "GainsCurve": "gains",
    "PrecisionRecallCurve": "curves",
    "Reference": "curves",
    "RocCurve": "curves",
    "ThresholdCurve": "curves",
    "calibration_curve": "reliability",
    "cumulative_gains": "gains",
    "precision_recall_curve": "curves",
    "roc_curve": "curves",
    "threshold_curve": "curves",
    "bootstrap": "intervals",
    "delong": "intervals",
    "newcombe": "intervals",
    "wilson": "intervals",
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
    from .curves import PrecisionRecallCurve as PrecisionRecallCurve
    from .curves import Reference as Reference
    from .curves import RocCurve as RocCurve
    from .curves import ThresholdCurve as ThresholdCurve
    from .curves import precision_recall_curve as precision_recall_curve
    from .curves import roc_curve as roc_curve
    from .curves import threshold_curve as threshold_curve
    from .gains import GainsCurve as GainsCurve
    from .gains import cumulative_gains as cumulative_gains
    from .intervals import bootstrap as bootstrap
    from .intervals import delong as delong
    from .intervals import newcombe as newcombe
    from .intervals import wilson as wilson
    from .regression import mae as mae
    from .regression import r2 as r2
    from .regression import rmse as rmse
    from .reliability import CalibrationCurve as CalibrationCurve
    from .reliability import calibration_curve as calibration_curve
