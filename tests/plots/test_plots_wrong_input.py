"""What is no record of a picture, for every public call; and names of 200 letters, which every picture shortens."""

from __future__ import annotations

import dataclasses
import inspect
from functools import cache
from typing import Any

import numpy as np
import pytest
from figure_texts import text_faults

import pellucid
from pellucid import NetworkSpec, TrainingSpec, fit_network, metrics, plots
from pellucid.errors import PellucidError

LONG = "a class with a name of two hundred letters " * 5
NUMBERS_WILL_DO = {"learned_and_true", "learned_and_true_in_words"}


@pytest.mark.parametrize("name", sorted(name for name in plots.__all__ if name.islower()))
def test_what_is_no_record_is_said(name):
    call = getattr(plots, name)
    parameters = inspect.signature(call).parameters.values()
    needed = [p for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    wrong = [None, object(), "text", 3, [], {}] + [np.zeros(3)] * (name not in NUMBERS_WILL_DO)
    for given in wrong if needed else ():
        with pytest.raises(PellucidError):
            call(*[given] * len(needed))


def long_names() -> list[Any]:
    rng = np.random.default_rng(0)
    chance = rng.random(60)
    truth = np.where(chance > rng.random(60), LONG + "1", LONG + "2")
    table = pellucid.read({LONG: rng.normal(size=60), LONG + "b": rng.normal(size=60), LONG + "c": ["u", LONG] * 30})
    model = pellucid.MLPClassifier((2,), epochs=1, random_state=0).fit(table, truth)
    first, second, third = table.names
    grid = pellucid.prediction_grid(model, first, second, table, size=8)
    curves = [pellucid.prediction_curve(model, name, table) for name in (first, third)]
    roc = metrics.roc_curve(truth, chance, positive=LONG + "1")
    plan = pellucid.TrainingSpec("bce", epochs=2)
    run = pellucid.fit_network(rng.normal(size=(9, 1)), [0, 1, 1] * 3, pellucid.NetworkSpec(1), plan, record=True)
    return [
        plots.boundary(grid, (table, truth)),
        plots.boundaries(grid, {LONG: (table, truth), LONG + "2": (table, truth)}),
        *(plots.along_column(curve, (table, truth)) for curve in curves),
        plots.roc(roc, [0.5]),
        plots.compare_rocs({LONG: roc, LONG + "2": roc, LONG + "3": roc, LONG + "4": roc}),
        plots.threshold_scores(metrics.threshold_curve(truth, chance, positive=LONG + "1"), [0.5]),
        plots.gains(metrics.cumulative_gains(truth, chance, positive=LONG + "1")),
        plots.calibration(metrics.calibration_curve(truth, chance, positive=LONG + "1")),
        plots.confusion_matrix(metrics.confusion_counts(truth, truth)),
        plots.residuals(metrics.bin_errors(chance, chance**2), LONG, unit=LONG),
        plots.formula_terms(pellucid.local_formula(model, table.row(0))),
        plots.heat_map(plots.unit_influences(pellucid.hidden_units(model, table))),
        plots.network(model, table.row(0), outputs=[LONG], boxes={LONG: ["input.0"]}),
        plots.network(model, table.row(0), outputs=[LONG], stages=True),
        plots.two_runs(pellucid.compare_runs(run, run, names=(LONG, LONG + "2"))),
    ]


def test_names_of_200_letters_are_shortened():
    faults = {figure.axes[0].get_title(loc="left"): text_faults(figure) for figure in long_names()}
    assert not any(faults.values()), faults


@cache
def surface_and_grid() -> tuple[Any, Any]:
    X, y = np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.2]]), [0, 1, 1]
    fitted = fit_network(X, y, NetworkSpec(2), TrainingSpec("bce", epochs=2), record=True)
    return pellucid.loss_surface(fitted, X, y, size=5), pellucid.prediction_grid(fitted, "x0", "x1", X, size=6)


def gone(record: Any, name: str, value: float = np.nan) -> Any:
    return dataclasses.replace(record, **{name: np.full_like(getattr(record, name), value)})


def one_weight(value: float) -> dict[str, Any]:
    return {"layers.0.weight": np.array([[1.0, value]]), "layers.0.bias": np.ones(1)}


def no_value_at_1() -> Any:
    return metrics.function_errors(lambda x: np.where(x > 0, np.nan, x), [-1.0, 1], [0.0, 1])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: plots.network(NetworkSpec(2), parameters=one_weight(np.nan)), r"weight must .* got nan at \[0, 1\]"),
        (lambda: plots.network(NetworkSpec(2), parameters=one_weight(np.inf)), r"got inf at \[0, 1\]"),
        (lambda: plots.loss_contour(gone(surface_and_grid()[0], "loss")), "no finite number"),
        (lambda: plots.loss_contour_in_words(gone(surface_and_grid()[0], "loss", np.inf)), "no finite number"),
        (lambda: plots.turned_surface(gone(surface_and_grid()[0], "loss")), "no finite number"),
        (lambda: plots.loss_cut(gone(plots.cut_surface(surface_and_grid()[0]), "loss")), "no finite number"),
        (lambda: plots.boundary(gone(surface_and_grid()[1], "values")), "no finite number"),
        (lambda: plots.boundary_in_words(gone(surface_and_grid()[1], "values")), "no finite number"),
        (lambda: plots.function_rows(no_value_at_1()), r"got nan at \[1\]; leave out the rows"),
        (lambda: plots.function_rows_in_words(no_value_at_1()), r"got nan at \[1\]"),
        (lambda: plots.class_scatter(np.zeros((0, 2)), []), "no row"),
        (lambda: plots.class_scatter([[0, 1], [np.nan, 1]], [0, 1]), r"got nan at \[1, 0\]"),
    ],
)
def test_what_is_not_finite_is_said(call, said):
    with pytest.raises(PellucidError, match=said):
        call()


def test_a_surface_with_some_gaps_is_drawn_and_told_without_them():
    surface, grid = surface_and_grid()
    loss = np.where(surface.loss == surface.loss.max(), np.inf, surface.loss)
    assert text_faults(plots.loss_contour(dataclasses.replace(surface, loss=loss))) == []
    assert "inf" not in plots.loss_contour_in_words(dataclasses.replace(surface, loss=loss))
    values = grid.values.copy()
    values[:3] = np.nan
    told = plots.boundary_in_words(dataclasses.replace(grid, values=values))
    assert "nothing on 50%" in told
