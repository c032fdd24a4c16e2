"""Figures: a record in, a matplotlib figure out, and `…_in_words` for who cannot see it.

Every function takes `ax` (axes of yours to draw on) and `theme` (`LIGHT`, `DARK` or your own), changes nothing of
matplotlib's global state and returns the figure.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# Public name → the module that defines it.
_HOME = {
    "activation": "activation_shapes",
    "activations": "activation_shapes",
    "activations_in_words": "activation_shapes",
    "along_column": "column_curves",
    "along_column_in_words": "column_curves",
    "bce_penalty": "penalties",
    "bce_penalty_in_words": "penalties",
    "bends": "bent_units",
    "bends_in_words": "bent_units",
    "boundaries": "decision_boundaries",
    "boundaries_in_words": "decision_boundaries",
    "boundary": "decision_boundaries",
    "boundary_in_words": "decision_boundaries",
    "calibration": "calibration_curve",
    "calibration_in_words": "calibration_curve",
    "class_scatter": "class_points",
    "class_scatter_in_words": "class_points",
    "comparison": "model_differences",
    "comparison_in_words": "model_differences",
    "compare_rocs": "several_rocs",
    "compare_rocs_in_words": "several_rocs",
    "confusion_matrix": "confusion_counts",
    "confusion_matrix_in_words": "confusion_counts",
    "cut_surface": "surface_cuts",
    "DARK": "theme",
    "epoch_player": "player_page",
    "formula_terms": "formula_bars",
    "formula_terms_in_words": "formula_bars",
    "function_rows": "functions",
    "function_rows_in_words": "functions",
    "gains": "gains_curve",
    "gains_in_words": "gains_curve",
    "heat_map": "heat_maps",
    "heat_map_in_words": "heat_maps",
    "importance": "column_importance",
    "importance_in_words": "column_importance",
    "input_products": "named_matrix",
    "ladder_steps": "rungs",
    "ladder_steps_in_words": "rungs",
    "lay_out_network": "network_layout",
    "layer_norms": "norms_over_time",
    "layer_norms_in_words": "norms_over_time",
    "layer_weights": "named_matrix",
    "learned_and_true": "known_parameters",
    "learned_and_true_in_words": "known_parameters",
    "LIGHT": "theme",
    "loss_contour": "loss_contours",
    "loss_contour_in_words": "loss_contours",
    "loss_curves": "history",
    "loss_curves_in_words": "history",
    "loss_cut": "surface_cuts",
    "loss_cut_in_words": "surface_cuts",
    "made_separable": "lifted_rows",
    "made_separable_in_words": "lifted_rows",
    "NamedMatrix": "named_matrix",
    "network": "network_drawing",
    "network_in_words": "network_drawing",
    "NetworkLayout": "network_records",
    "odds_and_sigmoid": "odds_curves",
    "odds_and_sigmoid_in_words": "odds_curves",
    "precision_falls": "precision_steps",
    "precision_falls_in_words": "precision_steps",
    "precision_recall": "precision_recall_curve",
    "precision_recall_in_words": "precision_recall_curve",
    "predicted_against_true": "number_predictions",
    "predicted_against_true_in_words": "number_predictions",
    "predictions_over_rows": "held_out_points",
    "predictions_over_rows_in_words": "held_out_points",
    "probability_line": "cut_probabilities",
    "probability_line_in_words": "cut_probabilities",
    "pushing_rows": "pushes",
    "pushing_rows_in_words": "pushes",
    "residuals": "number_predictions",
    "residuals_in_words": "number_predictions",
    "roc": "roc_curve",
    "roc_in_words": "roc_curve",
    "score_curve": "history",
    "score_curve_in_words": "history",
    "sigmoid_rows": "functions",
    "sigmoid_rows_in_words": "functions",
    "signal_histograms": "signals",
    "signal_histograms_in_words": "signals",
    "signal_scales": "signals",
    "signal_scales_in_words": "signals",
    "slices": "slice_scores",
    "slices_in_words": "slice_scores",
    "SurfaceCut": "surface_cuts",
    "svg_text": "svg",
    "Theme": "theme",
    "threshold_scores": "threshold_curve",
    "threshold_scores_in_words": "threshold_curve",
    "to_networkx": "network_graph",
    "turned_surface": "turned_surfaces",
    "two_runs": "parted_runs",
    "two_runs_in_words": "parted_runs",
    "unit_influences": "named_matrix",
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
    from .activation_shapes import activation as activation
    from .activation_shapes import activations as activations
    from .activation_shapes import activations_in_words as activations_in_words
    from .bent_units import bends as bends
    from .bent_units import bends_in_words as bends_in_words
    from .calibration_curve import calibration as calibration
    from .calibration_curve import calibration_in_words as calibration_in_words
    from .class_points import class_scatter as class_scatter
    from .class_points import class_scatter_in_words as class_scatter_in_words
    from .column_curves import along_column as along_column
    from .column_curves import along_column_in_words as along_column_in_words
    from .column_importance import importance as importance
    from .column_importance import importance_in_words as importance_in_words
    from .confusion_counts import confusion_matrix as confusion_matrix
    from .confusion_counts import confusion_matrix_in_words as confusion_matrix_in_words
    from .cut_probabilities import probability_line as probability_line
    from .cut_probabilities import probability_line_in_words as probability_line_in_words
    from .decision_boundaries import boundaries as boundaries
    from .decision_boundaries import boundaries_in_words as boundaries_in_words
    from .decision_boundaries import boundary as boundary
    from .decision_boundaries import boundary_in_words as boundary_in_words
    from .formula_bars import formula_terms as formula_terms
    from .formula_bars import formula_terms_in_words as formula_terms_in_words
    from .functions import function_rows as function_rows
    from .functions import function_rows_in_words as function_rows_in_words
    from .functions import sigmoid_rows as sigmoid_rows
    from .functions import sigmoid_rows_in_words as sigmoid_rows_in_words
    from .gains_curve import gains as gains
    from .gains_curve import gains_in_words as gains_in_words
    from .heat_maps import heat_map as heat_map
    from .heat_maps import heat_map_in_words as heat_map_in_words
    from .held_out_points import predictions_over_rows as predictions_over_rows
    from .held_out_points import predictions_over_rows_in_words as predictions_over_rows_in_words
    from .history import loss_curves as loss_curves
    from .history import loss_curves_in_words as loss_curves_in_words
    from .history import score_curve as score_curve
    from .history import score_curve_in_words as score_curve_in_words
    from .known_parameters import learned_and_true as learned_and_true
    from .known_parameters import learned_and_true_in_words as learned_and_true_in_words
    from .lifted_rows import made_separable as made_separable
    from .lifted_rows import made_separable_in_words as made_separable_in_words
    from .loss_contours import loss_contour as loss_contour
    from .loss_contours import loss_contour_in_words as loss_contour_in_words
    from .model_differences import comparison as comparison
    from .model_differences import comparison_in_words as comparison_in_words
    from .named_matrix import NamedMatrix as NamedMatrix
    from .named_matrix import input_products as input_products
    from .named_matrix import layer_weights as layer_weights
    from .named_matrix import unit_influences as unit_influences
    from .network_drawing import network as network
    from .network_drawing import network_in_words as network_in_words
    from .network_graph import to_networkx as to_networkx
    from .network_layout import lay_out_network as lay_out_network
    from .network_records import NetworkLayout as NetworkLayout
    from .norms_over_time import layer_norms as layer_norms
    from .norms_over_time import layer_norms_in_words as layer_norms_in_words
    from .number_predictions import predicted_against_true as predicted_against_true
    from .number_predictions import predicted_against_true_in_words as predicted_against_true_in_words
    from .number_predictions import residuals as residuals
    from .number_predictions import residuals_in_words as residuals_in_words
    from .odds_curves import odds_and_sigmoid as odds_and_sigmoid
    from .odds_curves import odds_and_sigmoid_in_words as odds_and_sigmoid_in_words
    from .parted_runs import two_runs as two_runs
    from .parted_runs import two_runs_in_words as two_runs_in_words
    from .penalties import bce_penalty as bce_penalty
    from .penalties import bce_penalty_in_words as bce_penalty_in_words
    from .player_page import epoch_player as epoch_player
    from .precision_recall_curve import precision_recall as precision_recall
    from .precision_recall_curve import precision_recall_in_words as precision_recall_in_words
    from .precision_steps import precision_falls as precision_falls
    from .precision_steps import precision_falls_in_words as precision_falls_in_words
    from .pushes import pushing_rows as pushing_rows
    from .pushes import pushing_rows_in_words as pushing_rows_in_words
    from .roc_curve import roc as roc
    from .roc_curve import roc_in_words as roc_in_words
    from .rungs import ladder_steps as ladder_steps
    from .rungs import ladder_steps_in_words as ladder_steps_in_words
    from .several_rocs import compare_rocs as compare_rocs
    from .several_rocs import compare_rocs_in_words as compare_rocs_in_words
    from .signals import signal_histograms as signal_histograms
    from .signals import signal_histograms_in_words as signal_histograms_in_words
    from .signals import signal_scales as signal_scales
    from .signals import signal_scales_in_words as signal_scales_in_words
    from .slice_scores import slices as slices
    from .slice_scores import slices_in_words as slices_in_words
    from .surface_cuts import SurfaceCut as SurfaceCut
    from .surface_cuts import cut_surface as cut_surface
    from .surface_cuts import loss_cut as loss_cut
    from .surface_cuts import loss_cut_in_words as loss_cut_in_words
    from .svg import svg_text as svg_text
    from .svg import write_figure as write_figure
    from .theme import DARK as DARK
    from .theme import LIGHT as LIGHT
    from .theme import Theme as Theme
    from .threshold_curve import threshold_scores as threshold_scores
    from .threshold_curve import threshold_scores_in_words as threshold_scores_in_words
    from .turned_surfaces import turned_surface as turned_surface
