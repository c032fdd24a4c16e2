"""One parameter's step written out with the optimizer's memory: from the gradient to the change."""

from __future__ import annotations

import math
from typing import Any

from .blocks import Number, Told
from .optimizer_step import OptimizerStep
from .shown_sums import short

# Stands in the text where the gradient does, which in a worksheet may be the answer to a blank.
GRADIENT = "\0"


def step_worked_out(step: OptimizerStep, name: str, place: int, value: float) -> str:
    """The step of the number at `place` of the flattened parameter `name`, now `value`; "" where the rule itself says
    all, as the memory is fresh or there is none."""
    rule = _RULES.get(step.optimizer["name"])
    if not step.steps_before or rule is None:
        return ""
    kept = {
        part: float(arrays[name].reshape(-1)[place]) for part, arrays in step.memory.items() if isinstance(arrays, dict)
    }
    g = float(step.gradients[name].reshape(-1)[place])
    first, *rest = rule(step, kept, g, value).split(GRADIENT)
    return Told(first, *(part for text in rest for part in (Number(short(g), g), text)))


def _adam(step: OptimizerStep, kept: dict[str, float], g: float, value: float) -> str:
    told, t = step.optimizer, step.steps_before + 1
    b1, b2, epsilon = told["beta_1"], told["beta_2"], told["epsilon"]
    m, v = b1 * kept["mean"] + (1 - b1) * g, b2 * kept["square"] + (1 - b2) * g * g
    mean, root = m / (1 - b1**t), math.sqrt(v / (1 - b2**t))
    decay = told.get("weight_decay", 0.0)
    shrunk = f" - {step.rate:.6g} × {decay:g} × {_in(value)}" if decay else ""
    change = -step.rate * mean / (root + epsilon) - step.rate * decay * value
    return (
        f"t = {t}; {_mixed('m', b1, kept['mean'], 1 - b1, _g(g))} = {short(m)}; "
        f"{_mixed('v', b2, kept['square'], 1 - b2, _g(g), '²')} = {short(v)}; "
        f"m̂ = {short(m)} / (1 - {b1:g}^{t}) = {short(mean)}; √v̂ = √({short(v)} / (1 - {b2:g}^{t})) = {short(root)}; "
        f"change = -{step.rate:.6g} × {_in(mean)} / ({short(root)} + {epsilon:g}){shrunk} = {short(change)}."
    )


def _rmsprop(step: OptimizerStep, kept: dict[str, float], g: float, value: float) -> str:
    told = step.optimizer
    decay, momentum, epsilon = told["decay"], told["momentum"], told["epsilon"]
    s = decay * kept["square"] + (1 - decay) * g * g
    v = momentum * kept["velocity"] + g / (math.sqrt(s) + epsilon)
    before = f"{momentum:g} × {_in(kept['velocity'])} + " if momentum else ""
    return (
        f"{_mixed('s', decay, kept['square'], 1 - decay, _g(g), '²')} = {short(s)}; "
        f"v = {before}{_g(g)} / (√{short(s)} + {epsilon:g}) = {short(v)}; "
        f"change = -{step.rate:.6g} × {_in(v)} = {short(-step.rate * v)}."
    )


def _sgd(step: OptimizerStep, kept: dict[str, float], g: float, value: float) -> str:
    momentum = step.optimizer["momentum"]
    if not momentum:
        return ""
    v = momentum * kept["velocity"] + g
    nesterov = step.optimizer["nesterov"]
    moved = g + momentum * v if nesterov else v
    by = f"({GRADIENT} + {momentum:g} × {_in(v)})" if nesterov else _in(v)
    return (
        f"v = {momentum:g} × {_in(kept['velocity'])} + {_g(g)} = {short(v)}; "
        f"change = -{step.rate:.6g} × {by} = {short(-step.rate * moved)}."
    )


_RULES: dict[str, Any] = {"adam": _adam, "adamw": _adam, "rmsprop": _rmsprop, "sgd": _sgd}


def _mixed(name: str, of_old: float, old: float, of_new: float, new: str, power: str = "") -> str:
    """`m = 0.9 × 0.02 + 0.1 × (-0.5)`."""
    return f"{name} = {of_old:g} × {_in(old)} + {of_new:.6g} × {new}{power}"


def _in(value: float) -> str:
    return short(value) if value >= 0 else f"({short(value)})"


def _g(g: float) -> str:
    return GRADIENT if g >= 0 else f"({GRADIENT})"
