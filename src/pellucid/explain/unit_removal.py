"""What a hidden unit is worth: the loss of the same rows while its activation is held at zero, or at its mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..metrics.ratios import student_quantile
from ..nn.losses import Loss, LossCache, loss_forward
from ..nn.network import Tape
from ..nn.parameters import Parameters, bias_name, weight_name
from ..records import Interval, Record, with_interval

LEVEL = 0.95


@dataclass(frozen=True)
class Removal(Record):
    """The loss rises by `rise` when the activation is held at `held_at`; `interval` over rows, None for one row."""

    rise: float
    interval: Interval | None
    held_at: float

    def __str__(self) -> str:
        return with_interval(self.rise, self.interval, sign=True)


class Removals:
    """Rows passed through the network once; each unit is then taken out of the layer above it.

    `tape` holds the layers of a forward pass, `Y` and `weights` are as `nn.loss_forward` takes them.
    """

    def __init__(
        self, tape: Tape, parameters: Parameters, loss: Loss, Y: np.ndarray, weights: np.ndarray | None
    ) -> None:
        self.tape, self.parameters, self.loss = tape, parameters, loss
        self.value, self.cache = loss_forward(loss, tape[-1].Z, Y, weights)

    def of(self, layer: int, unit: int, without: str) -> Removal:
        """Of one unit, its activation held at zero or, with `without` "mean", at its mean over the rows."""
        A = self.tape[layer].A[:, unit]
        held = float(A.mean()) if without == "mean" else 0.0
        Z = self.tape[layer + 1].Z + np.outer(held - A, self.parameters[weight_name(layer + 1)][:, unit])
        for k in range(layer + 2, len(self.tape)):
            Z = self.tape[k - 1].activation.forward(Z) @ self.parameters[weight_name(k)].T
            Z += self.parameters.get(bias_name(k), 0.0)
        rises = self.loss.forward(Z, self.cache.Y) - self.cache.rows
        return Removal(*_mean_rise(rises, self.cache), held)


def _mean_rise(rises: np.ndarray, cache: LossCache) -> tuple[float, Interval | None]:
    """The weighted mean of what rows add, and its interval by the influence of each row."""
    rise, rows = float(cache.shares @ rises), len(rises)
    if rows < 2:
        return rise, None
    if not rises.any():
        return 0.0, Interval(0.0, 0.0, LEVEL, "no prediction changes")
    own = cache.loss.weights(cache.Y)
    influence = cache.shares * (rises - rise * (1.0 if own is None else own))
    error = float(np.sqrt((influence**2).sum() * rows / (rows - 1)))
    reach = student_quantile(LEVEL, rows - 1) * error
    return rise, Interval(rise - reach, rise + reach, LEVEL, f"t over {rows:,} rows, by the influence function")
