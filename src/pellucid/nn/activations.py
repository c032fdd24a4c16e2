"""The bends between the layers: each activation beside its derivative.

All work element by element on an array Z of any shape, keep its floating type, and stay finite for |z| up
to 10,000: e is only ever raised to a power that is not positive. `derivative(Z, A)` gets A = forward(Z)
too, because several derivatives are shortest when written in terms of the output.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import SpecError, nearest
from .normal import normal_below

LEAK = 0.01


@dataclass(frozen=True)
class Activation:
    """A function of one number, its derivative, and the interval that its values fill.

    `forward(Z) -> A` and `derivative(Z, A) -> dA/dZ` keep shape and floating type. An activation is called
    like a function: `relu(Z)` is `relu.forward(Z)`.
    """

    name: str
    formula: str
    forward: Callable[[np.ndarray], np.ndarray]
    derivative: Callable[[np.ndarray, np.ndarray], np.ndarray]
    range: tuple[float, float]

    def __call__(self, Z: np.ndarray) -> np.ndarray:
        return self.forward(Z)


def _identity(Z: np.ndarray) -> np.ndarray:
    return Z


def _d_identity(Z: np.ndarray, A: np.ndarray) -> np.ndarray:
    return np.ones_like(Z)


def _sigmoid(Z: np.ndarray) -> np.ndarray:
    e = np.exp(-np.abs(Z))
    return np.where(Z >= 0, 1, e) / (1 + e)


def _d_sigmoid(Z: np.ndarray, A: np.ndarray) -> np.ndarray:
    return A * (1 - A)


def _tanh(Z: np.ndarray) -> np.ndarray:
    return np.tanh(Z)


def _d_tanh(Z: np.ndarray, A: np.ndarray) -> np.ndarray:
    return 1 - A * A


def _relu(Z: np.ndarray) -> np.ndarray:
    return np.maximum(Z, 0)


def _d_relu(Z: np.ndarray, A: np.ndarray) -> np.ndarray:
    return (Z > 0).astype(Z.dtype)


def _leaky_relu(Z: np.ndarray) -> np.ndarray:
    return np.where(Z > 0, Z, LEAK * Z)


def _d_leaky_relu(Z: np.ndarray, A: np.ndarray) -> np.ndarray:
    return np.where(Z > 0, 1.0, LEAK).astype(Z.dtype)


def _elu(Z: np.ndarray) -> np.ndarray:
    return np.where(Z > 0, Z, np.expm1(np.minimum(Z, 0)))


def _d_elu(Z: np.ndarray, A: np.ndarray) -> np.ndarray:
    return np.where(Z > 0, 1, A + 1)


def _gelu(Z: np.ndarray) -> np.ndarray:
    return Z * normal_below(Z)


def _d_gelu(Z: np.ndarray, A: np.ndarray) -> np.ndarray:
    density = np.exp(-Z * Z / 2) / math.sqrt(2 * math.pi)
    return normal_below(Z) + Z * density


def _silu(Z: np.ndarray) -> np.ndarray:
    return Z * _sigmoid(Z)


def _d_silu(Z: np.ndarray, A: np.ndarray) -> np.ndarray:
    S = _sigmoid(Z)
    return S * (1 + Z * (1 - S))


def _softplus(Z: np.ndarray) -> np.ndarray:
    return np.maximum(Z, 0) + np.log1p(np.exp(-np.abs(Z)))


def _d_softplus(Z: np.ndarray, A: np.ndarray) -> np.ndarray:
    return _sigmoid(Z)


def _mish(Z: np.ndarray) -> np.ndarray:
    return Z * np.tanh(_softplus(Z))


def _d_mish(Z: np.ndarray, A: np.ndarray) -> np.ndarray:
    T = np.tanh(_softplus(Z))
    return T + Z * (1 - T * T) * _sigmoid(Z)


ANY = (-math.inf, math.inf)

identity = Activation("identity", "z", _identity, _d_identity, ANY)
sigmoid = Activation("sigmoid", "1 / (1 + e^-z)", _sigmoid, _d_sigmoid, (0.0, 1.0))
tanh = Activation("tanh", "(e^z - e^-z) / (e^z + e^-z)", _tanh, _d_tanh, (-1.0, 1.0))
relu = Activation("relu", "max(z, 0)", _relu, _d_relu, (0.0, math.inf))
# Maas, Hannun, Ng (2013), "Rectifier nonlinearities improve neural network acoustic models".
leaky_relu = Activation("leaky_relu", "z if z > 0 else 0.01 z", _leaky_relu, _d_leaky_relu, ANY)
# Clevert, Unterthiner, Hochreiter (2016), arXiv:1511.07289.
elu = Activation("elu", "z if z > 0 else e^z - 1", _elu, _d_elu, (-1.0, math.inf))
# Hendrycks, Gimpel (2016), arXiv:1606.08415; the exact form, not the tanh approximation.
gelu = Activation("gelu", "z (1 + erf(z / √2)) / 2", _gelu, _d_gelu, (-0.1699712074799037, math.inf))
# Elfwing, Uchibe, Doya (2018), arXiv:1702.03118; also called swish.
silu = Activation("silu", "z / (1 + e^-z)", _silu, _d_silu, (-0.27846454276107385, math.inf))
# Misra (2020), arXiv:1908.08681.
mish = Activation("mish", "z tanh(ln(1 + e^z))", _mish, _d_mish, (-0.30884341301725043, math.inf))
softplus = Activation("softplus", "ln(1 + e^z)", _softplus, _d_softplus, (0.0, math.inf))

ACTIVATIONS = {a.name: a for a in (identity, sigmoid, tanh, relu, leaky_relu, elu, gelu, silu, mish, softplus)}


def get_activation(activation: str | Activation) -> Activation:
    """The activation of that name, or your own `Activation`, whose derivative is checked by finite
    differences.

    Raises `SpecError` for an unknown name, for your own activation under a name that is taken, and for a
    derivative that is not the derivative.
    """
    if isinstance(activation, str):
        if activation not in ACTIVATIONS:
            raise SpecError(f"no activation {activation!r}{nearest(activation, ACTIVATIONS)}")
        return ACTIVATIONS[activation]
    if not isinstance(activation, Activation):
        raise SpecError(f"an activation must be a name or an Activation, got {activation!r}")
    if activation == ACTIVATIONS.get(activation.name):
        return activation
    if activation.name in ACTIVATIONS:
        raise SpecError(f"the name {activation.name!r} is taken by a built-in activation; give yours another name")
    from .gradient_check import check_activation

    check = check_activation(activation)
    if not check.passed:
        raise SpecError(f"the derivative of activation {activation.name!r} is wrong: {check}")
    return activation
