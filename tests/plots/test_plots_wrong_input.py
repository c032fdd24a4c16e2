"""What is no record of a picture, for every public call; and names of 200 letters, which every picture shortens."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest
from figure_texts import text_faults

import pellucid
from pellucid import metrics, plots
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
