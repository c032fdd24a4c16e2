"""Hidden units in column words: their drivers, their boundary, the rows that light them, and the loss without them."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

import pellucid
from pellucid.explain.opened import open_model
from pellucid.metrics import bootstrap
from pellucid.nn import loss_forward
from pellucid.preprocessing import NumberRecipe, PreparationSpec

RNG = np.random.default_rng(12)
ROWS = 200
TABLE = pellucid.read(
    {
        "size": RNG.normal(50, 12, ROWS).tolist(),
        "income": np.exp(RNG.normal(3, 1.2, ROWS)).tolist(),
        "rooms": RNG.integers(1, 5, ROWS).tolist(),
        "color": RNG.choice(["red", "green", "blue"], ROWS).tolist(),
        "day": [f"2020-0{1 + k % 9}-1{k % 7}" for k in range(ROWS)],
    }
)
Y = np.where((TABLE["size"].values > 50) ^ (TABLE["color"].values == 0), "yes", "no")
FAST: dict[str, Any] = {"hidden_layer_sizes": (6, 4), "epochs": 15, "random_state": 0}


@pytest.fixture(scope="module")
def model() -> pellucid.MLPClassifier:
    return pellucid.MLPClassifier(**FAST).fit(TABLE, Y)


def loss_with(model: Any, parameters: dict[str, np.ndarray], answers: Any = Y) -> tuple[float, np.ndarray]:
    """(loss, loss of every row) of the model with other parameters, in float64."""
    opened = open_model(model)
    Z = opened.scores(opened.design(TABLE), parameters)
    value, cache = loss_forward(opened.loss, Z, opened.targets(answers))
    return value, cache.rows


@pytest.mark.parametrize("name", ["0.0", "0.3", "1.2"])
def test_removing_a_unit_is_zeroing_its_outgoing_weights(model: Any, name: str) -> None:
    layer, unit = map(int, name.split("."))
    parameters = dict(open_model(model).parameters)
    before, rows_before = loss_with(model, parameters)
    above = f"layers.{layer + 1}.weight"
    parameters[above] = parameters[above].copy()
    parameters[above][:, unit] = 0
    after, rows_after = loss_with(model, parameters)
    found = pellucid.hidden_units(model, TABLE, Y, unit=name)
    removal = found[name].removal
    assert removal is not None
    assert found.loss_value == pytest.approx(before, abs=1e-12)
    assert removal.rise == pytest.approx(after - before, abs=1e-12)
    assert removal.interval is not None
    # Another road to the same interval: resampled rows.
    rises = rows_after - rows_before
    drawn = bootstrap(lambda sums: sums[:, 1] / sums[:, 0], np.stack([np.ones(ROWS), rises]))
    if drawn is not None and rises.any():
        assert removal.interval.half_width == pytest.approx(drawn.half_width, rel=0.25)
        assert removal.interval.low < removal.rise < removal.interval.high


def test_the_mean_takes_the_units_place_when_asked(model: Any) -> None:
    parameters = {name: value.copy() for name, value in open_model(model).parameters.items()}
    unit = pellucid.hidden_units(model, TABLE, Y, unit="1.1", without="mean")["1.1"]
    parameters["layers.2.bias"] += parameters["layers.2.weight"][:, 1] * unit.mean
    parameters["layers.2.weight"][:, 1] = 0
    assert unit.removal is not None
    assert unit.removal.held_at == unit.mean
    assert unit.removal.rise == pytest.approx(
        loss_with(model, parameters)[0] - loss_with(model, {**open_model(model).parameters})[0], abs=1e-12
    )


def test_the_boundary_is_where_the_unit_switches(model: Any) -> None:
    found = pellucid.hidden_units(model, TABLE, layer=0)
    opened = open_model(model)
    Z = opened.design(TABLE) @ opened.parameters["layers.0.weight"].T + opened.parameters["layers.0.bias"]
    assert [unit.name for unit in found.units] == [f"0.{k}" for k in range(6)]
    inputs = dict(zip(opened.names, opened.design(TABLE).T))
    raw = {"size": TABLE["size"].values, "log(1 + income)": np.log1p(TABLE["income"].values)}
    raw["rooms"] = TABLE["rooms"].values
    for number, unit in enumerate(found.units):
        assert unit.constant is not None
        total = np.full(ROWS, unit.constant)
        for words, factor in unit.boundary:
            if words.startswith("day ") and "=" not in words:
                part = next(
                    s
                    for step in model.preparation_.columns
                    if step.name == "day"
                    for s in step.steps
                    if s.name == words
                )
                total += factor * (inputs[words] * part.scaling.divisor + part.scaling.center)
            else:
                total += factor * raw.get(words, inputs.get(words, np.nan))
        np.testing.assert_allclose(total, Z[:, number], atol=1e-9)
        assert unit.share_on == pytest.approx((Z[:, number] > 0).mean())


def test_drivers_are_what_moves_the_unit(model: Any) -> None:
    unit = pellucid.hidden_units(model, TABLE, unit="0.2")["0.2"]
    opened = open_model(model)
    X, weights = opened.design(TABLE), opened.parameters["layers.0.weight"][2]
    for driver in unit.drivers:
        places = [k for k, name in enumerate(opened.names) if name == driver.name or name.startswith(f"{driver.name}=")]
        moved = X[:, places] @ weights[places]
        assert driver.influence == pytest.approx(moved.std(), abs=1e-12)
    influences = [driver.influence for driver in unit.drivers]
    assert influences == sorted(influences, reverse=True)
    color = next(driver for driver in unit.drivers if driver.name == "color")
    effects = {level: weights[opened.names.index(f"color={level}")] for level in ("red", "green", "blue")}
    assert color.highest == pytest.approx((max(effects, key=effects.__getitem__), max(effects.values())))
    size = next(driver for driver in unit.drivers if driver.name == "size")
    assert size.rises == (weights[opened.names.index("size")] > 0)
    assert ("rises" in size.words) == size.rises


def test_above_the_first_layer_slopes_are_measured_by_differences(model: Any) -> None:
    unit = pellucid.hidden_units(model, TABLE, unit="1.0")["1.0"]
    opened = open_model(model)

    def activations_before(X: np.ndarray) -> np.ndarray:
        P = opened.parameters
        A = np.maximum(X @ P["layers.0.weight"].T + P["layers.0.bias"], 0)
        return A @ P["layers.1.weight"][0] + P["layers.1.bias"][0]

    X = opened.design(TABLE)
    place = opened.names.index("size")
    up, down = X.copy(), X.copy()
    up[:, place] += 1e-7
    down[:, place] -= 1e-7
    slopes = (activations_before(up) - activations_before(down)) / 2e-7
    step = next(step for step in model.preparation_.columns if step.name == "size")
    size = next(driver for driver in unit.drivers if driver.name == "size")
    assert size.slope == pytest.approx(slopes.mean() / step.scaling.divisor, rel=1e-4)
    moved = slopes * (X[:, place] - X[:, place].mean())
    assert size.influence == pytest.approx(np.sqrt((moved**2).mean()), rel=1e-4)
    assert unit.boundary == ()
    assert unit.constant is None
    weights = opened.parameters["layers.1.weight"][0]
    assert dict(unit.below) == {f"0.{k}": pytest.approx(weights[k]) for k in range(6)}


def test_the_rows_that_light_a_unit_are_its_largest(model: Any) -> None:
    unit = pellucid.hidden_units(model, TABLE, unit="0.4", lit=3)["0.4"]
    opened = open_model(model)
    Z = opened.design(TABLE) @ opened.parameters["layers.0.weight"][4] + opened.parameters["layers.0.bias"][4]
    assert [lit.activation for lit in unit.lit] == pytest.approx(sorted(np.maximum(Z, 0), reverse=True)[:3])
    for lit in unit.lit:
        assert lit.activation == pytest.approx(max(Z[lit.row], 0))
        assert lit.cells == {name: TABLE[name].cell(lit.row) for name in lit.cells}


def test_a_plain_network_and_a_regressor_have_units_too() -> None:
    X = RNG.normal(size=(80, 3))
    plan = pellucid.TrainingSpec(epochs=5)
    fitted = pellucid.fit_network(X, X[:, 0], pellucid.NetworkSpec(3, (4,), activation="tanh"), plan)
    found = pellucid.hidden_units(fitted, X, X[:, 0])
    assert {driver.name for driver in found["0.0"].drivers} == {"x0", "x1", "x2"}
    assert found["0.0"].lit[0].cells.keys() <= {"x0", "x1", "x2"}
    model = pellucid.MLPRegressor(**FAST).fit(TABLE, TABLE["income"].values)
    assert pellucid.hidden_units(model, TABLE, TABLE["income"].values).loss == "mse"


def test_a_dead_unit_is_worth_nothing_and_that_is_known() -> None:
    parameters = {
        "layers.0.weight": np.array([[1.0], [1.0]]),
        "layers.0.bias": np.array([0.0, -100.0]),
        "layers.1.weight": np.array([[1.0, 5.0]]),
        "layers.1.bias": np.zeros(1),
    }
    X = np.arange(10.0)[:, None]
    plan = pellucid.TrainingSpec(epochs=0)
    fitted = pellucid.fit_network(X, X[:, 0], pellucid.NetworkSpec(1, (2,)), plan, initial=parameters)
    found = pellucid.hidden_units(fitted, X, X[:, 0])
    dead, alive = found["0.1"].removal, found["0.0"].removal
    assert dead is not None
    assert alive is not None
    assert found["0.1"].share_on == 0
    assert dead.rise == 0
    assert dead.interval is not None
    assert (dead.interval.low, dead.interval.high) == (0, 0)
    assert alive.rise == pytest.approx((X**2).mean())


def test_many_rows_are_sampled_the_same_way_every_time(model: Any) -> None:
    many = TABLE.take(np.tile(np.arange(ROWS), 30))
    first, second = (pellucid.hidden_units(model, many, np.tile(Y, 30), seed=3) for _ in range(2))
    assert first.rows == 5000
    assert first == second


def test_sealed_rows_stay_sealed(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PELLUCID_STATE", str(tmp_path))
    table = TABLE.with_column(pellucid.read({"answer": Y.tolist()})["answer"])
    model = pellucid.climb(table, "answer", epochs=2).model
    assert 0 < model.card_.training_rows < ROWS
    assert pellucid.loss_surface(model, table, size=2).rows == model.card_.training_rows
    other = table.take(np.arange(ROWS)[::-1])
    assert pellucid.loss_surface(model, other, size=2).rows == ROWS


def test_the_records_say_themselves(model: Any) -> None:
    found = pellucid.hidden_units(model, TABLE, Y)
    json.dumps(found.to_dict(), allow_nan=False)
    text = str(found)
    assert text.startswith("bce ")
    assert "loss without it" in text
    assert found._repr_html_().count("<tr>") == 1 + len(found.units)
    one = str(pellucid.hidden_units(model, TABLE, Y, unit="0.1"))
    assert "on where" in one
    assert "lights it" in one
    assert "from units 0." in str(found["1.1"])
    assert pellucid.hidden_units(model, TABLE).loss_value is None
    with pytest.raises(KeyError):
        found["7.7"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"unit": "0.9"}, r"no unit 0.9; the nearest is 0.5"),
        ({"unit": "5.0"}, "no unit 5.0"),
        ({"unit": "first"}, "LAYER.UNIT"),
        ({"unit": "2.0"}, "layer 2 is the output layer"),
        ({"layer": 2}, "layer 2 is the output layer"),
        ({"layer": 7}, "no layer 7"),
        ({"layer": 1, "unit": "0.1"}, "give one of the two"),
        ({"without": "noise"}, "'zero' or 'mean'"),
        ({"lit": -1}, "lit must be a whole number of at least 0 rows"),
        ({"rows": TABLE.take(slice(0, 0))}, "no rows"),
        ({"truth": Y[:5]}, "200 rows, but 5 answers"),
        ({"truth": np.full(ROWS, "maybe")}, "no class 'maybe'"),
    ],
)
def test_what_does_not_exist_is_refused(model: Any, options: dict[str, Any], message: str) -> None:
    given = {"rows": TABLE, "truth": Y} | options
    with pytest.raises(pellucid.PellucidError, match=message):
        pellucid.hidden_units(model, **given)


def test_a_network_without_hidden_layers_has_no_units() -> None:
    model = pellucid.MLPClassifier((), epochs=1).fit(TABLE, Y)
    with pytest.raises(pellucid.PellucidError, match="no hidden units"):
        pellucid.hidden_units(model, TABLE)


def test_units_without_a_switch_are_not_on_and_equal_rows_light_once() -> None:
    smooth = pellucid.MLPClassifier(activation="tanh", **FAST).fit(TABLE, Y)
    twice = TABLE.take(np.repeat(np.arange(30), 2))
    found = pellucid.hidden_units(smooth, twice, np.repeat(Y[:30], 2), lit=4)
    assert " on in " not in str(found["0.0"])
    assert "z above 0 in " in str(found["0.0"])
    assert "mean" in str(found["0.0"])
    rows = [row.row // 2 for row in found["0.0"].lit]
    assert len(set(rows)) == 4


@pytest.mark.parametrize("activation", sorted(pellucid.nn.ACTIVATIONS))
def test_share_on_is_where_the_activation_is_above_what_it_is_at_zero(activation: str) -> None:
    X = RNG.normal(size=(90, 3))
    spec = pellucid.NetworkSpec(3, (4,), activation=activation)
    fitted = pellucid.fit_network(X, X[:, 0], spec, pellucid.TrainingSpec(epochs=0))
    tape = pellucid.nn.network_forward(X, fitted.parameters, spec.activations)[1]
    (at_zero,) = pellucid.nn.ACTIVATIONS[activation].forward(np.zeros(1))
    for unit in pellucid.hidden_units(fitted, X).units:
        assert unit.share_on == (tape[0].A[:, unit.unit] > at_zero).mean()


def test_a_logarithm_of_numbers_below_0_is_written_as_it_is_taken() -> None:
    rng = np.random.default_rng(4)
    debt = np.sign(rng.normal(size=ROWS)) * np.exp(rng.normal(3, 1.5, ROWS))
    table = {"debt": debt.tolist(), "size": TABLE["size"].values.tolist()}
    spec = PreparationSpec(numbers=NumberRecipe(log1p=True, clip=None))
    model = pellucid.MLPClassifier((3,), epochs=2, random_state=0, preparation=spec).fit(table, Y)
    unit = pellucid.hidden_units(model, table, unit="0.0")["0.0"]
    mirrored = "sign(debt) × log(1 + |debt|)"
    driver = next(driver for driver in unit.drivers if driver.name == "debt")
    assert mirrored in driver.words
    assert mirrored in dict(unit.boundary)
    # Sizes are above 0: there the plain logarithm is the same.
    assert "log(1 + size)" in dict(unit.boundary)
    total = unit.constant + sum(
        factor * (np.sign(debt) * np.log1p(np.abs(debt)) if words == mirrored else np.log1p(TABLE["size"].values))
        for words, factor in unit.boundary
    )
    opened = open_model(model)
    Z = opened.design(table) @ opened.parameters["layers.0.weight"][0] + opened.parameters["layers.0.bias"][0]
    np.testing.assert_allclose(total, Z, atol=1e-9)
    found = pellucid.explain_gradient(model, "layers.0.weight[0, debt]", table, Y)
    assert found.multiplies == f"scaled {mirrored}"
    given = pellucid.hidden_units(model, {**table, "size": (-TABLE["size"].values).tolist()}, unit="0.0")["0.0"]
    assert "sign(size) × log(1 + |size|)" in dict(given.boundary)


def test_one_of_a_thing_is_no_many() -> None:
    table = TABLE.take(slice(0, 40))
    model = pellucid.MLPClassifier((1,), epochs=1, random_state=0).fit(table, Y[:40])
    assert repr(pellucid.hidden_units(model, table.take(slice(0, 1)))) == "HiddenUnits(1 unit, 1 row)"
    text = pellucid.ledger(model, table.row(0), target=Y[0]).text()
    assert "hidden: 1 relu unit\n" in text
    assert "1 units" not in text
    formula = pellucid.local_formula(model, table.row(0))
    assert re.search(r"[01] of 1 hidden unit is on", str(formula))


def test_days_are_written_as_days(model: Any) -> None:
    found = pellucid.hidden_units(model, TABLE, layer=0)
    texts = [str(unit) for unit in found.units if any(driver.column == "day" for driver in unit.drivers[:3])]
    assert texts
    for text in texts:
        assert re.search(r"day 2020-0\d-1\d[,)]", text)
        assert "00:00" not in text
