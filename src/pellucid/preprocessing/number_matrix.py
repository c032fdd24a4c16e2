"""All columns of numbers at once: what `NumberStep.array` does to one column, done to a matrix.

The constants of the steps stand in arrays, one entry a column, so that a whole block of rows takes a handful of NumPy
calls, and one row too. Every number comes out with the bits that its own step would give it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.columns import LARGEST
from ..errors import ColumnError
from .numbers import NumberStep

# Rows that are prepared together: their numbers stay in the cache from the first call to the last.
BLOCK = 2048
# A sum of squares below this holds no NaN, nothing beyond LARGEST, and nothing whose scaled square could leave the
# floats where centers are below, and divisors above, what `_calm` asks for. `np.vdot` makes it without a warning, `dot`
# does not.
CALM = LARGEST**2


class NumberMatrix:
    """Fitted steps of numbers side by side; `columns` are the design columns, `steps` the columns that come in."""

    def __init__(self, steps: Sequence[NumberStep]) -> None:
        self.steps = tuple(steps)
        scaled = [step.scaling for step in self.steps]
        clips = [np.inf if step.clip is None else step.clip for step in self.steps]
        self._fill = np.array([step.fill for step in self.steps])
        self._center = np.array([scaling.center for scaling in scaled])
        self._divisor = np.array([scaling.divisor for scaling in scaled])
        self._clip, self._low_clip, self._least_clip = np.array(clips), -np.array(clips), min(clips) ** 2
        self._logs = np.array([k for k, step in enumerate(self.steps) if step.log1p], dtype=np.intp)
        self._knots = [(k, scaling) for k, scaling in enumerate(scaled) if scaling.knots]
        tame = np.abs(self._center).max() < 1e50 and np.abs(self._divisor).min() > 1e-50
        self._calm = CALM if tame else -1.0
        self._place_design_columns()

    def _place_design_columns(self) -> None:
        """Which column each number, flag and level is made from, and where it stands in the design matrix."""
        numbers: list[tuple[int, int]] = []
        flags: list[tuple[int, int]] = []
        levels: list[tuple[int, int]] = []
        values: list[float] = []
        width = 0
        for k, step in enumerate(self.steps):
            numbers += [(k, width)] * step.number
            flags += [(k, width + step.number)] * step.flag
            levels += [(k, width + step.number + step.flag + place) for place in range(len(step.levels))]
            values += step.levels
            width += step.number + step.flag + len(step.levels)
        self.columns = width
        self._only_numbers = len(numbers) == len(self.steps) == width
        self._plain = self._only_numbers and not len(self._logs) and not self._knots
        self._numbers, self._number_places = _pairs(numbers)
        self._flags, self._flag_places = _pairs(flags)
        self._levels, self._level_places = _pairs(levels)
        self._level_values = np.array(values)

    def design(self, matrix: np.ndarray, places: np.ndarray | None, dtype: Any) -> np.ndarray:
        """The design matrix (rows, columns) of floats (rows, any), NaN where missing; `places` are the steps' columns,
        None the first ones.

        Raises `ColumnError` that names row and column of a number beyond ±1e30, infinities among them.
        """
        if len(matrix) == 1:
            row = self.row(matrix[0, : len(self.steps)] if places is None else matrix[0].take(places))
            return row[None] if row.dtype == dtype else row[None].astype(dtype)
        result = np.empty((len(matrix), self.columns), dtype)
        for start in range(0, len(matrix), BLOCK):
            block = matrix[start : start + BLOCK]
            used = block[:, : len(self.steps)] if places is None else block.take(places, axis=1)
            self._write(np.array(used, dtype=np.float64, order="C"), result[start : start + BLOCK], start)
        return result

    def row(self, values: np.ndarray) -> np.ndarray:
        """The design row float64 (columns,) of floats (steps,), as `design` gives it."""
        if self._plain and float(np.vdot(values, values)) < self._calm:
            scaled: np.ndarray = values - self._center
            scaled /= self._divisor
            if scaled.dot(scaled) <= self._least_clip:
                return scaled
        result = np.empty(self.columns)
        self._write(np.array(values, dtype=np.float64), result, 0)
        return result

    def _write(self, values: np.ndarray, result: np.ndarray, start: int) -> None:
        """Design rows of `values` (…, steps), which are overwritten; `start` is the number of the first row."""
        flat = values.reshape(-1)
        missing: np.ndarray | None = None
        calm = bool(np.vdot(flat, flat) < self._calm)
        if not calm:
            missing = np.isnan(values)
            np.copyto(values, self._fill, where=missing)
            calm = bool(np.vdot(flat, flat) < self._calm)
        if len(self._levels):
            result[..., self._level_places] = values[..., self._levels] == self._level_values
        if calm:
            self._scale(values)
        else:
            self._refuse_endless(values, start)
            with np.errstate(over="ignore"):
                self._scale(values)
        if not (calm and flat.dot(flat) <= self._least_clip):
            np.minimum(values, self._clip, out=values)
            np.maximum(values, self._low_clip, out=values)
        if self._only_numbers:
            result[:] = values
            return
        result[..., self._number_places] = values[..., self._numbers]
        if len(self._flags):
            result[..., self._flag_places] = 0 if missing is None else missing[..., self._flags]

    def _scale(self, values: np.ndarray) -> None:
        if len(self._logs):
            part = values[..., self._logs]
            values[..., self._logs] = np.copysign(np.log1p(np.abs(part)), part)
        for k, scaling in self._knots:
            values[..., k] = scaling.column(values[..., k])
        values -= self._center
        values /= self._divisor

    def _refuse_endless(self, values: np.ndarray, start: int) -> None:
        endless = np.abs(values) > LARGEST
        if endless.any():
            *row, k = (int(place) for place in np.argwhere(endless)[0])
            raise ColumnError(
                f"row {start + sum(row) + 1:,}: column {self.steps[k].name!r} must hold finite numbers within "
                f"±{LARGEST:g}, got {values[(*row, k)]}; leave unknown cells empty"
            )


def _pairs(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([k for k, _ in pairs], dtype=np.intp), np.array([place for _, place in pairs], dtype=np.intp)
