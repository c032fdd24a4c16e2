"""Figures: a record in, a matplotlib figure out, and `…_in_words` for who cannot see it.

Every function takes `ax` (axes of yours to draw on) and `theme` (`LIGHT`, `DARK` or your own), changes nothing of
matplotlib's global state and returns the figure.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# Public name → the module that defines it.
_HOME = {
    "calibration": "calibration_curve",
    "calibration_in_words": "calibration_curve",
    "comparison": "model_differences",
    "comparison_in_words": "model_differences",
    "confusion_matrix": "confusion_counts",
    "confusion_matrix_in_words": "confusion_counts",
    "DARK": "theme",
    "gains": "gains_curve",
    "gains_in_words": "gains_curve",
    "importance": "column_importance",
    "importance_in_words": "column_importance",
    "ladder_steps": "rungs",
    "ladder_steps_in_words": "rungs",
    "lay_out_network": "network_layout",
    "LIGHT": "theme",
    "loss_curves": "history",
    "loss_curves_in_words": "history",
    "network": "network_drawing",
    "network_in_words": "network_drawing",
    "NetworkLayout": "network_records",
    "precision_recall": "precision_recall_curve",
    "precision_recall_in_words": "precision_recall_curve",
    "predicted_against_true": "number_predictions",
    "predicted_against_true_in_words": "number_predictions",
    "residuals": "number_predictions",
    "residuals_in_words": "number_predictions",
    "roc": "roc_curve",
    "roc_in_words": "roc_curve",
    "slices": "slice_scores",
    "slices_in_words": "slice_scores",
    "svg_text": "svg",
    "Theme": "theme",
    "threshold_scores": "threshold_curve",
    "threshold_scores_in_words": "threshold_curve",
    "to_networkx": "network_graph",
    "write_figure": "svg",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


if TYPE_CHECKING:
    from .calibration_curve import calibration as calibration
    from .calibration_curve import calibration_in_words as calibration_in_words
    from .column_importance import importance as importance
    from .column_importance import importance_in_words as importance_in_words
    from .confusion_counts import confusion_matrix as confusion_matrix
    from .confusion_counts import confusion_matrix_in_words as confusion_matrix_in_words
    from .gains_curve import gains as gains
    from .gains_curve import gains_in_words as gains_in_words
    from .history import loss_curves as loss_curves
    from .history import loss_curves_in_words as loss_curves_in_words
    from .model_differences import comparison as comparison
    from .model_differences import comparison_in_words as comparison_in_words
    from .network_drawing import network as network
    from .network_drawing import network_in_words as network_in_words
    from .network_graph import to_networkx as to_networkx
    from .network_layout import lay_out_network as lay_out_network
    from .network_records import NetworkLayout as NetworkLayout
    from .number_predictions import predicted_against_true as predicted_against_true
    from .number_predictions import predicted_against_true_in_words as predicted_against_true_in_words
    from .number_predictions import residuals as residuals
    from .number_predictions import residuals_in_words as residuals_in_words
    from .precision_recall_curve import precision_recall as precision_recall
    from .precision_recall_curve import precision_recall_in_words as precision_recall_in_words
    from .roc_curve import roc as roc
    from .roc_curve import roc_in_words as roc_in_words
    from .rungs import ladder_steps as ladder_steps
    from .rungs import ladder_steps_in_words as ladder_steps_in_words
    from .slice_scores import slices as slices
    from .slice_scores import slices_in_words as slices_in_words
    from .svg import svg_text as svg_text
    from .svg import write_figure as write_figure
    from .theme import DARK as DARK
    from .theme import LIGHT as LIGHT
    from .theme import Theme as Theme
    from .threshold_curve import threshold_scores as threshold_scores
    from .threshold_curve import threshold_scores_in_words as threshold_scores_in_words
