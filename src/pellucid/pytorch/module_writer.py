"""From our networks to PyTorch's modules."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..engines.torch_extra import import_torch
from ..engines.torch_network import SOFTPLUS_THRESHOLD
from ..errors import SpecError
from ..nn.activations import ACTIVATIONS, LEAK
from ..nn.parameters import bias_name, weight_name

if TYPE_CHECKING:
    from torch.nn import Module, Sequential


def to_module(model: Any) -> Sequential:
    """A trained network as an `nn.Sequential` that gives its raw outputs (rows, outputs), before any link.

    `model` is what `fit_network` returned, or a fitted estimator (whose preparation stays outside: the module takes the
    design matrix). The module's `state_dict` is exactly our parameters, `layers.0.weight` (outputs, inputs) and so on,
    in their type. It is in eval mode, so dropout is off; `module.train()` turns it on.

    Raises `SpecError` for other models and for an activation of your own, `MissingExtraError` without PyTorch.
    """
    torch = import_torch("to_module")
    network = getattr(model, "network_", None) or getattr(model, "network", None)
    parameters = getattr(model, "parameters_", None) or getattr(model, "parameters", None)
    if network is None or not isinstance(parameters, dict):
        raise SpecError(f"to_module takes a trained network or a fitted estimator, got {type(model).__name__}")
    parts: dict[str, Any] = {}
    for k, (inputs, outputs) in enumerate(zip(network.sizes[:-1], network.sizes[1:])):
        linear = torch.nn.Linear(inputs, outputs, bias=network.biases[k])
        linear.weight.data = torch.tensor(parameters[weight_name(k)])
        if network.biases[k]:
            linear.bias.data = torch.tensor(parameters[bias_name(k)])
        parts[str(k)] = linear
        if k < len(network.hidden):
            activation = network.activations[k]
            if ACTIVATIONS.get(activation.name) != activation:
                raise SpecError(f"the activation {activation.name!r} of your own has no counterpart in PyTorch")
            parts[f"{activation.name}_{k}"] = activation_makers()[activation.name]()
            if network.dropouts[k]:
                parts[f"dropout_{k}"] = torch.nn.Dropout(network.dropouts[k])
    made: Sequential = torch.nn.Sequential()
    made.add_module("layers", _sequence(parts))
    return made.eval()


def _sequence(parts: dict[str, Module]) -> Sequential:
    """An `nn.Sequential` of named parts."""
    import torch

    sequence: Sequential = torch.nn.Sequential()
    for name, part in parts.items():
        sequence.add_module(name, part)
    return sequence


def activation_makers() -> dict[str, Callable[[], Any]]:
    """PyTorch's modules by our names of activations, with our settings."""
    from torch import nn

    return {
        "identity": nn.Identity,
        "sigmoid": nn.Sigmoid,
        "tanh": nn.Tanh,
        "relu": nn.ReLU,
        "leaky_relu": lambda: nn.LeakyReLU(LEAK),
        "elu": nn.ELU,
        "gelu": nn.GELU,
        "silu": nn.SiLU,
        "mish": nn.Mish,
        "softplus": lambda: nn.Softplus(threshold=SOFTPLUS_THRESHOLD),
    }
