"""The figures of the lectures: numbers read back, two tables, readable in both themes, wrong input said."""

from __future__ import annotations

import numpy as np
import pytest
from figure_texts import contrast_faults, text_faults
from matplotlib.figure import Figure

from pellucid import NetworkSpec, metrics, nn, plots
from pellucid.engines.contract import EpochRecord
from pellucid.errors import InputError, PellucidError, ShapeError, SpecError
from pellucid.training.history import History


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
        (lambda: plots.signal_scales([]), InputError, "at least one Signal"),
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
