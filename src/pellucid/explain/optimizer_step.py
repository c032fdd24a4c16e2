"""How the optimizer turns a gradient into a step: penalty, clipping, memory, learning rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..nn.clipping import clip_by_norm, global_norm
from ..nn.optimizers import LBFGS, SGD, Adam, AdamW, Optimizer, RMSprop
from ..nn.parameters import Parameters
from ..nn.penalties import penalty_gradients
from ..records import Record
from ..training.fit_network import FittedNetwork
from .opened import Opened


@dataclass(frozen=True, eq=False)
class OptimizerStep(Record):
    """One step of the optimizer from the parameters of the model.

    `gradients` are those that the optimizer was given: with the penalty `l1` Σ|W| + `l2` / 2 ΣW², and shortened to
    `clip_norm` where they were longer (`norm` is their length before). `steps_before` 0 means that its memory is fresh;
    else `memory` holds it. `change` is what is added to each parameter at the learning rate `rate`, by name; empty for
    L-BFGS, which has no single step. `words` tell it in sentences.
    """

    optimizer: dict[str, Any]
    rate: float
    l1: float
    l2: float
    clip_norm: float | None
    norm: float
    gradients: Parameters
    steps_before: int
    memory: dict[str, Any]
    change: Parameters
    words: tuple[str, ...]


def optimizer_step(opened: Opened, gradients: Parameters) -> OptimizerStep:
    """The step for these gradients, in float64.

    A plain network goes on from the state that training ended in, where that belongs to the parameters it kept.
    """
    training, parameters = opened.training, opened.parameters
    optimizer = training.the_optimizer
    given = penalty_gradients(gradients, parameters, training.l1, training.l2)
    norm = global_norm(given)
    if optimizer.clip_norm is not None:
        given, norm = clip_by_norm(given, optimizer.clip_norm)
    memory, before = _memory(opened)
    change: Parameters = {}
    if not isinstance(optimizer, LBFGS):
        start = memory if before else optimizer.start(parameters)
        moved = optimizer.step(parameters, given, start, training.learning_rate)[0]
        change = {name: moved[name] - parameters[name] for name in parameters}
    return OptimizerStep(
        optimizer.to_dict(),
        training.learning_rate,
        training.l1,
        training.l2,
        optimizer.clip_norm,
        norm,
        given,
        before,
        memory,
        change,
        _words(opened, optimizer, norm, before),
    )


def _memory(opened: Opened) -> tuple[dict[str, Any], int]:
    """The optimizer's memory in float64 and the steps behind it; {} and 0 where it is fresh."""
    model, optimizer = opened.model, opened.training.the_optimizer
    if not isinstance(model, FittedNetwork) or isinstance(optimizer, LBFGS):
        return {}, 0
    last = model.snapshot
    same = all(np.array_equal(last.parameters[name], model.parameters[name]) for name in model.parameters)
    if not same or last.optimizer is None or last.step == 0:
        return {}, 0
    memory = {
        part: {name: np.array(values[name], dtype=np.float64) for name in opened.parameters}
        if isinstance(values, dict)
        else values
        for part, values in last.optimizer.items()
    }
    return memory, last.step


def _words(opened: Opened, optimizer: Optimizer, norm: float, before: int) -> tuple[str, ...]:
    training = opened.training
    if isinstance(optimizer, LBFGS):
        return ("L-BFGS has no single step: it searches along a line, with the loss of all rows.",)
    words = []
    if training.l1 or training.l2:
        parts = [f"{training.l1:g} · sign(w)"] * bool(training.l1) + [f"{training.l2:g} · w"] * bool(training.l2)
        words.append(f"The penalty adds {' + '.join(parts)} to the gradient of every weight w, nothing to biases'.")
    if optimizer.clip_norm is not None:
        cut = f"so all are multiplied by {optimizer.clip_norm / norm:.6g}" if norm > optimizer.clip_norm else "so none"
        words.append(f"Together the gradients are {norm:.6g} long, the limit is {optimizer.clip_norm:g}, {cut}.")
    words.append(_rule(optimizer, before))
    words.append(
        f"The memory of {optimizer.name} is that after {before:,} steps of training."
        if before
        else "The memory of the optimizer is taken as fresh: what it had gathered in training is not kept in a model."
        if not isinstance(optimizer, SGD) or optimizer.momentum
        else "This optimizer has no memory."
    )
    if optimizer.schedule is not None:
        words.append("The schedule is left aside: the rate is the full one.")
    return tuple(words)


def _rule(optimizer: Optimizer, before: int) -> str:
    """The formula of the optimizer with its numbers, g being the gradient."""
    if isinstance(optimizer, Adam):
        first = (
            "" if before else " From a fresh memory m̂ = g and v̂ = g², so the first step is about the rate, whatever g."
        )
        shrink = (
            "" if not isinstance(optimizer, AdamW) else f" Before, w shrinks by rate · {optimizer.weight_decay:g} · w."
        )
        return (
            f"{optimizer.name}: m = {optimizer.beta_1:g} m + {1 - optimizer.beta_1:.6g} g, "
            f"v = {optimizer.beta_2:g} v + {1 - optimizer.beta_2:.6g} g², m̂ = m / (1 - {optimizer.beta_1:g}^t), "
            f"v̂ = v / (1 - {optimizer.beta_2:g}^t), step = -rate · m̂ / (√v̂ + {optimizer.epsilon:g}).{first}{shrink}"
        )
    if isinstance(optimizer, RMSprop):
        return (
            f"rmsprop: s = {optimizer.decay:g} s + {1 - optimizer.decay:.6g} g², "
            f"v = {optimizer.momentum:g} v + g / (√s + {optimizer.epsilon:g}), step = -rate · v."
        )
    if isinstance(optimizer, SGD) and optimizer.momentum:
        look = f"g + {optimizer.momentum:g} v" if optimizer.nesterov else "v"
        return f"sgd with momentum: v = {optimizer.momentum:g} v + g, step = -rate · ({look})."
    return f"{optimizer.name}: step = -rate · g."
