"""Predictions while one or two columns move and all others are held: only what moves is prepared.

The first layer's pre-activations are a sum over columns. What the held columns add is computed once, what a moving
column adds once for each of its values; a point of a grid then costs one sum, and the layers above.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.table import Column
from ..engines.contract import Parameters
from ..errors import ColumnError, nearest
from ..nn.activations import relu
from ..nn.parameters import bias_name, weight_name
from ..preprocessing.categories import CategoryStep
from ..preprocessing.dates import DateStep
from .column_pieces import Step, steps_of
from .opened import Opened

# Numbers of the first layer that stay near the processor.
BLOCK_NUMBERS = 2**15


@dataclass(frozen=True, eq=False)
class MovingColumn:
    """A column that the network gets: its fitted step and the places of its inputs."""

    step: Step
    places: slice

    @property
    def name(self) -> str:
        """The column's name in the rows."""
        return self.step.name

    def inputs(self, values: np.ndarray) -> np.ndarray:
        """The inputs (values, places) of numbers, moments, or level texts with None for a missing one."""
        if isinstance(self.step, CategoryStep):
            return np.array([self.step.cell(value) for value in values.tolist()])
        kind: Any = "date" if isinstance(self.step, DateStep) else "number"
        return self.step.column(Column(self.name, kind, values))


def moving_column(opened: Opened, name: str) -> MovingColumn:
    """The column called `name`; raises `ColumnError` for one that the network does not get, naming the nearest."""
    start = 0
    steps = steps_of(opened)
    for step in steps:
        stop = start + len(step.names)
        if step.name == name:
            return MovingColumn(step, slice(start, stop))
        start = stop
    reasons = {} if opened.preparation is None else opened.preparation.set_aside
    if name in reasons:
        raise ColumnError(f"the network does not get the column {name!r}: {reasons[name]}")
    raise ColumnError(f"the network gets no column {name!r}{nearest(str(name), [step.name for step in steps])}")


class HeldNetwork:
    """A network with some columns held at the `inputs` (inputs,) of a row, in the floating type of its training."""

    def __init__(self, opened: Opened, parameters: Parameters, inputs: np.ndarray, moving: list[MovingColumn]) -> None:
        self.opened = opened
        dtype = np.dtype(opened.training.dtype)
        self.parameters = {name: value.astype(dtype) for name, value in parameters.items()}
        self.weight = self.parameters[weight_name(0)]
        held = inputs.astype(dtype)
        for column in moving:
            held[column.places] = 0
        self.base = self.weight @ held + self.parameters.get(bias_name(0), np.zeros((), dtype))

    def part(self, column: MovingColumn, values: np.ndarray) -> np.ndarray:
        """What the column adds to the first layer at each of its values, (values, units)."""
        design = column.inputs(values).astype(self.weight.dtype)
        added: np.ndarray = design @ self.weight[:, column.places].T
        return added

    def along(self, part: np.ndarray) -> np.ndarray:
        """Predictions (values, outputs) while one column moves."""
        return self._answers(self._above(part + self.base))

    def over(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Predictions (second, first, outputs) while two columns move, from the parts of both."""
        from threadpoolctl import threadpool_limits

        first = first + self.base
        at_once = max(1, BLOCK_NUMBERS // first.size)
        outputs = self.opened.network.outputs
        scores = np.empty((len(second), len(first), outputs), first.dtype)
        with threadpool_limits(limits=1):  # products so small that threads only wait for each other
            for start in range(0, len(second), at_once):
                block = second[start : start + at_once]
                Z = (block[:, None, :] + first).reshape(-1, first.shape[1])
                scores[start : start + len(block)] = self._above(Z).reshape(len(block), len(first), outputs)
        found = self._answers(scores.reshape(-1, outputs))
        return found.reshape(len(second), len(first), -1)

    def _above(self, Z: np.ndarray) -> np.ndarray:
        """Raw outputs (rows, outputs) from the first layer's pre-activations (rows, units), which are overwritten."""
        zero = np.zeros((), Z.dtype)
        for layer, activation in enumerate(self.opened.activations, 1):
            A = np.maximum(Z, zero, out=Z) if activation is relu else activation.forward(Z)
            Z = A.dot(self.parameters[weight_name(layer)].T)
            if bias_name(layer) in self.parameters:
                Z += self.parameters[bias_name(layer)]
        return Z

    def _answers(self, scores: np.ndarray) -> np.ndarray:
        opened = self.opened
        return opened.numbers(scores) if opened.classes is None else opened.probabilities(scores)
