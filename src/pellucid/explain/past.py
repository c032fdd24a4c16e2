"""A recorded training as what explaining it needs: its rows, and the pass of any epoch or step over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engines.contract import Parameters
from ..errors import SpecError
from ..nn.dropout import dropout_mask, keep
from ..nn.optimizers import LBFGS
from ..spec import NetworkSpec, TrainingSpec
from ..training.fit_network import recording_of
from ..training.recording import Recording
from ..training.replaying import Reached
from .backward_tape import BackwardTape, backward_tape
from .replay import Replay


@dataclass(frozen=True, eq=False)
class Past:
    """A recording, with the names of the network's inputs and the numbers by which its owner knows the rows."""

    recording: Recording
    inputs: tuple[str, ...]
    rows: np.ndarray

    @property
    def network(self) -> NetworkSpec:
        """The network that was trained."""
        return self.recording.origin.network

    @property
    def training(self) -> TrainingSpec:
        """The plan of the training."""
        return self.recording.origin.training

    def epochs(self, asked: Sequence[int] | int | None) -> list[int]:
        """The epochs asked for, None: all that were kept. Raises `SpecError` for none and for what is no epoch."""
        if asked is None:
            return list(self.recording.epochs)
        listed: list[Any] = list(asked) if isinstance(asked, (Sequence, np.ndarray, range)) else [asked]
        wrong = [epoch for epoch in listed if not isinstance(epoch, (int, np.integer)) or isinstance(epoch, bool)]
        if not listed or wrong:
            raise SpecError(f"epochs must be whole numbers, at least one, or None for all, got {asked!r}")
        return [int(epoch) for epoch in listed]

    def parameters(self, epoch: int) -> Parameters:
        """The parameters after `epoch`, kept or trained again."""
        kept = epoch in self.recording.epochs
        return self.recording.at(epoch) if kept else self.recording.reach(epoch).parameters

    def over_all_rows(self, parameters: Parameters) -> BackwardTape:
        """Both passes over all training rows, dropout off."""
        data = self.recording.origin.rows
        return backward_tape(data.X, data.Y, data.weights, parameters, self.network.activations, self.training.the_loss)

    def over_batch(self, epoch: int, step: int) -> tuple[Reached, np.ndarray, BackwardTape]:
        """(the state before the step, the batch's row numbers in the training, both passes as the step made them).

        Dropout is on as it was. Raises `SpecError` for a step that does not exist.
        """
        origin = self.recording.origin
        if isinstance(self.training.the_optimizer, LBFGS):
            raise SpecError("L-BFGS looks at all rows many times a step; leave step out")
        begun = self.recording.reach(epoch, step)
        if epoch == origin.first + origin.epochs:
            raise SpecError(f"no step follows epoch {epoch}, the last of the plan; ask for an earlier one")
        size = self.training.batch_size or len(origin.rows.X)
        batch = origin.source(epoch)(1)[0, step * size : (step + 1) * size]
        data = origin.rows
        weights = None if data.weights is None else data.weights[batch]
        masks = _masks(self.network, self.training.seed, begun.snapshot.step, batch)
        back = backward_tape(
            data.X[batch],
            data.Y[batch],
            weights,
            begun.parameters,
            self.network.activations,
            self.training.the_loss,
            masks,
        )
        return begun, batch, back


def past_of(trained: Any) -> Past:
    """The past of a `Replay`, a `FittedNetwork` with a recording or a recording; raises what `recording_of` and
    `Origin.check_rows` raise."""
    recording = recording_of(trained)
    recording.origin.check_rows()
    if isinstance(trained, Replay):
        return Past(recording, trained.names, trained.rows)
    names = tuple(f"x{k}" for k in range(recording.origin.network.inputs))
    return Past(recording, names, np.arange(len(recording.origin.rows.X)))


def _masks(network: NetworkSpec, seed: int, step: int, rows: np.ndarray) -> list[np.ndarray | None]:
    """The dropout masks of a step of the training, of its rows by number."""
    return [
        dropout_mask(keep(seed, step, layer, rows[:, None], np.arange(units)[None, :], rate), rate) if rate else None
        for layer, (rate, units) in enumerate(zip(network.dropouts, network.hidden))
    ]
