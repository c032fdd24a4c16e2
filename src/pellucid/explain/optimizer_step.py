"""How the optimizer turns a gradient into a step: penalty, clipping, memory, learning rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engines.contract import Snapshot
from ..nn.clipping import clip_by_norm, global_norm
from ..nn.optimizers import LBFGS, SGD, Adam, AdamW, Optimizer, RMSprop
from ..nn.parameters import Parameters
from ..nn.penalties import penalty_gradients
from ..records import Record, counted
from .opened import Opened
from .training_moment import TakenStep, TrainingMoment


@dataclass(frozen=True, eq=False)
class OptimizerStep(Record):
    """One step of the optimizer from the parameters of the ledger.

    `gradients` are those that the optimizer was given: with the penalty `l1` Σ|W| + `l2` / 2 ΣW², and shortened to
    `clip_norm` where they were longer (`norm` is their length before). `steps_before` 0 means that its memory is fresh;
    else `memory` holds it. `change` is what is added to each parameter at the learning rate `rate`, by name; empty for
    L-BFGS, which has no single step. `made` is what the training itself added, in its own precision, where the step is
    one of the training; else empty. `words` tell it in sentences.
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
    made: Parameters
    words: tuple[str, ...]


def optimizer_step(opened: Opened, gradients: Parameters, moment: TrainingMoment | None = None) -> OptimizerStep:
    """The step for these gradients, in float64, with the memory and the rate of the `moment` of the training.

    Without one the memory is the one that was kept with these parameters, at the end of training or in the recording,
    and fresh where there is none.
    """
    training, parameters = opened.training, opened.parameters
    optimizer = training.the_optimizer
    given = penalty_gradients(gradients, parameters, training.l1, training.l2)
    norm = global_norm(given)
    if optimizer.clip_norm is not None:
        given, norm = clip_by_norm(given, optimizer.clip_norm)
    last = moment.snapshot if moment is not None else kept_state(opened)
    memory, before = _memory(opened, last)
    taken = None if moment is None else moment.taken
    rate = training.learning_rate if taken is None else taken.rate
    change: Parameters = {}
    if not isinstance(optimizer, LBFGS):
        start = memory if before else optimizer.start(parameters)
        moved = optimizer.step(parameters, given, start, rate)[0]
        change = {name: moved[name] - parameters[name] for name in parameters}
    return OptimizerStep(
        optimizer.to_dict(),
        rate,
        training.l1,
        training.l2,
        optimizer.clip_norm,
        norm,
        given,
        before,
        memory,
        change,
        {} if taken is None else taken.made,
        (
            *_gradient_words(opened, optimizer, norm, before),
            *_memory_words(opened, optimizer, before, last is not None),
            *_rate_words(optimizer, taken),
            *_made_words(opened, change, taken),
        ),
    )


def kept_state(opened: Opened) -> Snapshot | None:
    """The state of the training with exactly these parameters, None where none was kept with its memory."""
    if opened.fitted is None:
        return None
    states = [opened.fitted.snapshot]
    if opened.fitted.recording is not None:
        kept = opened.fitted.recording.states
        states += [kept.snapshot(epoch) for epoch in sorted(kept.memories, reverse=True)]
    for state in states:
        if all(np.array_equal(state.parameters[name], value) for name, value in opened.parameters.items()):
            return state
    return None


def _memory(opened: Opened, state: Snapshot | None) -> tuple[dict[str, Any], int]:
    """The optimizer's memory in float64 and the steps behind it; {} and 0 where it is fresh."""
    if state is None or not state.optimizer or state.step == 0 or isinstance(opened.training.the_optimizer, LBFGS):
        return {}, 0
    memory = {
        part: {name: np.array(values[name], dtype=np.float64) for name in opened.parameters}
        if isinstance(values, dict)
        else values
        for part, values in state.optimizer.items()
    }
    return memory, state.step


def _gradient_words(opened: Opened, optimizer: Optimizer, norm: float, before: int) -> list[str]:
    """What is done to the gradients, and the rule by which they become a step."""
    training = opened.training
    if isinstance(optimizer, LBFGS):
        return ["L-BFGS has no single step: it searches along a line, with the loss of all rows."]
    words = []
    if training.l1 or training.l2:
        parts = [f"{training.l1:g} · sign(w)"] * bool(training.l1) + [f"{training.l2:g} · w"] * bool(training.l2)
        words.append(f"The penalty adds {' + '.join(parts)} to the gradient of every weight w, nothing to biases'.")
    if optimizer.clip_norm is not None:
        cut = f"so all are multiplied by {optimizer.clip_norm / norm:.6g}" if norm > optimizer.clip_norm else "so none"
        words.append(f"Together the gradients are {norm:.6g} long, the limit is {optimizer.clip_norm:g}, {cut}.")
    return [*words, _rule(optimizer, before)]


def _memory_words(opened: Opened, optimizer: Optimizer, before: int, known: bool) -> list[str]:
    """Where the memory comes from, and how to get the one of the training where it is not at hand."""
    if isinstance(optimizer, LBFGS):
        return []
    if isinstance(optimizer, SGD) and not optimizer.momentum:
        return ["This optimizer has no memory."]
    if before:
        return [f"The memory of {optimizer.name} is that after {counted(before, 'step')} of training."]
    if known:
        return ["The memory of the optimizer is fresh here: nothing was gathered before."]
    if opened.fitted is None:
        way = "a trained model carries none; pellucid.replay(model, X, y) in its place, with epoch, brings it back"
    elif opened.fitted.recording is None:
        way = (
            "only that of the end of training is at hand, which has other parameters; record=True in fit_network helps"
        )
    else:
        way = "none was kept with these parameters; with epoch (and step) the recording gives it"
    return [f"The memory of the optimizer is taken as fresh: {way}."]


def _rate_words(optimizer: Optimizer, taken: TakenStep | None) -> list[str]:
    if optimizer.schedule is None:
        return []
    return ["The schedule is left aside: the rate is the full one." if taken is None else "The rate is the schedule's."]


def _made_words(opened: Opened, change: Parameters, taken: TakenStep | None) -> list[str]:
    """How far the changes of the training lie from those in float64."""
    if taken is None:
        return []
    off = max(float(np.abs(taken.made[name] - change[name]).max(initial=0)) for name in change)
    dtype = opened.training.dtype
    again = "computed again here" if dtype == "float64" else "in float64"
    return [f"The training took this step, in {dtype}; {again} no change differs from it by more than {off:.1e}."]


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
