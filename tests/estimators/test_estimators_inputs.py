"""Arrays, frames, dicts and tables in; the same columns asked for at prediction."""

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import MLPClassifier, MLPRegressor, read
from pellucid.errors import ColumnError, DataError, InputError, ShapeError
from pellucid.preprocessing import CategoryRecipe, PreparationSpec

RNG = np.random.default_rng(1)
ROWS = 90
OPTIONS: dict[str, Any] = {"hidden_layer_sizes": (6,), "epochs": 4, "random_state": 0}
FRAME = pd.DataFrame(
    {
        "age": np.where(RNG.random(ROWS) < 0.2, np.nan, RNG.normal(40, 10, ROWS)),
        "city": RNG.choice(["Bonn", "Rome", "Oslo", None], ROWS),
        "since": pd.Timestamp("2024-01-01") + pd.to_timedelta(RNG.integers(0, 300, ROWS), "D"),
        "member": RNG.random(ROWS) < 0.5,
        "same": 1.0,
    }
)
Y = np.where(FRAME["member"] ^ (FRAME["city"] == "Rome"), "yes", "no")
MODEL = MLPClassifier(**OPTIONS).fit(FRAME, Y)
BY_ORDER = {"pandas": lambda f: f, "polars": pl.from_pandas, "arrow": pa.Table.from_pandas}
BY_NAME = {
    "table": read,
    "lazy": lambda f: pl.from_pandas(f).lazy(),
    "columns": lambda f: f.to_dict("list"),
    "records": lambda f: f.to_dict("records"),
}
EVERY = {**BY_ORDER, **BY_NAME}


@pytest.mark.parametrize("name", EVERY)
def test_every_container_gives_the_same_model(name: str) -> None:
    rows = EVERY[name](FRAME)
    model = MLPClassifier(**OPTIONS).fit(rows, Y)
    assert model.feature_names_in_.tolist() == list(FRAME.columns)
    assert model.n_features_in_ == 5
    np.testing.assert_array_equal(model.predict_proba(rows), MODEL.predict_proba(FRAME))
    np.testing.assert_array_equal(MODEL.predict_proba(rows), MODEL.predict_proba(FRAME))


def test_what_was_made_of_the_columns() -> None:
    assert set(MODEL.preparation_.sources) == {"age", "city", "since", "member"}
    assert "every training row" in MODEL.preparation_.set_aside["same"] or "same value" in MODEL.preparation_.story[4]
    assert MODEL.parameters_["layers.0.weight"].dtype == np.float32


@settings(deadline=None, max_examples=20)
@given(st.permutations(list(FRAME.columns)), st.sampled_from(list(BY_NAME)), st.booleans())
def test_tables_and_dicts_are_matched_by_name(order: list[str], name: str, with_more: bool) -> None:
    rows = FRAME[order].assign(**({"another": "x"} if with_more else {}))
    np.testing.assert_array_equal(MODEL.predict_proba(BY_NAME[name](rows)), MODEL.predict_proba(FRAME))


@pytest.mark.parametrize("name", BY_ORDER)
def test_frames_need_the_same_columns_in_the_same_order(name: str) -> None:
    make = BY_ORDER[name]
    with pytest.raises(ColumnError, match=r"(?s)same order.*X\[list\(model.feature_names_in_\)\]"):
        MODEL.predict(make(FRAME[FRAME.columns[::-1]]))
    with pytest.raises(ColumnError, match=r"(?s)unseen at fit time.*- extra"):
        MODEL.predict(make(FRAME.assign(extra=1)))
    with pytest.raises(ColumnError, match="column 'age' of the training rows is missing; did you mean 'Age'"):
        MODEL.predict(make(FRAME.rename(columns={"age": "Age"})))


@pytest.mark.parametrize("name", EVERY)
def test_a_missing_column_is_named_with_the_nearest(name: str) -> None:
    with pytest.raises(ColumnError, match="column 'city' of the training rows is missing; did you mean 'citi'"):
        MODEL.predict(EVERY[name](FRAME.rename(columns={"city": "citi"})))


