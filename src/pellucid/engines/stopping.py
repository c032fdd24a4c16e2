"""Which epoch is the best, and when to wait no longer: one rule for the engines that Python steps through."""

from __future__ import annotations

from typing import Protocol

from ..spec import TrainingSpec


class Watched(Protocol):
    """What the rule reads and writes of a state of training."""

    @property
    def training(self) -> TrainingSpec:
        """The plan, whose patience and min_delta count."""

    epoch: int
    best_epoch: int
    best_loss: float
    stopped: str
    reference_loss: float
    waited: int


def note_validation_loss(state: Watched, loss: float) -> bool:
    """Whether `loss`, that of the epoch just done, is strictly the lowest so far.

    Patience counts the epochs without a gain of min_delta over the last loss that brought one.
    """
    is_best = loss < state.best_loss
    if is_best:
        state.best_loss, state.best_epoch = loss, state.epoch
    if loss < state.reference_loss - state.training.min_delta:
        state.reference_loss, state.waited = loss, 0
        return is_best
    state.waited += 1
    patience = state.training.patience
    if patience is not None and state.waited >= patience and not state.stopped:
        state.stopped = "patience"
    return is_best
