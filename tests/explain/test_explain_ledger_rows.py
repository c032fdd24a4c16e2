"""What a ledger says about cells, answers and mistakes."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest

import pellucid
from pellucid.estimators.decision import Calibration
from pellucid.explain.opened import open_model
from pellucid.preprocessing import CategoryRecipe, NumberRecipe, PreparationSpec

ROWS = 60
DAYS = [datetime.datetime(2024, 1, 1) + datetime.timedelta(days=3 * k) for k in range(ROWS)]
TABLE: dict[str, Any] = {
    "age": [None if k % 7 == 0 else float(k) for k in range(ROWS)],
    "fare": [float(x) for x in np.exp(np.random.default_rng(0).normal(3, 2, ROWS))],
    "city": [["Rome", "Oslo", "Lima", None][k % 4] for k in range(ROWS)],
    "day": DAYS,
}
TRUTH = np.array(["no", "yes"])[np.arange(ROWS) % 2]
PREPARATIONS = {
    "auto": "auto",
    "ordinal": PreparationSpec(categories=CategoryRecipe(encoding="ordinal")),
    "quantile": PreparationSpec(numbers=NumberRecipe(scale="quantile")),
    "clipped": PreparationSpec(numbers=NumberRecipe(clip=1.0, log1p=True)),
    "raw": None,
}
SMALL: dict[str, Any] = {"hidden_layer_sizes": (3,), "epochs": 1, "random_state": 0}


def row(number: int, **changes: Any) -> dict[str, Any]:
    return {**{name: values[number] for name, values in TABLE.items()}, **changes}


@pytest.fixture(scope="module")
def model() -> pellucid.MLPClassifier:
    return pellucid.MLPClassifier(**SMALL).fit(TABLE, TRUTH)


@pytest.mark.parametrize("preparation", list(PREPARATIONS))
def test_inputs_are_those_of_predict(preparation: str) -> None:
    fitted = pellucid.MLPClassifier(**SMALL, preparation=PREPARATIONS[preparation]).fit(TABLE, TRUTH)
    design = open_model(fitted).design(TABLE)
    for number in (0, 1, 3, 13, 59):
        found = pellucid.ledger(fitted, row(number))
        assert found.layers[0].x == pytest.approx(design[number], rel=1e-12, abs=1e-15)
        assert [one.name for cell in found.cells for one in cell.inputs] == list(fitted.preparation_.names)
        for one in (one for cell in found.cells for one in cell.inputs if one.scaled is not None):
            how = one.scaled
            start = np.copysign(np.log1p(abs(how.start)), how.start) if how.log1p else how.start
            if how.between:
                x0, y0, x1, y1 = how.between
                value = y0 if x1 == x0 else y0 + (np.clip(start, x0, x1) - x0) / (x1 - x0) * (y1 - y0)
            else:
                value = (start - how.center) / how.divisor
            value = value if how.clip is None else np.clip(value, -how.clip, how.clip)
            assert one.value == pytest.approx(value, rel=1e-9, abs=1e-12)


def test_every_form_of_a_row_gives_the_same(model: pellucid.MLPClassifier) -> None:
    import pandas as pd

    one = {name: values[4:5] for name, values in TABLE.items()}
    forms = [row(4), one, pellucid.read(one), pd.DataFrame(one), [row(4)], list(row(4).values())]
    assert len({tuple(pellucid.ledger(model, form).layers[-1].z) for form in forms}) == 1
    X = np.arange(24.0).reshape(8, 3)
    plain = pellucid.MLPRegressor(**SMALL).fit(X, X[:, 0])
    found = [pellucid.ledger(plain, form).answer.numbers[0] for form in (X[2], X[2:3], X[2].tolist(), [X[2].tolist()])]
    assert len(set(found)) == 1


def test_words_about_unusual_cells(model: pellucid.MLPClassifier) -> None:
    text = " ".join(pellucid.ledger(model, row(1, age=None, city="Paris", fare=1e9, day=None)).text().split())
    assert "missing, filled with" in text
    assert "a new level: training kept none of that name; all inputs of city are 0" in text
    assert "the highest in training" in text
    assert "each part filled" in text
    assert "the lowest in training" in pellucid.ledger(model, row(1, fare=-3.0)).text()
    cell = next(cell for cell in pellucid.ledger(model, row(3)).cells if cell.column == "city")
    assert (cell.cell, cell.used, cell.note) == (None, "(missing)", "missing, a level of its own")
    plain = pellucid.ledger(model, row(1)).cells
    notes = {cell.column: cell.note for cell in plain}
    assert notes.pop("day") == "weekday 0 is Monday; elapsed in days since 2024-01-01"
    assert set(notes.values()) == {""}


def test_a_new_level_may_share_the_place_of_rare_ones() -> None:
    cities = [*["Rome"] * 30, *["Oslo"] * 24, "A", "B", "C", "D", "E", "F"]
    spec = PreparationSpec(categories=CategoryRecipe(min_frequency=5))
    fitted = pellucid.MLPClassifier(**SMALL, preparation=spec).fit({"city": cities}, TRUTH)
    (cell,) = pellucid.ledger(fitted, {"city": "Paris"}).cells
    assert cell.note == "a new level: training kept none of that name, so it is (rare)"
    strict = PreparationSpec(categories=CategoryRecipe(handle_unknown="error"))
    fitted = pellucid.MLPClassifier(**SMALL, preparation=strict).fit({"city": ["Rome", "Oslo"] * 30}, TRUTH)
    with pytest.raises(pellucid.errors.ColumnError, match="unknown level 'Paris'"):
        pellucid.ledger(fitted, {"city": "Paris"})


CALIBRATIONS = [
    Calibration("temperature", (0.7,)),
    Calibration("platt", (0.3, 1.2)),
    Calibration("quadratic", (0.1, 1.0, 0.01), (-3.0, 3.0)),
    Calibration("isotonic", (), (0.2, 0.5, 0.8), (0.1, 0.5, 0.6)),
]


@pytest.mark.parametrize("calibration", CALIBRATIONS, ids=lambda one: one.method)
@pytest.mark.parametrize("threshold", [0.01, 0.99])
def test_calibration_threshold_and_band(calibration: Calibration, threshold: float) -> None:
    fitted = pellucid.MLPClassifier(**SMALL).fit(TABLE, TRUTH)
    fitted.decision_ = pellucid.Decision(threshold, calibration, (0.0, 0.999))
    found = pellucid.ledger(fitted, row(8))
    assert found.answer.calibrated == pytest.approx(fitted.predict_proba(TABLE)[8], abs=1e-6)
    assert found.answer.decision == fitted.predict(TABLE)[8]
    assert found.answer.unsure
    text = found.text()
    assert "calibrated P(yes)" in text
    assert calibration.method in text.lower()
    line = f"yes where calibrated P(yes) ≥ {threshold}, the threshold, else no"
    assert line in " ".join(found.text(width=120).split())
    assert "unsure" in text


def test_the_threshold_is_held_against_the_calibrated_probability() -> None:
    fitted = pellucid.MLPClassifier(**SMALL).fit(TABLE, TRUTH)
    raw = fitted.predict_proba(TABLE)[8, 1]
    for shift in (2.0, -2.0):
        calibration = Calibration("platt", (shift, 1.0))
        changed = pellucid.Decision(0.5, calibration).calibrated(np.array([1 - raw, raw]))[1]
        fitted.decision_ = pellucid.Decision(float(raw + changed) / 2, calibration)
        answer = "yes" if shift > 0 else "no"
        found = pellucid.ledger(fitted, row(8))
        assert (found.answer.calibrated[1] >= found.answer.threshold) == (shift > 0)
        assert "yes where calibrated P(yes) ≥ " in found.text()
        assert found.text().rstrip().endswith(f"y = {answer}")
        assert pellucid.ledger(fitted, row(8)).answer.decision == answer == fitted.predict(TABLE)[8]


def test_several_classes_and_labels() -> None:
    y = np.array([*"abc"])[np.arange(ROWS) % 3]
    fitted = pellucid.MLPClassifier(**SMALL).fit(TABLE, y)
    fitted.decision_ = pellucid.Decision(0.5, Calibration("temperature", (0.5,)))
    found = pellucid.ledger(fitted, row(8))
    assert found.answer.calibrated == pytest.approx(fitted.predict_proba(TABLE)[8], abs=1e-6)
    assert "Calibrated: p^0.5" in found.text()
    X = np.random.default_rng(2).standard_normal((30, 3))
    many = pellucid.MLPClassifier(**SMALL).fit(X, (X > 0).astype(int))
    found = pellucid.ledger(many, X[3], target=[1, 0, 1])
    assert found.answer.decision == many.predict(X[3:4])[0].tolist()
    assert found.answer.probabilities == pytest.approx(many.predict_proba(X[3:4])[0], abs=1e-12)
    assert found.text().count("odds / (1 + odds)") == 3
    assert "P(0) = 0." in repr(found)
    with pytest.raises(pellucid.errors.ShapeError, match=r"\(3,\)"):
        pellucid.ledger(many, X[3], target=1)
    both = pellucid.MLPRegressor(**SMALL).fit(X, X[:, :2])
    found = pellucid.ledger(both, X[3], target=X[3, :2])
    assert found.answer.numbers == pytest.approx(both.predict(X[3:4])[0], abs=1e-12)
    assert "y 1" in found.text()


def test_mistakes_are_said(model: pellucid.MLPClassifier) -> None:
    for wrong, error, words in (
        ({**{k: v for k, v in row(1).items() if k != "city"}, "citty": "Rome"}, "ColumnError", "'citty'"),
        (row(1, age="old"), "ColumnError", "must hold numbers"),
        ({name: values[:2] for name, values in TABLE.items()}, "ShapeError", "of one row, got 2"),
        ([1.0, 2.0], "ShapeError", "2 cells, but the model takes 4"),
    ):
        with pytest.raises(getattr(pellucid.errors, error), match=words):
            pellucid.ledger(model, wrong)
    with pytest.raises(pellucid.errors.InputError, match="no class 'yess'; did you mean 'yes'"):
        pellucid.ledger(model, row(1), target="yess")
    with pytest.raises(pellucid.errors.InputError, match="got int"):
        pellucid.ledger(3, row(1))
    with pytest.raises(pellucid.errors.InputError, match="the true y"):
        pellucid.ledger(model, row(1), backward=True)
    network = pellucid.fit_network([[1.0, 2.0]], [1.0], pellucid.NetworkSpec(2), pellucid.TrainingSpec(epochs=0))
    with pytest.raises(pellucid.errors.InputError, match="x1 is missing"):
        pellucid.ledger(network, [1.0, np.nan])


def test_wide_rows_odd_names_and_odd_cells() -> None:
    X = np.random.default_rng(2).standard_normal((30, 70))
    wide = pellucid.MLPClassifier(**SMALL).fit(X, X[:, 0] > 0)
    assert "The first 60 of 70 columns" in pellucid.ledger(wide, X[3]).text()
    table = {"two\nlines": TABLE["age"], "day": DAYS}
    fitted = pellucid.MLPRegressor(**SMALL).fit(table, np.arange(60) * 1e6)
    day = np.datetime64("2024-03-01T00:00:00", "ns")
    found = pellucid.ledger(fitted, {"two\nlines": np.float32(3), "day": day}, target=12_345_678)
    assert "two lines" in found.text()
    assert "12345678" in found.text()
    assert [cell["cell"] for cell in found.to_dict()["cells"]] == [3.0, "2024-03-01T00:00:00.000000000"]


def test_a_loaded_model_has_the_same_ledger(model: pellucid.MLPClassifier, tmp_path: Any) -> None:
    again = pellucid.load(pellucid.save(model, tmp_path / "m.pellucid"))
    first, second = pellucid.ledger(model, row(9), target="yes"), pellucid.ledger(again, row(9), target="yes")
    assert first.to_dict() == second.to_dict()
