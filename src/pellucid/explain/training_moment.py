"""A moment of a recorded training: its parameters, and the step that the training took from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engines.contract import Parameters, Snapshot
from ..errors import SpecError
from ..nn.optimizers import LBFGS
from .backward_tape import BackwardTape
from .past import Past, past_of


@dataclass(frozen=True, eq=False)
class TrainingMoment:
    """The training after `epoch` epochs and `step` steps of the next one, with the optimizer's memory in `snapshot`.

    `taken` is the step that followed, None after the last epoch and for L-BFGS.
    """

    epoch: int
    step: int
    snapshot: Snapshot
    taken: TakenStep | None

    def __str__(self) -> str:
        inside = f" and {self.step} step{'s' * (self.step != 1)} of the next one" if self.step else ""
        return f"epoch {self.epoch}{inside}"


@dataclass(frozen=True, eq=False)
class TakenStep:
    """A step of a training: its `rows` (rows,) by their owner's numbers, inputs `X` (rows, inputs), the pass over them
    as it was made (with dropout where `dropped`), its learning `rate`, and what it added to each parameter, float64.
    """

    rows: np.ndarray
    X: np.ndarray
    back: BackwardTape
    dropped: bool
    rate: float
    made: Parameters


def training_moment(trained: Any, epoch: int, step: int | None) -> TrainingMoment:
    """The moment of a `FittedNetwork` with a recording or a `Replay`; `step` None is 0.

    Raises `SpecError` for a moment that the training did not have and where there is no recording.
    """
    for name, value in (("epoch", epoch), ("step", step)):
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not whole and not (name == "step" and value is None):
            raise SpecError(f"{name} must be a whole number, got {value!r}")
    past = past_of(trained)
    if step is not None and epoch == past.recording.last:
        raise SpecError(f"the training ended with epoch {epoch}, so no step follows it; ask for an earlier epoch")
    begun = past.recording.reach(epoch, step or 0)
    follows = epoch < past.recording.last and not isinstance(past.training.the_optimizer, LBFGS)
    return TrainingMoment(epoch, step or 0, begun.snapshot, _taken(past, epoch, step or 0) if follows else None)


def _taken(past: Past, epoch: int, step: int) -> TakenStep:
    recording = past.recording
    begun, batch, back = past.over_batch(epoch, step)
    last = step + 1 == recording.origin.steps
    after = recording.reach(epoch + 1) if last else recording.reach(epoch, step + 1)
    made = {
        name: after.parameters[name].astype(np.float64) - value.astype(np.float64)
        for name, value in begun.parameters.items()
    }
    rate = float(recording.origin.rates[epoch - recording.origin.first, step])
    dropped = any(past.network.dropouts)
    return TakenStep(past.rows[batch], recording.origin.rows.X[batch], back, dropped, rate, made)
