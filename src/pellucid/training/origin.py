"""What a run was made of: everything but its starting point that is needed to run it, or a part of it, again."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..engines.contract import Engine, EpochRecord, State, TrainingData
from ..errors import InputError, SpecError
from ..nn.schedules import get_schedule
from ..spec import NetworkSpec, TrainingSpec
from .batches import OrderSource, given, shuffled, steps_per_epoch


@dataclass(frozen=True, eq=False)
class Origin:
    """The plan and the rows of a run that begins after `first` epochs.

    `data` holds the caller's own arrays where they had the training dtype already, copies where not; `order` (epochs,
    rows visited) is the given one, None where it comes from the seed. `rates` (epochs, steps) are the learning rates of
    the run, out of a schedule over `planned` epochs of which `passed` lie before the run. A copy that was pickled holds
    no rows and no given order (`data` is None), only their checksum.
    """

    network: NetworkSpec
    training: TrainingSpec
    data: TrainingData | None
    order: np.ndarray | None
    rates: np.ndarray
    engine: Engine
    first: int
    passed: int
    planned: int
    rows_check: int = 0

    @property
    def epochs(self) -> int:
        """Epochs that were planned, from `first` on."""
        return len(self.rates)

    @property
    def steps(self) -> int:
        """Optimizer steps in an epoch."""
        return self.rates.shape[1]

    def check_rows(self) -> None:
        """Raise `SpecError` where there are no rows (a saved recording holds none) and `InputError` where the arrays
        were written to since the training."""
        if self.data is None:
            raise SpecError(
                "this recording was saved, and a saved recording holds no rows; give them back with "
                "recording.with_rows(X, y), and validation, sample_weight and order where the training had them"
            )
        if checksum(self.data, self.order) != self.rows_check:
            raise InputError(
                "the rows are no longer those of the training: its arrays were written to since, and a replay would go "
                "another way; train on copies, X.copy(), or give the old rows with recording.with_rows(X, y)"
            )

    @property
    def rows(self) -> TrainingData:
        """The rows of the training."""
        assert self.data is not None, "check_rows comes first"
        return self.data

    def source(self, epoch: int) -> OrderSource:
        """The lines of the row order after `epoch` epochs."""
        if self.order is None:
            return shuffled(len(self.rows.X), self.training, epoch)
        lines = self.order[epoch - self.first :]
        return given(lines, len(self.rows.X), len(lines))

    def run_steps(self, state: State, begin: int, end: int) -> list[EpochRecord]:
        """Train steps `begin` to `end` (counted from 0, `end` excluded) of the state's next epoch, which counts as
        done then; its record speaks of these steps only."""
        size = self.training.batch_size or len(self.rows.X)
        line = self.source(state.epoch)(1)[:, begin * size : end * size]
        rates = self.rates[state.epoch - self.first : state.epoch - self.first + 1, begin:end]
        return self.engine.run(state, line, rates)

    def after(self, epochs: int) -> Origin:
        """The same run, beginning `epochs` later."""
        return replace(
            self,
            training=replace(self.training, epochs=self.epochs - epochs),
            order=None if self.order is None else self.order[epochs:],
            rates=self.rates[epochs:],
            first=self.first + epochs,
            passed=self.passed + epochs,
        )

    def with_checksum(self) -> Origin:
        """With the checksum of its rows, by which a replay knows them again."""
        return replace(self, rows_check=checksum(self.rows, self.order))

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "data": None, "order": None}


def origin_of(
    network: NetworkSpec, training: TrainingSpec, data: TrainingData, order: Any, engine: Engine, first: int
) -> Origin:
    """The origin of a run of the whole plan; raises `ShapeError` for an order that does not fit."""
    rows = len(data.X)
    lines = None if order is None else np.asarray(order)
    if lines is not None:
        given(lines, rows, training.epochs)
    steps = steps_per_epoch(rows if lines is None else lines.shape[1], training)
    rates = rates_of(training, training.epochs, steps)
    return Origin(network, training, data, lines, rates, engine, first, 0, training.epochs)


def rates_of(training: TrainingSpec, epochs: int, steps: int) -> np.ndarray:
    """The learning rates (epochs, steps) of a plan over `epochs` epochs."""
    schedule = get_schedule(training.the_optimizer.schedule)
    return schedule.rates(training.learning_rate, epochs, steps).reshape(epochs, steps)


def checksum(data: TrainingData, order: np.ndarray | None) -> int:
    """A CRC-32 over every array of the rows and the order, with their shapes."""
    value = 0
    for array in _arrays(data, order):
        value = zlib.crc32(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data, value)
        value = zlib.crc32(repr((array.shape, array.dtype.str)).encode(), value)
    return value


def _arrays(data: TrainingData, order: np.ndarray | None) -> Iterator[np.ndarray]:
    for array in (data.X, data.Y, data.weights, data.X_valid, data.Y_valid, data.weights_valid, order):
        yield np.empty(0) if array is None else array
