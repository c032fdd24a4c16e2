"""Keeping the weights of past epochs."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..engines.contract import Parameters, Snapshot
from ..errors import SpecError


@dataclass(frozen=True)
class Record:
    """What `fit_network` is asked to keep: the parameters at the start, after every `weights_every` epochs of the run
    and at its end (L-BFGS, which runs in one piece: at start and end)."""

    weights_every: int = 1

    def __post_init__(self) -> None:
        if not isinstance(self.weights_every, int) or self.weights_every < 1:
            raise SpecError(f"weights_every must be a whole number of at least 1 epoch, got {self.weights_every!r}")


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
    """Parameters of past epochs, by epoch; 0 is the start of a fresh run."""

    record: Record
    parameters: dict[int, Parameters] = field(default_factory=dict)

    def add(self, snapshot: Snapshot) -> None:
        """Keep a copy of the snapshot's parameters."""
        self.parameters[snapshot.epoch] = {name: value.copy() for name, value in snapshot.parameters.items()}

    def at(self, epoch: int) -> Parameters:
        """The parameters after `epoch` epochs; raises `SpecError` naming the nearest recorded epoch."""
        if epoch not in self.parameters:
            closest = min(self.parameters, key=lambda kept: abs(kept - epoch))
            raise SpecError(f"epoch {epoch} was not recorded; the nearest one is {closest}")
        return self.parameters[epoch]
