"""The figures of the lectures: numbers read back, two tables, readable in both themes, wrong input said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from figure_texts import contrast_faults, text_faults
from matplotlib.figure import Figure
from tables_of_documents import NAMES, Drawable, drawable

from pellucid import NetworkSpec, metrics, nn, plots
from pellucid.engines.contract import EpochRecord
from pellucid.errors import InputError, PellucidError, ShapeError, SpecError
from pellucid.training.history import History

THEMES = dict(zip(NAMES, (plots.LIGHT, plots.DARK)))
Draw = Callable[[Drawable, Any], tuple[Figure, str]]


def chances(one: Drawable) -> np.ndarray:
    """Probabilities that spread out, as those of a longer training do."""
    return nn.sigmoid(3 * nn.log_odds(one.chance) + 2)


def numbers(one: Drawable) -> tuple[np.ndarray, np.ndarray]:
    """The first two number columns, (rows, 2), and which rows are positive."""
    columns = [column.values for column in one.table if column.kind == "number"]
    return np.column_stack(columns[:2]), (one.truth == one.positive).astype(float)


def function_rows(one: Drawable, theme: Any) -> tuple[Figure, str]:
    X, _ = numbers(one)
    slope, offset = np.polyfit(X[:60, 0], X[:60, 1], 1)
    record = metrics.function_errors(lambda x: slope * x + offset, X[:60, 0], X[:60, 1])
    return plots.function_rows(record, formula="a line", theme=theme), plots.function_rows_in_words(record)


def sigmoid_rows(one: Drawable, theme: Any) -> tuple[Figure, str]:
    X, y = numbers(one)
    x = (X[:80, 0] - X[:, 0].mean()) / X[:, 0].std()
    record = metrics.function_errors(nn.sigmoid, x, y[:80])
    return plots.sigmoid_rows(record, positive=one.positive, theme=theme), plots.sigmoid_rows_in_words(record)


def probability_line(one: Drawable, theme: Any) -> tuple[Figure, str]:
    rows = metrics.score_rows(one.truth, chances(one), positive=one.positive)
    return plots.probability_line(rows, 0.4, theme=theme), plots.probability_line_in_words(rows, 0.4)


def penalty(one: Drawable, theme: Any) -> tuple[Figure, str]:
    rows = metrics.score_rows(one.truth[:30], chances(one)[:30], positive=one.positive)
    return plots.bce_penalty(rows, theme=theme), plots.bce_penalty_in_words(rows)


def roc(one: Drawable, theme: Any) -> tuple[Figure, str]:
    curve = metrics.roc_curve(one.truth, chances(one), positive=one.positive)
    return plots.roc(curve, [0.3, 0.5, 0.7], best=True, theme=theme), plots.roc_in_words(curve)


def precision_recall(one: Drawable, theme: Any) -> tuple[Figure, str]:
    curve = metrics.precision_recall_curve(one.truth, chances(one), positive=one.positive)
    figure = plots.precision_recall(curve, [0.3, 0.5], best=True, theme=theme)
    return figure, plots.precision_recall_in_words(curve)


def precision_falls(one: Drawable, theme: Any) -> tuple[Figure, str]:
    curve = metrics.precision_recall_curve(one.truth, one.chance, positive=one.positive)
    return plots.precision_falls(curve, theme=theme), plots.precision_falls_in_words(curve)


def threshold_scores(one: Drawable, theme: Any) -> tuple[Figure, str]:
    curve = metrics.threshold_curve(one.truth, chances(one), positive=one.positive)
    return plots.threshold_scores(curve, [0.3, 0.5], theme=theme), plots.threshold_scores_in_words(curve)


def weights(one: Drawable, theme: Any) -> tuple[Figure, str]:
    matrix = plots.layer_weights(one.model, 0)
    return plots.heat_map(matrix, theme=theme), plots.heat_map_in_words(matrix)


def products(one: Drawable, theme: Any) -> tuple[Figure, str]:
    inputs = one.model.preparation_.transform(one.table)
    matrix = plots.input_products(one.model.coefs_[0][:, 0], inputs, one.model.preparation_.names)
    return plots.heat_map(matrix, theme=theme), plots.heat_map_in_words(matrix)


def histograms(one: Drawable, theme: Any) -> tuple[Figure, str]:
    inputs = one.model.preparation_.transform(one.table)
    signal = nn.trace_signal(inputs, one.model.parameters_, one.model.network_.activations)
    return plots.signal_histograms(signal, theme=theme), plots.signal_histograms_in_words(signal)


def scales(one: Drawable, theme: Any) -> tuple[Figure, str]:
    sizes = [one.model.network_.inputs] * 6
    signals = nn.compare_initializers(sizes, ["normal", "xavier_normal", "he_normal", "zeros"], rows=50)
    return plots.signal_scales(signals, theme=theme), plots.signal_scales_in_words(signals)


def learned_and_true(one: Drawable, theme: Any) -> tuple[Figure, str]:
    names, found = one.model.preparation_.names, one.model.coefs_[0][:, 0]
    return (
        plots.learned_and_true(names, found, found + 0.1, theme=theme),
        plots.learned_and_true_in_words(names, found, found + 0.1),
    )


def predictions(one: Drawable, theme: Any) -> tuple[Figure, str]:
    X, _ = numbers(one)
    parts = (X[:80].T, X[80:100].T, X[80:100, 1] * 1.1)
    return plots.predictions_over_rows(*parts, theme=theme), plots.predictions_over_rows_in_words(*parts)


def scatter(one: Drawable, theme: Any) -> tuple[Figure, str]:
    X, _ = numbers(one)
    return plots.class_scatter(X, one.truth, theme=theme), plots.class_scatter_in_words(X, one.truth)


def activations(one: Drawable, theme: Any) -> tuple[Figure, str]:
    curves = [nn.activation_curve(name) for name in ("sigmoid", one.model.activation, "relu", "gelu")]
    return plots.activations(curves, theme=theme), plots.activations_in_words(curves)


def odds(one: Drawable, theme: Any) -> tuple[Figure, str]:
    marks = [float((one.truth == one.positive).mean()), 0.85]
    return plots.odds_and_sigmoid(marks, theme=theme), plots.odds_and_sigmoid_in_words(marks)


def bends(one: Drawable, theme: Any) -> tuple[Figure, str]:
    record = nn.sum_of_bends(one.model.coefs_[0][0], one.model.intercepts_[0], np.linspace(-3, 3, 50))
    return plots.bends(record, theme=theme), plots.bends_in_words(record)


KINDS: dict[str, Draw] = {
    draw.__name__: draw
    for draw in (
        *(function_rows, sigmoid_rows, probability_line, penalty, roc, precision_recall, precision_falls),
        *(threshold_scores, weights, products, histograms, scales, learned_and_true, predictions, scatter),
        *(activations, odds, bends),
    )
}


@pytest.mark.parametrize("table", NAMES)
@pytest.mark.parametrize("name", KINDS)
def test_every_figure_can_be_read_on_both_tables(name, table):
    figure, words = KINDS[name](drawable(table), THEMES[table])
    assert text_faults(figure) == []
    assert contrast_faults(figure) == []
    assert all(ax.get_title(loc="left") for ax in figure.axes if ax.axison)
    assert not words[0].islower()
    assert words.endswith(".")
    assert any(letter.isdigit() for letter in words)


def test_weak_contrast_is_found():
    """The check itself: gray on white and black on black are seen, black on white is fine."""
    figure = Figure(figsize=(3, 2))
    figure.text(0.1, 0.1, "gray", color="#999999")
    figure.text(0.1, 0.4, "black")
    figure.text(0.1, 0.7, "hidden", bbox={"facecolor": "black"})
    assert [fault.split(": ")[1] for fault in contrast_faults(figure)] == ["'gray'", "'hidden'"]


def test_a_function_and_its_errors_are_read_back():
    x, y = np.array([0.0, 1.0, 2.0]), np.array([1.0, 1.0, 7.0])
    record = metrics.function_errors(lambda x: 2 * x + 1, x[:, None], y)
    assert record.errors.tolist() == [0, 2, 2]
    (ax,) = plots.function_rows(record).axes
    assert ax.get_title(loc="left") == "Mean absolute error 1.3333"
    curve, points = ax.lines
    assert np.asarray(curve.get_ydata()) == pytest.approx(2 * np.asarray(curve.get_xdata()) + 1)
    assert np.asarray(points.get_ydata()).tolist() == y.tolist()
    lengths = [abs(np.diff(segment[:, 1]).item()) for segment in ax.collections[0].get_segments()]
    assert lengths == record.errors.tolist()


def test_rows_of_a_sigmoid_lie_at_their_outcome():
    record = metrics.function_errors(nn.sigmoid, [-2.0, 0.0, 3.0], [0, 1, 1])
    (ax,) = plots.sigmoid_rows(record, positive="yes").axes
    came, others, _ = ax.lines
    assert np.asarray(came.get_xdata()).tolist() == [0.0, 3.0]
    assert np.asarray(others.get_xdata()).tolist() == [-2.0]
    ends = ax.collections[0].get_segments()[0][:, 1].tolist()
    assert ends == [0.5, 1.0]


def test_penalties_are_the_textbook_loss():
    rng = np.random.default_rng(0)
    z, truth = rng.normal(size=40), rng.random(40) < 0.4
    rows = metrics.score_rows(truth.astype(int), nn.sigmoid(z))
    value, _ = nn.loss_forward(nn.BCE(), z[:, None], truth[:, None].astype(float))
    assert rows.penalty.mean() == pytest.approx(float(value), rel=1e-12)
    came, not_come = plots.bce_penalty(rows).axes[0].lines[2:]
    assert sorted([*came.get_ydata(), *not_come.get_ydata()]) == pytest.approx(sorted(rows.penalty))


def test_counts_beside_the_threshold_are_those_of_the_confusion_matrix():
    rng = np.random.default_rng(1)
    chance, truth = rng.random(200), rng.integers(0, 2, 200)
    rows = metrics.score_rows(truth, chance)
    counts = metrics.confusion_counts(truth, (chance >= 0.3).astype(int)).counts
    (tn, fp), (fn, tp) = counts.tolist()
    assert rows.counts(0.3) == {"tp": tp, "fp": fp, "fn": fn, "tn": tn}
    told = [text.get_text() for text in plots.probability_line(rows, 0.3).axes[0].texts]
    assert told == [f"{fn} below", f"{tp} from it on", f"{tn} below", f"{fp} from it on"]


def test_marks_stand_on_the_curves():
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 2, 300)
    scores = np.clip(0.3 * truth + 0.7 * rng.random(300), 0, 1)
    curve = metrics.roc_curve(truth, scores)
    called = scores >= 0.5
    dots = [line for line in plots.roc(curve, [0.5], best=True).axes[0].lines if line.get_marker() == "o"]
    assert [(dot.get_xdata()[0], dot.get_ydata()[0]) for dot in dots] == [
        (pytest.approx(called[truth == 0].mean()), pytest.approx(called[truth == 1].mean()))
    ]
    labels = [line.get_label() for line in plots.roc(curve, best=True).axes[0].lines]
    assert labels[:2] == ["knows nothing", "best"]
    steps = metrics.threshold_curve(truth, scores)
    told = [text.get_text() for text in plots.threshold_scores(steps, [0.5]).axes[0].texts]
    assert told == [f"F1 {metrics.f1(truth, called.astype(int)).value:.3f} at 0.5"]


def test_a_fall_of_precision_is_shown_in_counts():
    truth = [1, 1, 1, 0, 1, 1, 0, 1, 0, 0]
    scores = np.linspace(0.95, 0.05, 10)
    curve = metrics.precision_recall_curve(truth, scores)
    (ax,) = plots.precision_falls(curve).axes
    told = [text.get_text() for text in ax.texts]
    assert told[::-1][:5] == ["1/1", "2/2", "3/3", "3/4", "4/5"]
    heights = [int(one.split("/")[0]) / int(one.split("/")[1]) for one in told]
    shown = next(line for line in ax.lines if line.get_label().startswith("precision"))
    assert np.asarray(shown.get_ydata()) == pytest.approx(heights)
    with pytest.raises(InputError, match="never falls"):
        plots.precision_falls(metrics.precision_recall_curve([1, 1, 0, 0], [4, 3, 2, 1]))
    with pytest.raises(InputError, match="does not fall at place 1"):
        plots.precision_falls(curve, 1)


def test_weights_and_products_are_read_back():
    W, X = np.array([2.0, -1.0]), np.array([[1.0, 3.0], [0.5, 0.0]])
    matrix = plots.input_products(W, X, ["a", "b"])
    assert matrix.values.tolist() == [[2.0, -3.0, -1.0], [1.0, 0.0, 1.0]]
    (ax,) = plots.heat_map(matrix).axes
    assert [text.get_text() for text in ax.texts] == ["2", "-3", "-1", "1", "0", "1"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["a", "b", "sum"]
    cells = np.asarray(ax.images[0].get_array())
    page = np.array([1.0, 1.0, 1.0])
    strength = np.abs(cells - page).sum(axis=-1)
    assert strength[1, 1] == 0
    assert strength[0, 1] == strength.max()


def test_initializers_make_signals_vanish_explode_or_stay():
    starts = {"small": {"name": "normal", "std": 0.02}, "large": {"name": "normal", "std": 0.3}, "he": "he_normal"}
    small, large, he = nn.compare_initializers([64] * 9, starts, activation="relu")
    for side in ("activations", "gradients"):
        ends = [getattr(one, side)[-1 if side == "activations" else 0].std for one in (small, large, he)]
        assert ends[0] < 1e-4 < 0.1 < ends[2] < 10 < ends[1]
    left, _ = plots.signal_scales((small, large, he)).axes
    assert np.asarray(left.lines[0].get_ydata()).tolist() == [layer.std for layer in small.activations]
    assert left.get_yscale() == "log"


def test_the_signal_that_comes_back_is_the_gradient_of_the_biases():
    rng = np.random.default_rng(0)
    spec, X = NetworkSpec(3, (4, 5), 2, activation="tanh"), rng.normal(size=(20, 3))
    parameters = nn.initialize(spec.sizes, True, "xavier_normal", rng)
    _, tape = nn.network_forward(X, parameters, spec.activations)
    dZ = rng.normal(size=(20, 2))
    gradients = nn.network_backward(dZ, tape)
    signal = nn.trace_signal(X, parameters, spec.activations, dZ)
    for layer, one in enumerate(signal.gradients):
        b = gradients[f"layers.{layer}.bias"]
        assert one.mean == pytest.approx(b.sum() / (20 * len(b)), rel=1e-9)
    assert [one.counts.sum() for one in signal.activations] == [80, 100, 40]


def test_bends_add_up():
    x = np.linspace(-2, 2, 9)
    record = nn.sum_of_bends([1, -2], [0.5, 1], x, weights=[1, 3], bias=-1)
    wanted = np.maximum(x + 0.5, 0) + 3 * np.maximum(-2 * x + 1, 0) - 1
    assert record.total == pytest.approx(wanted)
    assert record.bends.tolist() == [-0.5, 0.5]
    lines = {line.get_label(): line for line in plots.bends(record).axes[0].lines}
    assert np.asarray(lines["sum"].get_ydata()) == pytest.approx(wanted)


def test_odds_and_log_odds_lead_back():
    p = np.array([0.1, 0.5, 0.9])
    assert nn.odds(p) == pytest.approx([1 / 9, 1, 9])
    assert nn.sigmoid(nn.log_odds(p)) == pytest.approx(p)
    assert nn.log_odds([0, 1]).tolist() == [-np.inf, np.inf]


def test_an_activation_is_drawn_with_its_slope_and_range():
    curve = nn.activation_curve("tanh")
    (ax,) = plots.activation(curve).axes
    lines = {line.get_label(): np.asarray(line.get_ydata()) for line in ax.lines}
    assert lines["value"] == pytest.approx(np.tanh(curve.z))
    assert lines["slope"] == pytest.approx(1 - np.tanh(curve.z) ** 2)
    assert sorted(y for line in ax.lines[:2] for y in set(line.get_ydata())) == [-1, 1]


def test_gaps_in_a_curve_and_very_long_names_are_drawn():
    epochs = [EpochRecord(k, 0.5 if k != 3 else float("nan"), None, None, 0.1, 0.1, (), 0.01) for k in range(1, 6)]
    assert text_faults(plots.loss_curves(History(tuple(epochs), "finished", 0, 5, "compiled"))) == []
    long = "a name of two hundred letters " * 7
    rows = metrics.score_rows([long, "no", long], [0.2, 0.4, 0.9], positive=long)
    record = metrics.function_errors(nn.sigmoid, [0.0, 1.0], [0, 1])
    matrix = plots.NamedMatrix("Weights", np.array([[1.0, np.nan]]), (long,), (long, "b"), "weight")
    for figure in (
        plots.probability_line(rows),
        plots.bce_penalty(rows),
        plots.sigmoid_rows(record, positive=long, x=long),
        plots.function_rows(record, formula=long, x=long, y=long),
        plots.heat_map(matrix),
        plots.learned_and_true([long], [1.0], [2.0]),
        plots.class_scatter([[0, 1], [1, 0]], [long, "b"], columns=(long, long)),
    ):
        assert text_faults(figure) == []


def test_large_matrices_and_many_classes_stay_readable():
    wide = plots.NamedMatrix(
        "Weights", np.random.default_rng(0).normal(size=(300, 200)), ("u",) * 300, ("x",) * 200, "weight"
    )
    assert text_faults(plots.heat_map(wide)) == []
    figure = plots.class_scatter(np.random.default_rng(0).random((60, 2)), np.arange(60) % 12)
    assert text_faults(figure) == []
    assert "8 more" in [text.get_text() for text in figure.axes[0].get_legend().get_texts()]


@pytest.mark.parametrize(
    "draw",
    [
        *(plots.roc, plots.precision_recall, plots.threshold_scores, plots.precision_falls, plots.confusion_matrix),
        *(plots.probability_line, plots.bce_penalty, plots.function_rows, plots.sigmoid_rows, plots.activation),
        *(plots.heat_map, plots.signal_histograms, plots.bends, plots.calibration, plots.gains, plots.loss_curves),
        *(plots.predicted_against_true, plots.residuals, plots.importance, plots.slices, plots.comparison),
    ],
)
def test_a_record_of_the_wrong_kind_is_said(draw):
    with pytest.raises(InputError, match=r"expected an? [A-Z]\w+, as .+ gives, got ndarray"):
        draw(np.zeros(3))


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: plots.activations([]), InputError, "at least one"),
        (lambda: plots.signal_scales([]), InputError, "one to 4"),
        (lambda: plots.odds_and_sigmoid([1.2]), InputError, r"in \[0, 1\], got 1.2"),
        (lambda: plots.layer_weights(NetworkSpec(2)), InputError, "no weights"),
        (lambda: plots.input_products([1], [[1, 2]], ["a"]), ShapeError, "must be"),
        (lambda: plots.input_products(["x"], [["y"]], ["a"]), InputError, "numbers"),
        (lambda: plots.learned_and_true(["a"], [1, 2], [1]), ShapeError, "as many"),
        (lambda: plots.learned_and_true(["a"], [np.nan], [1]), InputError, "finite"),
        (lambda: plots.predictions_over_rows(([1], [1, 2]), ([1], [1])), ShapeError, "equal length"),
        (lambda: plots.predictions_over_rows(([1], [1]), ([1], [1]), [1, 2]), ShapeError, "each of 1"),
        (lambda: plots.class_scatter([[1, 2, 3]], [0]), ShapeError, r"\(rows, 2\)"),
        (lambda: plots.class_scatter([["a", "b"]], [0]), InputError, "numbers of two columns"),
        (lambda: plots.NamedMatrix("w", np.zeros((2, 2)), ("a",), ("b", "c"), "w"), ShapeError, "names"),
        (lambda: plots.probability_line(metrics.score_rows([0, 1], [0.1, 0.9]), 1.5), InputError, "from 0 to 1"),
        (lambda: metrics.score_rows([0, 1], [0.1, 1.9]), InputError, "row 1 has 1.9"),
        (lambda: metrics.function_errors(lambda x: 1.0, [1.0, 2.0], [1.0, 2.0]), ShapeError, "one number for each"),
        (lambda: metrics.function_errors(nn.sigmoid, [1.0, np.nan], [1.0, 2.0]), InputError, "row 1"),
        (lambda: metrics.function_errors(nn.sigmoid, [1.0], [1.0], low=3), InputError, "low must not"),
        (lambda: nn.activation_curve("relu", 1, 0), SpecError, "low to high"),
        (lambda: nn.sum_of_bends([1], [1, 2], [0.0]), ShapeError, "units"),
        (lambda: nn.compare_initializers([3, 3], []), SpecError, "at least one"),
        (lambda: plots.roc(metrics.roc_curve([0, 1], [0.1, 0.9]), [np.nan]), InputError, "finite"),
    ],
)
def test_what_cannot_be_drawn_is_said(call, error, said):
    assert issubclass(error, PellucidError)
    with pytest.raises(error, match=said):
        call()


def test_axes_that_are_none_or_gone_are_said():
    curve = metrics.roc_curve([0, 1], [0.1, 0.9])
    figure = Figure()
    gone = figure.subplots()
    with pytest.raises(InputError, match="one matplotlib Axes"):
        plots.roc(curve, ax=Figure().subplots(1, 2))
    gone.remove()
    with pytest.raises(InputError, match="removed from its figure"):
        plots.roc(curve, ax=gone)


def test_panels_take_the_place_of_given_axes():
    figure = Figure(figsize=(12, 4))
    left, right = figure.subplots(1, 2)
    assert plots.odds_and_sigmoid(ax=right) is figure
    place = right.get_position()
    inside = [ax for ax in figure.axes if ax not in (left, right)]
    assert len(inside) == 3
    assert all(place.x0 <= ax.get_position().x0 and ax.get_position().x1 <= place.x1 + 1e-9 for ax in inside)
    assert not right.axison
