"""The whole preparation: names, sources, roles, rows, JSON, errors."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

import pellucid
from pellucid import preprocessing
from pellucid.data.table import Column, Table
from pellucid.errors import ColumnError, ShapeError, SpecError
from pellucid.preprocessing import (
    CategoryRecipe,
    DateRecipe,
    NumberRecipe,
    Preparation,
    PreparationSpec,
    fit_preparation,
)


def mixed():
    rows = 20
    return Table(
        [
            Column("Id", "number", np.arange(rows) + 0.0, role="identifier", reason="different in every row"),
            Column("Age", "number", np.where(np.arange(rows) == 3, np.nan, np.arange(rows) * 1.5)),
            Column("Sex", "category", (np.arange(rows) % 2).astype(np.int32), ("male", "female")),
            Column("Joined", "date", np.datetime64("2024-01-01", "us") + np.arange(rows).astype("timedelta64[D]")),
            Column("Ship", "category", np.zeros(rows, dtype=np.int32), ("Titanic",)),
            Column("Note", "number", np.full(rows, np.nan), role="empty"),
        ]
    )


def test_names_sources_and_what_is_set_aside():
    preparation = fit_preparation(mixed())
    assert preparation.names == (
        "Age", "Age missing", "Sex=female", "Sex=male", "Joined day", "Joined weekday", "Joined elapsed"
    )  # fmt: skip
    assert preparation.sources == ("Age", "Age", "Sex", "Sex", "Joined", "Joined", "Joined")
    assert preparation.set_aside == {
        "Id": "different in every row",
        "Ship": "every training row has the level 'Titanic'",
        "Note": "empty",
    }
    assert len(preparation.story) == 6
    assert [sentence.split(":")[0] for sentence in preparation.story] == list(mixed().names)
    assert preparation.story[0] == "Id: not used, because different in every row"


def test_matrix_is_contiguous_and_of_the_type_asked_for():
    preparation = fit_preparation(mixed())
    for dtype in (np.float64, np.float32):
        matrix = preparation.transform(mixed(), dtype)
        assert matrix.shape == (20, 7)
        assert matrix.dtype == dtype
        assert matrix.flags.c_contiguous
    assert preparation.transform(mixed().take(np.array([], dtype=int))).shape == (0, 7)


def test_columns_come_in_any_order_and_others_are_ignored():
    table = mixed()
    preparation = fit_preparation(table)
    other = table.select(["Joined", "Sex", "Age"]).with_column(Column("New", "number", np.zeros(20)))
    np.testing.assert_array_equal(preparation.transform(other), preparation.transform(table))


def test_rows_equal_the_matrix():
    table = mixed()
    preparation = fit_preparation(table)
    matrix = preparation.transform(table)
    for i in range(20):
        assert preparation.transform_row(table.row(i)).tolist() == matrix[i].tolist()
    texts = {"Age": "4.5", "Sex": "male", "Joined": "2024-01-04", "extra": object()}
    assert preparation.transform_row(texts).tolist() == preparation.transform_row(
        {"Age": 4.5, "Sex": "male", "Joined": table["Joined"].cell(3)}
    ).tolist()  # fmt: skip


def test_json_both_ways():
    preparation = fit_preparation(mixed())
    again = Preparation.from_dict(json.loads(json.dumps(preparation.to_dict(), allow_nan=False)))
    assert again == preparation
    np.testing.assert_array_equal(again.transform(mixed()), preparation.transform(mixed()))


def test_a_missing_column_gets_the_nearest_name():
    preparation = fit_preparation(mixed())
    with pytest.raises(ColumnError, match="no column 'Age'; did you mean 'age'"):
        preparation.transform(mixed().drop(["Age"]).with_column(Column("age", "number", np.zeros(20))))
    with pytest.raises(ColumnError, match="the row has no column 'Age'; did you mean 'age'"):
        preparation.transform_row({"age": 1, "Sex": "male"})


def test_recipes_of_single_columns():
    spec = PreparationSpec(columns={"Id": NumberRecipe(scale="none", log1p=False), "Joined": DateRecipe("day")})
    preparation = fit_preparation(mixed(), spec)
    assert preparation.names[0] == "Id"
    assert preparation.transform(mixed())[:, 0].tolist() == list(range(20))
    assert preparation.names[-1] == "Joined day"
    with pytest.raises(ColumnError, match="no column 'Agee'; did you mean 'Age'"):
        fit_preparation(mixed(), PreparationSpec(columns={"Agee": NumberRecipe()}))
    with pytest.raises(ColumnError, match="'Joined' must hold categories, but it holds dates"):
        fit_preparation(mixed(), PreparationSpec(columns={"Joined": CategoryRecipe()}))
    with pytest.raises(ColumnError, match="row 1: column 'Sex' must hold numbers, got 'male'"):
        fit_preparation(mixed(), PreparationSpec(columns={"Sex": NumberRecipe()}))


def test_only_the_given_rows_are_learned_from():
    table = mixed()
    rows = np.array([0, 2, 4])
    preparation = fit_preparation(table.take(rows))
    assert preparation.columns[0].scaling.center == pytest.approx(3.0)
    assert preparation.set_aside["Sex"] == "every training row has the level 'male'"
    weights = np.zeros(20)
    weights[rows] = 1
    assert fit_preparation(table, weights=weights) == preparation


def test_unusable_rows_and_weights():
    with pytest.raises(ShapeError, match="20 rows"):
        fit_preparation(mixed(), weights=np.ones(3))
    with pytest.raises(ColumnError, match="no rows to learn"):
        fit_preparation(mixed().take(np.array([], dtype=int)))
    with pytest.raises(ColumnError, match="no column is left to learn from: Ship: every training row"):
        fit_preparation(mixed().select(["Ship"]))


def test_specs_survive_json():
    spec = PreparationSpec(
        numbers=NumberRecipe(scale="quantile", clip=None),
        dates=DateRecipe(("month", "day"), NumberRecipe(levels=True)),
        columns={"a": CategoryRecipe(min_frequency=2), "b": DateRecipe(), "c": NumberRecipe(impute="mode")},
    )
    again = PreparationSpec.from_dict(json.loads(json.dumps(spec.to_dict())))
    assert again == spec
    assert PreparationSpec.from_dict({}) == PreparationSpec()
    assert repr(CategoryRecipe(max_levels=7)).startswith("CategoryRecipe(encoding='one_hot'")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: NumberRecipe(scale="standrd"), "scale must be one of 'standard'"),
        (lambda: NumberRecipe(impute="zero"), "impute must be one of 'median'"),
        (lambda: NumberRecipe(log1p=1), "log1p must be one of 'auto', True, False, got 1"),
        (lambda: NumberRecipe(constant=float("nan")), "constant must be a finite number, got nan"),
        (lambda: NumberRecipe(clip=0.5), "clip must be a finite number of at least 1"),
        (lambda: CategoryRecipe(encoding="onehot"), "encoding must be one of 'one_hot'"),
        (lambda: CategoryRecipe(max_levels=0), "max_levels must be a finite number of at least 1"),
        (lambda: DateRecipe(("mnth",)), "unknown part of a date 'mnth'; did you mean 'month'"),
        (lambda: PreparationSpec(numbers=CategoryRecipe()), "numbers must be a NumberRecipe"),
        (lambda: PreparationSpec(columns={"a": "one_hot"}), "the recipe of column 'a' must be a recipe"),
        (lambda: PreparationSpec.from_dict({"numbers": {"scal": "none"}}), "no 'scal'; did you mean 'scale'"),
        (lambda: PreparationSpec.from_dict({"columns": {"a": {"kind": "dat"}}}), "did you mean 'date'"),
    ],
)
def test_recipes_that_make_no_sense(make, message):
    with pytest.raises(SpecError, match=message):
        make()


def test_public_names():
    for name in preprocessing.__all__:
        assert getattr(preprocessing, name).__name__ == name
    assert pellucid.preprocessing is preprocessing
    with pytest.raises(AttributeError, match="fit_prep"):
        _ = preprocessing.fit_prep


def test_prediction_needs_numpy_alone():
    code = """
import json, sys
from pellucid.preprocessing import Preparation
Preparation.from_dict(json.loads(sys.stdin.read())).transform_row({"Age": 1, "Sex": None, "Joined": "2024-05-01"})
outside = {name.split(".")[0] for name in sys.modules} & {"polars", "pandas", "scipy", "sklearn", "narwhals"}
assert not outside, outside
"""
    text = json.dumps(fit_preparation(mixed()).to_dict())
    done = subprocess.run([sys.executable, "-c", code], input=text, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
