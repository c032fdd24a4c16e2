"""The Titanic table of documents 000 and 001, split and prepared as they did, by pellucid's own preparation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from golden_files import Stream, fixtures

from pellucid import FittedNetwork, NetworkSpec, Table, TrainingSpec, fit_network, nn, read
from pellucid.data import Split
from pellucid.preprocessing import CategoryRecipe, NumberRecipe, Preparation, PreparationSpec, fit_preparation

FOUR = ("Age", "SibSp", "Parch", "Fare")
# The twelve columns of document 001 in its order; its fare is a logarithm.
TWELVE = ("Age", "SibSp", "Parch", "Fare", "Sex=male", "Sex=female", "Pclass=1", "Pclass=2", "Pclass=3",
          "Embarked=C", "Embarked=Q", "Embarked=S")  # fmt: skip
PLAIN = NumberRecipe(impute="mode", missing_flag=False, log1p=False, scale="max_abs", clip=None, levels=False)
LEVELS = CategoryRecipe(impute="mode", min_frequency=1, max_levels=1000)


@dataclass(frozen=True, eq=False)
class Rows:
    """Inputs (rows, columns) and targets (rows,) of training and validation rows."""

    X: np.ndarray
    y: np.ndarray
    X_valid: np.ndarray
    y_valid: np.ndarray


@cache
def titanic() -> Table:
    return read("titanic")


@cache
def split() -> Split:
    rows = fixtures()["titanic_split"]
    return Split(np.array(rows["train_rows"]), np.array(rows["valid_rows"]), "the rows of the documents")


def survived(rows: np.ndarray) -> np.ndarray:
    return titanic()["Survived"].values[rows].astype(np.float64)


@cache
def four_prepared() -> Preparation:
    """Document 000: gaps filled by the mode, columns divided by the maximum, both of the training rows."""
    return fit_preparation(titanic().select(FOUR).take(split().training), PreparationSpec(numbers=PLAIN))


@cache
def four() -> Rows:
    train, valid = split().training, split().held_out
    X = four_prepared().transform(titanic())
    return Rows(X[train], survived(train), X[valid], survived(valid))


def twelve_prepared(rows: Sequence[int] | np.ndarray | None = None, scale: str = "max_abs") -> Preparation:
    """Document 001 learned filling and scaling from all 891 rows, training rows or not; so does `rows` None."""
    plain = replace(PLAIN, scale=scale)
    columns = {"Fare": replace(plain, log1p=True), "Pclass": LEVELS}
    table = titanic().select([*FOUR, "Sex", "Pclass", "Embarked"])
    table = table if rows is None else table.take(np.asarray(rows))
    return fit_preparation(table, PreparationSpec(numbers=plain, categories=LEVELS, columns=columns))


@cache
def twelve_of_all(scale: str = "max_abs") -> np.ndarray:
    """All rows (891, 12), columns in the order of the document."""
    prepared = twelve_prepared(scale=scale)
    return prepared.transform(titanic())[:, [prepared.names.index(name) for name in TWELVE]]


@cache
def twelve() -> Rows:
    X, train, valid = twelve_of_all(), split().training, split().held_out
    return Rows(X[train], survived(train), X[valid], survived(valid))


def start(sizes: Sequence[int], seed: int, bias: object = False, how: object = "uniform") -> nn.Parameters:
    """First parameters from the numbers that the document drew after `torch.manual_seed(seed)`."""
    return nn.initialize(sizes, bias, how, Stream(seed))  # type: ignore[arg-type]


def descend(
    rows: Rows,
    network: NetworkSpec,
    initial: nn.Parameters,
    loss: str | nn.Loss,
    rate: float,
    epochs: int,
    optimizer: str | nn.Optimizer = "sgd",
) -> FittedNetwork:
    """All rows in every step."""
    plan = TrainingSpec(loss, optimizer, rate, epochs)
    return fit_network(rows.X, rows.y, network, plan, initial=initial, validation=(rows.X_valid, rows.y_valid))
