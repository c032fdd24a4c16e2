"""The time machine: states of past epochs, and every epoch and step between them by replay.

A training is deterministic, so a state that was not kept is trained again from the nearest kept one before it, on the
same rows in the same order, to the same bits.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..engines.contract import Parameters, Snapshot, State
from ..errors import InputError, SpecError, nearest
from ..nn.optimizers import LBFGS
from ..records import Finding, counted
from ..spec import parameter_shapes
from .kept_states import KeptStates
from .numeric import as_training_data
from .origin import Origin, checksum
from .replaying import Reached, replayed

OPTIMIZER_EVERY = 10
LARGEST_PATH_BYTES = 32 * 2**20


@dataclass(frozen=True)
class Record:
    """What `fit_network` is asked to keep.

    The weights after every `weights_every` epochs, and the optimizer's memory too, from which training can go on, after
    every `optimizer_every` (None: 10, or `weights_every` where that is more); always those of the start, the end and
    the epoch that was kept. States may take `budget_mb` megabytes; when they would take more, every second one is
    dropped, and a finding says so. L-BFGS keeps its memory to itself, so that its runs are replayed from their start.
    """

    weights_every: int = 1
    optimizer_every: int | None = None
    budget_mb: float = 200.0

    def __post_init__(self) -> None:
        for name in ("weights_every", "optimizer_every"):
            value = getattr(self, name)
            if name == "optimizer_every" and value is None:
                continue
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise SpecError(f"{name} must be a whole number of at least 1 epoch, got {value!r}")
        if not isinstance(self.budget_mb, (int, float)) or not self.budget_mb > 0:
            raise SpecError(f"budget_mb must be a number of megabytes above 0, got {self.budget_mb!r}")


def checked_record(record: Record | bool | None) -> Record | None:
    """What `fit_network` was given, True being the defaults; raises `SpecError` for anything else."""
    if record is True:
        return Record()
    if record is False or record is None:
        return None
    if not isinstance(record, Record):
        raise SpecError(f"record must be True, False or Record(weights_every=…), got {record!r}")
    return record


@dataclass(eq=False)
class Recording:
    """The past of a training, by epoch; the start of a fresh run is epoch 0.

    It refers to the caller's arrays and does not copy them where they had the training dtype. Pickled, it holds states
    and plan but no rows: `with_rows` gives them back.
    """

    record: Record
    origin: Origin
    states: KeptStates

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs whose weights were kept, in order."""
        return tuple(sorted(self.states.weights))

    @property
    def last(self) -> int:
        """The epoch at which the training ended."""
        return max(self.states.weights)

    @property
    def nbytes(self) -> int:
        """Bytes of the states that are kept; the rows belong to the caller."""
        return self.states.nbytes

    def __repr__(self) -> str:
        return (
            f"Recording({self.origin.network}, epochs {self.states.first} to {self.last}, {len(self.epochs)} kept, "
            f"{self.nbytes / 1e6:.3g} MB)"
        )

    def at(self, epoch: int) -> Parameters:
        """A copy of the parameters after `epoch` epochs.

        Raises `SpecError` for an epoch that was not kept, naming the nearest one and the way to it.
        """
        if epoch in self.states.weights:
            return self.states.parameters(epoch)
        self._check_place(epoch, 0)
        closest = min(self.states.weights, key=lambda kept: abs(kept - epoch))
        raise SpecError(
            f"epoch {epoch} was not recorded; the nearest one is {closest}. recording.reach({epoch}) trains it again, "
            "and Record(weights_every=1) keeps every epoch while the budget lasts"
        )

    def reach(self, epoch: int, step: int = 0) -> Reached:
        """The state after `epoch` epochs and `step` optimizer steps of the next one, kept or trained again, the same
        bits either way.

        Raises `SpecError` for a place outside the training and for a saved recording without its rows, `InputError`
        where the rows were written to since.
        """
        self._check_place(epoch, step)
        if step == 0 and epoch in self.states.memories:
            return Reached(self.states.snapshot(epoch), epoch, 0, epoch, 0, 0.0)
        self.origin.check_rows()
        nearest = max(kept for kept in self.states.memories if kept <= epoch and self._can_go_on(kept))
        began = time.perf_counter()
        snapshot = replayed(self.origin, self.states.snapshot(nearest), epoch, step)
        seconds = time.perf_counter() - began
        return Reached(snapshot, epoch, step, nearest, (epoch - nearest) * self.origin.steps + step, seconds)

    def path(self, name: str, index: int | tuple[int, ...]) -> np.ndarray:
        """One weight at every kept epoch, (kept epochs,), such as `path("layers.0.weight", (2, 0))`.

        Raises `SpecError` for a name or place that does not exist.
        """
        shapes = parameter_shapes(self.origin.network)
        if name not in shapes:
            raise SpecError(f"there is no parameter {name!r}{nearest(str(name), shapes)}")
        place = index if isinstance(index, tuple) else (index,)
        whole = all(isinstance(k, (int, np.integer)) and not isinstance(k, bool) for k in place)
        if not whole or len(place) != len(shapes[name]) or not all(0 <= k < n for k, n in zip(place, shapes[name])):
            raise SpecError(f"{name} has the shape {shapes[name]}, counted from 0; there is no place {index!r} in it")
        return np.array([self.states.parameters(epoch)[name][index] for epoch in self.epochs])

    def with_rows(
        self,
        X: Any,
        y: Any,
        *,
        validation: tuple[Any, ...] | None = None,
        sample_weight: Any = None,
        order: Any = None,
    ) -> Recording:
        """The same recording with its rows, which a saved one does not hold; they are taken as `fit_network` takes
        them. Raises `InputError` unless they are those of the training."""
        origin = self.origin
        data = as_training_data(X, y, origin.network, origin.training, sample_weight, validation)
        lines = None if order is None else np.asarray(order)
        if checksum(data, lines) != origin.rows_check:
            raise InputError(
                "these are not the rows of the training: numbers, their order, validation, sample_weight and a given "
                "order must all be the same"
            )
        return replace(self, origin=replace(origin, data=data, order=lines))

    def keep(self, state: State, path: np.ndarray | None, done: int) -> None:
        """Keep what is to be kept of a stretch that left the training at `state`; its last `done` epochs have their
        weights in `path` (epochs, parameters)."""
        for epoch, weights in zip(range(state.epoch - done + 1, state.epoch + 1), () if path is None else path):
            self.states.add_weights(epoch, weights)
        every = self.states.optimizer_every
        if done and (state.epoch - self.states.first) % every == 0 and not self._is_lbfgs:
            self.states.add(state.snapshot())

    def keep_end(self, state: State, kept_epoch: int, kept: Parameters) -> None:
        """Keep the last state, and the parameters that the training returns."""
        self.states.add(state.snapshot())
        self.states.add_exactly(kept_epoch, kept)

    def finding(self) -> Finding | None:
        """RECORDING_THINNED, where the budget did not hold everything that was asked for."""
        states = self.states
        if not states.thinned_at:
            return None
        return Finding(
            "RECORDING_THINNED",
            "warning",
            f"the states asked for would take more than {self.record.budget_mb:g} MB, so the recording holds the "
            f"weights of every {states.weights_every} epochs and the optimizer's memory of every "
            f"{states.optimizer_every} (thinned out last at epoch {states.thinned_at})",
            "other epochs are trained again when they are asked for, to the same bits, which takes time",
            "raise budget_mb, or ask for less with weights_every and optimizer_every",
        )

    def _can_go_on(self, epoch: int) -> bool:
        return epoch == self.states.first or not self._is_lbfgs

    @property
    def _is_lbfgs(self) -> bool:
        return isinstance(self.origin.training.the_optimizer, LBFGS)

    def _check_place(self, epoch: int, step: int) -> None:
        first, last, steps = self.states.first, self.last, self.origin.steps
        if not first <= epoch <= last:
            raise SpecError(f"epoch {epoch} lies outside the training, which went from epoch {first} to {last}")
        if step and self._is_lbfgs:
            raise SpecError("L-BFGS searches along lines, so that there is nothing between its epochs; leave step at 0")
        planned = first + self.origin.epochs
        if not 0 <= step < steps or (step and epoch == planned):
            inside = f"an epoch has {counted(steps, 'step')}, and the next one begins after {steps}"
            raise SpecError(f"step {step} of epoch {epoch + 1} does not exist: {inside}, the last epoch is {planned}")


