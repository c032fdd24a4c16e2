"""Which units of a module's ReLU layers no row switched on in an epoch."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch.nn import Module


@dataclass(eq=False)
class ReluUnits:
    """The largest output of every unit of every ReLU layer in training, by number of the layer; dimension 1 counts
    units, or channels. A layer that is used for outputs of several widths is left out."""

    layers: list[Any]
    highest: dict[int, Any] = field(default_factory=dict)
    mixed: set[int] = field(default_factory=set)

    @contextlib.contextmanager
    def measured(self) -> Iterator[None]:
        """A context in which outputs are looked at."""
        handles = [layer.register_forward_hook(partial(self._look, k)) for k, layer in enumerate(self.layers)]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _look(self, number: int, module: Any, inputs: Any, outputs: Any) -> None:
        if not module.training or outputs.dim() < 2:
            return
        most = outputs.detach().amax(dim=[d for d in range(outputs.dim()) if d != 1])
        before = self.highest.get(number)
        if before is not None and before.shape != most.shape:
            self.mixed.add(number)
        else:
            self.highest[number] = most if before is None else before.maximum(most)

    def units(self) -> list[int]:
        """Units of the layers that were measured."""
        return [len(most) for number, most in sorted(self.highest.items()) if number not in self.mixed]

    def dead_shares(self) -> tuple[float, ...]:
        """The share of units of each layer that stayed off."""
        measured = [most for number, most in sorted(self.highest.items()) if number not in self.mixed]
        return tuple(float((most <= 0).float().mean()) for most in measured)


def relu_units(module: Module) -> ReluUnits:
    """Of the `nn.ReLU` layers of a module; calls of the function `relu` are not seen."""
    from torch import nn

    return ReluUnits([part for part in module.modules() if isinstance(part, nn.ReLU)])
