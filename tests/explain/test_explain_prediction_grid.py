"""What a model says while columns move: every point is what it says of a row made up with these cells."""

from __future__ import annotations

import datetime
import json
from typing import Any

import numpy as np
import pytest

import pellucid

RNG = np.random.default_rng(6)
ROWS = 90
DAYS = [datetime.date(2020, 1, 1) + datetime.timedelta(days=11 * k) for k in range(ROWS)]
TABLE = pellucid.read(
    {
        "size": RNG.normal(50, 12, ROWS).round(2).tolist(),
        "income": np.exp(RNG.normal(3, 1.2, ROWS)).round(2).tolist(),
        "rooms": RNG.integers(1, 5, ROWS).tolist(),
        "color": (RNG.choice(["red", "green", "blue"], ROWS - 9).tolist() + [None] * 9),
        "day": DAYS,
        "street": [f"street {k}" for k in range(ROWS)],
    }
)
LABELS = {
    2: np.where(TABLE["income"].values > 20, "rich", "poor"),
    3: np.array(["a", "b", "c"])[RNG.integers(0, 3, ROWS)],
}
FAST: dict[str, Any] = {"hidden_layer_sizes": (7, 4), "epochs": 5, "random_state": 0}


def classifier(classes: int = 2, **options: Any) -> pellucid.MLPClassifier:
    return pellucid.MLPClassifier(**{**FAST, **options}).fit(TABLE, LABELS[classes])


def made_up(held: dict[str, Any], **columns: Any) -> pellucid.Table:
    """One row a value: the held cells, and the moving columns."""
    count = len(next(iter(columns.values())))
    cells = {**{name: [cell] * count for name, cell in held.items()}, **columns, "street": ["x"] * count}
    return pellucid.read({name: cells[name] for name in TABLE.names}, kinds={"rooms": "number", "color": "category"})


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("axes", [("size", "income"), ("income", "rooms"), ("day", "size"), ("rooms", "day")])
@pytest.mark.parametrize("hidden", [(), (7, 4)])
def test_a_grid_is_predict_proba_row_by_row(classes: int, axes: tuple[str, str], hidden: tuple[int, ...]) -> None:
    model = classifier(classes, hidden_layer_sizes=hidden)
    grid = pellucid.prediction_grid(model, *axes, TABLE, at=4, size=6)
    assert grid.values.shape == (len(grid.y), len(grid.x), classes)
    assert grid.outputs == tuple(model.classes_)
    x, y = np.tile(grid.x, len(grid.y)), np.repeat(grid.y, len(grid.x))
    rows = made_up(grid.held, **{axes[0]: x, axes[1]: y})
    np.testing.assert_allclose(grid.values.reshape(-1, classes), model.predict_proba(rows), atol=2e-6)


def test_float64_networks_agree_to_the_last_digits() -> None:
    X = RNG.normal(size=(80, 4))
    model = pellucid.MLPClassifier(activation="tanh", **FAST).fit(X, (X[:, 1] > 0).astype(int))
    grid = pellucid.prediction_grid(model, "x1", "x3", X, size=5)
    rows = np.tile(np.median(X, axis=0), (25, 1))
    rows[:, 1], rows[:, 3] = np.tile(grid.x, 5), np.repeat(grid.y, 5)
    np.testing.assert_allclose(grid.values.reshape(-1, 2), model.predict_proba(rows), atol=1e-12)
    assert (grid.x[0], grid.x[-1]) == (X[:, 1].min(), X[:, 1].max())
    assert grid.held == {"x0": np.median(X[:, 0]), "x2": np.median(X[:, 2])}


def test_calibration_and_threshold_are_those_of_the_model() -> None:
    model = classifier()
    before = pellucid.prediction_grid(model, "size", "income", TABLE, size=4)
    assert before.threshold == 0.5
    calibration = pellucid.Decision.from_dict(
        {
            "threshold": 0.3,
            "unsure": [],
            "calibration": {"method": "platt", "coefficients": [0.5, 2.0], "knots": [], "values": []},
        }
    )
    model.decision_ = calibration
    after = pellucid.prediction_grid(model, "size", "income", TABLE, size=4)
    assert after.threshold == 0.3
    np.testing.assert_allclose(after.values, calibration.calibrated(before.values), atol=1e-12)


def test_numbers_are_in_the_units_of_the_target() -> None:
    y = 100 * TABLE["size"].values
    model = pellucid.MLPRegressor(target_transform="log1p_standardize", **FAST).fit(TABLE, y)
    grid = pellucid.prediction_grid(model, "size", "income", TABLE, size=3)
    assert grid.meaning == "prediction"
    rows = made_up(grid.held, size=np.tile(grid.x, 3), income=np.repeat(grid.y, 3))
    np.testing.assert_allclose(grid.values.reshape(-1), model.predict(rows), rtol=1e-4)
    assert grid.threshold is None


