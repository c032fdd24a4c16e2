"""The losses in PyTorch: the same formulas on the same targets, for autograd to go back through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..nn.losses import BCE, MAE, MSE, Huber, Loss, SigmoidBCE, SigmoidMAE, SoftmaxCrossEntropy
from ..nn.softmax_loss import one_hot
from .torch_network import SOFTPLUS_THRESHOLD

if TYPE_CHECKING:
    from torch import Tensor

RowLosses = Callable[[Any, Any], Any]


@dataclass(frozen=True, eq=False)
class TorchTargets:
    """Targets (rows, outputs) or class codes (rows,), and how much a row counts.

    `row_losses(Z, T)` gives the loss of every row. `weights` (rows,) multiply them; `counts` (rows,) add up to what
    their sum is divided by. None means 1 each.
    """

    row_losses: RowLosses
    T: Tensor
    weights: Tensor | None
    counts: Tensor | None

    def take(self, rows: Tensor) -> TorchTargets:
        """The targets of some rows."""
        parts = (None if part is None else part.index_select(0, rows) for part in (self.weights, self.counts))
        return TorchTargets(self.row_losses, self.T.index_select(0, rows), *parts)

    def loss(self, Z: Tensor) -> tuple[Any, Any]:
        """The weighted mean of the rows' losses, and the sum that it was divided by; 0 where nothing counts."""
        import torch

        losses = self.row_losses(Z, self.T)
        if self.counts is None:
            return losses.mean(), float(len(Z))
        total = self.counts.sum()
        share = torch.where(total == 0, torch.zeros_like(total), 1 / total)
        return (losses if self.weights is None else self.weights * losses).sum() * share, total


def torch_targets(loss: Loss, Y: np.ndarray, outputs: int, weights: np.ndarray | None, like: Tensor) -> TorchTargets:
    """Targets as the loss takes them, in the type and on the device of the tensor `like`."""
    import torch

    def tensor(values: np.ndarray) -> Any:
        return torch.tensor(np.ascontiguousarray(values), dtype=like.dtype, device=like.device)

    plain_codes = Y.ndim == 1 and loss == SoftmaxCrossEntropy(divide_by=getattr(loss, "divide_by", "weights"))
    if plain_codes:
        T, own = torch.tensor(Y.astype(np.int64), device=like.device), None
    else:
        full = one_hot(Y, outputs) if Y.ndim == 1 else Y
        T, own = tensor(full), loss.weights(np.asarray(full, np.float64))
    given = None if weights is None else tensor(weights)
    counts = given if own is None else tensor(own) if given is None else given * tensor(own)
    return TorchTargets(ROW_LOSSES[type(loss)](loss, plain_codes, like), T, given, counts)


def _mse(loss: Loss, codes: bool, like: Tensor) -> RowLosses:
    return lambda Z, T: (Z - T).square().mean(dim=1)


def _mae(loss: Loss, codes: bool, like: Tensor) -> RowLosses:
    return lambda Z, T: (Z - T).abs().mean(dim=1)


def _huber(loss: Any, codes: bool, like: Tensor) -> RowLosses:
    from torch.nn.functional import huber_loss

    return lambda Z, T: huber_loss(Z, T, reduction="none", delta=loss.delta).mean(dim=1)


def _bce(loss: Any, codes: bool, like: Tensor) -> RowLosses:
    from torch.nn.functional import softplus

    weight = float(loss.pos_weight)

    def row_losses(Z: Any, T: Any) -> Any:
        yes, no = softplus(-Z, threshold=SOFTPLUS_THRESHOLD), softplus(Z, threshold=SOFTPLUS_THRESHOLD)
        return (weight * T * yes + (1 - T) * no).mean(dim=1)

    return row_losses


def _sigmoid_mae(loss: Loss, codes: bool, like: Tensor) -> RowLosses:
    return lambda Z, T: (Z.sigmoid() - T).abs().mean(dim=1)


def _sigmoid_bce(loss: Loss, codes: bool, like: Tensor) -> RowLosses:
    """Value and slope are written separately, as the textbook has them: autograd would divide by 0 at p = 0 and 1."""

    def row_losses(Z: Any, T: Any) -> Any:
        P = Z.sigmoid()
        p = P.detach()
        values = -(T * p.log().clamp(min=-100) + (1 - T) * (-p).log1p().clamp(min=-100))
        slopes = (p - T) / (p * (1 - p)).clamp(min=1e-12)
        return (values + (P - p) * slopes).mean(dim=1)

    return row_losses


def _softmax(loss: Any, codes: bool, like: Tensor) -> RowLosses:
    from torch.nn.functional import cross_entropy, log_softmax

    if codes:
        return lambda Z, T: cross_entropy(Z, T, reduction="none")
    smoothing, weights = float(loss.label_smoothing), loss.class_weights
    scale = 1.0 if weights is None else like.new_tensor(weights)

    def row_losses(Z: Any, T: Any) -> Any:
        smoothed = ((1 - smoothing) * T + smoothing / T.shape[1]) * scale
        return -(smoothed * log_softmax(Z, dim=1)).sum(dim=1)

    return row_losses


ROW_LOSSES: dict[type[Loss], Callable[[Any, bool, Any], RowLosses]] = {
    MSE: _mse,
    MAE: _mae,
    Huber: _huber,
    BCE: _bce,
    SigmoidMAE: _sigmoid_mae,
    SigmoidBCE: _sigmoid_bce,
    SoftmaxCrossEntropy: _softmax,
}