def test_levels_gaps_and_kinds_that_are_new_at_prediction() -> None:
    strange = FRAME.assign(city="Atlantis", age=np.nan, since=pd.NaT)
    assert np.isfinite(MODEL.predict_proba(strange)).all()
    strict = PreparationSpec(categories=CategoryRecipe(handle_unknown="error"))
    model = MLPClassifier(**OPTIONS, preparation=strict).fit(FRAME, Y)
    with pytest.raises(ColumnError, match="Atlantis"):
        model.predict(strange)
    with pytest.raises(ColumnError, match="row 5: column 'age' must hold numbers, got 'old'"):
        MODEL.predict(FRAME.assign(age=["1", "2", "3", "4", "old", *["6"] * 85]))


def test_one_row_at_a_time_is_the_same_as_all_at_once() -> None:
    together = MODEL.predict_proba(FRAME)
    alone = np.vstack([MODEL.predict_proba(FRAME.iloc[[row]]) for row in range(10)])
    np.testing.assert_allclose(alone, together[:10], rtol=1e-5)


def test_names_on_one_side_only_are_taken_by_position_with_scikit_learns_warning() -> None:
    numbers = RNG.normal(size=(30, 2))
    named = pd.DataFrame(numbers, columns=["a", "b"])
    y = numbers[:, 0]
    with_names, without = MLPRegressor(**OPTIONS).fit(named, y), MLPRegressor(**OPTIONS).fit(numbers, y)
    assert not hasattr(without, "feature_names_in_")
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        np.testing.assert_allclose(with_names.predict(numbers), with_names.predict(named), rtol=1e-6)
    with pytest.warns(UserWarning, match="fitted without feature names"):
        np.testing.assert_array_equal(without.predict(named), without.predict(numbers))
    np.testing.assert_array_equal(without.predict(read(named)), without.predict(numbers))
    with pytest.raises(ShapeError, match="X has 1 column, training had 2 without names"):
        without.predict({"a": numbers[:, 0]})
    with pytest.raises(ValueError, match="X has 3 features, but MLPRegressor is expecting 2"):
        without.predict(np.ones((4, 3)))


def test_a_frame_of_numbers_without_names_is_an_array() -> None:
    numbers = RNG.normal(size=(30, 2))
    model = MLPRegressor(**OPTIONS).fit(pd.DataFrame(numbers), numbers[:, 0])
    np.testing.assert_array_equal(model.predict(numbers), model.predict(pd.DataFrame(numbers)))
    assert model.coefs_[0].dtype == np.float64


def test_a_new_fit_forgets_the_old_columns() -> None:
    model = MLPRegressor(**OPTIONS).fit(FRAME[["age", "city"]], range(ROWS))
    model.fit(np.eye(4), range(4))
    assert not hasattr(model, "feature_names_in_")
    assert model.n_features_in_ == 4


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "bool", "float16"])
def test_arrays_train_in_their_own_floating_type(dtype: str) -> None:
    model = MLPRegressor(**OPTIONS).fit((5 * RNG.normal(size=(20, 2))).clip(0).astype(dtype), range(20))
    expected = np.float32 if dtype == "float32" else np.float64
    assert {value.dtype for value in model.parameters_.values()} == {np.dtype(expected)}
    assert model.predict(np.ones((3, 2), dtype)).dtype == np.float64


def test_gaps_in_an_array_are_filled_and_flagged() -> None:
    numbers = RNG.normal(size=(60, 2))
    gap = RNG.random(60) < 0.4
    numbers[gap, 0] = np.nan
    model = MLPClassifier(**{**OPTIONS, "epochs": 60, "learning_rate": 0.05}).fit(numbers, gap)
    assert model.preparation_.names == ("x0", "x0 missing", "x1")
    assert model.score(numbers, gap) == 1
    assert np.isfinite(MLPRegressor(**OPTIONS).fit(numbers, range(60)).predict(np.full((2, 2), np.nan))).all()
    objects = np.where(np.isnan(numbers), None, numbers.astype(object))
    np.testing.assert_array_equal(model.predict(objects), model.predict(numbers))


