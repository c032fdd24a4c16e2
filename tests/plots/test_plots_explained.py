"""Boundaries, surfaces and what explains a model: numbers read back, two tables, both themes, wrong input said."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import numpy as np
import pytest
from figure_texts import text_faults
from tables_of_documents import drawable

import pellucid
from pellucid import NetworkSpec, TrainingSpec, data, fit_network, metrics, plots, prediction_curve, prediction_grid
from pellucid.errors import ColumnError, InputError, MissingExtraError, ShapeError, SpecError


@cache
def moons() -> tuple[Any, np.ndarray, np.ndarray]:
    X, y = data.moons(80, noise=0.2)
    plan = TrainingSpec("bce", learning_rate=0.05, epochs=40)
    return fit_network(X, y, NetworkSpec(2, (8,)), plan, record=True), X, y


@cache
def fitted_line() -> tuple[Any, np.ndarray, np.ndarray]:
    X, y = data.line(2, 1, rows=30, noise=0.1)
    plan = TrainingSpec("mse", optimizer="sgd", learning_rate=0.1, epochs=30)
    return fit_network(X, y, NetworkSpec(1), plan, record=True), X, y


@cache
def surface() -> Any:
    fitted, X, y = fitted_line()
    axes = ["layers.0.weight[0, 0]", "layers.0.bias[0]"]
    return pellucid.loss_surface(fitted, X, y, axes, path=fitted, span=((0, 4), (-1, 3)), size=41)


def marks(ax: Any, marker: str) -> Any:
    return next(line for line in ax.lines if line.get_marker() == marker and len(line.get_xdata()))


def test_the_boundary_is_where_the_model_changes_its_answer():
    fitted, X, y = moons()
    grid = prediction_grid(fitted, "x0", "x1", X, size=120)
    (ax,) = plots.boundary(grid, (X, y)).axes
    line = np.concatenate([path.vertices for path in ax.collections[0].get_paths()])
    assert len(line) > 20
    step = grid.x[1] - grid.x[0]
    assert np.abs(fitted.predict(line).ravel() - 0.5).max() < 0.5 * np.abs(np.diff(grid.values[..., 1])).max() + step
    assert len(marks(ax, "o").get_xdata()) == int((y == 0).sum())
    assert np.asarray(marks(ax, "s").get_ydata()).tolist() == X[y == 1, 1].tolist()
    colors = np.asarray(ax.images[0].get_array())
    blue_over_red = colors[..., 2] > colors[..., 0]
    sure = np.abs(grid.values[..., 1] - 0.5) > 0.1
    assert (blue_over_red == (grid.values[..., 1] < 0.5))[sure].all()


def test_any_epoch_has_its_boundary():
    fitted, X, _ = moons()
    pictures = [
        np.asarray(
            plots.boundary(prediction_grid(fitted, "x0", "x1", X, size=20, parameters=p)).axes[0].images[0].get_array()
        )
        for p in (fitted.recording.at(0), fitted.recording.at(40), fitted.parameters)
    ]
    assert (pictures[1] == pictures[2]).all()
    assert (pictures[0] != pictures[1]).any()


def test_the_answer_among_several_classes_has_its_line():
    X, y = data.spiral(90)
    plan = TrainingSpec("softmax_cross_entropy", learning_rate=0.05, epochs=30)
    fitted = fit_network(X, y, NetworkSpec(2, (12,), 3), plan)
    grid = prediction_grid(fitted, "x0", "x1", X, size=80)
    (ax,) = plots.boundary(grid, (X, y)).axes
    line = np.concatenate([path.vertices for part in ax.collections for path in part.get_paths()])
    best = np.sort(fitted.predict(line), axis=1)
    assert np.median(best[:, 2] - best[:, 1]) < 0.02
    assert [line.get_label() for line in ax.lines] == ["0", "1", "2", "answer changes"]
    assert "90 rows are drawn" in plots.boundary_in_words(grid, (X, y))


def test_a_raised_threshold_moves_the_line_and_the_words():
    fitted, X, _y = moons()
    grid = prediction_grid(fitted, "x0", "x1", X, size=40)
    strict = grid.__class__(**{**vars(grid), "threshold": 0.9})
    assert "P = 0.9" in [line.get_label() for line in plots.boundary(strict).axes[0].lines]
    share = (grid.values[..., 1] >= 0.9).mean()
    assert f"1 on {share:.0%}" in plots.boundary_in_words(strict)


def test_rows_without_a_value_are_left_out_and_counted():
    fitted, X, y = moons()
    grid = prediction_grid(fitted, "x0", "x1", X, size=20)
    holes = X.copy()
    holes[:3, 1] = np.nan
    assert "77 rows are drawn" in plots.boundary_in_words(grid, (holes, y))
    assert "3 rows without a value" in plots.boundary_in_words(grid, (holes, y))
    gaps = grid.__class__(**{**vars(grid), "values": np.where(grid.values > 0.9, np.nan, grid.values)})
    assert text_faults(plots.boundary(gaps, (holes, y))) == []


def test_numbers_have_lines_of_equal_predictions():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2))
    fitted = fit_network(X, X[:, 0] + X[:, 1], NetworkSpec(2), TrainingSpec("mse", epochs=5))
    grid = prediction_grid(fitted, "x0", "x1", X, size=25)
    (ax,) = plots.boundary(grid, (X, X[:, 0])).axes
    levels = [path for path in ax.collections[0].get_paths() if len(path.vertices)]
    assert len(levels) >= 4
    assert text_faults(ax.figure) == []
    assert "goes from" in plots.boundary_in_words(grid)


def test_a_category_is_bars_with_what_came_in_the_rows():
    table = pellucid.read({"c": ["a", "b", "b", "a"] * 10, "x": np.arange(40.0)})
    y = np.array([0, 1, 1, 1] * 10)
    model = pellucid.MLPClassifier((2,), epochs=2, random_state=0).fit(table, y)
    curve = prediction_curve(model, "c", table)
    (ax,) = plots.along_column(curve, (table, y)).axes
    heights = [bar.get_height() for bar in ax.patches]
    assert heights == pytest.approx(curve.values[:, 1].tolist())
    assert [tick.get_text() for tick in ax.get_xticklabels()] == [str(one) for one in curve.points]
    came = dict(zip(curve.points, marks(ax, "D").get_ydata()))
    assert came["a"] == pytest.approx(0.5)
    assert came["b"] == 1


def test_the_curve_of_numbers_is_the_prediction_and_rows_lie_at_their_class():
    fitted, X, y = moons()
    curve = prediction_curve(fitted, "x1", X, size=50)
    (ax,) = plots.along_column(curve, (X[:, 1], y)).axes
    assert np.asarray(ax.lines[0].get_ydata()).tolist() == curve.values[:, 1].tolist()
    assert set(marks(ax, "s").get_ydata()) == {1.0}
    assert set(marks(ax, "o").get_ydata()) == {0.0}


def test_x_squared_makes_a_line_separable():
    x = np.linspace(-1, 1, 30)
    y = (np.abs(x) > 0.5).astype(int)
    plan = TrainingSpec("bce", learning_rate=0.3, epochs=200)
    both = np.column_stack([x, x**2])
    one = fit_network(x[:, None], y, NetworkSpec(1), TrainingSpec("bce", epochs=5))
    curve = prediction_curve(one, "x0", x[:, None], size=20)
    grid = prediction_grid(fit_network(both, y, NetworkSpec(2), plan), "x0", "x1", both, size=30)
    figure = plots.made_separable(curve, grid, x, y)
    assert text_faults(figure) == []
    _, right = figure.axes
    squares = marks(right, "s")
    assert np.asarray(squares.get_ydata()) == pytest.approx(np.asarray(squares.get_xdata()) ** 2)
    assert "30 of them on the side of their own class" in plots.made_separable_in_words(curve, grid, x, y)


def test_dates_stand_on_an_axis_of_dates():
    days = np.datetime64("2024-01-01") + np.arange(60)
    table = pellucid.read({"day": days.astype("datetime64[us]"), "x": np.linspace(0, 1, 60)})
    y = (np.arange(60) > 30).astype(int)
    model = pellucid.MLPClassifier((2,), epochs=2, random_state=0).fit(table, y)
    grid = prediction_grid(model, "day", "x", table, size=12)
    (ax,) = plots.boundary(grid, (table, y)).axes
    assert ax.get_xlim()[0] < 19723 < ax.get_xlim()[0] + 3
    assert text_faults(ax.figure) == []
    curve = prediction_curve(model, "day", table, size=12)
    assert text_faults(plots.along_column(curve, (table, y))) == []


def test_the_contour_holds_the_path_and_the_lowest_point():
    (ax,) = plots.loss_contour(surface()).axes
    path = next(line for line in ax.lines if line.get_label() == "descent")
    assert np.asarray(path.get_xdata()).tolist() == surface().path.x.tolist()
    x, y, _ = surface().lowest
    lowest = marks(ax, "P")
    assert (lowest.get_xdata()[0], lowest.get_ydata()[0]) == (x, y)


@pytest.mark.parametrize(("at", "way", "side"), [(0.5, "increase", 1), (3.5, "decrease", -1)])
def test_the_mark_says_which_way_is_down(at, way, side):
    cut = plots.cut_surface(surface(), 1.0, at=at)
    _fitted, X, y = fitted_line()
    assert cut.down == way
    slope = float(np.mean(2 * X[:, 0] * (at * X[:, 0] + 1.0 - y)))
    assert cut.slope == pytest.approx(slope, abs=0.05)
    assert cut.height == pytest.approx(float(np.mean((at * X[:, 0] + 1.0 - y) ** 2)), rel=0.02)
    (ax,) = plots.loss_cut(cut).axes
    (arrow,) = [text for text in ax.texts if text.get_text() == ""]
    assert np.sign(arrow.xy[0] - at) == side
    assert arrow.xy[1] < cut.height
    assert way in plots.loss_cut_in_words(cut)


def test_a_surface_that_can_be_turned_holds_surface_path_cut_and_mark():
    pytest.importorskip("plotly")
    cut = plots.cut_surface(surface(), 2.0, at=2.5)
    figure = plots.turned_surface(surface(), cut, theme=plots.DARK)
    ground, path, line, mark = figure.data
    assert ground.type == "surface"
    assert np.asarray(ground.z).tolist() == surface().loss.tolist()
    assert np.asarray(path.x).tolist() == surface().path.x.tolist()
    assert set(line.y) == {2.0}
    assert "down" in mark.text[0]
    with pytest.raises(InputError, match="the cut is along"):
        plots.turned_surface(surface(), cut.__class__(**{**vars(cut), "name": "other"}))


def test_without_plotly_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "plotly.graph_objects", None)
    with pytest.raises(MissingExtraError, match=r"pellucid\[lessons\]"):
        plots.turned_surface(surface())


def test_bars_of_a_formula_add_up_to_the_score():
    one = drawable("admissions")
    formula = pellucid.local_formula(one.model, one.row)
    (ax,) = plots.formula_terms(formula).axes
    *parts, score = [bar.get_width() for bar in ax.patches]
    assert sum(parts) == pytest.approx(score)
    assert score == formula.score[0]


def test_pushes_norms_and_runs_are_read_back():
    fitted, _, _ = moons()
    pushes = pellucid.row_pushes(fitted, "layers.0.weight[3, 1]", [0, 40])
    rows = [bar.get_width() for bar in plots.pushing_rows(pushes, 0).axes[0].patches]
    first = pushes.epochs[0]
    assert rows == [push.push for push in (*first.up, *reversed(first.down))]
    norms = pellucid.gradient_norms(fitted, [0, 10, 40])
    left, _ = plots.layer_norms(norms).axes
    assert np.asarray(left.lines[1].get_ydata()).tolist() == norms.column("gradient", 1).tolist()
    other = pellucid.branch(fitted, 20, learning_rate=0.2).fitted
    found = pellucid.compare_runs(fitted, other, names=("run", "branch"))
    _, right = plots.two_runs(found).axes
    distance = np.asarray(right.lines[0].get_ydata())
    assert distance[found.parted_at] > 0
    assert f"apart from epoch {found.parted_at}" in plots.two_runs_in_words(found)


@pytest.mark.parametrize(
    "draw",
    [
        *(plots.boundary, plots.along_column, plots.loss_contour, plots.cut_surface, plots.loss_cut),
        *(plots.turned_surface, plots.formula_terms, plots.unit_influences, plots.layer_norms),
        *(plots.pushing_rows, plots.two_runs, plots.boundary_in_words, plots.along_column_in_words),
    ],
)
def test_a_record_of_another_kind_is_said(draw):
    with pytest.raises(InputError, match=r"expected an? [A-Z]\w+, as .+ gives, got ndarray"):
        draw(np.zeros(3))


def test_what_has_no_boundary_is_said():
    fitted, X, _ = fitted_line()
    with pytest.raises(ColumnError, match="no column 'x1'"):
        prediction_grid(fitted, "x0", "x1", X)
    with pytest.raises(InputError, match=r"no boundary along one column, 'x0'; plots\.along_column"):
        plots.boundary(prediction_curve(fitted, "x0", X))


@pytest.mark.parametrize(
    ("rows", "error", "said"),
    [
        (np.zeros((3, 2)), InputError, r"rows are given as \(X, y\)"),
        ((np.zeros((3, 3)), np.zeros(3)), ShapeError, r"array \(rows, 2\)"),
        ((np.zeros((3, 2)), np.zeros(4)), ShapeError, "3 rows and y 4"),
        ((np.zeros((3, 2)), ["0", "1", "7"]), InputError, "'7', which is no class"),
        (([["a", "b"]], [0]), InputError, "numbers or dates"),
    ],
)
def test_rows_that_cannot_be_drawn_are_said(rows, error, said):
    fitted, X, _ = moons()
    grid = prediction_grid(fitted, "x0", "x1", X, size=10)
    with pytest.raises(error, match=said):
        plots.boundary(grid, rows)


def test_other_wrong_input_is_said():
    fitted, X, _y = moons()
    grid = prediction_grid(fitted, "x0", "x1", X, size=10)
    with pytest.raises(InputError, match="one to 4 entries"):
        plots.boundaries(grid, {})
    with pytest.raises(InputError, match="goes from 0 to 4 on this surface, got 9"):
        plots.cut_surface(surface(), at=9)
    with pytest.raises(InputError, match="outputs"):
        plots.formula_terms(pellucid.local_formula(fitted, X[0]), 3)
    with pytest.raises(InputError, match="epochs"):
        plots.pushing_rows(pellucid.row_pushes(fitted, "layers.0.weight[0, 0]", [0]), 7)
    with pytest.raises(SpecError, match="not finite"):
        prediction_grid(fitted, "x0", "x1", X, parameters={n: v * np.nan for n, v in fitted.parameters.items()})
    with pytest.raises(InputError, match="one at least"):
        plots.epoch_player({})
    with pytest.raises(InputError, match="other classes or axes"):
        plots.epoch_player({0: grid, 1: prediction_grid(fitted, "x0", "x1", X, size=11)})
    rng = np.random.default_rng(0).normal(size=(20, 2))
    numbers = fit_network(rng, rng[:, 0], NetworkSpec(2), TrainingSpec("mse", epochs=1))
    with pytest.raises(InputError, match="2 to 4 classes"):
        plots.epoch_player({0: prediction_grid(numbers, "x0", "x1", rng, size=5)})


def test_curves_of_two_models_lie_on_one_another():
    truth, scores = [0, 1, 1, 0, 1], np.array([0.1, 0.4, 0.8, 0.5, 0.9])
    curves = {"a": metrics.roc_curve(truth, scores), "b": metrics.roc_curve(truth, -scores)}
    _, *lines = plots.compare_rocs(curves).axes[0].lines
    assert [np.asarray(line.get_ydata()).tolist() for line in lines] == [c.recall.tolist() for c in curves.values()]
    assert [line.get_label() for line in lines] == ["a 0.833", "b 0.167"]
    with pytest.raises(InputError, match="different classes"):
        plots.compare_rocs({**curves, "c": metrics.roc_curve(truth, scores, positive=0)})
    with pytest.raises(InputError, match="one to 4"):
        plots.compare_rocs({})


def test_the_player_holds_every_epoch_and_loads_nothing():
    fitted, X, y = moons()
    grids = {e: prediction_grid(fitted, "x0", "x1", X, size=40, parameters=fitted.recording.at(e)) for e in (0, 5, 40)}
    page = plots.epoch_player(grids, {"<b>rows</b>": (X, y)}, history=fitted.history, title="Moons & more")
    assert "Moons &amp; more" in page
    assert "&lt;b&gt;rows" in page
    assert "<b>rows" not in page
    assert "://" not in page
    assert page.count('"epoch":') == 3
    assert len(page) < 60_000
