"""pellucid: neural networks for tables that you can see through.

Three public levels, each built on the one below:

1. `pellucid.nn`: the textbook. Forward and backward passes on plain arrays, to be called line by line.
2. `pellucid.fit_network`: any network on plain arrays.
3. `MLPClassifier`, `MLPRegressor` and the command line: tables.

Importing the package imports nothing else: every public name is fetched from its room at first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .version import __version__

# Public name → the module that defines it.
_HOME = {
    "PellucidError": "errors",
    "Finding": "records",
    "Interval": "records",
    "Score": "records",
    "Table": "data.table",
    "read": "data.read",
    "profile_table": "data.profile",
    "NetworkSpec": "spec",
    "TrainingSpec": "spec",
    "EarlyStopping": "spec",
    "fit_network": "training.fit_network",
    "FittedNetwork": "training.fit_network",
    "Record": "training.recording",
    "branch": "training.branch",
    "MLPClassifier": "estimators.classifier",
    "MLPRegressor": "estimators.regressor",
    "from_sklearn": "estimators.from_sklearn",
    "climb": "judging.ladder",
    "DecisionPlan": "judging.decisions",
    "calibrate": "judging.calibration",
    "choose_threshold": "judging.thresholds",
    "Costs": "judging.threshold_rules",
    "prediction_intervals": "judging.conformal",
    "Decision": "estimators.decision",
    "evaluate": "judging.evaluation",
    "sweep": "judging.sweep",
    "compare": "judging.comparison",
    "importance": "judging.importance",
    "slices": "judging.slices",
    "local_formula": "explain.local_formula",
    "collapse": "explain.collapse",
    "hidden_units": "explain.hidden_units",
    "loss_surface": "explain.loss_surface",
    "descent_directions": "explain.directions",
    "prediction_grid": "explain.prediction_grid",
    "prediction_curve": "explain.prediction_grid",
    "ledger": "explain.ledger",
    "replay": "explain.replay",
    "compare_runs": "explain.run_comparison",
    "explain_gradient": "explain.gradients",
    "gradient_norms": "explain.gradient_norms",
    "row_pushes": "explain.row_pushes",
    "save": "persistence.model_file",
    "load": "persistence.model_file",
    "predictor": "persistence.predictor",
    "write_report": "reporting.write_report",
}
_ROOMS = ("data", "errors", "lessons", "metrics", "nn", "plots", "preprocessing", "pytorch", "records")

__all__ = ["__version__", *_HOME, *_ROOMS]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    if name in _ROOMS:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


if TYPE_CHECKING:
    from .data.profile import profile_table as profile_table
    from .data.read import read as read
    from .data.table import Table as Table
    from .errors import PellucidError as PellucidError
    from .estimators.classifier import MLPClassifier as MLPClassifier
    from .estimators.decision import Decision as Decision
    from .estimators.from_sklearn import from_sklearn as from_sklearn
    from .estimators.regressor import MLPRegressor as MLPRegressor
    from .explain.collapse import collapse as collapse
    from .explain.directions import descent_directions as descent_directions
    from .explain.gradient_norms import gradient_norms as gradient_norms
    from .explain.gradients import explain_gradient as explain_gradient
    from .explain.hidden_units import hidden_units as hidden_units
    from .explain.ledger import ledger as ledger
    from .explain.local_formula import local_formula as local_formula
    from .explain.loss_surface import loss_surface as loss_surface
    from .explain.prediction_grid import prediction_curve as prediction_curve
    from .explain.prediction_grid import prediction_grid as prediction_grid
    from .explain.replay import replay as replay
    from .explain.row_pushes import row_pushes as row_pushes
    from .explain.run_comparison import compare_runs as compare_runs
    from .judging.calibration import calibrate as calibrate
    from .judging.comparison import compare as compare
    from .judging.conformal import prediction_intervals as prediction_intervals
    from .judging.decisions import DecisionPlan as DecisionPlan
    from .judging.evaluation import evaluate as evaluate
    from .judging.importance import importance as importance
    from .judging.ladder import climb as climb
    from .judging.slices import slices as slices
    from .judging.sweep import sweep as sweep
    from .judging.threshold_rules import Costs as Costs
    from .judging.thresholds import choose_threshold as choose_threshold
    from .persistence.model_file import load as load
    from .persistence.model_file import save as save
    from .persistence.predictor import predictor as predictor
    from .records import Finding as Finding
    from .records import Interval as Interval
    from .records import Score as Score
    from .reporting.write_report import write_report as write_report
    from .spec import EarlyStopping as EarlyStopping
    from .spec import NetworkSpec as NetworkSpec
    from .spec import TrainingSpec as TrainingSpec
    from .training.branch import branch as branch
    from .training.fit_network import FittedNetwork as FittedNetwork
    from .training.fit_network import fit_network as fit_network
    from .training.recording import Record as Record
