"""All losses by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import SpecError
from .classification_losses import BCE, SigmoidBCE, SigmoidMAE
from .loss import Loss, LossCache, loss_backward, loss_forward, predict_from
from .regression_losses import MAE, MSE, Huber
from .settings import build
from .softmax_loss import SoftmaxCrossEntropy

__all__ = [
    "BCE",
    "LOSSES",
    "MAE",
    "MSE",
    "Huber",
    "Loss",
    "LossCache",
    "SigmoidBCE",
    "SigmoidMAE",
    "SoftmaxCrossEntropy",
    "get_loss",
    "loss_backward",
    "loss_forward",
    "predict_from",
]

LOSSES: dict[str, type[Loss]] = {
    kind.name: kind for kind in (MAE, MSE, Huber, BCE, SigmoidMAE, SigmoidBCE, SoftmaxCrossEntropy)
}


def get_loss(loss: str | Mapping[str, Any] | Loss) -> Loss:
    """A loss from its name, from `{"name": "huber", "delta": 2.0}`, or your own, its gradient checked by
    differences.

    Raises `SpecError` for unknown names and settings, for your own loss under a name that is taken, and for
    a `backward` that is not the gradient of `forward`.
    """
    if not isinstance(loss, Loss):
        made: Loss = build("loss", LOSSES, loss)
        return made
    if type(loss) is LOSSES.get(loss.name):
        return loss
    if loss.name in LOSSES or not loss.name:
        raise SpecError(f"your own loss {type(loss).__name__} needs a name that is not taken, got {loss.name!r}")
    from .gradient_check import check_loss

    check = check_loss(loss)
    if not check.passed:
        raise SpecError(f"the gradient of loss {loss.name!r} is wrong: {check}")
    return loss
