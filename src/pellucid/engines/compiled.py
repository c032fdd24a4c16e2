"""The compiled engine: the arithmetic of `nn/` in machine code, the default.

`kernels.py` holds the arithmetic, `layout.py` the memory, `kernel_cache.py` the compiling; here the three meet the
training loop. Numba is imported at first use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..nn.activations import ACTIVATIONS
from ..nn.losses import LOSSES
from ..nn.optimizers import LBFGS, OPTIMIZERS
from ..spec import NetworkSpec, TrainingSpec
from .contract import EpochRecord, NonFinite, Parameters, Snapshot, TrainingData
from .kernel_cache import kernel
from .vector import OPTIMIZER_PARTS, as_parameters, flatten

REASONS = ("", "non_finite", "patience")


def only_reference_runs(network: NetworkSpec, training: TrainingSpec) -> str:
    """The part of the specs, in words, that the compiled engine does not know; "" when it knows them all."""
    optimizer, loss = training.the_optimizer, training.the_loss
    if isinstance(optimizer, LBFGS):
        return "L-BFGS"
    if type(optimizer) is not OPTIMIZERS.get(optimizer.name):
        return f"the optimizer {type(optimizer).__name__} of your own"
    if type(loss) is not LOSSES.get(loss.name):
        return f"the loss {loss.name!r} of your own"
    own = [a.name for a in network.activations if ACTIVATIONS.get(a.name) != a]
    return f"the activation {own[0]!r} of your own" if own else ""


@dataclass(eq=False)
class CompiledState:
    """Everything that changes while training, and the plan that does not, as the kernel's arrays.

    `kernels.py` names their places. `rows` are inputs, targets, codes and weights of training and validation.
    """

    network: NetworkSpec
    training: TrainingSpec
    vectors: np.ndarray
    counts: np.ndarray
    best_numbers: np.ndarray
    plan: np.ndarray
    knobs: np.ndarray
    layers: np.ndarray
    scales: np.ndarray
    rows: tuple[np.ndarray, ...]
    valid_rows: np.ndarray
    work: np.ndarray = field(default_factory=lambda: np.empty(0))
    scratch: tuple[np.ndarray, ...] = ()
    visited: int = 0
    stopped: str = ""
    failure: NonFinite | None = None
    deadline: float = np.inf

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return int(self.counts[0])

    @property
    def best_epoch(self) -> int:
        """The epoch of the lowest validation loss, 0 before there is one."""
        return int(self.counts[3])

    @property
    def best_loss(self) -> float:
        """The lowest validation loss, infinite before there is one."""
        return float(self.best_numbers[0])

    def snapshot(self) -> Snapshot:
        """A copy of the current state, in the form of the reference engine's."""
        from . import kernels as k

        parts = OPTIMIZER_PARTS[self.training.the_optimizer.name]
        copies = self.vectors[[k.VALUES, *range(k.FIRST, k.FIRST + len(parts))]]
        parameters, *memory = (as_parameters(vector, self.network) for vector in copies)
        optimizer: dict[str, Any] = dict(zip(parts, memory))
        if "mean" in optimizer:
            optimizer = {"step": int(self.counts[k.OPTIMIZER_STEP]), **optimizer}
        return Snapshot(parameters, optimizer, self.epoch, int(self.counts[k.STEP]))

    def best(self) -> Parameters:
        """A copy of the parameters of the best validation loss, else of the current ones."""
        from . import kernels as k

        return as_parameters(self.vectors[k.BEST if self.best_epoch else k.VALUES].copy(), self.network)