@pytest.mark.parametrize("as_type", [np.asarray, lambda rows: np.array(rows, dtype=object), list, tuple])
def test_arrays_and_lists_with_texts(as_type: Any) -> None:
    rows = [[k % 7, "red" if k % 3 else "blue"] for k in range(40)]
    y = [k % 3 == 0 for k in range(40)]
    model = MLPClassifier(**{**OPTIONS, "epochs": 60, "learning_rate": 0.05}).fit(as_type(rows), y)
    assert model.score(as_type(rows), y) == 1
    assert "x1=blue" in model.preparation_.names
    assert model.predict(as_type([[3, "green"]])).shape == (1,)


def test_dates_in_an_array() -> None:
    days = np.datetime64("2024-01-01") + np.arange(40).reshape(20, 2).astype("timedelta64[D]")
    assert "x0 elapsed" in MLPRegressor(**OPTIONS).fit(days, range(20)).preparation_.names


def test_a_column_that_does_not_vary_is_set_aside() -> None:
    numbers = np.column_stack([RNG.normal(size=20), np.ones(20)])
    model = MLPRegressor(**OPTIONS).fit(numbers, numbers[:, 0])
    assert model.preparation_.sources == ("x0",)
    assert "every training row has the value 1" in model.preparation_.set_aside["x1"]
    assert model.coefs_[0].shape == (1, 6)
    changed = np.column_stack([numbers[:, 0], RNG.normal(size=20)])
    np.testing.assert_array_equal(model.predict(changed), model.predict(numbers))


@pytest.mark.parametrize(
    ("X", "error", "words"),
    [
        (np.ones((20, 2)), ColumnError, "no column is left to learn from: x0: .*; x1: "),
        (FRAME[["same"]][:20], ColumnError, "no column is left to learn from: same"),
        (np.ones((1, 2)), InputError, "n_samples = 1"),
        (FRAME[:1], InputError, "n_samples = 1"),
        (FRAME[:0], DataError, "0 rows"),
        (np.ones((0, 2)), ValueError, "0 sample"),
        (np.ones(20), ValueError, "Expected 2D array"),
        (np.array([[1.0, np.inf]] * 20), ValueError, "infinity"),
        ([[1, 2], [3]], ShapeError, "differ in length"),
        (FRAME.rename(columns={"age": "city"})[:20], ColumnError, "'city' stands 2 times"),
        (np.array([[{"a": 1}, 2]] * 20, dtype=object), ColumnError, "expected one value a cell, got a dict"),
    ],
)
def test_rows_that_cannot_be_used(X: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        MLPRegressor(**OPTIONS).fit(X, range(len(X)))


@pytest.mark.parametrize("name", BY_ORDER)
def test_a_model_of_a_table_matches_frames_by_name(name: str) -> None:
    model = MLPClassifier(**OPTIONS).fit(read(FRAME), Y)
    shuffled = FRAME[FRAME.columns[::-1]].assign(extra=1)
    np.testing.assert_array_equal(model.predict_proba(BY_ORDER[name](shuffled)), model.predict_proba(read(FRAME)))
    with pytest.raises(ColumnError, match="column 'age' of the training rows is missing; did you mean 'Age'"):
        model.predict(BY_ORDER[name](FRAME.rename(columns={"age": "Age"})))
    model.fit(FRAME, Y)  # now it is a model of a frame, and scikit-learn's rule holds again
    with pytest.raises(ColumnError, match="same order"):
        model.predict(BY_ORDER[name](FRAME[FRAME.columns[::-1]]))
