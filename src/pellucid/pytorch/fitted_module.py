"""What a fit of a module gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..training.history import History
from .loader_batches import on_device

if TYPE_CHECKING:
    from torch.nn import Module

ROWS_AT_ONCE = 4096


@dataclass(frozen=True, eq=False)
class FittedModule:
    """A module that `pellucid.pytorch.fit` has trained, in eval mode, and the history of it.

    `history` draws with `pellucid.plots.loss_curves` and is written with `to_csv`; its `findings` are the diagnosis.
    """

    module: Module
    history: History

    def __repr__(self) -> str:
        return f"FittedModule({type(self.module).__name__}, {self.history!r})"

    def predict(self, X: Any) -> np.ndarray:
        """What the module gives for X (rows, …), an array or a tensor: in eval mode and without gradients."""
        import torch

        modes = {part: part.training for part in self.module.modules()}
        self.module.eval()
        try:
            with torch.no_grad():
                blocks = [
                    self.module(on_device(X[k : k + ROWS_AT_ONCE], self.module))
                    for k in range(0, max(len(X), 1), ROWS_AT_ONCE)
                ]
                outputs: np.ndarray = torch.cat(blocks).cpu().numpy()
        finally:
            for part, mode in modes.items():
                part.training = mode
        return outputs
