"""A network of straight lines is linear around every row; the formula says so in column units, and how far it holds."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pellucid
from pellucid.explain.local_formula import LocalFormula
from pellucid.explain.opened import open_model
from pellucid.preprocessing import NumberRecipe, PreparationSpec

RNG = np.random.default_rng(5)
ROWS = 120
TABLE: dict[str, Any] = {
    "size": RNG.normal(50, 12, ROWS).round(2).tolist(),
    "income": np.exp(RNG.normal(3, 1.2, ROWS)).round(2).tolist(),
    "rooms": RNG.integers(1, 5, ROWS).tolist(),
    "color": RNG.choice(["red", "green", "blue"], ROWS).tolist(),
    "since": [f"20{10 + k % 9}-0{1 + k % 9}-1{k % 8}" for k in range(ROWS)],
}
TABLE["size"][7] = None
Y = ((np.log(np.array(TABLE["income"])) > 3) ^ (np.array(TABLE["color"]) == "red")).astype(int)
FAST: dict[str, Any] = {"hidden_layer_sizes": (9, 5), "epochs": 8, "random_state": 0}
LINES = ["relu", "leaky_relu", "identity"]


@pytest.fixture(scope="module", params=LINES)
def model(request: pytest.FixtureRequest) -> Any:
    return pellucid.MLPClassifier(activation=request.param, **FAST).fit(table(), Y)


def table() -> pellucid.Table:
    return pellucid.read(TABLE)


def score(model: Any, cells: dict[str, Any]) -> np.ndarray:
    """The raw outputs of one row, in float64."""
    opened = open_model(model)
    return opened.scores(opened.preparation.transform_row(cells)[None])[0]


def value_of(formula: LocalFormula, **moved: float) -> np.ndarray:
    """The formula at the row with some numbers moved, from its record alone."""
    total = np.array(formula.intercept)
    for term in formula.columns:
        if term.name in moved:
            x = moved[term.name]
            total += np.array(term.slope) * (math.copysign(math.log1p(abs(x)), x) if term.transform else x)
        else:
            total += np.array(term.part)
    return total


def test_the_parts_add_up_to_the_score(model: Any) -> None:
    for row in (0, 7, 33):
        formula = pellucid.local_formula(model, row, table())
        cells = table().row(row)
        assert formula.exact
        np.testing.assert_allclose(formula.score, score(model, cells), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(value_of(formula), formula.score, rtol=1e-9, atol=1e-12)
        part = sum(t.part[0] for t in formula.columns)
        assert formula.intercept[0] + part == pytest.approx(formula.score[0], abs=1e-12)


@pytest.mark.parametrize("column", ["size", "income"])
@pytest.mark.parametrize("row", [0, 11, 50])
def test_the_formula_holds_inside_its_interval_and_fails_beyond(model: Any, column: str, row: int) -> None:
    cells = table().row(row)
    formula = pellucid.local_formula(model, cells)
    term = formula[column]
    assert term.low is not None
    assert term.high is not None
    assert term.low <= cells[column] <= term.high
    failed = []
    for end, outward in ((term.low, -1), (term.high, 1)):
        if math.isinf(end):
            continue
        for share in (0.2, 0.7, 1 - 1e-9):
            x = cells[column] + share * (end - cells[column])
            there = score(model, {**cells, column: x})
            np.testing.assert_allclose(value_of(formula, **{column: x}), there, rtol=0, atol=1e-9)
        beyond = end + outward * 0.05 * max(abs(end), 1)
        miss = abs(value_of(formula, **{column: beyond}) - score(model, {**cells, column: beyond})).max()
        assert term.ends[outward > 0]
        turned = pellucid.local_formula(model, {**cells, column: beyond})[column].slope
        assert (miss > 1e-9) == (not np.allclose(turned or 0, term.slope or 0, rtol=1e-9, atol=0))
        failed.append(miss > 1e-9)
    assert any(failed) or not failed


def test_a_relu_network_of_one_layer_fails_just_beyond_its_end() -> None:
    parameters = {
        "layers.0.weight": np.array([[1.0, 0.0], [-1.0, 0.5]]),
        "layers.0.bias": np.array([-2.0, 0.5]),
        "layers.1.weight": np.array([[3.0, -2.0]]),
    }
    network = pellucid.NetworkSpec(2, (2,), bias=(True, False))
    plan = pellucid.TrainingSpec(epochs=0)
    fitted = pellucid.fit_network(np.eye(2), np.zeros(2), network, plan, initial=parameters)
    formula = pellucid.local_formula(fitted, [1.0, 4.0])
    # Unit 1 is -x0 + x1 / 2 + 0.5 > 0, so on until x0 = 2.5; unit 0 is x0 - 2, off until x0 = 2.
    assert formula.intercept == (-1.0,)
    assert [term.slope for term in formula.columns] == [(2.0,), (-1.0,)]
    assert (formula["x0"].low, formula["x0"].high) == (-math.inf, 2.0)
    assert formula["x0"].ends == ("", "unit 0.0 switches on")
    assert (formula["x1"].low, formula["x1"].high) == (1.0, math.inf)
    assert formula["x1"].ends == ("unit 0.1 switches off", "")
    assert value_of(formula, x0=2.0) == fitted.scores(np.array([[2.0, 4.0]]))[0]
    assert abs(value_of(formula, x0=2.01) - fitted.scores(np.array([[2.01, 4.0]]))[0]) > 0.02


def test_levels_hold_exactly_where_they_say(model: Any) -> None:
    held, missed = 0, 0
    for row in range(0, 40, 3):
        cells = table().row(row)
        formula = pellucid.local_formula(model, cells)
        for name in ("color", "rooms", "size"):
            for level in formula[name].levels:
                cell = None if level.level == "(missing)" else level.level
                error = abs(score(model, {**cells, name: cell}) - formula.score - np.array(level.effect)).max()
                if level.holds:
                    held += 1
                    assert error < 1e-9
                else:
                    missed += error > 1e-9
    assert held
    assert missed or model.activation == "identity"


def test_one_level_is_the_rows_own() -> None:
    model = pellucid.MLPClassifier(activation="tanh", **FAST).fit(table(), Y)
    formula = pellucid.local_formula(model, 3, table())
    own = [level.level for level in formula["color"].levels if level.holds]
    assert own == [TABLE["color"][3]]
    assert [level.level for level in formula["rooms"].levels if level.holds] == [TABLE["rooms"][3]]


def test_a_missing_number_has_no_slope(model: Any) -> None:
    term = pellucid.local_formula(model, 7, table())["size"]
    assert term.cell is None
    assert term.slope is None


@pytest.mark.parametrize("scale", ["quantile", "min_max", "robust", "none"])
@pytest.mark.parametrize("clip", [None, 1.0])
def test_every_scale_is_followed_to_its_ends(scale: str, clip: float | None) -> None:
    recipe = NumberRecipe(scale=scale, clip=clip, log1p=False)
    model = pellucid.MLPClassifier(preparation=PreparationSpec(numbers=recipe), **FAST).fit(table(), Y)
    for row in (0, 20, 51):
        cells = table().row(row)
        for x in (cells["income"], 1e-3, 4_000.0):
            formula = pellucid.local_formula(model, {**cells, "income": x})
            term = formula["income"]
            assert term.low is not None
            assert term.high is not None
            assert term.low <= x <= term.high
            for end in (term.low, term.high):
                inside = x + (1 - 1e-9) * (min(max(end, -1e6), 1e6) - x)
                there = score(model, {**cells, "income": inside})
                np.testing.assert_allclose(value_of(formula, income=inside), there, rtol=0, atol=1e-9)


@pytest.mark.parametrize("cell", [-40.0, -0.5, 0.0, 3.0])
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_below_zero_the_words_of_a_log_say_what_is_computed(cell: float, activation: str) -> None:
    """The transform as it is written, evaluated: it gives the part, and inside the interval the score."""
    model = pellucid.MLPClassifier(activation=activation, **FAST).fit(table(), Y)
    cells = {**table().row(4), "income": cell}
    formula = pellucid.local_formula(model, cells)
    term = formula["income"]
    assert term.slope is not None
    assert term.words == term.transform.replace("x", "income")
    reached = [cell] if term.low is None or term.high is None else [cell, max(term.low, -1e6), min(term.high, 1e6)]
    for x in reached:
        inside = cell + (1 - 1e-9) * (x - cell)
        told = formula.score[0] - term.part[0] + term.slope[0] * as_written(term.transform, inside)
        assert told == pytest.approx(score(model, {**cells, "income": inside})[0], abs=1e-7)


def as_written(transform: str, x: float) -> float:
    python = re.sub(r"\|(.*?)\|", r"abs(\1)", transform).replace("×", "*")
    return float(eval(python, {"log": math.log, "abs": abs, "sign": np.sign}, {"x": x}))


def test_smooth_activations_give_a_tangent() -> None:
    model = pellucid.MLPClassifier(activation="tanh", **FAST).fit(table(), Y)
    cells = table().row(4)
    formula = pellucid.local_formula(model, cells)
    assert not formula.exact
    assert "tangent" in str(formula)
    assert formula["size"].low is None
    step = 1e-4
    near = [score(model, {**cells, "size": cells["size"] + side * step}) for side in (-1, 1)]
    slope = formula["size"].slope
    assert slope is not None
    assert slope[0] == pytest.approx(((near[1] - near[0]) / (2 * step))[0], rel=1e-5)


def test_a_regressor_speaks_in_the_units_of_its_target() -> None:
    y = 1000 * np.array(TABLE["income"]) + 5
    model = pellucid.MLPRegressor(**FAST).fit(table(), y)
    formula = pellucid.local_formula(model, 3, table())
    assert formula.meaning == "prediction"
    assert formula.score[0] == pytest.approx(model.predict(table())[3], rel=1e-5)
    logarithmic = pellucid.MLPRegressor(target_transform="log1p_standardize", **FAST).fit(table(), y)
    told = pellucid.local_formula(logarithmic, 3, table())
    assert told.meaning == "log(1 + prediction)"
    assert math.expm1(told.score[0]) == pytest.approx(logarithmic.predict(table())[3], rel=1e-5)


def test_every_class_has_its_own_formula() -> None:
    labels = np.array(["a", "b", "c"])[np.arange(ROWS) % 3]
    model = pellucid.MLPClassifier(**FAST).fit(table(), labels)
    formula = pellucid.local_formula(model, 9, table())
    assert formula.outputs == ("a", "b", "c")
    np.testing.assert_allclose(formula.score, score(model, table().row(9)), rtol=1e-9)
    assert all(name in str(formula) for name in ("a:", "b:", "c:"))


def test_the_record_says_itself_in_text_json_and_html(model: Any) -> None:
    formula = pellucid.local_formula(model, 2, table())
    told = json.loads(json.dumps(formula.to_dict(), allow_nan=False))
    assert {column["name"] for column in told["columns"]} == {term.name for term in formula.columns}
    assert "since month" in told["columns"][4]["name"] or any(c["column"] == "since" for c in told["columns"])
    text = str(formula)
    assert "(intercept)" in text
    assert "log(1 + income)" in text or "log(1 + |income|)" in text
    assert formula._repr_html_().count("<tr>") == 2 + len(formula.columns)
    assert repr(formula).startswith("LocalFormula(logit")
    assert text.startswith("logit of 1: ")
    assert "<caption>logit of 1: " in formula._repr_html_()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([(4,), (5, 3), (3, 3, 3)]), st.sampled_from(["relu", "leaky_relu"]))
def test_any_network_is_linear_up_to_the_end(seed: int, hidden: tuple[int, ...], bend: str) -> None:
    rng = np.random.default_rng(seed)
    network = pellucid.NetworkSpec(3, hidden, activation=bend)
    plan = pellucid.TrainingSpec(epochs=0, seed=seed)
    fitted = pellucid.fit_network(np.eye(3), np.zeros(3), network, plan)
    x = rng.normal(size=3)
    formula = pellucid.local_formula(fitted, x)
    for k, term in enumerate(formula.columns):
        assert term.low is not None
        assert term.high is not None
        for end in (term.low, term.high):
            far = x.copy()
            far[k] = min(max(end, -1e3), 1e3)
            there = fitted.scores(far[None])[0]
            np.testing.assert_allclose(value_of(formula, **{term.name: far[k]}), there, rtol=1e-9, atol=1e-9)


def test_rows_that_do_not_exist_are_refused(model: Any) -> None:
    with pytest.raises(pellucid.PellucidError, match="no row 500: the rows are numbered 0 to 119"):
        pellucid.local_formula(model, 500, table())
    with pytest.raises(pellucid.PellucidError, match="no row -1"):
        pellucid.local_formula(model, -1, table())
    with pytest.raises(pellucid.PellucidError, match="there are no rows"):
        pellucid.local_formula(model, 0, table().take(slice(0, 0)))
    with pytest.raises(pellucid.PellucidError, match="row 3 of what"):
        pellucid.local_formula(model, 3)
    with pytest.raises(pellucid.PellucidError, match="row is the number of one of them"):
        pellucid.local_formula(model, table().row(3), table())
    with pytest.raises(pellucid.PellucidError, match="no column 'color'"):
        pellucid.local_formula(model, {k if k != "color" else "colour": v for k, v in table().row(3).items()})
    with pytest.raises(pellucid.PellucidError, match="fitted"):
        pellucid.local_formula(pellucid.MLPClassifier(), [1.0])


def test_a_linear_stack_is_one_matrix() -> None:
    X = RNG.normal(size=(40, 3))
    network = pellucid.NetworkSpec(3, (6, 4), 2, activation="identity", bias=(True, False, True))
    fitted = pellucid.fit_network(X, X[:, :2], network, pellucid.TrainingSpec(epochs=3))
    one = pellucid.collapse(fitted)
    assert one.weight.shape == (2, 3)
    np.testing.assert_allclose(one.scores(X), fitted.scores(X), rtol=1e-12, atol=1e-12)
    assert one.parameters == fitted.network.parameter_count
    assert "58 numbers in 3 layers: one matrix 2 × 3 and a bias" in str(one)
    json.dumps(one.to_dict(), allow_nan=False)
    assert one._repr_html_().count("<table>") == 2


def test_a_logistic_regression_collapses_to_itself() -> None:
    model = pellucid.MLPClassifier(hidden_layer_sizes=(), epochs=3, random_state=0).fit(table(), Y)
    one = pellucid.collapse(model)
    assert " in 1 layer:" in repr(one)
    np.testing.assert_allclose(one.weight, model.parameters_["layers.0.weight"])
    told = [name.replace("scaled ", "").replace("log(1 + income)", "income") for name in one.inputs]
    assert told == list(model.preparation_.names)
    assert "scaled size" in str(one)
    formula = pellucid.local_formula(model, 5, table())
    assert formula["income"].high == pytest.approx(math.expm1(clip_end(model)))
    assert all(level.holds for level in formula["color"].levels)
    assert "no unit can switch" in str(formula)


def clip_end(model: Any) -> float:
    step = next(step for step in model.preparation_.columns if step.name == "income")
    return float(step.scaling.center + step.clip * step.scaling.divisor)


def test_a_layer_that_bends_does_not_collapse() -> None:
    model = pellucid.MLPClassifier(activation=["identity", "relu"], **FAST).fit(table(), Y)
    with pytest.raises(pellucid.PellucidError, match=r"layer 1 bends \(relu\).*local_formula"):
        pellucid.collapse(model)


def test_the_text_says_what_is_at_the_ends_and_that_a_date_moves_as_one(model: Any) -> None:
    formula = pellucid.local_formula(model, {**table().row(2), "size": 5000.0})
    assert "the preparation holds it at its end … no end" in str(formula)
    assert "-0 ×" not in str(formula)
    for told in (str(formula), formula._repr_html_()):
        for term in formula.columns:
            assert all(end in told for end in term.ends)
        assert "The parts of since come from one date" in told
    levels = formula["color"].levels
    assert ", ".join(level.level for level in levels if level.holds) in str(formula)
    elapsed = [term for term in formula.columns if term.name == "since elapsed"]
    assert all(term.unit == f"days since {min(TABLE['since'])}" for term in elapsed)
