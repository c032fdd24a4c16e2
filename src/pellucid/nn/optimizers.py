"""How gradients move parameters: each optimizer is its knobs and two pure functions.

    state = optimizer.start(parameters)
    parameters, state = optimizer.step(parameters, gradients, state, rate)

`step` makes new arrays and changes none that it was given. Formulas are PyTorch's, so the same start gives
the same path. `schedule` (how the rate changes over time) and `clip_norm` (the longest gradient allowed)
are read by the training loop before it calls `step`; `step` itself applies neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np

from ..errors import SpecError
from .parameters import Parameters
from .schedules import Schedule, get_schedule
from .settings import Settings, build

State = dict[str, Any]
BELOW_ONE = (0.0, 1.0)
NOT_NEGATIVE = (0.0, float("inf"))


@dataclass
class Optimizer(Settings):
    """Base of all optimizers."""

    schedule: Schedule | str | Mapping[str, Any] | None = field(default=None, kw_only=True)
    clip_norm: float | None = field(default=None, kw_only=True)

    def start(self, parameters: Parameters) -> State:
        """The state before the first step."""
        raise NotImplementedError

    def step(
        self, parameters: Parameters, gradients: Parameters, state: State, rate: float
    ) -> tuple[Parameters, State]:
        """Parameters and state after one step at learning rate `rate`."""
        raise NotImplementedError

    def check(self) -> Self:
        """Raise `SpecError` for knobs out of range."""
        super().check()
        get_schedule(self.schedule)
        if self.clip_norm is not None and not self.clip_norm > 0:
            raise SpecError(f"clip_norm of {type(self).__name__} must be above 0, or None, got {self.clip_norm!r}")
        return self


@dataclass
class SGD(Optimizer):
    """Down the gradient; with momentum, down a decaying sum of past gradients.

    Sources: Polyak (1964) for momentum; Nesterov (1983), in the form of Sutskever et al. (2013), for
    looking ahead.
    """

    momentum: float = 0.0
    nesterov: bool = False

    name: ClassVar[str] = "sgd"
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {"momentum": BELOW_ONE}

    def start(self, parameters: Parameters) -> State:
        return {"velocity": zeros_like(parameters)}

    def step(
        self, parameters: Parameters, gradients: Parameters, state: State, rate: float
    ) -> tuple[Parameters, State]:
        rate, moved, velocity = float(rate), {}, {}
        for name, g in gradients.items():
            v = velocity[name] = self.momentum * state["velocity"][name] + g
            moved[name] = parameters[name] - rate * (g + self.momentum * v if self.nesterov else v)
        return moved, {"velocity": velocity}


@dataclass
class RMSprop(Optimizer):
    """Each parameter's gradient divided by the root of its own mean square. Source: Hinton (2012), lecture
    6e.
    """

    decay: float = 0.99
    epsilon: float = 1e-8
    momentum: float = 0.0

    name: ClassVar[str] = "rmsprop"
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {
        "decay": BELOW_ONE,
        "epsilon": NOT_NEGATIVE,
        "momentum": BELOW_ONE,
    }

    def start(self, parameters: Parameters) -> State:
        return {"square": zeros_like(parameters), "velocity": zeros_like(parameters)}

    def step(
        self, parameters: Parameters, gradients: Parameters, state: State, rate: float
    ) -> tuple[Parameters, State]:
        rate, moved, square, velocity = float(rate), {}, {}, {}
        for name, g in gradients.items():
            s = square[name] = self.decay * state["square"][name] + (1 - self.decay) * g * g
            v = velocity[name] = self.momentum * state["velocity"][name] + g / (np.sqrt(s) + self.epsilon)
            moved[name] = parameters[name] - rate * v
        return moved, {"square": square, "velocity": velocity}


@dataclass
class Adam(Optimizer):
    """A running mean of gradients over the root of a running mean of their squares, both corrected for
    their start at 0.

    Source: Kingma, Ba (2015), arXiv:1412.6980.
    """

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8

    name: ClassVar[str] = "adam"
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {
        "beta_1": BELOW_ONE,
        "beta_2": BELOW_ONE,
        "epsilon": NOT_NEGATIVE,
    }

    def start(self, parameters: Parameters) -> State:
        return {"step": 0, "mean": zeros_like(parameters), "square": zeros_like(parameters)}

    def step(
        self, parameters: Parameters, gradients: Parameters, state: State, rate: float
    ) -> tuple[Parameters, State]:
        t, moved, mean, square = state["step"] + 1, {}, {}, {}
        step_size = float(rate) / (1 - self.beta_1**t)
        root_correction = (1 - self.beta_2**t) ** 0.5
        for name, g in gradients.items():
            m = mean[name] = self.beta_1 * state["mean"][name] + (1 - self.beta_1) * g
            s = square[name] = self.beta_2 * state["square"][name] + (1 - self.beta_2) * g * g
            moved[name] = parameters[name] - step_size * m / (np.sqrt(s) / root_correction + self.epsilon)
        return moved, {"step": t, "mean": mean, "square": square}


@dataclass
class AdamW(Adam):
    """Adam that first shrinks every parameter, biases too, by rate · weight_decay, outside the gradient.

    Source: Loshchilov, Hutter (2019), arXiv:1711.05101.
    """

    weight_decay: float = 0.01

    name: ClassVar[str] = "adamw"
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {**Adam.limits, "weight_decay": NOT_NEGATIVE}

    def step(
        self, parameters: Parameters, gradients: Parameters, state: State, rate: float
    ) -> tuple[Parameters, State]:
        shrink = 1 - float(rate) * self.weight_decay
        return super().step({name: shrink * p for name, p in parameters.items()}, gradients, state, rate)


@dataclass
class LBFGS(Optimizer):
    """Steps from a curvature that is estimated from the last `memory` steps, with a line search over all
    rows.

    The search looks at the whole loss many times a step, so there is no `step` here: the engine runs
    SciPy's. Source: Byrd, Lu, Nocedal, Zhu (1995), SIAM J. Sci. Comput. 16(5). It takes no schedule and no
    clip_norm.
    """

    memory: int = 10

    name: ClassVar[str] = "lbfgs"
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {"memory": (1.0, float("inf"))}

    def start(self, parameters: Parameters) -> State:
        return {}

    def step(
        self, parameters: Parameters, gradients: Parameters, state: State, rate: float
    ) -> tuple[Parameters, State]:
        raise SpecError("L-BFGS has no single step: it searches along a line with all rows; train with an engine")

    def check(self) -> Self:
        super().check()
        if not isinstance(self.memory, int):
            raise SpecError(f"memory of LBFGS must be a whole number, got {self.memory!r}")
        if self.schedule is not None or self.clip_norm is not None:
            raise SpecError("LBFGS finds its own step lengths: leave schedule and clip_norm at None")
        return self


OPTIMIZERS: dict[str, type[Optimizer]] = {kind.name: kind for kind in (SGD, RMSprop, Adam, AdamW, LBFGS)}

# What people call an optimizer and is a knob of one here.
VARIANTS = {
    "momentum": "SGD(momentum=0.9)",
    "nesterov": "SGD(momentum=0.9, nesterov=True)",
    "nag": "SGD(momentum=0.9, nesterov=True)",
}


def get_optimizer(optimizer: str | Mapping[str, Any] | Optimizer) -> Optimizer:
    """An optimizer from its name, from `{"name": "adam", "beta_2": 0.95}`, or itself; its knobs are checked.

    Raises `SpecError` for unknown names and settings and for knobs out of range.
    """
    if isinstance(optimizer, Optimizer):
        return optimizer.check()
    if isinstance(optimizer, str) and optimizer in VARIANTS:
        raise SpecError(f"{optimizer!r} is a setting of an optimizer rather than one; write {VARIANTS[optimizer]}")
    made: Optimizer = build("optimizer", OPTIMIZERS, optimizer)
    if isinstance(made.schedule, (str, Mapping)):
        made = replace(made, schedule=get_schedule(made.schedule))
    return made.check()


def zeros_like(parameters: Parameters) -> Parameters:
    """Zeros in the shapes and types of the parameters."""
    return {name: np.zeros_like(p) for name, p in parameters.items()}
