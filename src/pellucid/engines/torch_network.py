"""The forward pass in PyTorch; the backward pass is autograd's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..nn.activations import LEAK
from ..nn.dropout import draw
from ..nn.parameters import bias_name, weight_name
from ..spec import NetworkSpec

if TYPE_CHECKING:
    from torch import Tensor

SOFTPLUS_THRESHOLD = 40.0  # beyond it e^-z changes no digit of z; PyTorch's own 20 would be felt in float64
# Weight, bias (or None) and activation of a layer.
TorchLayer = tuple["Tensor", "Tensor | None", Callable[..., Any]]


def activation_functions() -> dict[str, Callable[[Any], Any]]:
    """PyTorch's functions by our names. That of relu works in place: its slope needs the output only."""
    import torch
    from torch.nn import functional as F

    return {
        "identity": lambda Z: Z,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu_,
        "leaky_relu": lambda Z: F.leaky_relu(Z, LEAK),
        "elu": F.elu,
        "gelu": F.gelu,
        "silu": F.silu,
        "mish": F.mish,
        "softplus": lambda Z: F.softplus(Z, threshold=SOFTPLUS_THRESHOLD),
    }


def layers_of(parameters: dict[str, Any], network: NetworkSpec) -> list[TorchLayer]:
    """The layers of named tensors; the last one has no activation."""
    functions = activation_functions()
    names = [*(activation.name for activation in network.activations), "identity"]
    return [(parameters[weight_name(k)], parameters.get(bias_name(k)), functions[name]) for k, name in enumerate(names)]


def forward(
    X: Tensor, layers: Sequence[TorchLayer], masks: Sequence[Any] | None = None, highest: list[Any] | None = None
) -> Tensor:
    """X (rows, inputs) → raw outputs Z (rows, outputs).

    `masks` (rows, units) are those of dropout, one a hidden layer, None where it has none. `highest` (units,) are the
    largest activations that a layer has shown, one a hidden layer; they are raised, except where they are None.
    """
    from torch.nn.functional import linear

    for k, (W, b, activation) in enumerate(layers):
        X = activation(linear(X, W, b))
        if highest is not None and k < len(highest) and highest[k] is not None:
            highest[k] = highest[k].maximum(X.detach().amax(dim=0))
        if masks is not None and k < len(masks) and masks[k] is not None:
            X = X * masks[k]
    return X


def first_layer_not_finite(X: Tensor, layers: Sequence[TorchLayer], masks: Sequence[Any] | None) -> int:
    """The first layer whose pre-activations are not all finite; -1 where all are, so that it was the loss."""
    from torch.nn.functional import linear

    for k, (W, b, activation) in enumerate(layers):
        Z = linear(X, W, b)
        if not bool(Z.isfinite().all()):
            return k
        X = activation(Z)
        if masks is not None and k < len(masks) and masks[k] is not None:
            X = X * masks[k]
    return -1


def dropout_masks(network: NetworkSpec, seed: int, step: int, rows: Tensor, like: Tensor) -> list[Any]:
    """What activations are multiplied with, by the textbook's hash: its lines mean the same on tensors of int64."""
    import torch

    masks: list[Any] = []
    for layer, (rate, units) in enumerate(zip(network.dropouts, network.hidden)):
        if rate == 0:
            masks.append(None)
            continue
        numbers = torch.arange(units, device=rows.device)
        kept = draw(seed, step, layer, rows[:, None], numbers[None, :]) >= int(rate * 2**32)
        masks.append(kept.to(like.dtype) * (1 / (1 - rate)))
    return masks