def begin_recording(record: Record, origin: Origin, start: Snapshot) -> Recording:
    """A recording that holds the start; raises `SpecError` where the budget holds no three states."""
    weights_every = record.weights_every
    optimizer_every = record.optimizer_every or max(OPTIMIZER_EVERY, weights_every)
    states = KeptStates(origin.network, start.epoch, weights_every, optimizer_every, record.budget_mb * 1e6)
    states.add(start)
    if 3 * states.nbytes > states.budget:
        raise SpecError(
            f"budget_mb={record.budget_mb:g} is too little: a state of this network takes {states.nbytes / 1e6:.3g} MB "
            "with the optimizer's memory, and at least three must fit"
        )
    return Recording(record, origin.with_checksum(), states)


def path_of(recording: Recording) -> np.ndarray | None:
    """Room for the weights of every epoch of a stretch (epochs of the longest stretch, parameters); None where a run of
    L-BFGS, which is one stretch, would not fit into the budget."""
    origin, states = recording.origin, recording.states
    count, dtype = origin.network.parameter_count, np.dtype(origin.training.dtype)
    if isinstance(origin.training.the_optimizer, LBFGS):
        if origin.epochs * count * dtype.itemsize > states.budget:
            states.weights_every = states.optimizer_every = states.thinned_at = origin.epochs
            return None
        return np.empty((origin.epochs, count), dtype)
    fits = states.optimizer_every * count * dtype.itemsize <= LARGEST_PATH_BYTES
    return np.empty((states.optimizer_every if fits else 1, count), dtype)
