"""PyTorch's losses by ours, so that a module's run is scored and diagnosed as our own runs are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..nn.losses import BCE, MAE, MSE, Huber, Loss, SoftmaxCrossEntropy


@dataclass(frozen=True, eq=False)
class Judged:
    """Outputs and targets as our loss takes them: Z (rows, outputs), Y like Z or class codes (rows,)."""

    loss: Loss
    Z: np.ndarray
    Y: np.ndarray


def counterpart(loss: Any) -> Loss | None:
    """Our loss that computes the same mean, None for others. `BCELoss` is judged by the logits of its outputs."""
    from torch import nn
    from torch.nn import functional as F

    plain: dict[Any, Loss] = {
        F.mse_loss: MSE(),
        F.l1_loss: MAE(),
        F.binary_cross_entropy: BCE(),
        F.binary_cross_entropy_with_logits: BCE(),
        F.cross_entropy: SoftmaxCrossEntropy(),
    }
    if not isinstance(loss, nn.Module):
        return plain.get(loss) if callable(loss) else None
    if getattr(loss, "reduction", "") != "mean" or getattr(loss, "weight", None) is not None:
        return None
    if isinstance(loss, nn.BCEWithLogitsLoss):
        return BCE() if loss.pos_weight is None else None
    if isinstance(loss, nn.CrossEntropyLoss):
        return SoftmaxCrossEntropy(label_smoothing=loss.label_smoothing) if loss.ignore_index == -100 else None
    if isinstance(loss, nn.HuberLoss):
        return Huber(loss.delta)
    kinds: dict[type, Loss] = {nn.MSELoss: MSE(), nn.L1Loss: MAE(), nn.BCELoss: BCE()}
    return kinds.get(type(loss))


def judged(loss: Any, outputs: np.ndarray, targets: np.ndarray) -> Judged | None:
    """Outputs and targets of some rows for our counterpart of `loss`; None where there is none or shapes are others."""
    from torch import nn
    from torch.nn import functional as F

    ours = counterpart(loss)
    if ours is None or len(outputs) == 0:
        return None
    Z, Y = outputs.astype(np.float64), targets
    if ours.link == "softmax":
        fits = Z.ndim == 2 and (Y.shape == Z.shape or (Y.ndim == 1 and Y.dtype.kind in "iu" and len(Y) == len(Z)))
        fits = fits and (Y.ndim == 2 or (Y.min() >= 0 and Y.max() < Z.shape[1]))
        return Judged(ours, Z, Y) if fits else None
    if Z.shape != Y.shape or not np.isfinite(Y.astype(np.float64)).all():
        return None
    Z, Y = Z.reshape(len(Z), -1), Y.reshape(len(Y), -1).astype(np.float64)
    if isinstance(loss, nn.BCELoss) or loss is F.binary_cross_entropy:
        P = np.clip(Z, 1e-7, 1 - 1e-7)
        Z = np.log(P / (1 - P))
    return Judged(ours, Z, Y)
