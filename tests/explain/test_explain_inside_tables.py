"""Looking inside models of real tables: Titanic, bank marketing, California housing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pellucid
from pellucid.explain.opened import open_model

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
FILES = {
    "titanic": ("titanic", "Survived", "Age", "Fare", "Sex"),
    "bank": (SHARED / "bank_marketing_full.csv", "deposit", "age", "balance", "job"),
    "housing": (
        SHARED / "california_housing_cat.csv",
        "median_house_value",
        "longitude",
        "latitude",
        "ocean_proximity",
    ),
}


@pytest.fixture(scope="module", params=list(FILES))
def case(request: pytest.FixtureRequest) -> Any:
    path, target, *columns = FILES[request.param]
    if isinstance(path, Path) and not path.exists():
        pytest.skip("the shared tables are not beside this checkout (../shared/data)")
    table = pellucid.read(path)
    table = table.take(np.linspace(0, len(table) - 1, 600).astype(int))
    kind = pellucid.MLPRegressor if request.param == "housing" else pellucid.MLPClassifier
    model = kind((8, 4), epochs=4, random_state=0).fit(table.drop([target]), table[target])
    return model, table, table[target], columns


def test_formulas_of_real_rows_hold_to_their_ends(case: Any) -> None:
    model, table, _, (first, *_) = case
    opened = open_model(model)
    spread = 1.0 if opened.target is None else opened.target.spread[0]
    center = 0.0 if opened.target is None else opened.target.center[0]
    for row in (0, 17, 300):
        cells = table.row(row)
        formula = pellucid.local_formula(model, row, table)
        term = formula[first]
        if term.slope is None or term.low is None or term.high is None:
            continue
        for end in (term.low, term.high):
            x = cells[first] + (1 - 1e-9) * (min(max(end, -1e4), 1e4) - cells[first])
            there = opened.scores(opened.preparation.transform_row({**cells, first: x})[None])[0, 0] * spread + center
            here, then = (np.sign(v) * np.log1p(abs(v)) if term.transform else v for v in (cells[first], x))
            told = formula.score[0] + term.slope[0] * (then - here)
            assert told == pytest.approx(there, rel=1e-9, abs=1e-9 * spread)


def test_units_grids_and_surfaces_of_real_tables(case: Any) -> None:
    model, table, truth, (first, second, category) = case
    units = pellucid.hidden_units(model, table, truth)
    assert len(units.units) == 12
    assert all(category in {driver.name for driver in unit.drivers} for unit in units.units)
    grid = pellucid.prediction_grid(model, first, second, table, size=5)
    rows = table.take(np.zeros(25, dtype=int))
    for name, cell in grid.held.items():
        column = table[name]
        held = np.full(25, column.levels.index(cell) if column.kind == "category" else cell, dtype=column.values.dtype)
        rows = rows.with_column(pellucid.data.Column(name, column.kind, held, column.levels))
    for name, values in ((first, np.tile(grid.x, 5)), (second, np.repeat(grid.y, 5))):
        rows = rows.with_column(pellucid.data.Column(name, "number", values))
    answers = model.predict(rows) if grid.meaning == "prediction" else model.predict_proba(rows)
    np.testing.assert_allclose(grid.values.reshape(answers.shape), answers, rtol=1e-4, atol=2e-6)
    bars = pellucid.prediction_curve(model, category, table, at=17)
    assert table[category].cell(17) in bars.points.tolist()
    surface = pellucid.loss_surface(model, table, truth, ("layers.0.weight[1, 0]", "layers.2.weight[0, 3]"), size=5)
    assert surface.loss[2, 2] == pytest.approx(units.loss_value, rel=1e-5)
