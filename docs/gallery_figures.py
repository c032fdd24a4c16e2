"""The figures of docs/gallery.md, in order: add a `Figure` to the list and run docs/make_gallery.py.

The code of a figure is what the reader sees and what is run: it sets `figure`, and `words` to its alternative text.
What `PREPARED` makes is at hand, nothing that another figure made.
"""

from __future__ import annotations

from dataclasses import dataclass

PREPARED = """\
import numpy as np

import pellucid
from pellucid import NetworkSpec, TrainingSpec, data, fit_network, metrics, nn, plots

titanic = pellucid.read("titanic")
survived = titanic["Survived"].values.astype(int)
passengers = titanic.select(["Pclass", "Sex", "Age", "Fare"])
model = pellucid.MLPClassifier((4, 3), epochs=60, random_state=1).fit(passengers, survived)
chance = model.predict_proba(passengers)[:, 1]
rows = metrics.score_rows(survived, chance)
admission = {"layers.0.weight": np.array([[0.00276914, 0.68500788]]), "layers.0.bias": np.array([-4.7569233])}
"""


@dataclass(frozen=True)
class Figure:
    """One picture: the name of its file, its heading, the code that makes it, and its file's type."""

    name: str
    heading: str
    code: str
    suffix: str = "svg"


FIGURES = (
    Figure(
        "network",
        "A model as a network",
        """\
given = dict(columns=["gre", "gpa"], outputs=["P(admit = 1)"], parameters=admission, link="sigmoid")
figure = plots.network(NetworkSpec(2), **given)
layout = plots.lay_out_network(NetworkSpec(2), **given)
graph = plots.to_networkx(layout)  # the same as a graph: networkx, from pellucid[lessons]
graph_told = f"As a graph: {len(graph)} nodes, {len(graph.edges)} edges."
words = " ".join([plots.network_in_words(layout), graph_told])""",
    ),
    Figure(
        "network_stages",
        "The forward pass of one row, step by step",
        """\
given = dict(columns=["gre", "gpa"], outputs=["P(admit = 1)"], parameters=admission, link="sigmoid")
figure = plots.network(NetworkSpec(2), [790, 3.6], stages=True, **given)
words = plots.network_in_words(plots.lay_out_network(NetworkSpec(2), [790, 3.6], **given))""",
    ),
    Figure(
        "network_stacked",
        "Sums stacked: five numbers become three",
        """\
figure = plots.network(NetworkSpec(5, outputs=3, bias=False))
words = plots.network_in_words(plots.lay_out_network(NetworkSpec(5, outputs=3, bias=False)))""",
    ),
    Figure(
        "network_layers",
        "Input, hidden and output layers",
        """\
figure = plots.network(NetworkSpec(5, (3, 3), 1), link="sigmoid", boxes=["layers"])
words = plots.network_in_words(plots.lay_out_network(NetworkSpec(5, (3, 3), 1), link="sigmoid"))""",
    ),
    Figure(
        "network_boxes",
        "A layer, a neuron, an activation function",
        """\
figure = plots.network(NetworkSpec(5, (3, 3), 1), link="sigmoid", boxes=["layer", "neuron", "activation"])
words = plots.network_in_words(plots.lay_out_network(NetworkSpec(5, (3, 3), 1), link="sigmoid"))""",
    ),
    Figure(
        "network_titanic",
        "A trained model with the numbers of one row",
        """\
figure = plots.network(model, passengers.row(0), outputs=["P(Survived = 1)"], sums=False)
words = plots.network_in_words(plots.lay_out_network(model, passengers.row(0), outputs=["P(Survived = 1)"]))""",
    ),
    Figure(
        "network_wide",
        "Wide layers show some units and count the others",
        """\
wide = NetworkSpec(30, (512, 512), 10)
parameters = nn.initialize(wide.sizes, True, "he_uniform", np.random.default_rng(0))
figure = plots.network(wide, parameters=parameters, link="softmax")
words = plots.network_in_words(plots.lay_out_network(wide, parameters=parameters, link="softmax"))""",
    ),
    Figure(
        "function_rows",
        "A function, noisy rows, and the error of each",
        """\
X, y = data.quadratic(3, 2, 1)
record = metrics.function_errors(lambda x: 2 * x**2 + 2 * x + 2, X, y)
figure = plots.function_rows(record, formula="2x² + 2x + 2")
words = plots.function_rows_in_words(record)""",
    ),
    Figure(
        "bends",
        "Bends add up",
        """\
record = nn.sum_of_bends([1, -1.5], [0.5, 1], np.linspace(-2, 2, 201))
figure = plots.bends(record)
words = plots.bends_in_words(record)""",
    ),
    Figure(
        "activations",
        "Activations, their slopes and their ranges",
        """\
curves = [nn.activation_curve(name) for name in nn.ACTIVATIONS]
figure = plots.activations(curves)
words = plots.activations_in_words(curves)""",
    ),
    Figure(
        "activation",
        "One activation, its slope and its range",
        """\
curve = nn.activation_curve("tanh")
figure = plots.activation(curve)
words = plots.activations_in_words([curve])""",
    ),
    Figure(
        "odds",
        "Odds, log odds and the sigmoid",
        """\
figure = plots.odds_and_sigmoid([0.25, 0.75])
words = plots.odds_and_sigmoid_in_words([0.25, 0.75])""",
    ),
    Figure(
        "bce_penalty",
        "What a probability costs",
        """\
few = metrics.score_rows(survived[:12], chance[:12])
figure = plots.bce_penalty(few)
words = plots.bce_penalty_in_words(few)""",
    ),
    Figure(
        "sigmoid_rows",
        "One column, one sigmoid, and how far each row lies from it",
        """\
fare = np.log1p(titanic["Fare"].values)
one = fit_network(fare[:, None], survived, NetworkSpec(1), TrainingSpec("bce", learning_rate=0.1, epochs=200))
record = metrics.function_errors(lambda x: one.predict(x[:, None]), fare[::12], survived[::12], low=0, high=7)
figure = plots.sigmoid_rows(record, positive="survived", x="log(1 + fare)")
words = plots.sigmoid_rows_in_words(record, "survived")""",
    ),
    Figure(
        "probability_line",
        "Probabilities on a line, cut by a threshold",
        """\
figure = plots.probability_line(rows, 0.5)
words = plots.probability_line_in_words(rows, 0.5)""",
        "png",
    ),
    Figure(
        "confusion_matrix",
        "The confusion matrix",
        """\
counts = metrics.confusion_counts(survived, (chance >= 0.5).astype(int))
figure = plots.confusion_matrix(counts)
words = plots.confusion_matrix_in_words(counts)""",
    ),
    Figure(
        "roc",
        "The ROC curve, with chosen thresholds, the best curve and the one that knows nothing",
        """\
curve = metrics.roc_curve(survived, chance)
figure = plots.roc(curve, [0.3, 0.5, 0.7], best=True)
words = plots.roc_in_words(curve)""",
    ),
    Figure(
        "compare_rocs",
        "ROC curves of two models",
        """\
linear = pellucid.MLPClassifier((), epochs=10, random_state=0).fit(passengers, survived)
scores = {"two layers": chance, "linear": linear.predict_proba(passengers)[:, 1]}
curves = {name: metrics.roc_curve(survived, score) for name, score in scores.items()}
figure = plots.compare_rocs(curves)
words = plots.compare_rocs_in_words(curves)""",
    ),
    Figure(
        "predicted_against_true",
        "Predicted numbers beside the true ones",
        """\
fares = titanic["Fare"].values
regressor = pellucid.MLPRegressor((8,), epochs=30, random_state=0).fit(titanic.select(["Pclass", "Age"]), fares)
errors = metrics.bin_errors(fares, regressor.predict(titanic.select(["Pclass", "Age"])))
figure = plots.predicted_against_true(errors, "fare")
words = plots.predicted_against_true_in_words(errors)""",
    ),
    Figure(
        "residuals",
        "How large the errors are",
        """\
fares = titanic["Fare"].values
regressor = pellucid.MLPRegressor((8,), epochs=30, random_state=0).fit(titanic.select(["Pclass", "Age"]), fares)
errors = metrics.bin_errors(fares, regressor.predict(titanic.select(["Pclass", "Age"])))
figure = plots.residuals(errors, "fare", unit="pounds")
words = plots.residuals_in_words(errors)""",
    ),
    Figure(
        "importance",
        "What the columns are worth",
        """\
columns = ["Pclass", "Sex", "Age", "Fare", "Survived"]
unfitted = pellucid.MLPClassifier((4,), epochs=20, random_state=0)
found = pellucid.importance(unfitted, titanic.select(columns), target="Survived", shuffles=3, folds=3)
figure = plots.importance(found)
words = plots.importance_in_words(found)""",
    ),
    Figure(
        "precision_recall",
        "Precision and recall",
        """\
curve = metrics.precision_recall_curve(survived, chance)
figure = plots.precision_recall(curve, [0.3, 0.5, 0.7], best=True)
words = plots.precision_recall_in_words(curve)""",
    ),
    Figure(
        "precision_falls",
        "Why precision need not rise with the threshold",
        """\
curve = metrics.precision_recall_curve(survived[:40], chance[:40])
figure = plots.precision_falls(curve)
words = plots.precision_falls_in_words(curve)""",
    ),
    Figure(
        "threshold_scores",
        "Scores at every threshold, the default and the best one marked",
        """\
curve = metrics.threshold_curve(survived, chance)
best = float(curve.thresholds[curve.f1.argmax()])
figure = plots.threshold_scores(curve, [0.5, best])
words = plots.threshold_scores_in_words(curve)""",
    ),
    Figure(
        "calibration",
        "Calibration",
        """\
curve = metrics.calibration_curve(survived, chance)
figure = plots.calibration(curve)
words = plots.calibration_in_words(curve)""",
    ),
    Figure(
        "gains",
        "Cumulative gains",
        """\
curve = metrics.cumulative_gains(survived, chance)
figure = plots.gains(curve)
words = plots.gains_in_words(curve)""",
    ),
    Figure(
        "weights",
        "The weights of a layer",
        """\
matrix = plots.layer_weights(model, 0)
figure = plots.heat_map(matrix)
words = plots.heat_map_in_words(matrix)""",
    ),
    Figure(
        "products",
        "Coefficients times inputs, row by row",
        """\
inputs = model.preparation_.transform(passengers)
matrix = plots.input_products(model.coefs_[0][:, 0], inputs, model.preparation_.names, most_rows=6)
figure = plots.heat_map(matrix)
words = plots.heat_map_in_words(matrix)""",
    ),
    Figure(
        "signal_scales",
        "Initializers: signals that vanish, explode, or stay",
        """\
starts = {"normal 0.02": {"name": "normal", "std": 0.02}, "normal 0.2": {"name": "normal", "std": 0.2}}
starts |= {"Xavier": "xavier_normal", "He": "he_normal"}
signals = nn.compare_initializers([100] * 11, starts, activation="relu")
figure = plots.signal_scales(signals)
words = plots.signal_scales_in_words(signals)""",
    ),
    Figure(
        "signal_histograms",
        "Activations and gradients by layer",
        """\
(signal,) = nn.compare_initializers([100] * 7, ["xavier_normal"], activation="tanh")
figure = plots.signal_histograms(signal)
words = plots.signal_histograms_in_words(signal)""",
    ),
    Figure(
        "loss_curves",
        "Loss curves and the kept epoch",
        """\
X, y = data.moons(120, noise=0.25)
plan = TrainingSpec("bce", learning_rate=0.03, epochs=400, patience=40)
fitted = fit_network(X[:80], y[:80], NetworkSpec(2, (32,)), plan, validation=(X[80:], y[80:]))
figure = plots.loss_curves(fitted.history, loss="binary cross-entropy")
words = plots.loss_curves_in_words(fitted.history)""",
    ),
    Figure(
        "score_curve",
        "Accuracy over the epochs",
        """\
X, y = data.moons(120, noise=0.25)
plan = TrainingSpec("bce", learning_rate=0.03, epochs=400, patience=40)
fitted = fit_network(X[:80], y[:80], NetworkSpec(2, (32,)), plan, validation=(X[80:], y[80:]))
figure = plots.score_curve(fitted.history)
words = plots.score_curve_in_words(fitted.history)""",
    ),
    Figure(
        "learned_and_true",
        "Learned against true parameters",
        """\
X, y = data.line(0.7, 0.3, rows=50, noise=0.05)
fitted = fit_network(X, y, NetworkSpec(1), TrainingSpec("mse", learning_rate=0.05, epochs=40))
learned = [value.item() for value in fitted.parameters.values()]
figure = plots.learned_and_true(["weight", "bias"], learned, [0.7, 0.3])
words = plots.learned_and_true_in_words(["weight", "bias"], learned, [0.7, 0.3])""",
    ),
    Figure(
        "predictions_over_rows",
        "Predictions over training and held-out rows",
        """\
x = np.arange(0, 1, 0.02)
y = 0.7 * x + 0.3
plan = TrainingSpec("mae", optimizer="sgd", learning_rate=0.01, epochs=100, shuffle=False)
fitted = fit_network(x[:40, None], y[:40], NetworkSpec(1), plan)
predicted = fitted.predict(x[40:, None])
figure = plots.predictions_over_rows((x[:40], y[:40]), (x[40:], y[40:]), predicted)
words = plots.predictions_over_rows_in_words((x[:40], y[:40]), (x[40:], y[40:]), predicted)""",
    ),
    Figure(
        "class_scatter",
        "Rows of three classes",
        """\
X, y = data.spiral(300)
figure = plots.class_scatter(X, y)
words = plots.class_scatter_in_words(X, y)""",
    ),
    Figure(
        "comparison",
        "Two models compared, with intervals",
        """\
deep, linear = (pellucid.MLPClassifier(hidden, epochs=30, random_state=0) for hidden in ((16,), ()))
columns = ["Pclass", "Sex", "Age", "Fare", "Survived"]
found = pellucid.compare(deep, linear, titanic.select(columns), target="Survived", names=("deep", "linear"), seeds=1)
figure = plots.comparison(found)
words = plots.comparison_in_words(found)""",
    ),
    Figure(
        "ladder",
        "The ladder: what each rung bought",
        """\
columns = ["Pclass", "Sex", "Age", "Fare", "Survived"]
found = pellucid.climb(titanic.select(columns), "Survived", hidden=(8,), epochs=10)
figure = plots.ladder_steps(found.rungs, found.figure, chosen=found.chosen)
words = plots.ladder_steps_in_words(found.rungs, found.figure, found.chosen)""",
    ),
    Figure(
        "slices",
        "Where a model is worse: slices of the rows",
        """\
columns = ["Pclass", "Sex", "Age", "Fare"]
learned, others = titanic.take(np.arange(500)), titanic.take(np.arange(500, 891))
fitted = pellucid.MLPClassifier((8,), epochs=30, random_state=0).fit(learned.select(columns), survived[:500])
found = pellucid.slices(fitted, others.select([*columns, "Survived"]), target="Survived")
figure = plots.slices(found)
words = plots.slices_in_words(found)""",
    ),
    Figure(
        "boundaries",
        "The decision boundary on training and validation rows",
        """\
X, y = data.moons(200, noise=0.25)
plan = TrainingSpec("bce", learning_rate=0.05, epochs=120)
fitted = fit_network(X[:140], y[:140], NetworkSpec(2, (16,)), plan, record=True)
grid = pellucid.prediction_grid(fitted, "x0", "x1", X)
parts = {"Training rows": (X[:140], y[:140]), "Validation rows": (X[140:], y[140:])}
figure = plots.boundaries(grid, parts)
words = plots.boundaries_in_words(grid, parts)""",
        "png",
    ),
    Figure(
        "boundary_early",
        "The boundary at any recorded epoch",
        """\
X, y = data.moons(200, noise=0.25)
plan = TrainingSpec("bce", learning_rate=0.05, epochs=120)
fitted = fit_network(X, y, NetworkSpec(2, (16,)), plan, record=True)
grid = pellucid.prediction_grid(fitted, "x0", "x1", X, parameters=fitted.recording.at(4))
figure = plots.boundary(grid, (X, y), theme=plots.DARK)
words = plots.boundary_in_words(grid, (X, y))""",
        "png",
    ),
    Figure(
        "player",
        "The boundary played over the epochs, in a page of its own",
        """\
X, y = data.moons(200, noise=0.25)
plan = TrainingSpec("bce", learning_rate=0.05, epochs=120)
fitted = fit_network(X[:140], y[:140], NetworkSpec(2, (16,)), plan, record=True)
grids = {
    epoch: pellucid.prediction_grid(fitted, "x0", "x1", X, size=60, parameters=fitted.recording.at(epoch))
    for epoch in range(0, 121, 5)
}
parts = {"Training rows": (X[:140], y[:140]), "Validation rows": (X[140:], y[140:])}
figure = plots.epoch_player(grids, parts, history=fitted.history, title="Two moons, epoch by epoch")
words = plots.boundaries_in_words(grids[120], parts)""",
        "html",
    ),
    Figure(
        "boundary_classes",
        "The boundary between several classes",
        """\
X, y = data.spiral(300)
plan = TrainingSpec("softmax_cross_entropy", learning_rate=0.05, epochs=150)
fitted = fit_network(X, y, NetworkSpec(2, (32,), 3), plan)
grid = pellucid.prediction_grid(fitted, "x0", "x1", X)
figure = plots.boundary(grid, (X, y))
words = plots.boundary_in_words(grid, (X, y))""",
        "png",
    ),
    Figure(
        "along_column",
        "One column: what the model says, and the rows",
        """\
given = passengers.row(1)
curve = pellucid.prediction_curve(model, "Age", at=given)
figure = plots.along_column(curve, (passengers, survived))
words = plots.along_column_in_words(curve, (passengers, survived))""",
        "png",
    ),
    Figure(
        "along_category",
        "A category: a bar for each level, a dot for what came",
        """\
curve = pellucid.prediction_curve(model, "Sex", passengers)
figure = plots.along_column(curve, (passengers, survived))
words = plots.along_column_in_words(curve, (passengers, survived))""",
    ),
    Figure(
        "made_separable",
        "x² makes a line separable",
        """\
x = np.linspace(-1, 1, 41)
y = (np.abs(x) > 0.5).astype(int)
both = np.column_stack([x, x**2])
one = fit_network(x[:, None], y, NetworkSpec(1), TrainingSpec("bce", epochs=20))
two = fit_network(both, y, NetworkSpec(2), TrainingSpec("bce", learning_rate=0.3, epochs=200))
curve = pellucid.prediction_curve(one, "x0", x[:, None])
grid = pellucid.prediction_grid(two, "x0", "x1", both)
figure = plots.made_separable(curve, grid, x, y)
words = plots.made_separable_in_words(curve, grid, x, y)""",
        "png",
    ),
    Figure(
        "loss_contour",
        "The loss from above, with the path of the descent",
        """\
X, y = data.moons(140, noise=0.25)
plan = TrainingSpec("bce", learning_rate=0.05, epochs=150)
fitted = fit_network(X, y, NetworkSpec(2, (16,)), plan, record=True)
surface = pellucid.loss_surface(fitted, X, y, path=fitted, size=50)
figure = plots.loss_contour(surface)
words = plots.loss_contour_in_words(surface)""",
        "png",
    ),
    Figure(
        "loss_cut",
        "One parameter fixed: which way is down?",
        """\
X, y = data.line(2, 1, rows=40, noise=0.2)
plan = TrainingSpec("mae", optimizer="sgd", learning_rate=0.1, epochs=60)
fitted = fit_network(X, y, NetworkSpec(1), plan, record=True)
axes = ["layers.0.weight[0, 0]", "layers.0.bias[0]"]
surface = pellucid.loss_surface(fitted, X, y, axes, path=fitted, span=((0, 4), (-1, 3)))
cut = plots.cut_surface(surface, 1.0, at=3.0)
figure = plots.loss_cut(cut)
words = plots.loss_cut_in_words(cut)""",
    ),
    Figure(
        "turned_surface",
        "The loss in three dimensions, to be turned",
        """\
X, y = data.line(2, 1, rows=40, noise=0.2)
plan = TrainingSpec("mae", optimizer="sgd", learning_rate=0.1, epochs=60)
fitted = fit_network(X, y, NetworkSpec(1), plan, record=True)
axes = ["layers.0.weight[0, 0]", "layers.0.bias[0]"]
surface = pellucid.loss_surface(fitted, X, y, axes, path=fitted, span=((0, 4), (-1, 3)))
turned = plots.turned_surface(surface, plots.cut_surface(surface, 1.0, at=3.0))  # Plotly, from pellucid[lessons]
# turned.show() opens it in a browser, turned.write_html("surface.html") keeps it as a page of 5 megabytes
figure = plots.loss_contour(surface)  # the same from above
turning = "In three dimensions the mouse turns it, with the descent and the cut as lines on it."
words = " ".join([plots.loss_contour_in_words(surface), turning])""",
        "png",
    ),
    Figure(
        "formula_terms",
        "The formula near one row, and how far it holds",
        """\
formula = pellucid.local_formula(model, passengers.row(1))
figure = plots.formula_terms(formula)
words = plots.formula_terms_in_words(formula)""",
    ),
    Figure(
        "unit_influences",
        "What moves each hidden unit",
        """\
matrix = plots.unit_influences(pellucid.hidden_units(model, passengers))
figure = plots.heat_map(matrix)
words = plots.heat_map_in_words(matrix)""",
    ),
    Figure(
        "layer_norms",
        "Gradients and movements of the layers over time",
        """\
X, y = data.moons(140, noise=0.25)
plan = TrainingSpec("bce", learning_rate=0.05, epochs=80)
fitted = fit_network(X, y, NetworkSpec(2, (8, 8)), plan, record=True)
norms = pellucid.gradient_norms(fitted)
figure = plots.layer_norms(norms)
words = plots.layer_norms_in_words(norms)""",
    ),
    Figure(
        "pushing_rows",
        "The rows that push a weight",
        """\
X, y = data.moons(140, noise=0.25)
fitted = fit_network(X, y, NetworkSpec(2, (8,)), TrainingSpec("bce", epochs=20), record=True)
pushes = pellucid.row_pushes(fitted, "layers.0.weight[3, 1]")
figure = plots.pushing_rows(pushes)
words = plots.pushing_rows_in_words(pushes)""",
    ),
    Figure(
        "two_runs",
        "A run and a branch of it",
        """\
X, y = data.moons(140, noise=0.25)
run = fit_network(X, y, NetworkSpec(2, (8,)), TrainingSpec("bce", learning_rate=0.02, epochs=80), record=True)
other = pellucid.branch(run, 30, learning_rate=0.1).fitted
found = pellucid.compare_runs(run, other, names=("rate 0.02", "rate 0.1"))
figure = plots.two_runs(found)
words = plots.two_runs_in_words(found)""",
    ),
)
