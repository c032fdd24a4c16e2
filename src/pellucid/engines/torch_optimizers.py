"""The optimizers in PyTorch, in place: all parameters are one vector, so a step is a handful of calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


def _sgd(knobs: Any, vectors: Tensor, gradient: Tensor, rate: float, step: int) -> None:
    values, velocity = vectors
    velocity.mul_(knobs.momentum).add_(gradient)
    values.add_(gradient.add(velocity, alpha=knobs.momentum) if knobs.nesterov else velocity, alpha=-rate)


def _rmsprop(knobs: Any, vectors: Tensor, gradient: Tensor, rate: float, step: int) -> None:
    values, square, velocity = vectors
    square.mul_(knobs.decay).addcmul_(gradient, gradient, value=1 - knobs.decay)
    velocity.mul_(knobs.momentum).addcdiv_(gradient, square.sqrt().add_(knobs.epsilon))
    values.add_(velocity, alpha=-rate)


def _adam(knobs: Any, vectors: Tensor, gradient: Tensor, rate: float, step: int) -> None:
    values, mean, square = vectors
    mean.mul_(knobs.beta_1).add_(gradient, alpha=1 - knobs.beta_1)
    square.mul_(knobs.beta_2).addcmul_(gradient, gradient, value=1 - knobs.beta_2)
    root = square.sqrt().div_((1 - knobs.beta_2**step) ** 0.5).add_(knobs.epsilon)
    values.addcdiv_(mean, root, value=-rate / (1 - knobs.beta_1**step))


def _adamw(knobs: Any, vectors: Tensor, gradient: Tensor, rate: float, step: int) -> None:
    vectors[0].mul_(1 - rate * knobs.weight_decay)
    _adam(knobs, vectors, gradient, rate, step)


# (knobs, vectors (1 + parts, parameters), gradient (parameters,), learning rate, number of the step from 1)
STEPS: dict[str, Callable[[Any, Any, Any, float, int], None]] = {
    "sgd": _sgd,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adamw,
}
