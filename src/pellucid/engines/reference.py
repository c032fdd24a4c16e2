"""The reference engine: the textbook in `nn/` put together. Slow, complete, the truth.

`train_one_epoch` is a whole training step on one screen, in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..nn import network as net
from ..nn.clipping import clip_by_norm, global_norm
from ..nn.dropout import dropout_mask, keep
from ..nn.losses import Loss, loss_backward, loss_forward
from ..nn.optimizers import LBFGS, Optimizer
from ..nn.penalties import penalty_gradients
from ..spec import NetworkSpec, TrainingSpec
from .contract import EpochRecord, NonFinite, Parameters, Snapshot, TrainingData
from .quality import validation_numbers
from .stopping import note_validation_loss
from .vector import flatten


@dataclass(eq=False)
class ReferenceState:
    """Everything that changes while training, and the plan that does not."""

    network: NetworkSpec
    training: TrainingSpec
    data: TrainingData
    parameters: Parameters
    optimizer: dict[str, Any]
    epoch: int = 0
    step: int = 0
    best_parameters: Parameters | None = None
    best_epoch: int = 0
    best_loss: float = float("inf")
    stopped: str = ""
    failure: NonFinite | None = None
    deadline: float = float("inf")
    reference_loss: float = float("inf")
    waited: int = 0
    loss: Loss = field(init=False)

    def __post_init__(self) -> None:
        self.loss = self.training.the_loss

    def snapshot(self) -> Snapshot:
        """The current state; every step makes new arrays, so nothing needs to be copied."""
        return Snapshot(self.parameters, self.optimizer, self.epoch, self.step)

    def best(self) -> Parameters:
        """Parameters of the best validation loss, else the current ones."""
        return self.parameters if self.best_parameters is None else self.best_parameters


class ReferenceEngine:
    """NumPy, line by line."""

    name = "reference"

    def start(
        self, network: NetworkSpec, training: TrainingSpec, data: TrainingData, initial: Snapshot
    ) -> ReferenceState:
        """A state at `initial`."""
        optimizer = training.the_optimizer
        fresh = initial.optimizer if initial.optimizer is not None else optimizer.start(initial.parameters)
        return ReferenceState(network, training, data, initial.parameters, fresh, initial.epoch, initial.step)

    def run(
        self, state: ReferenceState, order: np.ndarray, rates: np.ndarray, path: np.ndarray | None = None
    ) -> list[EpochRecord]:
        """Train the epochs of `order`, ending early where a stopping rule fires or Ctrl-C is pressed."""
        records: list[EpochRecord] = []
        with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges is reported, not warned about
            try:
                if isinstance(state.training.the_optimizer, LBFGS):
                    from .lbfgs import run_lbfgs

                    run_lbfgs(state, len(order), records, path)
                    return records
                for done, (epoch_order, epoch_rates) in enumerate(zip(order, rates)):
                    records.append(train_one_epoch(state, epoch_order, epoch_rates))
                    if path is not None:
                        flatten(state.parameters, state.network, path[done])
                    if state.stopped:
                        break
            except KeyboardInterrupt:
                state.stopped = "interrupted"
        return records

    def scores(self, network: NetworkSpec, parameters: Parameters, X: np.ndarray) -> np.ndarray:
        """Raw outputs (rows, outputs), dropout off."""
        return net.scores(X, parameters, network.activations)


def train_one_epoch(state: ReferenceState, order: np.ndarray, rates: np.ndarray) -> EpochRecord:
    """One pass over the rows in `order`, one optimizer step a batch at the rates (steps,)."""
    training, data = state.training, state.data
    optimizer: Optimizer = training.the_optimizer
    activations = state.network.activations
    batch_size = training.batch_size or len(order)
    whole_table = batch_size >= len(order) == len(data.X) and bool((np.diff(order) == 1).all())
    alive = [np.zeros(units, dtype=bool) for units in state.network.hidden]
    parameters, memory, step = state.parameters, state.optimizer, state.step
    loss_sum = weight_sum = gradient_norm = update_norm = 0.0
    rate = 0.0
    for rate, start in zip(rates, range(0, len(order), batch_size)):
        rows = slice(None) if whole_table else order[start : start + batch_size]
        X, Y = data.X[rows], data.Y[rows]
        weights = None if data.weights is None else data.weights[rows]

        Z, tape = net.forward(X, parameters, activations, _dropout_masks(state, step, order, rows))
        loss, cache = loss_forward(state.loss, Z, Y, weights)
        if not np.isfinite(loss):
            epoch, dead = state.epoch + 1, dead_shares(state, alive)
            state.stopped, state.failure = "non_finite", NonFinite(epoch, step + 1, _first_layer(tape, Z))
            return EpochRecord(epoch, loss, None, None, np.nan, np.nan, dead, float(rate))
        gradients = net.backward(loss_backward(cache), tape)
        gradients = penalty_gradients(gradients, parameters, training.l1, training.l2)
        if optimizer.clip_norm is None:
            gradient_norm = global_norm(gradients)
        else:
            gradients, gradient_norm = clip_by_norm(gradients, optimizer.clip_norm)
        before = parameters
        parameters, memory = optimizer.step(parameters, gradients, memory, float(rate))

        loss_sum, weight_sum, step = loss_sum + loss * cache.total, weight_sum + cache.total, step + 1
        for seen, layer in zip(alive, tape):
            seen |= (layer.A > 0).any(axis=0)
    update_norm = global_norm({name: parameters[name] - before[name] for name in parameters})
    reached = Snapshot(parameters, memory, state.epoch + 1, step)
    loss_mean = loss_sum / max(weight_sum, 1e-300)
    return finish_epoch(state, reached, loss_mean, gradient_norm, update_norm, dead_shares(state, alive), float(rate))


def finish_epoch(
    state: ReferenceState,
    reached: Snapshot,
    training_loss: float,
    gradient_norm: float,
    update_norm: float,
    dead: tuple[float, ...],
    rate: float,
) -> EpochRecord:
    """Measure the validation rows, move the state to what was `reached`, apply the two stopping rules.

    The state moves only after the measuring, so that Ctrl-C in the middle leaves the epoch before, whole.
    """
    data = state.data
    bad = [name for name, value in reached.parameters.items() if not np.isfinite(value).all()]
    validation_loss = validation_score = None
    if not bad and data.X_valid is not None and data.Y_valid is not None:
        Z = net.forward(data.X_valid, reached.parameters, state.network.activations)[0]
        validation_loss, validation_score = validation_numbers(state.loss, Z, data.Y_valid, data.weights_valid)
    state.parameters, state.optimizer = reached.parameters, reached.optimizer or {}
    state.epoch, state.step = reached.epoch, reached.step
    if bad:
        state.stopped = "non_finite"
        state.failure = NonFinite(state.epoch, state.step, int(bad[0].split(".")[1]))
    elif validation_loss is not None:
        if not np.isfinite(validation_loss):
            state.stopped, state.failure = "non_finite", NonFinite(state.epoch, state.step, -1)
        if note_validation_loss(state, validation_loss):
            state.best_parameters = state.parameters
    return EpochRecord(
        state.epoch, training_loss, validation_loss, validation_score, gradient_norm, update_norm, dead, rate
    )


def _dropout_masks(
    state: ReferenceState, step: int, order: np.ndarray, rows: slice | np.ndarray
) -> list[np.ndarray | None] | None:
    """Which units stay, per hidden layer; drawn by row number of the table, so that batching changes no draw."""
    if not any(state.network.dropouts):
        return None
    numbers = order if isinstance(rows, slice) else rows
    masks: list[np.ndarray | None] = []
    for layer, (rate, units) in enumerate(zip(state.network.dropouts, state.network.hidden)):
        if rate == 0:
            masks.append(None)
            continue
        kept = keep(state.training.seed, step, layer, numbers[:, None], np.arange(units)[None, :], rate)
        masks.append(dropout_mask(kept, rate, state.data.X.dtype))
    return masks


def dead_shares(state: ReferenceState, alive: list[np.ndarray]) -> tuple[float, ...]:
    """Per hidden layer the share of units that were never `alive` (units,); 0 for other activations than relu."""
    relu = (a.name == "relu" for a in state.network.activations)
    return tuple(float(1 - seen.mean()) if is_relu else 0.0 for seen, is_relu in zip(alive, relu))


def _first_layer(tape: list[Any], Z: np.ndarray) -> int:
    for number, layer in enumerate(tape):
        if not np.isfinite(layer.Z).all():
            return number
    return -1
