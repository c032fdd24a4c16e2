"""The textbook: neural networks as plain NumPy functions, to be called line by line.

    X (rows, inputs) → network_forward → Z (rows, outputs) → loss_forward → one number
    gradients ← network_backward ← dZ ← loss_backward ←

Nothing here keeps state. Backward functions return gradients and change nothing; optimizers return new
parameters. A training step in full:

    Z, tape = nn.network_forward(X, parameters, [nn.relu])
    value, cache = nn.loss_forward(nn.BCE(), Z, Y)
    gradients = nn.network_backward(nn.loss_backward(cache), tape)
    parameters, state = nn.Adam().step(parameters, gradients, state, rate=0.01)

Every name is fetched from its file at first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# File → public names in it.
_NAMES = {
    "activations": "ACTIVATIONS Activation elu gelu get_activation identity leaky_relu mish relu"
    " sigmoid silu softplus tanh",
    "bends": "SumOfBends sum_of_bends",
    "chances": "log_odds odds",
    "clipping": "clip_by_norm global_norm",
    "drawn_activation": "ActivationCurve activation_curve",
    "dropout": "dropout_mask keep",
    "gradient_check": "GradientCheck check_activation check_gradients check_loss",
    "initializers": "INITIALIZERS auto_initializer get_initializer initialize",
    "links": "log_softmax softmax",
    "loss_inputs": "probabilities_as_logits",
    "losses": "BCE LOSSES MAE MSE Huber Loss LossCache SigmoidBCE SigmoidMAE SoftmaxCrossEntropy get_loss"
    " loss_backward loss_forward predict_from",
    "network": "Layer Tape",
    "optimizers": "OPTIMIZERS SGD Adam AdamW LBFGS Optimizer RMSprop get_optimizer",
    "parameters": "Parameters layer_count",
    "penalties": "penalty_gradients penalty_value",
    "schedules": "SCHEDULES Constant Cosine OneCycle Schedule StepDecay WarmUp get_schedule",
    "signal": "LayerSignal Signal compare_initializers trace_signal",
    "softmax_loss": "one_hot",
}
# Public name → file and name there.
_HOME = {name: (file, name) for file, names in _NAMES.items() for name in names.split()} | {
    "dense_forward": ("dense", "forward"),
    "dense_backward": ("dense", "backward"),
    "dropout_forward": ("dropout", "forward"),
    "dropout_backward": ("dropout", "backward"),
    "network_forward": ("network", "forward"),
    "network_backward": ("network", "backward"),
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    file, there = _HOME[name]
    return getattr(importlib.import_module(f"{__name__}.{file}"), there)


def __dir__() -> list[str]:
    return list(__all__)


if TYPE_CHECKING:
    from . import dense as _dense
    from . import dropout as _dropout
    from . import network as _network
    from .activations import ACTIVATIONS as ACTIVATIONS
    from .activations import Activation as Activation
    from .activations import elu as elu
    from .activations import gelu as gelu
    from .activations import get_activation as get_activation
    from .activations import identity as identity
    from .activations import leaky_relu as leaky_relu
    from .activations import mish as mish
    from .activations import relu as relu
    from .activations import sigmoid as sigmoid
    from .activations import silu as silu
    from .activations import softplus as softplus
    from .activations import tanh as tanh
    from .bends import SumOfBends as SumOfBends
    from .bends import sum_of_bends as sum_of_bends
    from .chances import log_odds as log_odds
    from .chances import odds as odds
    from .clipping import clip_by_norm as clip_by_norm
    from .clipping import global_norm as global_norm
    from .drawn_activation import ActivationCurve as ActivationCurve
    from .drawn_activation import activation_curve as activation_curve
    from .dropout import dropout_mask as dropout_mask
    from .dropout import keep as keep
    from .gradient_check import GradientCheck as GradientCheck
    from .gradient_check import check_activation as check_activation
    from .gradient_check import check_gradients as check_gradients
    from .gradient_check import check_loss as check_loss
    from .initializers import INITIALIZERS as INITIALIZERS
    from .initializers import auto_initializer as auto_initializer
    from .initializers import get_initializer as get_initializer
    from .initializers import initialize as initialize
    from .links import log_softmax as log_softmax
    from .links import softmax as softmax
    from .loss_inputs import probabilities_as_logits as probabilities_as_logits
    from .losses import BCE as BCE
    from .losses import LOSSES as LOSSES
    from .losses import MAE as MAE
    from .losses import MSE as MSE
    from .losses import Huber as Huber
    from .losses import Loss as Loss
    from .losses import LossCache as LossCache
    from .losses import SigmoidBCE as SigmoidBCE
    from .losses import SigmoidMAE as SigmoidMAE
    from .losses import SoftmaxCrossEntropy as SoftmaxCrossEntropy
    from .losses import get_loss as get_loss
    from .losses import loss_backward as loss_backward
    from .losses import loss_forward as loss_forward
    from .losses import predict_from as predict_from
    from .network import Layer as Layer
    from .network import Tape as Tape
    from .optimizers import LBFGS as LBFGS
    from .optimizers import OPTIMIZERS as OPTIMIZERS
    from .optimizers import SGD as SGD
    from .optimizers import Adam as Adam
    from .optimizers import AdamW as AdamW
    from .optimizers import Optimizer as Optimizer
    from .optimizers import RMSprop as RMSprop
    from .optimizers import get_optimizer as get_optimizer
    from .parameters import Parameters as Parameters
    from .parameters import layer_count as layer_count
    from .penalties import penalty_gradients as penalty_gradients
    from .penalties import penalty_value as penalty_value
    from .schedules import SCHEDULES as SCHEDULES
    from .schedules import Constant as Constant
    from .schedules import Cosine as Cosine
    from .schedules import OneCycle as OneCycle
    from .schedules import Schedule as Schedule
    from .schedules import StepDecay as StepDecay
    from .schedules import WarmUp as WarmUp
    from .schedules import get_schedule as get_schedule
    from .signal import LayerSignal as LayerSignal
    from .signal import Signal as Signal
    from .signal import compare_initializers as compare_initializers
    from .signal import trace_signal as trace_signal
    from .softmax_loss import one_hot as one_hot

    dense_forward = _dense.forward
    dense_backward = _dense.backward
    dropout_forward = _dropout.forward
    dropout_backward = _dropout.backward
    network_forward = _network.forward
    network_backward = _network.backward
