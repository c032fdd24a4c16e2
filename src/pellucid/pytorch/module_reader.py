"""From PyTorch's modules to our networks, where there is a counterpart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..engines.choose import choose_engine
from ..engines.contract import Parameters, Snapshot
from ..engines.torch_extra import import_torch
from ..errors import SpecError
from ..nn.losses import Loss
from ..nn.parameters import bias_name, weight_name
from ..spec import NetworkSpec, TrainingSpec
from ..training.fit_network import FittedNetwork
from ..training.history import History
from .module_writer import activation_makers

if TYPE_CHECKING:
    from torch.nn import Module

# The settings that must be ours, by name of the activation.
SETTINGS = {"leaky_relu": ("negative_slope",), "elu": ("alpha",), "gelu": ("approximate",), "softplus": ("beta",)}


@dataclass
class Read:
    """What has been read so far: Linear layers, and what follows each of them."""

    linear: list[Any] = field(default_factory=list)
    activations: list[str | None] = field(default_factory=list)
    dropouts: list[float] = field(default_factory=list)
    link: str = "identity"


def from_module(module: Module, *, loss: str | Loss | None = None) -> FittedNetwork:
    """A `FittedNetwork` with the parameters of a Sequential of Linear layers, activations and dropout.

    Sequentials inside are read through. A Sigmoid at the end makes the loss "bce", a Softmax "softmax_cross_entropy",
    so that `predict` applies the same link and `scores` gives what comes before it; otherwise `loss` says it, "mse"
    (no link) where it is not given. The parameters are copies; the history is empty.

    Raises `SpecError` naming the part that has no counterpart, `MissingExtraError` without PyTorch.
    """
    import_torch("from_module")
    read = Read()
    for place, part in _parts(module, ""):
        _read_part(read, place, part)
    if not read.linear:
        raise SpecError("from_module found no Linear layer to begin with")
    if read.activations[-1] is not None:
        _read_link(read, read.activations[-1])
    if read.dropouts[-1]:
        raise SpecError("Dropout after the last Linear layer has no counterpart: our networks end with that layer")
    network = NetworkSpec(
        read.linear[0].in_features,
        tuple(one.out_features for one in read.linear[:-1]),
        read.linear[-1].out_features,
        activation=tuple(name or "identity" for name in read.activations[:-1]),
        bias=tuple(one.bias is not None for one in read.linear),
        dropout=tuple(read.dropouts[:-1]),
    )
    links = {"identity": "mse", "sigmoid": "bce", "softmax": "softmax_cross_entropy"}
    parameters = _parameters(read)
    plan = TrainingSpec(links[read.link] if loss is None else loss, dtype=str(parameters[weight_name(0)].dtype))
    if read.link not in ("identity", plan.the_loss.link):
        raise SpecError(f"the module ends in {read.link}, but the loss {plan.the_loss.name!r} has no such link")
    history, start = History((), "finished", 0, 0, "torch"), Snapshot(parameters, given=True)
    return FittedNetwork(parameters, history, None, network, plan, start, choose_engine("auto", network, plan))


def _parts(module: Module, place: str) -> Iterator[tuple[str, Any]]:
    """The modules inside Sequentials, in order, with their names."""
    from torch import nn

    if isinstance(module, nn.Sequential):
        for name, part in module.named_children():
            yield from _parts(part, f"{place}.{name}" if place else name)
    elif any(module.children()):
        raise SpecError(
            f"from_module reads nn.Sequential, whose order of layers can be seen; {type(module).__name__}"
            f"{f' at {place!r}' if place else ''} runs code of its own: put its layers into a Sequential"
        )
    else:
        yield place or type(module).__name__, module


def _read_part(read: Read, place: str, part: Any) -> None:
    """Add one part to what was read; raises `SpecError` where it has no counterpart."""
    from torch import nn

    if isinstance(part, nn.Linear):
        if read.linear and read.linear[-1].out_features != part.in_features:
            raise SpecError(
                f"{place!r} takes {part.in_features} inputs, but the layer before gives {read.linear[-1].out_features}"
            )
        read.linear.append(part)
        read.activations.append(None)
        read.dropouts.append(0.0)
        return
    if isinstance(part, nn.Flatten) and not read.linear:
        return
    what = f"{type(part).__name__} at {place!r}"
    if not read.linear:
        raise SpecError(f"{what} before the first Linear layer has no counterpart: our networks begin with that layer")
    if type(part) is nn.Dropout:
        if part.p and read.dropouts[-1]:
            raise SpecError(f"{what} follows another Dropout; use one of them")
        read.dropouts[-1] = part.p
        return
    name = _activation_name(part)
    if name is None:
        raise SpecError(
            f"{what} has no counterpart; our networks know Linear, Dropout and {', '.join(activation_makers())}"
        )
    if read.activations[-1] not in (None, "identity") and name != "identity":
        raise SpecError(f"{what} follows another activation; our layers have one each")
    if read.dropouts[-1] and name != "identity":
        raise SpecError(f"{what} follows Dropout; our layers drop units after their activation")
    read.activations[-1] = name if read.activations[-1] is None or name != "identity" else read.activations[-1]


def _activation_name(part: Any) -> str | None:
    """Our name of an activation module with our settings; "softmax" where it is one over the outputs."""
    from torch import nn

    if isinstance(part, nn.Softmax) and part.dim in (1, -1):
        return "softmax"
    for name, maker in activation_makers().items():
        ours = maker()
        if type(part) is type(ours):
            for setting in SETTINGS.get(name, ()):
                theirs, wanted = getattr(part, setting), getattr(ours, setting)
                if theirs != wanted:
                    raise SpecError(f"{type(part).__name__}({setting}={theirs}) has no counterpart, only {wanted}")
            return name
    return None


def _read_link(read: Read, last: str) -> None:
    """What follows the last Linear layer is a link."""
    if last not in ("identity", "sigmoid", "softmax"):
        raise SpecError(f"the activation {last!r} after the last Linear layer has no counterpart; leave it out")
    read.link = last


def _parameters(read: Read) -> Parameters:
    """Copies as NumPy arrays, by our names."""
    import torch

    parameters: Parameters = {}
    for k, one in enumerate(read.linear):
        for name, tensor in ((weight_name(k), one.weight), (bias_name(k), one.bias)):
            if tensor is None:
                continue
            if tensor.dtype != read.linear[0].weight.dtype or tensor.dtype not in (torch.float32, torch.float64):
                raise SpecError(f"parameters must be all float32 or float64, {name} is {tensor.dtype}; try .float()")
            value: np.ndarray = tensor.detach().cpu().numpy().copy(order="C")
            if not np.isfinite(value).all():
                raise SpecError(f"{name} holds a number that is not finite")
            parameters[name] = value
    return parameters
