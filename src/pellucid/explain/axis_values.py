"""The values that a column takes while it moves: evenly from its lowest training value to its highest, or levels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ColumnError, SpecError
from ..preprocessing.categories import MISSING, CategoryStep
from ..preprocessing.conversion import cell_moment, cell_number
from ..preprocessing.dates import DateStep
from .moving_columns import MovingColumn
from .opened import Opened


def axis_values(opened: Opened, column: MovingColumn, given: Any, size: int, rows: Any) -> np.ndarray:
    """Float64 numbers or datetime64[us] moments (values,), ascending; `given` ones as they are given.

    A number that has a 0/1 column for each value takes these values. Raises `ColumnError` for a category and for given
    values that do not fit, `SpecError` where the range is not known.
    """
    step = column.step
    if isinstance(step, CategoryStep):
        raise ColumnError(
            f"{step.name!r} is a category, so there is no boundary along it; prediction_curve(model, {step.name!r}, …) "
            "gives a bar for each of its levels"
        )
    if given is not None:
        return _given(step.name, isinstance(step, DateStep), given)
    if isinstance(step, DateStep):
        first, last = np.datetime64(step.origin, "us"), np.datetime64(step.last or step.origin, "us")
        return first + (np.linspace(0, 1, size) * (last - first).astype(np.int64)).astype("timedelta64[us]")
    if step.levels:
        return np.array(step.levels)
    low, high = step.low, step.high
    if opened.preparation is None and rows is not None:
        own = opened.design(rows)[:, column.places]
        low, high = float(own.min()), float(own.max())
    if low is None or high is None:
        raise SpecError(f"the range of {step.name!r} is not known; give rows, or its values")
    return np.linspace(low, high, size)


def level_values(step: CategoryStep) -> tuple[tuple[str, ...], np.ndarray]:
    """(names of the levels, their cells as objects (levels,), None for a missing one)."""
    cells = [None if place == MISSING else place for place in step.places]
    return step.places, np.array(cells, dtype=object)


def _given(name: str, dates: bool, given: Any) -> np.ndarray:
    cells = list(given) if np.ndim(given) == 1 else []
    if not cells:
        raise ColumnError(f"the values of {name!r} must be a list of at least one, got {str(given)[:60]!r}")
    if dates:
        moments = np.array([cell_moment(cell, name) for cell in cells], dtype="datetime64[us]")
        missing = np.isnat(moments)
    else:
        moments = np.array([cell_number(cell, name) for cell in cells])
        missing = ~np.isfinite(moments)
    if missing.any():
        raise ColumnError(f"the values of {name!r} must be finite, got {cells[int(missing.argmax())]!r}")
    return moments
