"""`pellucid.predictor`: the estimator's answers without the estimator."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import decimal
import math
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pellucid
from pellucid import MLPClassifier, MLPRegressor, predictor
from pellucid.errors import ColumnError, FileError, InputError, ModelFileError, ShapeError
from pellucid.nn import ACTIVATIONS
from pellucid.preprocessing import CategoryRecipe, NumberRecipe, PreparationSpec

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
RNG = np.random.default_rng(4)
X = RNG.normal(size=(120, 6))
GAPS = np.where(RNG.random(X.shape) < 0.15, np.nan, X)
TWO = np.where(X[:, 0] > 0, "yes", "no")
OPTIONS: dict[str, Any] = {"hidden_layer_sizes": (7, 5), "epochs": 3, "random_state": 0}

MIXED: dict[str, list[Any]] = {
    "age": [None if k % 9 == 0 else float(20 + k % 50) for k in range(120)],
    "fare": [float(np.exp(k % 17)) for k in range(120)],
    "city": [["Bonn", "Oslo", "Rome", None][k % 4] for k in range(120)],
    "grade": [k % 5 for k in range(120)],
    "code": [["1", "2", "x"][k % 3] for k in range(120)],
    "since": [datetime.date(2024, 1, 1) + datetime.timedelta(days=3 * k) for k in range(120)],
    "same": ["only"] * 120,
}
TABLE = pellucid.read(MIXED)
ON_TABLE = MLPClassifier(**OPTIONS).fit(TABLE, TWO)
OF_TABLE = predictor(ON_TABLE)
USED = [name for name in MIXED if name not in ON_TABLE.preparation_.set_aside]
ROWS = [{name: cells[k] for name, cells in MIXED.items()} for k in range(120)]


def close(found: Any, expected: Any, dtype: str = "float64") -> None:
    exact = 1e-12 if dtype == "float64" else 1e-6
    np.testing.assert_allclose(found, expected, rtol=exact, atol=exact)


def agrees(model: Any, rows: np.ndarray) -> None:
    """One row after the other, all rows at once, lists and dicts: what the estimator says."""
    light, dtype = predictor(model), model.training_.dtype
    classifier = isinstance(model, MLPClassifier)
    expected = model.predict(rows)
    scale = 1.0 if classifier else float(np.abs(expected).max())
    for answer in ("predict_proba", "predict") if classifier else ("predict",):
        wanted = getattr(model, answer)(rows)
        ask = getattr(light, answer)
        forms = [
            ask(rows),
            [ask(row) for row in rows],
            [ask(row.tolist()) for row in rows],
            [ask(tuple(row)) for row in rows],
            [ask(dict(zip(light.columns, row))) for row in rows],
            ask(rows.tolist()),
            ask([dict(zip(light.columns, row.tolist())) for row in rows]),
        ]
        for found in forms:
            if wanted.dtype.kind == "f":
                close(np.array(found) / scale, wanted / scale, dtype)
            else:
                assert np.array(found).tolist() == wanted.tolist()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("rows", [X, GAPS], ids=["whole", "gaps"])
def test_arrays_of_numbers(rows: np.ndarray, dtype: str) -> None:
    rows = rows.astype(dtype)
    agrees(MLPClassifier(**OPTIONS).fit(rows, TWO), rows)
    agrees(MLPClassifier(**OPTIONS).fit(rows, np.arange(120) % 3), rows)
    agrees(MLPClassifier(**OPTIONS).fit(rows, X[:, :3] > 0), rows)
    agrees(MLPClassifier(**OPTIONS).fit(rows, np.column_stack([TWO == "yes", TWO == "no"])), rows)
    agrees(MLPRegressor(**OPTIONS).fit(rows, 1e4 + 1e3 * X[:, 0]), rows)
    agrees(MLPRegressor(**OPTIONS, target_transform="log1p_standardize").fit(rows, np.exp(X[:, 0])), rows)
    agrees(MLPRegressor(**OPTIONS).fit(rows, X[:, :2]), rows)


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_every_activation(activation: str) -> None:
    agrees(MLPClassifier((5, 4), activation, epochs=2, random_state=1).fit(X, TWO), GAPS)


RECIPES = {
    "none": None,
    "log": PreparationSpec(numbers=NumberRecipe(log1p=True, levels=False)),
    "quantile": PreparationSpec(numbers=NumberRecipe(scale="quantile", log1p=False, levels=False)),
    "levels": PreparationSpec(numbers=NumberRecipe(levels=True, missing_flag=True)),
    "mixture": PreparationSpec(
        numbers=NumberRecipe(log1p=False, levels=False, clip=1.5),
        columns={
            "x0": NumberRecipe(log1p=True, clip=None),
            "x2": NumberRecipe(scale="quantile"),
            "x3": NumberRecipe(levels=True, log1p=True, missing_flag=True),
            "x4": NumberRecipe(scale="none", missing_flag=True),
        },
    ),
}


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("dropped", [(), (0,), (2, 5)], ids=["all columns", "first set aside", "two set aside"])
def test_every_preparation_of_numbers(recipe: str, dropped: tuple[int, ...]) -> None:
    rows = np.round(GAPS * 3)
    rows[:, list(dropped)] = 1.0
    model = MLPClassifier(**OPTIONS, preparation=RECIPES[recipe]).fit(rows, TWO)
    assert len(model.preparation_.set_aside) == len(dropped)
    rows[5] = [1e30, -1e30, 1e9, -3, 0.5, -0.0]
    agrees(model, rows)


@pytest.mark.parametrize("name", ["titanic", "bank_marketing_full.csv", "california_housing_cat.csv", "bike_hour.csv"])
def test_real_tables(name: str) -> None:
    path = SHARED / name
    if name != "titanic" and not path.exists():
        pytest.skip(f"{name} is not in ../shared/data")
    table = pellucid.read(name if name == "titanic" else path)
    target = next(c for c in ("Survived", "deposit", "cnt", "median_house_value") if c in table)
    table = table.take(np.arange(0, len(table), max(len(table) // 800, 1)))
    answers, inputs = table[target], table.drop([target])
    classifier = answers.kind == "category" or name == "titanic"
    model = (MLPClassifier if classifier else MLPRegressor)((9,), epochs=2, random_state=0)
    model.fit(inputs, answers.objects())
    rows = [inputs.row(k) for k in range(len(inputs))]
    light = predictor(model)
    for answer in ["predict_proba"] if classifier else ["predict"]:
        expected = getattr(model, answer)(inputs)
        scale = np.abs(expected).max()
        close(getattr(light, answer)(inputs) / scale, expected / scale, "float32")
        close(getattr(light, answer)(rows) / scale, expected / scale, "float32")
        close([getattr(light, answer)(row) / scale for row in rows[:100]], expected[:100] / scale, "float32")


def test_mixed_tables_in_every_form() -> None:
    expected = ON_TABLE.predict_proba(TABLE)
    assert "same" in ON_TABLE.preparation_.set_aside
    cells = [list(row.values()) for row in ROWS]
    forms: list[Any] = [
        OF_TABLE.predict_proba(TABLE),
        OF_TABLE.predict_proba(ROWS),
        OF_TABLE.predict_proba(cells),
        OF_TABLE.predict_proba(np.array(cells, dtype=object)),
        [OF_TABLE.predict_proba(np.array(row, dtype=object)) for row in cells],
        [OF_TABLE.predict_proba(row) for row in ROWS],
        OF_TABLE.predict_proba([{name: row[name] for name in reversed(USED)} for row in ROWS]),
    ]
    for found in forms:
        close(found, expected, "float32")
    assert OF_TABLE.predict(ROWS).tolist() == ON_TABLE.predict(TABLE).tolist()
    assert [OF_TABLE.predict(row) for row in ROWS] == ON_TABLE.predict(TABLE).tolist()


NUMBERS = st.one_of(
    st.none(),
    st.floats(-1e29, 1e29),
    st.just(math.nan),
    st.integers(-(10**12), 10**12),
    st.floats(-1e5, 1e5).map(np.float32),
    st.integers(-100, 100).map(np.int64),
    st.floats(-1e6, 1e6).map(repr),
    st.sampled_from(["", "  ", "NA", "n/a", "?", " 12 ", "1e3"]),
    st.decimals(-1000, 1000, places=2),
)
TEXTS = st.one_of(
    st.none(),
    st.sampled_from(["Bonn", "Oslo", " Rome ", "Paris", "bonn", "", "NA", "-", "1", "2", "1.0", "True"]),
    st.sampled_from([1, 2, 3, 2.0, 1.5, math.nan, np.float64(1), np.int32(2), True, np.bool_(False)]),
)
DATES = st.one_of(
    st.none(), st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)), st.just("2024-05-31"), st.just("NA")
)
CELLS = {"age": NUMBERS, "fare": NUMBERS, "city": TEXTS, "grade": NUMBERS, "code": TEXTS, "since": DATES}


@settings(deadline=None, max_examples=150)
@given(st.fixed_dictionaries({name: CELLS[name] for name in USED}))
def test_any_cells_are_read_as_the_estimator_reads_them(row: dict[str, Any]) -> None:
    expected = ON_TABLE.predict_proba([{**row, "same": "only"}])[0]
    close(OF_TABLE.predict_proba(row), expected, "float32")
    close(OF_TABLE.predict_proba([row, row])[1], expected, "float32")


WIDE = MLPClassifier((4,), epochs=1, random_state=0).fit(GAPS, TWO)
WIDE_LIGHT = predictor(WIDE)
ANY_FLOAT = st.one_of(st.floats(-1e30, 1e30), st.just(math.nan))


WHOLE = MLPClassifier((4,), epochs=1, random_state=0).fit(X, TWO)
WHOLE_LIGHT = predictor(WHOLE)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.one_of(ANY_FLOAT, st.sampled_from([0.0, -0.0, 1e30, -1e30])), min_size=6, max_size=6))
def test_any_numbers_in_a_row(cells: list[float]) -> None:
    row = np.array(cells)
    for model, light in ((WIDE, WIDE_LIGHT), (WHOLE, WHOLE_LIGHT)):
        expected = model.predict_proba(np.vstack([row, X[0]]))[0]
        close(model.predict_proba(row[None])[0], expected)
        close(light.predict_proba(row), expected)
        close(light.predict_proba(cells), expected)


@pytest.mark.parametrize("far", [11.0, -50.0, 1e6])
def test_a_wild_cell_is_held_back(far: float) -> None:
    """Scaled numbers beyond 10 are taken for 10, in one row as in many."""
    row, limit = X[0].copy(), X[0].copy()
    scaling = WHOLE.preparation_.columns[2].scaling  # type: ignore[union-attr]
    row[2] = scaling.center + far * scaling.divisor
    limit[2] = scaling.center + math.copysign(10, far) * scaling.divisor
    for model in (WHOLE, WHOLE_LIGHT):
        close(model.predict_proba(row[None]), WHOLE_LIGHT.predict_proba(limit)[None])
    close(WHOLE_LIGHT.predict_proba(row), WHOLE_LIGHT.predict_proba(limit))


@pytest.mark.parametrize("unit", [1e-200, 1e-60, 1e-9, 1e27])
@pytest.mark.parametrize("clip", [10.0, None])
def test_columns_in_extreme_units(unit: float, clip: float | None) -> None:
    spec = PreparationSpec(numbers=NumberRecipe(log1p=False, levels=False, clip=clip))
    rows = (X + 3) * unit
    model = MLPClassifier(**OPTIONS, preparation=spec).fit(rows, TWO)
    agrees(model, rows)
    others = np.vstack([rows[:3] * 7, np.full(6, 1.0)] if clip else [rows[:3] * 7])
    agrees(model, others)
    if clip:
        far = np.full(6, 1e30)
        close(predictor(model).predict_proba(far), model.predict_proba(np.vstack([far, rows[0]]))[0])


@pytest.mark.parametrize("kind", ["i8", "u1", "f2", "?"])
def test_other_numeric_types(kind: str) -> None:
    rows = np.abs(X * 10).astype(kind)
    close(WIDE_LIGHT.predict_proba(rows), WIDE.predict_proba(rows))
    close([WIDE_LIGHT.predict_proba(row) for row in rows], WIDE.predict_proba(rows))


def test_layouts_of_memory() -> None:
    expected = WIDE.predict_proba(X)
    twice = np.repeat(X, 2, axis=1)
    for rows in (np.asfortranarray(X), twice[:, ::2], X[::-1][::-1]):
        close(WIDE_LIGHT.predict_proba(rows), expected)
        close([WIDE_LIGHT.predict_proba(row) for row in rows], expected)
    np.testing.assert_array_equal(X, twice[:, ::2])


def test_many_rows_go_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = WIDE.predict_proba(GAPS), ON_TABLE.predict_proba(TABLE), OF_TABLE.predict_proba(ROWS)
    monkeypatch.setattr("pellucid.estimators.scoring.ARRAY_BLOCK", 1000)
    monkeypatch.setattr("pellucid.estimators.scoring.TABLE_BLOCK", 1000)
    monkeypatch.setattr("pellucid.estimators.predictors.BLOCK", 7)
    monkeypatch.setattr("pellucid.nn.network.BLOCK_NUMBERS", 30)
    monkeypatch.setattr("pellucid.preprocessing.number_matrix.BLOCK", 3)
    blocks = WIDE.predict_proba(GAPS), ON_TABLE.predict_proba(TABLE), OF_TABLE.predict_proba(ROWS)
    for found, expected in zip(blocks, whole):
        close(found, expected, "float32")
    infinite = GAPS.copy()
    infinite[77, 3] = np.inf
    with pytest.raises(ColumnError, match=r"row 78: column 'x3' must hold finite numbers within ±1e\+30, got inf"):
        WIDE_LIGHT.predict(infinite)
    wrong = [*ROWS[:50], {**ROWS[50], "age": "old"}]
    with pytest.raises(ColumnError, match="row 51: column 'age' must hold numbers, got 'old'"):
        OF_TABLE.predict(wrong)
    strange = pellucid.read({**MIXED, "age": [*MIXED["age"][:60], *["old"] * 60]})
    with pytest.raises(ColumnError, match="row 61: column 'age' must hold numbers, got 'old'"):
        ON_TABLE.predict(strange)


WRONG_CELLS = [
    ("age", "old", "column 'age' must hold numbers, got 'old'"),
    ("age", True, "column 'age' must hold numbers, got True"),
    ("age", math.inf, "column 'age' must hold finite numbers, got inf|numbers within"),
    ("age", 2e30, "column 'age' must hold numbers within ±1e30, got 2e.30; give None if unknown"),
    ("age", 10**400, "column 'age' must hold numbers within"),
    ("age", [3], r"column 'age' must hold numbers, got \[3\]"),
    ("age", datetime.date(2024, 1, 1), "column 'age' must hold numbers, got datetime.date"),
    ("city", ["Bonn"], r"column 'city' must hold one value a cell, got \['Bonn'\]"),
    ("city", b"Bonn", "column 'city' must hold one value a cell"),
    ("city", datetime.date(2024, 1, 1), "column 'city' must hold categories, got the date or time"),
    ("since", "31.5.2024 or so", "column 'since' must hold dates such as"),
    ("since", 5, "column 'since' must hold dates, got 5"),
]


@pytest.mark.parametrize(("name", "cell", "message"), WRONG_CELLS)
def test_a_cell_of_the_wrong_type_is_named(name: str, cell: Any, message: str) -> None:
    with pytest.raises(ColumnError, match=message):
        OF_TABLE.predict_proba({**ROWS[1], name: cell})
    with pytest.raises(ColumnError, match=f"row 2: (?:{message})"):
        OF_TABLE.predict([ROWS[0], {**ROWS[1], name: cell}])


def test_wrong_columns_are_named() -> None:
    named = {("Age" if name == "age" else name): cell for name, cell in ROWS[1].items()}
    with pytest.raises(ColumnError, match="the row has no column 'age'; did you mean 'Age'"):
        OF_TABLE.predict(named)
    with pytest.raises(ColumnError, match=r"knows no column 'citty'; did you mean 'city'.*leave it out"):
        OF_TABLE.predict({**ROWS[1], "citty": "Bonn"})
    with pytest.raises(ShapeError, match="the row has 3 cells, but the model takes the 7 columns 'age', 'fare'"):
        OF_TABLE.predict([1, 2, 3])
    for row in (X[0, :5], X[0, :5].tolist(), np.zeros(0)):
        with pytest.raises(ShapeError, match=f"the row has {len(row)} cells, but the model takes the 6 columns 'x0', "):
            WIDE_LIGHT.predict(row)
    with pytest.raises(ShapeError, match="the matrix has 5 columns, but the model takes the 6 columns"):
        WIDE_LIGHT.predict(X[:, :5])
    with pytest.raises(ShapeError, match="row 2: the row has 5 cells"):
        WIDE_LIGHT.predict([X[0].tolist(), X[1, :5].tolist()])
    with pytest.raises(ShapeError, match=r"the shape \(1, 2, 3\)"):
        WIDE_LIGHT.predict(np.zeros((1, 2, 3)))
    with pytest.raises(ColumnError, match="no column 'age'"):
        OF_TABLE.predict(TABLE.drop(["age"]))


def test_masked_cells_are_missing() -> None:
    rows = np.ma.masked_invalid(GAPS)
    close(WIDE_LIGHT.predict_proba(rows), WIDE.predict_proba(GAPS))
    close([WIDE_LIGHT.predict_proba(row) for row in rows], WIDE.predict_proba(GAPS))


@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
@pytest.mark.parametrize("endless", [np.inf, -np.inf, 2e30, -1e308])
def test_an_array_with_an_endless_number_is_refused_as_ever(endless: float) -> None:
    """Whether or not the rows went the short way: the same words, with the place."""
    named = MLPClassifier((4,), epochs=1, random_state=0).fit(pd.DataFrame(X).add_prefix("c"), TWO)
    rows = X[:3].copy()
    rows[1, 4] = endless
    for model, form in ((WIDE, rows), (WIDE, rows.tolist()), (named, rows)):
        with pytest.raises(InputError, match=r"Input X contains .* in row 1, column 4"):
            model.predict_proba(form)


def test_an_infinity_is_refused_by_name() -> None:
    row = X[0].copy()
    row[4] = -np.inf
    with pytest.raises(ColumnError, match="column 'x4' must hold"):
        WIDE_LIGHT.predict_proba(row)
    with pytest.raises(ColumnError, match=r"row 2: column 'x4' must hold finite numbers within ±1e\+30, got -inf"):
        WIDE_LIGHT.predict_proba(np.vstack([X[1], row]))


@pytest.mark.parametrize("rows", [5, 2.5, "titanic", None, pd.DataFrame(X), {1, 2}, iter([])])
def test_what_is_no_row_is_refused(rows: Any) -> None:
    with pytest.raises(InputError, match=r"expected a row .*a matrix, a list of dicts or a Table, got"):
        WIDE_LIGHT.predict(rows)


def test_rows_and_dicts_do_not_mix_with_single_cells() -> None:
    with pytest.raises(InputError, match=r"row 2: a row must be a list, a tuple, .*got float 2.5"):
        WIDE_LIGHT.predict([X[0].tolist(), 2.5])


def test_no_rows_give_no_answers() -> None:
    assert WIDE_LIGHT.predict_proba(X[:0]).shape == (0, 2)
    assert predictor(MLPRegressor(**OPTIONS).fit(X, X[:, 0])).predict(X[:0]).shape == (0,)


def test_levels_that_must_be_known() -> None:
    spec = PreparationSpec(categories=CategoryRecipe(handle_unknown="error"))
    light = predictor(MLPClassifier(**OPTIONS, preparation=spec).fit(TABLE, TWO))
    with pytest.raises(ColumnError, match="column 'city' has the unknown level 'Boon'; did you mean 'Bonn'"):
        light.predict({**ROWS[1], "city": "Boon"})


def test_what_a_predictor_says_of_itself() -> None:
    assert WIDE_LIGHT.columns == tuple(f"x{k}" for k in range(6))
    assert OF_TABLE.columns == tuple(MIXED)
    assert isinstance(WIDE_LIGHT, pellucid.estimators.predictors.ClassPredictor)
    assert WIDE_LIGHT.classes.tolist() == ["no", "yes"]
    assert repr(WIDE_LIGHT) == f"ClassPredictor(6 columns, a {WIDE.network_} network)"
    assert not hasattr(predictor(MLPRegressor(**OPTIONS).fit(X, X[:, 0])), "predict_proba")


def test_it_is_a_copy_that_cannot_be_changed() -> None:
    model = MLPClassifier(**OPTIONS).fit(X, TWO)
    light = predictor(model)
    before = light.predict_proba(X)
    for value in model.parameters_.values():
        value[...] = 0.0
    model.classes_[:] = "none"
    np.testing.assert_array_equal(light.predict_proba(X), before)
    assert light.predict(X[0]) in ("no", "yes")
    with pytest.raises(dataclasses.FrozenInstanceError):
        light.learned = None  # type: ignore[misc,assignment]
    for array in (*light.learned.parameters.values(), light.classes):  # type: ignore[union-attr]
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@pytest.mark.parametrize("again", [lambda p: pickle.loads(pickle.dumps(p)), copy.deepcopy, copy.copy])
def test_pickles_and_copies_answer_the_same(again: Any) -> None:
    for light, rows in ((WIDE_LIGHT, GAPS), (OF_TABLE, ROWS)):
        other = again(light)
        np.testing.assert_array_equal(other.predict_proba(rows), light.predict_proba(rows))
        np.testing.assert_array_equal(other.predict_proba(rows[0]), light.predict_proba(rows[0]))


def test_many_threads_at_once() -> None:
    expected = [OF_TABLE.predict_proba(row).tolist() for row in ROWS]
    numbers = [WIDE_LIGHT.predict_proba(row).tolist() for row in GAPS]

    def ask(k: int) -> bool:
        k %= len(ROWS)
        same = WIDE_LIGHT.predict_proba(GAPS[k]).tolist() == numbers[k]
        return same and OF_TABLE.predict_proba(ROWS[k]).tolist() == expected[k]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(3000)))


def test_from_a_file_or_a_folder_of_train(tmp_path: Path) -> None:
    path = pellucid.save(ON_TABLE, tmp_path / "model.pellucid")
    for source in (path, str(path), tmp_path):
        np.testing.assert_array_equal(predictor(source).predict_proba(ROWS), OF_TABLE.predict_proba(ROWS))
    with pytest.raises(FileError, match="cannot read the model file"):
        predictor(tmp_path / "none.pellucid")
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(ModelFileError):
        predictor(path)


@pytest.mark.parametrize("model", [MLPClassifier(), 5, None, MLPClassifier])
def test_only_fitted_models(model: Any) -> None:
    with pytest.raises(InputError, match="expected a fitted MLPClassifier or MLPRegressor, or the path"):
        predictor(model)


def test_decimals_are_numbers() -> None:
    row = {**ROWS[1], "age": decimal.Decimal("33.5"), "code": decimal.Decimal("2.0")}
    close(OF_TABLE.predict_proba(row), OF_TABLE.predict_proba({**row, "age": 33.5, "code": "2"}), "float32")


def test_numbers_too_large_to_compute_with_are_refused_on_both_roads() -> None:
    row = np.array([[0.0, 0.0, 2e30, 0.0, 0.0, 0.0]])
    with pytest.raises(InputError, match=r"contains the number 2e\+30 in row 0, column 2"):
        WIDE.predict_proba(row)
    with pytest.raises(ColumnError, match="column 'x2' must hold"):
        WIDE_LIGHT.predict_proba(row[0])
