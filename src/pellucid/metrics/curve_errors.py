"""A function of one number beside rows: its curve, and how far every row lies from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError, ShapeError
from ..records import Record
from .checks import numbers, same_rows


@dataclass(frozen=True, eq=False)
class FunctionErrors(Record):
    """The curve of a function at `grid` (points,) and its values `fitted` (rows,) at `x`, where the truth is `y`."""

    grid: np.ndarray
    curve: np.ndarray
    x: np.ndarray
    y: np.ndarray
    fitted: np.ndarray

    @property
    def errors(self) -> np.ndarray:
        """|fitted - y| of each row (rows,): the terms of the mean absolute error."""
        return np.abs(self.fitted - self.y)

    @property
    def mean_absolute_error(self) -> float:
        """The mean of `errors`."""
        return float(self.errors.mean())


def function_errors(
    function: Callable[[np.ndarray], Any], x: Any, y: Any, *, low: float | None = None, high: float | None = None
) -> FunctionErrors:
    """`function` maps numbers (n,) to numbers (n,) or (n, 1); the curve goes from `low` to `high`, those of x for None.

    Raises `InputError` for gaps in x and y, `ShapeError` for unequal lengths and for a function that gives others.
    """
    across, up = (np.asarray(v, dtype=np.float64) for v in (_column("x", x), _column("y", y)))
    same_rows(("x", across), ("y", up))
    start, end = float(across.min()) if low is None else low, float(across.max()) if high is None else high
    if not start <= end:
        raise InputError(f"low must not lie above high, got {start:g} and {end:g}")
    grid = np.linspace(start, end, 201)
    return FunctionErrors(grid, _values(function, grid), across, up, _values(function, across))


def _column(name: str, values: Any) -> np.ndarray:
    array = np.asarray(values)
    return numbers(name, array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array, dimensions=(1,))


def _values(function: Callable[[np.ndarray], Any], x: np.ndarray) -> np.ndarray:
    values = np.asarray(function(x), dtype=np.float64)
    if values.size != x.size:
        raise ShapeError(f"the function must give one number for each of {x.size}, got the shape {values.shape}")
    return values.reshape(-1)
