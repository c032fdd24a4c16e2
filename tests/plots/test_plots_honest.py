"""What a picture says is so: marks with room, titles of the rows at hand, and the calls that make what it takes."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from figure_texts import text_faults

import pellucid
from pellucid import NetworkSpec, TrainingSpec, fit_network, metrics, plots
from pellucid.errors import InputError, SpecError
from pellucid.explain.prediction_grid import PredictionGrid

RNG = np.random.default_rng(0)
TRUTH = RNG.integers(0, 2, 80)
SCORES = np.clip(0.3 * TRUTH + 0.6 * RNG.random(80), 0, 0.89)


@pytest.mark.parametrize("count", [21, 101])
def test_many_thresholds_are_all_marked_and_named_where_there_is_room(count):
    thresholds = np.linspace(0, 1, count)
    roc = plots.roc(metrics.roc_curve(TRUTH, SCORES), thresholds)
    recall = plots.precision_recall(metrics.precision_recall_curve(TRUTH, SCORES), thresholds)
    assert text_faults(roc) == text_faults(recall) == []
    dots = [[line for line in figure.axes[0].lines if line.get_marker() == "o"] for figure in (roc, recall)]
    assert [len(one) for one in dots] == [count, int((thresholds <= SCORES.max()).sum())]
    assert 3 < len(roc.axes[0].texts) < count


def test_thresholds_without_a_precision_are_told():
    curve = metrics.precision_recall_curve(TRUTH, SCORES)
    told = plots.precision_recall_in_words(curve, [0.5, 0.95, 1])
    assert "No row has a score of 0.95 or more: there is no precision at 0.95, 1." in told
    assert "No row" not in plots.precision_recall_in_words(curve, [0.5])


@pytest.mark.parametrize("scale", [1e-6, 1e-4, 1.0, 1e6])
def test_a_surface_of_any_size_has_its_labels_on_the_page_and_its_lowest_point_on_the_axes(scale):
    X = RNG.normal(size=(30, 2))
    y = (X[:, 0] > 0).astype(int)
    fitted = fit_network(X, y, NetworkSpec(2), TrainingSpec("bce", epochs=3), record=True)
    found = pellucid.loss_surface(fitted, X, y, path=fitted, size=6)
    figure = plots.loss_contour(dataclasses.replace(found, y=np.linspace(-scale, scale, 6)))
    assert text_faults(figure) == []
    (ax,) = figure.axes
    mark = next(line for line in ax.lines if line.get_marker() == "P")
    assert ax.get_xlim()[0] < mark.get_xdata()[0] < ax.get_xlim()[1]
    assert ax.get_ylim()[0] < mark.get_ydata()[0] < ax.get_ylim()[1]


@pytest.mark.parametrize("boxes", [["layers", "neuron"], ["neuron", "layers"], ["layers", "layer", "neuron"]])
@pytest.mark.parametrize("spec", [NetworkSpec(12, (64, 64), 3), NetworkSpec(3, (4,), 2)])
def test_titles_of_frames_in_frames_are_apart(spec, boxes):
    assert text_faults(plots.network(spec, link="softmax", boxes=boxes)) == []


def test_a_module_is_drawn_by_way_of_from_module():
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    for call in (plots.network, plots.layer_weights, lambda one: pellucid.prediction_grid(one, "x0", "x1")):
        with pytest.raises(InputError, match=r"pellucid\.pytorch\.from_module"):
            call(module)
    layout = plots.lay_out_network(pellucid.pytorch.from_module(module))
    weights = {(edge.source, edge.target): edge.weight for edge in layout.edges}
    assert weights["input.1", "layers.0.sum.2"] == pytest.approx(float(module[0].weight.detach()[2, 1]))
    with pytest.raises(InputError) as other:
        plots.network(3)
    assert "from_module" not in str(other.value)


def test_a_layer_of_10_000_units_is_refused_only_whole():
    wide = NetworkSpec(3, (10_000,), 1)
    with pytest.raises(SpecError, match="at most 1,000 can be drawn; give most_units"):
        plots.network(wide, most_units=None)
    assert "… 9,989 more" in [gap.text for gap in plots.lay_out_network(wide).gaps]


@pytest.mark.parametrize("draw", [plots.roc, plots.compare_rocs, plots.network, plots.odds_and_sigmoid])
def test_a_theme_by_its_name_is_said(draw):
    curve = metrics.roc_curve(TRUTH, SCORES)
    given: Any = {plots.roc: curve, plots.compare_rocs: {"a": curve}, plots.network: NetworkSpec(2)}.get(draw, [0.5])
    with pytest.raises(InputError, match=r"theme must be plots.LIGHT, plots.DARK .* got 'dark'"):
        draw(given, theme="dark")


def legend_of(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.axes[0].get_legend().get_texts()]


def test_the_legend_tells_of_a_boundary_only_where_there_is_one():
    axis = np.linspace(0, 1, 12)
    share = np.broadcast_to(axis, (12, 12))
    made = [
        PredictionGrid(
            "a", "b", axis, axis, np.stack([1 - one, one], axis=-1), ("no", "yes"), "probability", {}, "", 0.5
        )
        for one in (share, 0.4 * share)
    ]
    assert ["answer changes" in legend_of(plots.boundary(grid)) for grid in made] == [True, False]


@pytest.mark.parametrize(
    ("y", "left", "right"),
    [
        ([0, 0, 0, 1, 1, 1], "one cut", "one straight line"),
        ([1, 1, 0, 0, 1, 1], "no single cut", "one straight line"),
        ([0, 1, 1, 0, 0, 1], "no single cut", "no straight line"),
    ],
)
def test_titles_of_squares_say_what_is_so_of_the_rows(y, left, right):
    x = np.array([-1, -0.6, -0.2, 0.2, 0.6, 1])
    both, plan = np.column_stack([x, x**2]), TrainingSpec("bce", epochs=1)
    curve = pellucid.prediction_curve(fit_network(x[:, None], y, NetworkSpec(1), plan), "x0", x[:, None], size=5)
    grid = pellucid.prediction_grid(fit_network(both, y, NetworkSpec(2), plan), "x0", "x1", both, size=5)
    titles = [ax.get_title(loc="left") for ax in plots.made_separable(curve, grid, x, y).axes]
    assert left in titles[0]
    assert right in titles[1]
    assert "no single cut" in plots.made_separable(curve, grid, np.zeros(6), y).axes[0].get_title(loc="left")


def test_the_score_of_each_epoch_is_drawn_under_its_name():
    X = RNG.normal(size=(40, 2))
    y, plan = (X[:, 0] > 0).astype(int), TrainingSpec("bce", epochs=5)
    history = fit_network(X[:30], y[:30], NetworkSpec(2), plan, validation=(X[30:], y[30:])).history
    (ax,) = plots.score_curve(history, "accuracy").axes
    assert np.asarray(ax.lines[0].get_ydata()).tolist() == [one.validation_score for one in history.epochs]
    assert ax.get_ylabel() == "accuracy"
    assert f"{max(one.validation_score for one in history.epochs):.4f}" in plots.score_curve_in_words(history)
    assert plots.loss_curves(history, loss="bce").axes[0].get_ylabel() == "Loss, bce"
    with pytest.raises(InputError, match="no epoch has a validation score"):
        plots.score_curve(fit_network(X, y, NetworkSpec(2), plan).history)