class CompiledEngine:
    """Numba: one vector of parameters, tiles of rows that stay in the cache."""

    name = "compiled"

    def start(
        self, network: NetworkSpec, training: TrainingSpec, data: TrainingData, initial: Snapshot
    ) -> CompiledState:
        """A state at `initial`."""
        from . import kernels as k
        from .layout import knobs_of, layer_table, plan_of, rows_of

        dtype, validated = training.dtype, 0 if data.X_valid is None else len(data.X_valid)
        vectors, counts = np.zeros((k.VECTORS, network.parameter_count), dtype), np.zeros(k.COUNTS, np.int64)
        counts[k.EPOCH], counts[k.STEP] = initial.epoch, initial.step
        flatten(initial.parameters, network, vectors[k.VALUES])
        if initial.optimizer is not None:
            for place, part in enumerate(OPTIMIZER_PARTS[training.the_optimizer.name], k.FIRST):
                flatten(initial.optimizer[part], network, vectors[place])
            counts[k.OPTIMIZER_STEP] = initial.optimizer.get("step", 0)
        return CompiledState(
            network,
            training,
            vectors,
            counts,
            np.full(k.RESIDUALS + network.outputs, np.inf),
            plan_of(training),
            knobs_of(training, network.outputs, data),
            layer_table(network),
            np.array([1 / (1 - rate) for rate in (*network.dropouts, 0.0)], dtype),
            rows_of(data.X, data.Y, data.weights, network, dtype)
            + rows_of(data.X_valid, data.Y_valid, data.weights_valid, network, dtype),
            np.arange(validated),
        )

    def run(
        self, state: CompiledState, order: np.ndarray, rates: np.ndarray, path: np.ndarray | None = None
    ) -> list[EpochRecord]:
        """Train the epochs of `order`, ending early where a stopping rule fires; Ctrl-C waits for the kernel."""
        from . import kernels as k
        from .layout import lay_out, scratch_of

        if state.visited != order.shape[1]:
            has_valid = len(state.rows[4]) > 0
            state.work = lay_out(state.plan, state.layers, state.network, state.training, order.shape[1], has_valid)
            state.visited, state.scratch = order.shape[1], scratch_of(state.network, int(state.plan[k.TILE]))
        repeated = len(order) == 1 or order.strides[0] == 0
        state.plan[k.RESIDENT] = state.plan[k.TILES] > 0 and repeated
        lines = np.ascontiguousarray(order[:1] if state.plan[k.RESIDENT] else order, dtype=np.int64)
        rates = np.ascontiguousarray(rates, dtype=np.float64)
        records = np.zeros((len(order), k.DEAD + len(state.network.hidden)))
        first, state.counts[k.DONE] = state.epoch + 1, 0
        path = np.empty((0, state.network.parameter_count), state.training.dtype) if path is None else path
        train = kernel("train", state.training.dtype)
        try:
            with np.errstate(all="ignore"):  # heard only with compilation off
                train(
                    state.plan, state.knobs, state.layers, state.scales, *state.rows, state.valid_rows, lines, rates,
                    state.vectors, state.work, state.counts, state.best_numbers, *state.scratch, records, path,
                )  # fmt: skip
        except KeyboardInterrupt:
            state.stopped = "interrupted"
        if state.counts[k.STOPPED]:
            state.stopped = REASONS[state.counts[k.STOPPED]]
        if state.stopped == "non_finite":
            state.failure = NonFinite(*state.counts[k.FAILED_EPOCH : k.FAILED_LAYER + 1].tolist())
        return as_records(records[: state.counts[k.DONE]], first)

    def scores(self, network: NetworkSpec, parameters: Parameters, X: np.ndarray) -> np.ndarray:
        """Raw outputs (rows, outputs), dropout off."""
        from . import kernels as k
        from .layout import aligned, layer_table, place_activations, scratch_of, stride_of, tile_rows

        dtype = parameters["layers.0.weight"].dtype
        vector, layers = np.empty(network.parameter_count, dtype), layer_table(network)
        flatten(parameters, network, vector)
        tile = tile_rows(network, max(len(X), 1), dtype.itemsize)
        stride = stride_of(tile, k.LINE // dtype.itemsize)
        work = aligned(place_activations(layers, network.inputs * stride, stride), dtype)
        Z = np.empty((len(X), network.outputs), dtype)
        with np.errstate(all="ignore"):
            numbers, hashes, _ = scratch_of(network, tile)
            kernel("score", "float32" if dtype.itemsize == 4 else "float64")(
                layers, vector, np.require(X, dtype, ["C", "A"]), tile, work, numbers, hashes, Z
            )
        return Z


def as_records(numbers: np.ndarray, first_epoch: int) -> list[EpochRecord]:
    """The kernel's `numbers` (epochs, columns) as records; filled in directly, which takes a third of the time."""
    from . import kernels as k

    records = []
    for epoch, row in enumerate(numbers.tolist(), first_epoch):
        record = EpochRecord.__new__(EpochRecord)
        record.__dict__.update(
            epoch=epoch,
            training_loss=row[k.TRAINING_LOSS],
            validation_loss=row[k.VALID_LOSS] if row[k.EVALUATED] else None,
            validation_score=row[k.VALID_SCORE] if row[k.EVALUATED] else None,
            gradient_norm=row[k.GRADIENT_NORM],
            update_norm=row[k.UPDATE_NORM],
            dead_units=tuple(row[k.DEAD :]),
            learning_rate=row[k.RATE],
        )
        records.append(record)
    return records
