"""Two tables to draw with: the admissions of a lecture, and rows of bank marketing; absent without ../shared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import pellucid

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
ROWS = 400
NAMES = ("admissions", "bank marketing")


@dataclass(frozen=True, eq=False)
class Drawable:
    """A small fitted model, its table, and its answers on the rows it learned from.

    `numbers` are two number columns, `levels` is one that is drawn as bars.
    """

    numbers: tuple[str, str]
    levels: str
    table: pellucid.Table
    target: str
    model: pellucid.MLPClassifier
    truth: np.ndarray
    chance: np.ndarray
    positive: str

    @property
    def row(self) -> dict[str, object]:
        """The cells of the first row."""
        return {column.name: column.cell(0) for column in self.table if column.name != self.target}


@cache
def drawable(name: str) -> Drawable:
    file, target, numbers, levels, columns = {
        "admissions": ("gpa1.csv", "admit", ("gre", "gpa"), "ranked second", ("gre", "gpa", "ranked second")),
        "bank marketing": (
            *("bank_marketing_full.csv", "deposit", ("age", "duration"), "housing"),
            ("age", "balance", "housing", "duration"),
        ),
    }[name]
    if not (DATA / file).exists():
        pytest.skip(f"{file} is not in ../shared/data")
    table = _read(DATA / file).select([*columns, target])
    table = table.take(np.linspace(0, len(table) - 1, ROWS).astype(int))
    cells = [table[target].cell(row) for row in range(len(table))]
    y = np.array([cell if isinstance(cell, str) else f"{cell:g}" for cell in cells])
    X = table.select(list(columns))
    model = pellucid.MLPClassifier((3,), epochs=8, activation="tanh", random_state=0).fit(X, y)
    return Drawable(numbers, levels, X, target, model, y, model.predict_proba(X)[:, 1], str(model.classes_[1]))


def _read(file: Path) -> pellucid.Table:
    """The table; of the admissions with one of its 0/1 columns as a category."""
    table = pellucid.read(file)
    if "rank_2" not in table.names:
        return table
    cells = {column.name: column.values for column in table if column.name != "rank_2"}
    return pellucid.read({**cells, "ranked second": np.where(table["rank_2"].values == 1, "yes", "no")})
