"""One epoch in PyTorch. Nothing is read back from the device before its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..spec import NetworkSpec, TrainingSpec
from .torch_losses import TorchTargets
from .torch_network import TorchLayer, dropout_masks, forward, layers_of
from .torch_optimizers import STEPS
from .vector import as_parameters

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(eq=False)
class Machine:
    """What the steps of a training work on.

    `vectors` (1 + parts, parameters) hold the parameters and, below, the optimizer's state; `leaves` and `layers` are
    views of the first row. `is_weight` (parameters,) is 1 at weights and 0 at biases.
    """

    network: NetworkSpec
    training: TrainingSpec
    X: Tensor
    targets: TorchTargets
    vectors: Tensor
    leaves: list[Any]
    layers: list[TorchLayer]
    is_weight: Tensor


@dataclass(frozen=True, eq=False)
class Steps:
    """What the steps of an epoch left behind, still on the device: loss and divisor of each; norms of the last step;
    the largest activation (units,) of each hidden layer of relu units, None for others."""

    losses: list[Any]
    totals: list[Any]
    gradient_norm: Any
    update_norm: Any
    highest: list[Any]


def make_machine(
    network: NetworkSpec, training: TrainingSpec, X: Tensor, targets: TorchTargets, vectors: Tensor
) -> Machine:
    """A machine on these vectors."""
    import torch

    views = as_parameters(vectors[0].detach(), network)
    leaves = {name: view.detach().requires_grad_() for name, view in views.items()}
    is_weight = torch.zeros_like(vectors[0])
    for name, view in as_parameters(is_weight, network).items():
        view.fill_(float(name.endswith(".weight")))
    return Machine(network, training, X, targets, vectors, list(leaves.values()), layers_of(leaves, network), is_weight)


def batch_rows(machine: Machine, order: np.ndarray) -> Tensor | None:
    """The row numbers of an epoch on the device; None where it takes the whole table as it stands."""
    import torch

    size = machine.training.batch_size or len(order)
    whole = size >= len(order) == len(machine.X) and bool((np.diff(order) == 1).all())
    if whole and not any(machine.network.dropouts):
        return None
    return torch.tensor(order, dtype=torch.int64, device=machine.X.device)


def take_steps(machine: Machine, order: np.ndarray, rates: np.ndarray, first_step: int, memory_step: int) -> Steps:
    """One pass over the rows in `order`, one optimizer step a batch at the rates (steps,).

    `first_step` are the steps done before (they seed dropout), `memory_step` those that the optimizer remembers.
    """
    import torch

    training, network = machine.training, machine.network
    values, size = machine.vectors[0], training.batch_size or max(len(order), 1)
    all_rows = batch_rows(machine, order)
    highest: list[Any] = [
        machine.X.new_zeros(units) if activation.name == "relu" else None
        for units, activation in zip(network.hidden, network.activations)
    ]
    losses, totals, norm, before = [], [], torch.zeros(()), values
    for k, (rate, start) in enumerate(zip(rates.tolist(), range(0, len(order), size))):
        last = start + size >= len(order)
        rows = None if all_rows is None else all_rows[start : start + size]
        X = machine.X if rows is None else machine.X.index_select(0, rows)
        targets = machine.targets if rows is None else machine.targets.take(rows)
        masks = None
        if rows is not None and any(network.dropouts):
            masks = dropout_masks(network, training.seed, first_step + k, rows, X)

        Z = forward(X, machine.layers, masks, highest)
        loss, total = targets.loss(Z)
        gradients = torch.autograd.grad(loss, machine.leaves)
        with torch.no_grad():
            gradient = torch.cat([g.reshape(-1) for g in gradients])
            add_penalties(gradient, machine)
            if last or training.the_optimizer.clip_norm is not None:
                norm = norm_of(gradient)
            clip(gradient, norm, training.the_optimizer.clip_norm)
            before = values.clone() if last else before
            STEPS[training.the_optimizer.name](
                training.the_optimizer, machine.vectors, gradient, rate, memory_step + k + 1
            )
        losses.append(loss.detach())
        totals.append(total)
    return Steps(losses, totals, norm, norm_of(values - before), highest)


def add_penalties(gradient: Tensor, machine: Machine) -> None:
    """Add l1 sign(W) + l2 W on weights, in place."""
    l1, l2 = machine.training.l1, machine.training.l2
    if l1:
        gradient.addcmul_(machine.is_weight, machine.vectors[0].sign(), value=l1)
    if l2:
        gradient.addcmul_(machine.is_weight, machine.vectors[0], value=l2)


def norm_of(vector: Tensor) -> Tensor:
    """The Euclidean norm, summed in float64 where the device knows it."""
    import torch

    wide = torch.float32 if vector.device.type == "mps" else torch.float64
    norm: Tensor = torch.linalg.vector_norm(vector, dtype=wide)
    return norm


def clip(gradient: Tensor, norm: Tensor, longest: float | None) -> None:
    """Shorten a gradient longer than `longest`, in place; one that is not finite stays as it is."""
    import torch

    if longest is not None:
        too_long = (norm > longest) & norm.isfinite()
        gradient.mul_(torch.where(too_long, longest / norm, torch.ones_like(norm)).to(gradient.dtype))
