"""One epoch of any module, and one look at the validation rows."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..engines.torch_epoch import norm_of
from ..errors import InputError, ShapeError
from .dead_relus import relu_units
from .loader_batches import batches
from .loss_calls import LossCalls, stretched
from .loss_counterparts import Judged, judged

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer


@dataclass(eq=False)
class Parts:
    """What a fit works with. `calls` looks at what goes into the loss, in the first epoch."""

    module: Module
    loss: Callable[[Any, Any], Any]
    optimizer: Optimizer
    clip_norm: float | None
    calls: LossCalls = field(default_factory=LossCalls)
    looking: bool = True
    strange: dict[tuple[str, int], str] = field(default_factory=dict)

    def look_at(self, X: Any, y: Any, what: str, number: int) -> None:
        """Note in the first epoch which of a batch, counted from 1, holds NaN or infinite numbers."""
        import torch

        names = [
            name
            for name, values in (("X", X), ("y", y))
            if isinstance(values, torch.Tensor) and not bool(torch.isfinite(values).all())
        ]
        if names:
            self.strange[what, number] = " and ".join(names)


@dataclass(frozen=True)
class TrainedEpoch:
    """What an epoch of training gave. `bad_step` counts from 1; it is 0 where all losses were finite."""

    loss: float
    gradient_norm: float
    update_norm: float
    dead_units: tuple[float, ...]
    relu_units: tuple[int, ...]
    steps: int
    bad_step: int
    targets: list[np.ndarray]


def train_epoch(parts: Parts, loader: Iterable[Any]) -> TrainedEpoch:
    """One pass over the loader in training mode: gradients cleared, forward, loss, backward, step, batch by batch."""
    import torch

    module, optimizer = parts.module, parts.optimizer
    module.train()
    units = relu_units(module)
    losses, rows, targets, norm, before = [], [], [], 0.0, None
    with units.measured():
        for X, y, last in batches(loader, module, "training"):

            def closure(X: Any = X, y: Any = y) -> Any:
                optimizer.zero_grad(set_to_none=True)
                loss = loss_of(parts, module(X), y)
                loss.backward()
                return loss

            if last:
                before = [p.detach().clone() for p in module.parameters()]
            if parts.clip_norm is None:
                loss = optimizer.step(closure)
            else:
                loss = closure()
                norm = float(torch.nn.utils.clip_grad_norm_(module.parameters(), parts.clip_norm))
                optimizer.step()
            losses.append(loss.detach())
            rows.append(len(y))
            if parts.looking:
                parts.look_at(X, y, "training", len(rows))
                targets.append(y.detach().cpu().numpy())
    if parts.clip_norm is None:
        norm = length_of([p.grad for p in module.parameters() if p.grad is not None])
    moved = [p.detach() - b for p, b in zip(module.parameters(), before or [])]
    values = torch.stack(losses).cpu().double().numpy()
    bad = np.flatnonzero(~np.isfinite(values))
    mean = float(values @ rows / sum(rows))
    first_bad = int(bad[0]) + 1 if len(bad) else 0
    return TrainedEpoch(
        mean, norm, length_of(moved), units.dead_shares(), tuple(units.units()), len(rows), first_bad, targets
    )


def validate(parts: Parts, loader: Iterable[Any]) -> tuple[float, Judged | None]:
    """The mean loss of the validation rows in eval mode, and their outputs and targets where our scores know them."""
    import torch

    parts.module.eval()
    total, rows, number, outputs, targets = 0.0, 0, 0, [], []
    with torch.no_grad():
        for X, y, _ in batches(loader, parts.module, "validation"):
            Z = parts.module(X)
            total += float(loss_of(parts, Z, y)) * len(y)
            rows += len(y)
            number += 1
            if parts.looking:
                parts.look_at(X, y, "validation", number)
            if isinstance(Z, torch.Tensor):
                outputs.append(Z.float().cpu().numpy())
                targets.append(y.cpu().numpy())
    alike = len({a.shape[1:] for a in outputs}) == len({a.shape[1:] for a in targets}) == 1
    seen = judged(parts.loss, np.concatenate(outputs), np.concatenate(targets)) if alike else None
    return total / rows, seen


def loss_of(parts: Parts, outputs: Any, y: Any) -> Any:
    """The loss of a batch, one number with a gradient.

    Raises `ShapeError` where it is not one number, or where (rows, 1) meets (rows,); `InputError` for labels and
    outputs that have changed places.
    """
    import torch

    if isinstance(outputs, torch.Tensor) and y.is_floating_point():
        refuse(stretched("The loss", tuple(outputs.shape), tuple(y.shape)), ShapeError)
    with parts.calls.watching() if parts.looking else contextlib.nullcontext():
        loss = parts.loss(outputs, y)
    for finding in parts.calls.found.values() if parts.looking else ():
        if finding.severity == "error":
            refuse(finding, ShapeError if finding.code == "SHAPES_BROADCAST" else InputError)
    if not isinstance(loss, torch.Tensor) or loss.numel() != 1:
        got = tuple(loss.shape) if isinstance(loss, torch.Tensor) else type(loss).__name__
        raise ShapeError(f'the loss must give one number, got {got}; losses of PyTorch do with reduction="mean"')
    return loss.reshape(())


def refuse(finding: Any, error: type[Exception]) -> None:
    """Raise the finding, where there is one."""
    if finding is not None:
        raise error(f"{finding.code}: {finding.seen}. {finding.remedy}.")


def length_of(tensors: list[Any]) -> float:
    """The Euclidean length of all of them as one vector."""
    dense = [t.coalesce().values() if t.is_sparse else t for t in tensors]
    return float(sum(float(norm_of(t)) ** 2 for t in dense) ** 0.5)
