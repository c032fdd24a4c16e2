"""What an engine is: the contract between the training loop and whoever does the arithmetic.

An engine trains *stretches* of epochs. It sees numbers only: which rows come in which order and which learning rate
belongs to which step are decided outside and handed in as arrays. Two rules live inside, because they can end a
stretch early: training stops at the first loss that is not finite, and when `patience` epochs bring no gain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ..records import Record
from ..spec import NetworkSpec, TrainingSpec

Parameters = dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class TrainingData:
    """The rows of a fit, already numbers of the training dtype.

    `X` (rows, inputs); `Y` (rows, outputs), or (rows,) class codes for softmax cross-entropy; `weights` (rows,) or
    None. The same for the validation rows, where there are any.
    """

    X: np.ndarray
    Y: np.ndarray
    weights: np.ndarray | None = None
    X_valid: np.ndarray | None = None
    Y_valid: np.ndarray | None = None
    weights_valid: np.ndarray | None = None


@dataclass(frozen=True)
class EpochRecord(Record):
    """The numbers of one epoch.

    `training_loss` is the mean over the epoch's batches, each measured just before its step; `validation_loss` and
    `validation_score` (accuracy, or R² where the link is the identity) are measured after the last step, None without
    validation rows. Norms are Euclidean, over all parameters, of the last step; the gradient's before clipping.
    `dead_units` is, per relu layer, the fraction of units that no training row switched on in this epoch (0 for
    others).
    """

    epoch: int
    training_loss: float
    validation_loss: float | None
    validation_score: float | None
    gradient_norm: float
    update_norm: float
    dead_units: tuple[float, ...]
    learning_rate: float


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A state of training from which it can go on: parameters, optimizer state, epochs and steps done.

    `given` says that a caller chose the parameters rather than the initializer.
    """

    parameters: Parameters
    optimizer: dict[str, Any] | None = None
    epoch: int = 0
    step: int = 0
    given: bool = False


@dataclass(frozen=True)
class NonFinite(Record):
    """Where a number first stopped being finite. `layer` counts from 0 at the inputs' side; -1 is the loss itself."""

    epoch: int
    step: int
    layer: int


class State(Protocol):
    """The state of a training, owned by its engine.

    The loop reads these fields and writes two: `stopped`, and before the first stretch `deadline` (`time.perf_counter`
    seconds), after which an engine whose stretches can be long ends them at the next epoch with `stopped = "time"`.
    """

    stopped: str
    failure: NonFinite | None
    deadline: float

    @property
    def epoch(self) -> int:
        """Epochs done."""

    @property
    def best_epoch(self) -> int:
        """The epoch of the lowest validation loss, 0 before there is one."""

    @property
    def best_loss(self) -> float:
        """The lowest validation loss, infinite before there is one."""

    def snapshot(self) -> Snapshot:
        """The current parameters and optimizer state, copied where they may change."""

    def best(self) -> Parameters:
        """The parameters of the best validation loss so far; without validation rows the current ones."""


class Engine(Protocol):
    """One way to do the arithmetic."""

    name: str

    def start(self, network: NetworkSpec, training: TrainingSpec, data: TrainingData, initial: Snapshot) -> State:
        """A state at `initial`, ready to run."""

    def run(
        self, state: Any, order: np.ndarray, rates: np.ndarray, path: np.ndarray | None = None
    ) -> list[EpochRecord]:
        """Train len(order) more epochs, fewer when a stopping rule fires (`state.stopped` then says which).

        Ctrl-C may end a stretch too, after a whole epoch (`state.stopped` is then "interrupted"), so that the records
        and the state always speak of the same epochs.

        `order` (epochs, rows) holds row numbers, `rates` (epochs, steps) the learning rate of every step. A `path`
        (epochs or more, parameters), contiguous and of the training dtype, gets the parameters after every whole epoch,
        laid out as in `vector.py`.
        """

    def scores(self, network: NetworkSpec, parameters: Parameters, X: np.ndarray) -> np.ndarray:
        """The raw outputs (rows, outputs), before the link, with dropout off."""
