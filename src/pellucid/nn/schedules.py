"""How the learning rate changes over a training: all rates at once, one for each step, as an array.

Engines get the array and know nothing of schedules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from ..errors import SpecError
from .settings import Settings, build


@dataclass
class Schedule(Settings):
    """Base of all schedules."""

    def rates(self, base_rate: float, epochs: int, steps_per_epoch: int) -> np.ndarray:
        """The learning rate of every step, float64 (epochs · steps_per_epoch,)."""
        raise NotImplementedError


@dataclass
class Constant(Schedule):
    """The same rate in every step."""

    name: ClassVar[str] = "constant"

    def rates(self, base_rate: float, epochs: int, steps_per_epoch: int) -> np.ndarray:
        return np.full(epochs * steps_per_epoch, base_rate, dtype=np.float64)


@dataclass
class StepDecay(Schedule):
    """The rate is multiplied by `factor` after every `every` epochs."""

    every: int = 30
    factor: float = 0.1

    name: ClassVar[str] = "step_decay"
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {"every": (1, np.inf), "factor": (0, np.inf)}

    def rates(self, base_rate: float, epochs: int, steps_per_epoch: int) -> np.ndarray:
        drops = np.arange(epochs) // self.every
        return np.repeat(base_rate * self.factor**drops, steps_per_epoch)


@dataclass
class Cosine(Schedule):
    """Half a cosine wave, from the full rate down to `final_fraction` of it where the next step would be.

    Source: Loshchilov, Hutter (2017), arXiv:1608.03983, without restarts.
    """

    final_fraction: float = 0.0

    name: ClassVar[str] = "cosine"
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {"final_fraction": (0, np.inf)}

    def rates(self, base_rate: float, epochs: int, steps_per_epoch: int) -> np.ndarray:
        steps = epochs * steps_per_epoch
        return base_rate * glide(1.0, self.final_fraction, np.arange(steps) / max(steps, 1))


@dataclass
class OneCycle(Schedule):
    """Up from `start_fraction` of the rate to all of it in the first `warm_fraction` of steps, then down to
    `final_fraction`, each as half a cosine wave. Source: Smith, Topin (2018), arXiv:1708.07120."""

    warm_fraction: float = 0.3
    start_fraction: float = 1 / 25
    final_fraction: float = 1e-4

    name: ClassVar[str] = "one_cycle"
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {
        "warm_fraction": (0, 1),
        "start_fraction": (0, np.inf),
        "final_fraction": (0, np.inf),
    }

    def rates(self, base_rate: float, epochs: int, steps_per_epoch: int) -> np.ndarray:
        steps = epochs * steps_per_epoch
        step = np.arange(steps)
        peak = max(self.warm_fraction * steps - 1, 0.0)
        up = glide(self.start_fraction, 1.0, step / max(peak, 1e-9))
        down = glide(1.0, self.final_fraction, (step - peak) / max(steps - 1 - peak, 1e-9))
        return base_rate * np.where(step < peak, up, down)


@dataclass
class WarmUp(Schedule):
    """A straight line up to the full rate over the first `epochs` epochs, then the schedule `then`
    (constant).
    """

    epochs: int = 5
    then: Schedule | str | Mapping[str, Any] | None = None

    name: ClassVar[str] = "warm_up"
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {"epochs": (0, np.inf)}

    def rates(self, base_rate: float, epochs: int, steps_per_epoch: int) -> np.ndarray:
        warm = self.epochs * steps_per_epoch
        ramp = base_rate * np.arange(1, warm + 1) / max(warm, 1)
        rest = get_schedule(self.then).rates(base_rate, max(epochs - self.epochs, 0), steps_per_epoch)
        return np.concatenate([ramp, rest])[: epochs * steps_per_epoch]


SCHEDULES: dict[str, type[Schedule]] = {kind.name: kind for kind in (Constant, StepDecay, Cosine, OneCycle, WarmUp)}


def get_schedule(schedule: str | Mapping[str, Any] | Schedule | None) -> Schedule:
    """A schedule from its name, from `{"name": "step_decay", "every": 10}`, or itself; None is constant.

    Raises `SpecError` for unknown names and settings and for knobs out of range.
    """
    if schedule is None:
        return Constant()
    made: Schedule = schedule if isinstance(schedule, Schedule) else build("schedule", SCHEDULES, schedule)
    if isinstance(made, WarmUp):
        if not isinstance(made.epochs, int):
            raise SpecError(f"epochs of WarmUp must be a whole number, got {made.epochs!r}")
        if made.then is not None and not isinstance(made.then, Schedule):
            made = replace(made, then=get_schedule(made.then))
    return made.check()


def glide(start: float, end: float, progress: np.ndarray) -> np.ndarray:
    """Half a cosine wave from `start` at progress 0 to `end` at progress 1, flat outside."""
    wave: np.ndarray = (1 + np.cos(np.pi * np.clip(progress, 0, 1))) / 2
    return end + (start - end) * wave
