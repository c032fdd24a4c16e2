"""A part of a past training trained again: the same rows in the same order, the same bits."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..engines.contract import Parameters, Snapshot, State
from ..errors import SpecError
from .loop import train_in_stretches
from .origin import Origin


@dataclass(frozen=True, eq=False)
class Reached:
    """A state of a past training: `snapshot`, after `epoch` epochs and `step` steps of the next one.

    It was kept when `steps_replayed` is 0; else it was trained again from the state kept at epoch `replayed_from`,
    which took `seconds`.
    """

    snapshot: Snapshot
    epoch: int
    step: int
    replayed_from: int
    steps_replayed: int
    seconds: float

    @property
    def parameters(self) -> Parameters:
        """The parameters there."""
        return self.snapshot.parameters

    def __repr__(self) -> str:
        place = f"epoch {self.epoch}" + (f", step {self.step}" if self.step else "")
        if not self.steps_replayed:
            return f"Reached({place}, kept)"
        return (
            f"Reached({place}, {self.steps_replayed:,} steps replayed from epoch {self.replayed_from} "
            f"in {self.seconds:.3f} s)"
        )


def replayed(origin: Origin, start: Snapshot, epoch: int, step: int) -> Snapshot:
    """The state after `epoch` epochs and `step` steps more, trained from `start`: without validation rows, which move
    nothing but the clock and the moment of stopping."""
    data = replace(origin.rows, X_valid=None, Y_valid=None, weights_valid=None)
    count, done = epoch - start.epoch, start.epoch - origin.first
    plan = replace(origin.training, epochs=count)
    state = origin.engine.start(origin.network, plan, data, start)
    rates = origin.rates[done : done + count]
    for _ in train_in_stretches(origin.engine, state, plan, origin.source(start.epoch), rates):
        pass
    _check_finite(state)
    if step:
        origin.run_steps(state, 0, step)
        _check_finite(state)
        return replace(state.snapshot(), epoch=epoch)
    return state.snapshot()


def _check_finite(state: State) -> None:
    if state.failure is not None:
        raise SpecError(
            f"the training met a number that is not finite at step {state.failure.step}, in epoch "
            f"{state.failure.epoch}; ask for an earlier place"
        )
