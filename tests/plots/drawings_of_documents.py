"""Every picture of the lectures, drawn of a model and its table, and the same in words: `DRAWINGS`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from tables_of_documents import Drawable

import pellucid
from pellucid import NetworkSpec, TrainingSpec, fit_network, metrics, nn, plots, prediction_curve, prediction_grid
from pellucid.judging.comparison import compare_predictions
from pellucid.judging.truth import Truth

Drawing = tuple[Figure, str]  # and the same in words


def chances(one: Drawable) -> np.ndarray:
    """Probabilities that spread out, as those of a longer training do."""
    return nn.sigmoid(3 * nn.log_odds(one.chance) + 2)


def numbers(one: Drawable) -> tuple[np.ndarray, np.ndarray]:
    """Two number columns, (rows, 2), and which rows are positive."""
    columns = [one.table[name].values for name in one.numbers]
    return np.column_stack(columns), (one.truth == one.positive).astype(float)


def function_rows(one: Drawable, theme: Any) -> Drawing:
    X, _ = numbers(one)
    slope, offset = np.polyfit(X[:60, 0], X[:60, 1], 1)
    record = metrics.function_errors(lambda x: slope * x + offset, X[:60, 0], X[:60, 1])
    return plots.function_rows(record, formula="a line", theme=theme), plots.function_rows_in_words(record)


def sigmoid_rows(one: Drawable, theme: Any) -> Drawing:
    X, y = numbers(one)
    x = (X[:80, 0] - X[:, 0].mean()) / X[:, 0].std()
    record = metrics.function_errors(nn.sigmoid, x, y[:80])
    return plots.sigmoid_rows(record, positive=one.positive, theme=theme), plots.sigmoid_rows_in_words(record)


def probability_line(one: Drawable, theme: Any) -> Drawing:
    rows = metrics.score_rows(one.truth, chances(one), positive=one.positive)
    return plots.probability_line(rows, 0.4, theme=theme), plots.probability_line_in_words(rows, 0.4)


def penalty(one: Drawable, theme: Any) -> Drawing:
    some = slice(None, None, max(1, len(one.truth) // 60))  # of both classes
    rows = metrics.score_rows(one.truth[some], chances(one)[some], positive=one.positive)
    return plots.bce_penalty(rows, theme=theme), plots.bce_penalty_in_words(rows)


def roc(one: Drawable, theme: Any) -> Drawing:
    curve = metrics.roc_curve(one.truth, chances(one), positive=one.positive)
    return plots.roc(curve, [0.3, 0.5, 0.7], best=True, theme=theme), plots.roc_in_words(curve)


def precision_recall(one: Drawable, theme: Any) -> Drawing:
    curve = metrics.precision_recall_curve(one.truth, chances(one), positive=one.positive)
    figure = plots.precision_recall(curve, [0.3, 0.5], best=True, theme=theme)
    return figure, plots.precision_recall_in_words(curve)


def precision_falls(one: Drawable, theme: Any) -> Drawing:
    curve = metrics.precision_recall_curve(one.truth, one.chance, positive=one.positive)
    return plots.precision_falls(curve, theme=theme), plots.precision_falls_in_words(curve)


def threshold_scores(one: Drawable, theme: Any) -> Drawing:
    curve = metrics.threshold_curve(one.truth, chances(one), positive=one.positive)
    return plots.threshold_scores(curve, [0.3, 0.5], theme=theme), plots.threshold_scores_in_words(curve)


def weights(one: Drawable, theme: Any) -> Drawing:
    matrix = plots.layer_weights(one.model, 0)
    return plots.heat_map(matrix, theme=theme), plots.heat_map_in_words(matrix)


def products(one: Drawable, theme: Any) -> Drawing:
    inputs = one.model.preparation_.transform(one.table)
    matrix = plots.input_products(one.model.coefs_[0][:, 0], inputs, one.model.preparation_.names)
    return plots.heat_map(matrix, theme=theme), plots.heat_map_in_words(matrix)


def histograms(one: Drawable, theme: Any) -> Drawing:
    inputs = one.model.preparation_.transform(one.table)
    signal = nn.trace_signal(inputs, one.model.parameters_, one.model.network_.activations)
    return plots.signal_histograms(signal, theme=theme), plots.signal_histograms_in_words(signal)


def scales(one: Drawable, theme: Any) -> Drawing:
    sizes = [one.model.network_.inputs] * 6
    signals = nn.compare_initializers(sizes, ["normal", "xavier_normal", "he_normal", "zeros"], rows=50)
    return plots.signal_scales(signals, theme=theme), plots.signal_scales_in_words(signals)


def learned_and_true(one: Drawable, theme: Any) -> Drawing:
    names, found = one.model.preparation_.names, one.model.coefs_[0][:, 0]
    return (
        plots.learned_and_true(names, found, found + 0.1, theme=theme),
        plots.learned_and_true_in_words(names, found, found + 0.1),
    )


def predictions(one: Drawable, theme: Any) -> Drawing:
    X, _ = numbers(one)
    parts = (X[:80].T, X[80:100].T, X[80:100, 1] * 1.1)
    return plots.predictions_over_rows(*parts, theme=theme), plots.predictions_over_rows_in_words(*parts)


def scatter(one: Drawable, theme: Any) -> Drawing:
    X, _ = numbers(one)
    return plots.class_scatter(X, one.truth, theme=theme), plots.class_scatter_in_words(X, one.truth)


def activations(one: Drawable, theme: Any) -> Drawing:
    curves = [nn.activation_curve(name) for name in ("sigmoid", one.model.activation, "relu", "gelu")]
    return plots.activations(curves, theme=theme), plots.activations_in_words(curves)


def odds(one: Drawable, theme: Any) -> Drawing:
    marks = [float((one.truth == one.positive).mean()), 0.85]
    return plots.odds_and_sigmoid(marks, theme=theme), plots.odds_and_sigmoid_in_words(marks)


def bends(one: Drawable, theme: Any) -> Drawing:
    record = nn.sum_of_bends(one.model.coefs_[0][0], one.model.intercepts_[0], np.linspace(-3, 3, 50))
    return plots.bends(record, theme=theme), plots.bends_in_words(record)


@cache
def past(one: Drawable) -> tuple[Any, np.ndarray, np.ndarray]:
    """A plain network that learned two number columns of a table, with its recording."""
    X = np.column_stack([one.table[column].values for column in one.numbers])
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    y = (one.truth == one.positive).astype(float)
    return fit_network(X, y, NetworkSpec(2, (4,)), TrainingSpec("bce", epochs=6), record=True), X, y


def a_boundary(one: Drawable, theme: Any) -> Drawing:
    grid = prediction_grid(one.model, *one.numbers, one.table, size=30)
    rows = (one.table, one.truth)
    return plots.boundary(grid, rows, theme=theme), plots.boundary_in_words(grid, rows)


def boundaries_of_parts(one: Drawable, theme: Any) -> Drawing:
    grid = prediction_grid(one.model, *one.numbers, one.table, size=30)
    first, rest = np.arange(300), np.arange(300, 400)
    rows = {
        "Training rows": (one.table.take(first), one.truth[first]),
        "Validation": (one.table.take(rest), one.truth[rest]),
    }
    return plots.boundaries(grid, rows, theme=theme), plots.boundaries_in_words(grid, rows)


def a_column(one: Drawable, theme: Any) -> Drawing:
    curve = prediction_curve(one.model, one.numbers[0], one.table)
    rows = (one.table, one.truth)
    return plots.along_column(curve, rows, theme=theme), plots.along_column_in_words(curve, rows)


def contour(one: Drawable, theme: Any) -> Drawing:
    fitted, X, y = past(one)
    found = pellucid.loss_surface(fitted, X, y, path=fitted, size=15)
    return plots.loss_contour(found, theme=theme), plots.loss_contour_in_words(found)


def cut(one: Drawable, theme: Any) -> Drawing:
    fitted, X, y = past(one)
    axes = ["layers.0.weight[0, 0]", "layers.0.bias[0]"]
    cut = plots.cut_surface(pellucid.loss_surface(fitted, X, y, axes, size=15))
    return plots.loss_cut(cut, theme=theme), plots.loss_cut_in_words(cut)


def formula(one: Drawable, theme: Any) -> Drawing:
    formula = pellucid.local_formula(one.model, one.row)
    return plots.formula_terms(formula, theme=theme), plots.formula_terms_in_words(formula)


def units(one: Drawable, theme: Any) -> Drawing:
    matrix = plots.unit_influences(pellucid.hidden_units(one.model, one.table))
    return plots.heat_map(matrix, theme=theme), plots.heat_map_in_words(matrix)


def norms(one: Drawable, theme: Any) -> Drawing:
    norms = pellucid.gradient_norms(past(one)[0])
    return plots.layer_norms(norms, theme=theme), plots.layer_norms_in_words(norms)


def pushes(one: Drawable, theme: Any) -> Drawing:
    pushes = pellucid.row_pushes(past(one)[0], "layers.0.weight[1, 0]", [0, 6])
    return plots.pushing_rows(pushes, theme=theme), plots.pushing_rows_in_words(pushes)


def runs(one: Drawable, theme: Any) -> Drawing:
    run = past(one)[0]
    found = pellucid.compare_runs(run, pellucid.branch(run, 3, learning_rate=0.1).fitted)
    return plots.two_runs(found, theme=theme), plots.two_runs_in_words(found)


def rocs(one: Drawable, theme: Any) -> Drawing:
    scores = {"network": one.chance, "upside down": 1 - one.chance}
    curves = {key: metrics.roc_curve(one.truth, score, positive=one.positive) for key, score in scores.items()}
    return plots.compare_rocs(curves, theme=theme), plots.compare_rocs_in_words(curves)


def bars(one: Drawable, theme: Any) -> Drawing:
    curve = prediction_curve(one.model, one.levels, one.table)
    assert curve.levels
    rows = (one.table, one.truth)
    return plots.along_column(curve, rows, theme=theme), plots.along_column_in_words(curve, rows)


def squares(one: Drawable, theme: Any) -> Drawing:
    _, X, y = past(one)
    x, answers = X[:, 0], y.astype(int)
    both, plan = np.column_stack([x, x**2]), TrainingSpec("bce", epochs=3)
    curve = prediction_curve(fit_network(x[:, None], y, NetworkSpec(1), plan), "x0", x[:, None], size=20)
    grid = prediction_grid(fit_network(both, y, NetworkSpec(2), plan), "x0", "x1", both, size=20)
    figure = plots.made_separable(curve, grid, x, answers, theme=theme)
    return figure, plots.made_separable_in_words(curve, grid, x, answers)


def network(one: Drawable, theme: Any) -> Drawing:
    layout = plots.lay_out_network(one.model, one.row)
    return plots.network(one.model, one.row, boxes=("layers",), theme=theme), plots.network_in_words(layout)


def stages(one: Drawable, theme: Any) -> Drawing:
    layout = plots.lay_out_network(one.model, one.row)
    return plots.network(one.model, one.row, stages=True, theme=theme), plots.network_in_words(layout)


def one_activation(one: Drawable, theme: Any) -> Drawing:
    curve = nn.activation_curve(one.model.activation)
    return plots.activation(curve, theme=theme), plots.activations_in_words([curve])


def losses(one: Drawable, theme: Any) -> Drawing:
    history = one.model.history_
    return plots.loss_curves(history, theme=theme), plots.loss_curves_in_words(history)


def accuracies(one: Drawable, theme: Any) -> Drawing:
    _, X, y = past(one)
    plan = TrainingSpec("bce", epochs=4)
    history = fit_network(X[:300], y[:300], NetworkSpec(2, (4,)), plan, validation=(X[300:], y[300:])).history
    return plots.score_curve(history, theme=theme), plots.score_curve_in_words(history)


def confusion(one: Drawable, theme: Any) -> Drawing:
    counts = metrics.confusion_counts(one.truth, one.model.predict(one.table))
    return plots.confusion_matrix(counts, theme=theme), plots.confusion_matrix_in_words(counts)


def calibrated(one: Drawable, theme: Any) -> Drawing:
    curve = metrics.calibration_curve(one.truth, chances(one), positive=one.positive)
    return plots.calibration(curve, theme=theme), plots.calibration_in_words(curve)


def gains(one: Drawable, theme: Any) -> Drawing:
    curve = metrics.cumulative_gains(one.truth, chances(one), positive=one.positive)
    return plots.gains(curve, theme=theme), plots.gains_in_words(curve)


def errors(one: Drawable) -> Any:
    X, _ = numbers(one)
    return metrics.bin_errors(X[:, 1], np.polyval(np.polyfit(X[:, 0], X[:, 1], 1), X[:, 0]))


def numbers_predicted(one: Drawable, theme: Any) -> Drawing:
    found = errors(one)
    return plots.predicted_against_true(found, theme=theme), plots.predicted_against_true_in_words(found)


def residuals(one: Drawable, theme: Any) -> Drawing:
    found = errors(one)
    return plots.residuals(found, one.numbers[1], theme=theme), plots.residuals_in_words(found)


def with_target(one: Drawable) -> dict[str, Any]:
    cells = {column.name: [column.cell(row) for row in range(len(one.table))] for column in one.table}
    return {**cells, one.target: one.truth}


def ladder(one: Drawable, theme: Any) -> Drawing:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setenv("PELLUCID_STATE", folder)
        found = pellucid.climb(with_target(one), one.target, hidden=(3,), epochs=2, max_seconds=1)
    figure = plots.ladder_steps(found.rungs, found.figure, chosen=found.chosen, theme=theme)
    return figure, plots.ladder_steps_in_words(found.rungs, found.figure, found.chosen)


def slices(one: Drawable, theme: Any) -> Drawing:
    found = pellucid.slices(one.model, with_target(one), target=one.target)
    return plots.slices(found, theme=theme), plots.slices_in_words(found)


def importance(one: Drawable, theme: Any) -> Drawing:
    unfitted = pellucid.MLPClassifier((), epochs=2, random_state=0)
    found = pellucid.importance(unfitted, with_target(one), target=one.target, shuffles=2, folds=2)
    words = plots.importance_in_words(found)
    assert "400 training rows" in words
    return plots.importance(found, theme=theme), words


def compared(one: Drawable, theme: Any) -> Drawing:
    truth = Truth(one.target, "classification", (one.truth == one.positive).astype(int), ("no", "yes"), "")
    found = compare_predictions(truth, *(np.stack([1 - p, p], axis=1) for p in (one.chance, chances(one))))
    return plots.comparison(found, theme=theme), plots.comparison_in_words(found)


DRAWINGS: dict[str, Callable[[Drawable, Any], Drawing]] = {
    draw.__name__: draw
    for draw in (
        *(function_rows, sigmoid_rows, probability_line, penalty, roc, precision_recall, precision_falls),
        *(threshold_scores, weights, products, histograms, scales, learned_and_true, predictions, scatter),
        *(activations, one_activation, odds, bends, a_boundary, boundaries_of_parts, a_column, bars, squares),
        *(contour, cut, formula, units, norms, pushes, runs, rocs, network, stages, losses, accuracies, confusion),
        *(calibrated, gains, numbers_predicted, residuals, ladder, slices, importance, compared),
    )
}
