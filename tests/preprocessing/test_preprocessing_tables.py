"""Real tables, without an option and as a textbook prepares them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import pellucid
from pellucid.preprocessing import CategoryRecipe, NumberRecipe, Preparation, PreparationSpec, fit_preparation

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def read(name):
    path = SHARED / "data" / name
    if not path.exists():
        pytest.skip(f"{path.name} is not in ../shared/data")
    return pellucid.read(path)


def titanic_rows():
    path = SHARED / "goldens" / "fixtures.json"
    if not path.exists():
        pytest.skip("../shared/goldens/fixtures.json is not there")
    return np.array(json.loads(path.read_text())["titanic_split"]["train_rows"])


def test_titanic_as_in_the_textbook():
    table = read("titanic_train.csv")
    training = table.take(titanic_rows())
    assert len(training) == 713
    plain = NumberRecipe(impute="mode", missing_flag=False, log1p=False, scale="max_abs", levels=False)
    category = CategoryRecipe(impute="mode")
    spec = PreparationSpec(
        numbers=plain,
        categories=category,
        columns={"Fare": NumberRecipe(**{**plain.to_dict(), "log1p": True}), "Pclass": category},
    )
    inputs = ["Age", "SibSp", "Parch", "Fare", "Pclass", "Sex", "Embarked"]
    preparation = fit_preparation(training.select(inputs), spec)
    assert preparation.names == (
        "Age", "SibSp", "Parch", "Fare", "Pclass=1", "Pclass=2", "Pclass=3", "Sex=female", "Sex=male",
        "Embarked=C", "Embarked=Q", "Embarked=S",
    )  # fmt: skip
    steps = {step.name: step for step in preparation.columns}
    assert steps["Age"].fill == 24.0
    assert steps["Age"].scaling.divisor == 74.0
    assert steps["Fare"].scaling.divisor == pytest.approx(6.240917354759096, rel=1e-14)
    assert steps["Embarked"].fill == "S"
    matrix = preparation.transform(training)
    assert matrix.shape == (713, 12)
    assert matrix.max(axis=0).tolist() == [1.0] * 12
    assert matrix[:, 4:].sum() == 3 * 713


def test_titanic_without_an_option():
    table = read("titanic_train.csv").drop(["Survived"])
    preparation = fit_preparation(table)
    assert {"Age", "Age missing", "Sex=female", "Pclass=3", "Embarked=(missing)", "Fare"} <= set(preparation.names)
    assert {"PassengerId", "Name", "Ticket"} <= set(preparation.set_aside)
    assert preparation.story[4].startswith("Age: 177 missing filled with the median 28 and flagged; minus the mean")
    matrix = preparation.transform(table)
    assert np.isfinite(matrix).all()
    numbers = [preparation.names.index(name) for name in ("Age", "Fare", "SibSp")]
    np.testing.assert_allclose(matrix[:, numbers].mean(axis=0), 0, atol=0.03)
    again = Preparation.from_dict(json.loads(json.dumps(preparation.to_dict(), allow_nan=False)))
    for i in range(0, len(table), 7):
        assert again.transform_row(table.row(i)).tolist() == matrix[i].tolist()


@pytest.mark.parametrize(
    ("name", "target", "columns", "present"),
    [
        ("bike_hour.csv", "cnt", 86, {"hr=17", "mnth=12", "dteday year", "dteday elapsed", "weathersit=2"}),
        ("california_housing_cat.csv", "median_house_value", 14, {"total_bedrooms missing", "ocean_proximity=INLAND"}),
        ("bank_marketing_full.csv", "deposit", 51, {"job=admin.", "duration", "month=may"}),
        ("credit_default_uci.csv", "default", 61, {"PAY_1=2", "EDUCATION=1", "MARRIAGE=2", "SEX"}),
        ("telco_churn.csv", "Churn", 46, {"TotalCharges missing", "Contract=Two year", "tenure"}),
        ("letter.csv", "letter", 16, {"xbox", "yedgex"}),
    ],
)
def test_tables_without_an_option(name, target, columns, present):
    table = read(name).drop([target])
    preparation = fit_preparation(table)
    assert len(preparation.names) == len(set(preparation.names)) == columns
    assert present <= set(preparation.names)
    matrix = preparation.transform(table, np.float32)
    assert matrix.shape == (len(table), columns)
    assert np.abs(matrix).max() <= 10
    assert (matrix.std(axis=0) > 0).all()
    row = len(table) // 3
    assert preparation.transform_row(table.row(row)).astype(np.float32).tolist() == matrix[row].tolist()