def test_a_plain_network_and_another_epoch() -> None:
    X = RNG.normal(size=(60, 3))
    plan = pellucid.TrainingSpec(loss="softmax_cross_entropy", epochs=4)
    codes = RNG.integers(0, 3, 60)
    fitted = pellucid.fit_network(X, codes, pellucid.NetworkSpec(3, (5,), 3), plan, record=True)
    assert fitted.recording is not None
    before = fitted.recording.at(2)
    grid = pellucid.prediction_grid(fitted, "x0", "x2", X, at=X[5], size=4, parameters=before)
    rows = np.tile(X[5], (16, 1))
    rows[:, 0], rows[:, 2] = np.tile(grid.x, 4), np.repeat(grid.y, 4)
    Z = fitted.engine.scores(fitted.network, before, rows)
    E = np.exp(Z)
    np.testing.assert_allclose(grid.values.reshape(-1, 3), E / E.sum(axis=1, keepdims=True), atol=1e-12)
    with pytest.raises(pellucid.PellucidError, match="range of 'x0' is not known"):
        pellucid.prediction_grid(fitted, "x0", "x2", at=X[5])
    own = pellucid.prediction_grid(fitted, "x0", "x2", at=X[5], first_values=[0, 1], second_values=[2.5])
    assert own.values.shape == (1, 2, 3)


def test_the_others_are_held_in_the_middle() -> None:
    grid = pellucid.prediction_grid(classifier(), "size", "income", TABLE, size=2)
    levels, counts = np.unique(TABLE["rooms"].values, return_counts=True)
    assert grid.held["rooms"] == levels[counts.argmax()]
    colors = TABLE["color"]
    assert grid.held["color"] == colors.levels[int(colors.level_counts().argmax())]
    assert grid.held["day"] == datetime.datetime.combine(DAYS[ROWS // 2], datetime.time())
    assert set(grid.held) == {"rooms", "color", "day"}
    assert "90 rows" in grid.held_at


@pytest.mark.parametrize("column", ["size", "rooms", "color", "day"])
def test_a_curve_is_predict_proba_row_by_row(column: str) -> None:
    model = classifier(3)
    curve = pellucid.prediction_curve(model, column, TABLE, at=7, size=5)
    assert curve.levels == (column in ("rooms", "color"))
    cells = [None if point == "(missing)" else point for point in curve.points]
    rows = made_up(curve.held, **{column: cells if curve.levels else curve.points})
    np.testing.assert_allclose(curve.values, model.predict_proba(rows), atol=2e-6)
    assert curve.own == TABLE[column].cell(7)


def test_a_category_has_a_bar_for_each_level() -> None:
    curve = pellucid.prediction_curve(classifier(), "color", TABLE)
    assert curve.points.tolist() == ["blue", "green", "red", "(missing)"]
    assert "(missing)" in str(curve)
    assert curve._repr_html_().count("<tr>") == 5
    json.dumps(curve.to_dict(), allow_nan=False)


def test_the_records_say_themselves() -> None:
    model = classifier()
    grid = pellucid.prediction_grid(model, "day", "income", TABLE, size=3)
    told = json.loads(json.dumps(grid.to_dict(), allow_nan=False))
    assert np.shape(told["values"]) == (3, 3, 2)
    assert "2020-01-01" in str(grid)
    assert repr(grid) == "PredictionGrid(probability over day and income, 3 × 3)"
    curve = pellucid.prediction_curve(model, "income", TABLE)
    assert len(curve.points) == 300
    assert len(str(curve).splitlines()) < 20


@pytest.mark.parametrize(
    ("axes", "options", "message"),
    [
        (("color", "size"), {}, r"'color' is a category.*prediction_curve"),
        (("size", "color"), {}, r"'color' is a category.*prediction_curve"),
        (("size", "size"), {}, "two different ones"),
        (("sise", "income"), {}, "did you mean 'size'"),
        (("street", "income"), {}, "does not get the column 'street'"),
        (("size", "income"), {"at": 90}, "no row 90: the rows are numbered 0 to 89"),
        (("size", "income"), {"size": 1}, "at least 2 points"),
        (("size", "income"), {"size": 3000}, "too many"),
        (("size", "income"), {"first_values": []}, "list of at least one"),
        (("size", "income"), {"first_values": [1, None]}, "finite"),
        (("day", "income"), {"first_values": [None]}, "finite"),
        (("size", "income"), {"rows": None}, "at=…, a row, or rows"),
        (("size", "income"), {"rows": TABLE.take(slice(0, 0))}, "no rows"),
        (("size", "income"), {"parameters": {"layers.0.wait": 1}}, "did you mean"),
    ],
)
def test_what_makes_no_grid_is_refused(axes: tuple[str, str], options: dict[str, Any], message: str) -> None:
    model = classifier(hidden_layer_sizes=())
    with pytest.raises(pellucid.PellucidError, match=message):
        pellucid.prediction_grid(model, *axes, **({"rows": TABLE} | options))


def test_a_category_takes_no_values() -> None:
    with pytest.raises(pellucid.PellucidError, match="leave out its values"):
        pellucid.prediction_curve(classifier(hidden_layer_sizes=()), "color", TABLE, values=["red"])
