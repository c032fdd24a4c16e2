"""Single cells as people and programs send them, made into design columns by plain functions of one value.

A cell is read as `read` reads a column of its kind: blanks around a text do not count, and a text that is a mark for
"no value" is missing. What is of the wrong kind is refused by name rather than guessed.
"""

from __future__ import annotations

import datetime
import decimal
import math
import numbers
from collections.abc import Callable
from typing import Any

import numpy as np

from ..data.columns import LARGEST
from ..data.missing_marks import MISSING_MARKS
from ..errors import ColumnError
from .categories import CategoryStep
from .conversion import cell_number, cell_text
from .dates import DateStep
from .numbers import NumberStep

# The design columns (outputs,) of one cell.
CellReader = Callable[[Any], list[float]]


def cell_reader(step: NumberStep | CategoryStep | DateStep) -> CellReader:
    """The function from a cell to the design columns of `step`: what `step.cell` gives, in less time.

    Numbers beyond ±1e30 are refused: `read` would take them for a mark of "no value". The function raises
    `ColumnError` for a cell that cannot be used. The lists that it gives are shared: do not write to them.
    """
    if isinstance(step, NumberStep):
        return _number_reader(step)
    return _category_reader(step) if isinstance(step, CategoryStep) else _date_reader(step)


def _number_reader(step: NumberStep) -> CellReader:
    if not step.number or step.scaling.knots:
        return lambda cell: step.one(_number(cell, step.name))
    name, log1p = step.name, step.log1p
    center, divisor = step.scaling.center, step.scaling.divisor
    most = math.inf if step.clip is None else step.clip
    gap = step.one(math.nan)
    rest = [0.0] * (len(gap) - 1)
    rest_of_levels = {level: step.one(level)[1:] for level in step.levels}

    def read(cell: Any) -> list[float]:
        value = cell if type(cell) is float and -LARGEST <= cell <= LARGEST else _number(cell, name)
        if value != value:
            return gap
        changed = math.copysign(math.log1p(abs(value)), value) if log1p else value
        scaled = (changed - center) / divisor
        held = most if scaled > most else -most if scaled < -most else scaled
        return [held, *rest_of_levels.get(value, rest)] if rest else [held]

    return read


def _category_reader(step: CategoryStep) -> CellReader:
    rows = {level: step.cell(level) for level in step.levels}

    def read(cell: Any) -> list[float]:
        row = rows.get(cell) if type(cell) is str else None
        return step.cell(_text(cell, step.name)) if row is None else row

    return read


def _date_reader(step: DateStep) -> CellReader:
    return lambda cell: step.cell(_trimmed(cell) if isinstance(cell, str) else cell)


def _number(cell: Any, name: str) -> float:
    """A cell of a number column, NaN when missing."""
    if isinstance(cell, (bool, np.bool_)):
        raise ColumnError(f"column {name!r} must hold numbers, got {cell!r}")
    try:
        value = cell_number(_trimmed(cell) if isinstance(cell, str) else cell, name)
    except OverflowError:
        value = math.inf
    if abs(value) > LARGEST:
        limit = f"±{LARGEST:.3g}".replace("e+", "e")
        raise ColumnError(f"column {name!r} must hold numbers within {limit}, got {cell!r}; give None if unknown")
    return value


def _text(cell: Any, name: str) -> str | None:
    """A cell of a column of categories, None when missing."""
    if isinstance(cell, str):
        return _trimmed(cell)
    text = cell_text(cell)
    if text is None or isinstance(cell, (numbers.Real, np.bool_)):
        return text
    if isinstance(cell, decimal.Decimal):
        return cell_text(float(cell))
    if isinstance(cell, (datetime.date, datetime.timedelta, np.datetime64, np.timedelta64)):
        raise ColumnError(f"column {name!r} must hold categories, got the date or time {cell!r}; give it as text")
    if isinstance(cell, (list, tuple, set, dict, bytes, np.ndarray)):
        raise ColumnError(f"column {name!r} must hold one value a cell, got {cell!r}")
    return text


def _trimmed(text: str) -> str | None:
    trimmed = text.strip()
    return None if trimmed.lower() in MISSING_MARKS else trimmed
