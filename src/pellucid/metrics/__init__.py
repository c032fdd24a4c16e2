"""How good is a prediction? Pure functions of (truth, prediction) to frozen records with intervals."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# Public name → the module of this room that defines it.
_HOME = {
    "score_classes": "all_scores",
    "score_numbers": "all_scores",
    "BinnedErrors": "binned_errors",
    "bin_errors": "binned_errors",
    "ClassScores": "class_table",
    "ClassTable": "class_table",
    "tabulate_classes": "class_table",
    "ConfusionCounts": "classification",
    "accuracy": "classification",
    "confusion_counts": "classification",
    "FunctionErrors": "curve_errors",
    "function_errors": "curve_errors",
    "PrecisionRecallCurve": "curves",
    "Reference": "curves",
    "RocCurve": "curves",
    "ThresholdCurve": "curves",
    "precision_recall_curve": "curves",
    "roc_curve": "curves",
    "threshold_curve": "curves",
    "balanced_accuracy": "decision_scores",
    "f1": "decision_scores",
    "f_beta": "decision_scores",
    "mcc": "decision_scores",
    "precision": "decision_scores",
    "recall": "decision_scores",
    "specificity": "decision_scores",
    "GainsCurve": "gains",
    "cumulative_gains": "gains",
    "bootstrap": "intervals",
    "delong": "intervals",
    "newcombe": "intervals",
    "wilson": "intervals",
    "nadeau_bengio": "over_folds",
    "PairedTest": "paired_tests",
    "mcnemar": "paired_tests",
    "paired_delong": "paired_tests",
    "paired_t_test": "paired_tests",
    "resampled_t_test": "paired_tests",
    "brier": "probability_scores",
    "brier_skill": "probability_scores",
    "log_loss": "probability_scores",
    "log_loss_skill": "probability_scores",
    "top_k": "probability_scores",
    "average_precision": "rank_scores",
    "roc_auc": "rank_scores",
    "mae": "regression",
    "median_absolute_error": "regression",
    "pinball": "regression",
    "r2": "regression",
    "rmse": "regression",
    "CalibrationCurve": "reliability",
    "calibration_curve": "reliability",
    "Resamples": "resampling",
    "resample_scores": "resampling",
    "ScoredRows": "scored_rows",
    "score_rows": "scored_rows",
}

__all__ = [*_HOME]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


if TYPE_CHECKING:
    from .all_scores import score_classes as score_classes
    from .all_scores import score_numbers as score_numbers
    from .binned_errors import BinnedErrors as BinnedErrors
    from .binned_errors import bin_errors as bin_errors
    from .class_table import ClassScores as ClassScores
    from .class_table import ClassTable as ClassTable
    from .class_table import tabulate_classes as tabulate_classes
    from .classification import ConfusionCounts as ConfusionCounts
    from .classification import accuracy as accuracy
    from .classification import confusion_counts as confusion_counts
    from .curve_errors import FunctionErrors as FunctionErrors
    from .curve_errors import function_errors as function_errors
    from .curves import PrecisionRecallCurve as PrecisionRecallCurve
    from .curves import Reference as Reference
    from .curves import RocCurve as RocCurve
    from .curves import ThresholdCurve as ThresholdCurve
    from .curves import precision_recall_curve as precision_recall_curve
    from .curves import roc_curve as roc_curve
    from .curves import threshold_curve as threshold_curve
    from .decision_scores import balanced_accuracy as balanced_accuracy
    from .decision_scores import f1 as f1
    from .decision_scores import f_beta as f_beta
    from .decision_scores import mcc as mcc
    from .decision_scores import precision as precision
    from .decision_scores import recall as recall
    from .decision_scores import specificity as specificity
    from .gains import GainsCurve as GainsCurve
    from .gains import cumulative_gains as cumulative_gains
    from .intervals import bootstrap as bootstrap
    from .intervals import delong as delong
    from .intervals import newcombe as newcombe
    from .intervals import wilson as wilson
    from .over_folds import nadeau_bengio as nadeau_bengio
    from .paired_tests import PairedTest as PairedTest
    from .paired_tests import mcnemar as mcnemar
    from .paired_tests import paired_delong as paired_delong
    from .paired_tests import paired_t_test as paired_t_test
    from .paired_tests import resampled_t_test as resampled_t_test
    from .probability_scores import brier as brier
    from .probability_scores import brier_skill as brier_skill
    from .probability_scores import log_loss as log_loss
    from .probability_scores import log_loss_skill as log_loss_skill
    from .probability_scores import top_k as top_k
    from .rank_scores import average_precision as average_precision
    from .rank_scores import roc_auc as roc_auc
    from .regression import mae as mae
    from .regression import median_absolute_error as median_absolute_error
    from .regression import pinball as pinball
    from .regression import r2 as r2
    from .regression import rmse as rmse
    from .reliability import CalibrationCurve as CalibrationCurve
    from .reliability import calibration_curve as calibration_curve
    from .resampling import Resamples as Resamples
    from .resampling import resample_scores as resample_scores
    from .scored_rows import ScoredRows as ScoredRows
    from .scored_rows import score_rows as score_rows
