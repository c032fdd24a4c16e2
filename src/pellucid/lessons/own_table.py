"""The last page of every lesson: the same steps on the reader's own table."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ..data.read import read
from ..data.table import Column, Table
from ..errors import ColumnError, DataError, PellucidError, nearest
from .questions import plain

# What a page works through while the reader waits.
MOST_ROWS = 2000
MOST_INPUTS = 12
MOST_CLASSES = 10
FEWEST_ROWS = 4

INVITATION = "**Now on your table.** Drop a file above, and the steps of this lesson run on your own numbers."


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a table that have a number in every chosen column.

    `X` (rows, inputs) holds the columns `inputs`, `y` (rows,) the column `target`: its numbers, or the codes of
    `classes`, which is empty where the target is a number. `told` (markdown) says what was taken and what was left.
    """

    inputs: tuple[str, ...]
    target: str
    X: np.ndarray
    y: np.ndarray
    classes: tuple[str, ...]
    told: str


def on_your_table(
    source: Any, steps: Callable[[Rows], str], *, target: str = "", classes: bool = False, inputs: int = MOST_INPUTS
) -> str:
    """Markdown: what was read, then what `steps` says of it; a table that will not do gets a plain sentence.

    `source` is a path, what marimo's `ui.file` widget holds, or None. `target` names the column to be predicted; left
    empty, it is the last column that can be: of a few classes where `classes`, else of numbers. `inputs` is how many
    columns of numbers are taken at most.
    """
    try:
        table = _table(source)
        if table is None:
            return INVITATION
        rows = _rows(table, target.strip(), classes, inputs)
        return f"{rows.told}\n\n{steps(rows)}"
    except PellucidError as problem:
        return f"**This table will not do**: {problem}."


def _table(source: Any) -> Table | None:
    """What was dropped, as a table; None when nothing was."""
    dropped = getattr(source, "value", source)
    if dropped is None or (isinstance(dropped, (list, tuple)) and not dropped):
        return None
    if isinstance(dropped, (str, PathLike)):
        return read(dropped)
    name, contents = Path(dropped[0].name).name, dropped[0].contents
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(contents)
        try:
            return read(path)
        except PellucidError as problem:
            raise DataError(str(problem).replace(str(path), name).replace(folder, "")) from None


def _rows(table: Table, target: str, classes: bool, most: int) -> Rows:
    if len(table) < FEWEST_ROWS:
        raise DataError(f"it has {_count(len(table), 'row')}; there is nothing to learn from fewer than {FEWEST_ROWS}")
    aim = _target(table, target, classes)
    numbers = [column for column in table if column.name != aim.name and _usable(column)]
    if not numbers:
        raise DataError(
            f"it has no column of numbers beside {plain(aim.name)}; the steps of this lesson multiply numbers"
        )
    numbers = numbers[:most]
    whole = ~np.any([column.missing for column in (*numbers, aim)], axis=0)
    if whole.sum() < FEWEST_ROWS:
        raise DataError(f"only {_count(int(whole.sum()), 'row')} of {len(table):,} have every number that is needed")
    kept = np.flatnonzero(whole)
    if len(kept) > MOST_ROWS:
        kept = np.sort(np.random.default_rng(0).choice(kept, MOST_ROWS, replace=False))
    levels, y = _codes(aim, kept) if classes else ((), aim.values[kept])
    if len(np.unique(y)) < 2:
        raise DataError(
            f"the rows that are left have one value only in {plain(aim.name)}, so nothing is to be told apart"
        )
    X = np.column_stack([column.values[kept] for column in numbers])
    names = tuple(column.name for column in numbers)
    shown = ", ".join(plain(name) for name in names)
    gaps, more = len(table) - int(whole.sum()), int(whole.sum()) - len(kept)
    told = f"Read {len(table):,} rows. To be predicted: {plain(aim.name)}. From: {shown}."
    told += f" {_count(gaps, 'row')} with gaps left out." if gaps else ""
    told += f" Of the others {len(kept):,} were drawn, so that the page answers at once." if more else ""
    return Rows(names, aim.name, X, y.astype(np.float64), levels, told)


def _target(table: Table, name: str, classes: bool) -> Column:
    able = _few_values if classes else _usable
    if name:
        if name not in table:
            raise ColumnError(f"there is no column {plain(name)}{nearest(name, table.names)}")
        if not able(table[name]):
            needed = f"2 to {MOST_CLASSES} different values" if classes else "numbers that differ"
            raise ColumnError(f"{plain(name)} cannot be the target here, which takes {needed}")
        return table[name]
    found = [column for column in table if able(column)]
    if not found:
        needed = f"with 2 to {MOST_CLASSES} different values" if classes else "of numbers"
        raise DataError(f"it has no column {needed}, so there is nothing to predict")
    return found[-1]


def _usable(column: Column) -> bool:
    return column.kind == "number" and column.role == "input"


def _few_values(column: Column) -> bool:
    if column.kind == "date" or column.role != "input":
        return False
    return 2 <= len(np.unique(column.values[~column.missing])) <= MOST_CLASSES


def _codes(column: Column, kept: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
    values, codes = np.unique(column.values[kept], return_inverse=True)
    if column.kind == "category":
        return tuple(column.levels[int(value)] for value in values), codes
    return tuple(f"{value:g}" for value in values), codes


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
