"""States of a training kept compactly, and thinned out when they would take more memory than was allowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..engines.contract import Parameters, Snapshot
from ..engines.vector import as_parameters, as_vector
from ..spec import NetworkSpec


@dataclass(frozen=True, eq=False)
class OptimizerMemory:
    """What an optimizer knew, and how many steps had been taken. Arrays named as the parameters are one vector each."""

    parts: dict[str, Any]
    step: int

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        return sum(part.nbytes for part in self.parts.values() if isinstance(part, np.ndarray))


@dataclass(eq=False)
class KeptStates:
    """Weights, one vector (parameter_count,) an epoch, and at some epochs the optimizer's memory too.

    When the next state would not fit into `budget` bytes, every second one but the first goes, and from then on every
    second is kept; `thinned_at` is the epoch where that happened last.
    """

    network: NetworkSpec
    first: int
    weights_every: int
    optimizer_every: int
    budget: float
    weights: dict[int, np.ndarray] = field(default_factory=dict)
    memories: dict[int, OptimizerMemory] = field(default_factory=dict)
    nbytes: int = 0
    thinned_at: int = 0

    def add(self, snapshot: Snapshot) -> None:
        """Keep a whole state, from which training can go on."""
        memory = packed(snapshot, self.network)
        vector = as_vector(snapshot.parameters, self.network)
        self._forget(snapshot.epoch)
        self._make_room(snapshot.epoch, vector.nbytes + memory.nbytes)
        self.weights[snapshot.epoch], self.memories[snapshot.epoch] = vector, memory

    def add_weights(self, epoch: int, vector: np.ndarray) -> None:
        """Keep a copy of the weights (parameter_count,) after `epoch`, where its turn has come."""
        if epoch in self.weights or (epoch - self.first) % self.weights_every:
            return
        self._make_room(epoch, vector.nbytes)
        self.weights[epoch] = vector.copy()

    def add_exactly(self, epoch: int, parameters: Parameters) -> None:
        """Keep the parameters after `epoch` whether or not its turn has come, and beyond the budget."""
        if epoch not in self.weights:
            self.weights[epoch] = as_vector(parameters, self.network)
            self.nbytes += self.weights[epoch].nbytes

    def parameters(self, epoch: int) -> Parameters:
        """A copy of the parameters after a kept epoch."""
        return as_parameters(self.weights[epoch].copy(), self.network)

    def snapshot(self, epoch: int) -> Snapshot:
        """A copy of the whole state after an epoch in `memories`."""
        memory = self.memories[epoch]
        parts = {
            name: as_parameters(part.copy(), self.network) if isinstance(part, np.ndarray) else part
            for name, part in memory.parts.items()
        }
        return Snapshot(self.parameters(epoch), parts, epoch, memory.step)

    def _forget(self, epoch: int) -> None:
        if epoch in self.weights:
            self.nbytes -= self.weights.pop(epoch).nbytes
        if epoch in self.memories:
            self.nbytes -= self.memories.pop(epoch).nbytes

    def _make_room(self, epoch: int, needed: int) -> None:
        while self.nbytes + needed > self.budget and len(self.weights) > 1:
            self.weights_every, self.optimizer_every = 2 * self.weights_every, 2 * self.optimizer_every
            self.memories = {e: m for e, m in self.memories.items() if (e - self.first) % self.optimizer_every == 0}
            self.weights = {
                e: vector
                for e, vector in self.weights.items()
                if (e - self.first) % self.weights_every == 0 or e in self.memories
            }
            kept = [vector.nbytes for vector in self.weights.values()]
            self.nbytes = sum(kept) + sum(memory.nbytes for memory in self.memories.values())
            self.thinned_at = epoch
        self.nbytes += needed


def packed(snapshot: Snapshot, network: NetworkSpec) -> OptimizerMemory:
    """The snapshot's optimizer memory, arrays as vectors."""
    parts = {
        name: as_vector(part, network) if isinstance(part, dict) and set(part) == set(snapshot.parameters) else part
        for name, part in (snapshot.optimizer or {}).items()
    }
    return OptimizerMemory(parts, snapshot.step)
