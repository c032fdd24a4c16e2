"""Is this gradient the gradient? Every derivative compared with the slope that the function itself shows.

The slope is a central difference, (f(x + h) - f(x - h)) / 2h, in float64, with h near the cube root of the
machine precision, where the error of the formula and the error of rounding balance. At a kink (relu at 0,
an absolute error of 0) the slopes on both sides differ; there every value between the two is right, and the
kink is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError, ShapeError
from ..records import Record
from .activations import Activation
from .loss import Loss, loss_backward, loss_forward

TOLERANCE = 1e-5
STEP = float(np.cbrt(np.finfo(np.float64).eps))
BEND = 1e-4


@dataclass(frozen=True)
class GradientCheck(Record):
    """The outcome: `worst_error` is relative, at coordinate `where`, of which `slope` is what the function
    shows and `given` what was claimed. `kinks` of the `checked` coordinates sit on a kink.
    """

    passed: bool
    worst_error: float
    where: str
    slope: float
    given: float
    checked: int
    kinks: int

    def __str__(self) -> str:
        verdict = "passed" if self.passed else "failed"
        return (
            f"{verdict}, worst relative error {self.worst_error:.2g} at {self.where}: the function's slope "
            f"is {self.slope:.6g}, given was {self.given:.6g} ({self.checked} checked, {self.kinks} on a kink)"
        )


def check_gradients(
    function: Callable[[Any], float],
    point: np.ndarray | Mapping[str, np.ndarray],
    gradient: np.ndarray | Mapping[str, np.ndarray],
    *,
    samples: int | None = None,
    seed: int = 0,
    tolerance: float = TOLERANCE,
) -> GradientCheck:
    """Compare `gradient` with the slopes of `function` at `point`, one coordinate after the other.

    `point` is a float64 array or a dict of them (such as parameters), `gradient` has the same names and
    shapes, and `function(point)` gives one number. `samples` checks that many coordinates, chosen by `seed`,
    instead of all.

    Raises `ShapeError` where names or shapes differ and `InputError` where the point is not float64.
    """
    points = {name: np.array(x) for name, x in _named(point).items()}
    gradients = {name: np.asarray(g) for name, g in _named(gradient).items()}
    _same_shapes(points, gradients)
    places = [(name, index) for name, x in points.items() for index in np.ndindex(x.shape)]
    if samples is not None and samples < len(places):
        chosen = np.random.default_rng(seed).choice(len(places), samples, replace=False)
        places = [places[i] for i in sorted(chosen)]

    def value() -> float:
        return float(function(points if isinstance(point, Mapping) else points[""]))

    def one_sided(name: str, index: tuple[int, ...], step: float) -> tuple[float, float]:
        x = float(points[name][index])
        h = step * max(1.0, abs(x))
        points[name][index] = x - h
        left = (center - value()) / (x - (x - h))
        points[name][index] = x + h
        right = (value() - center) / ((x + h) - x)
        points[name][index] = x
        return left, right

    center = value()
    wide = np.array([one_sided(name, index, STEP) for name, index in places])
    near = np.array([one_sided(name, index, STEP / 2) for name, index in places])
    given = np.array([gradients[name][index] for name, index in places], dtype=np.float64)
    labels = [name + (str(list(index)) if index else "") for name, index in places]
    return _compare(wide, near, given, abs(center), labels, tolerance)


def check_activation(activation: Activation) -> GradientCheck:
    """Check `activation.derivative` on a grid from -6 to 6, all points at once: it works point by point.

    Raises `ShapeError` where the shape is not kept and `InputError` where points influence each other.
    """
    Z = np.linspace(-6, 6, 49)
    A = np.asarray(activation.forward(Z))
    given = np.asarray(activation.derivative(Z, A))
    if A.shape != Z.shape or given.shape != Z.shape:
        raise ShapeError(
            f"activation {activation.name!r} must keep the shape {Z.shape}, "
            f"got {A.shape} forward and {given.shape} for the derivative"
        )
    if not np.allclose(A[::2], activation.forward(Z[::2]), rtol=1e-12, atol=1e-300, equal_nan=True):
        raise InputError(f"activation {activation.name!r} must work element by element")

    def one_sided(step: float) -> np.ndarray:
        h = step * np.maximum(1, np.abs(Z))
        low, high = Z - h, Z + h
        return np.stack([(A - activation.forward(low)) / (Z - low), (activation.forward(high) - A) / (high - Z)], 1)

    labels = [f"z = {z:g}" for z in Z]
    return _compare(one_sided(STEP), one_sided(STEP / 2), given, float(np.abs(A).max()), labels, TOLERANCE)


def check_loss(loss: Loss, *, outputs: int = 3, seed: int = 0) -> GradientCheck:
    """Check `loss.backward` and `loss.weights` on five random rows with random sample weights.

    Targets are normal numbers, 0 or 1, or class codes, as the loss's link suggests.
    """
    rng = np.random.default_rng(seed)
    Z = 2 * rng.standard_normal((5, outputs))
    targets = {
        "identity": rng.standard_normal((5, outputs)),
        "sigmoid": rng.integers(0, 2, (5, outputs)).astype(np.float64),
        "softmax": rng.integers(0, outputs, 5),
    }
    Y, weights = targets[loss.link], rng.uniform(0.5, 2, 5)
    dZ = loss_backward(loss_forward(loss, Z, Y, weights)[1])
    return check_gradients(lambda Z: loss_forward(loss, Z, Y, weights)[0], Z, dZ)


def _compare(
    wide: np.ndarray, near: np.ndarray, given: np.ndarray, height: float, labels: list[str], tolerance: float
) -> GradientCheck:
    """Judge `given` (n,) by the slopes left and right of each coordinate, at a whole and at half a step (n, 2).

    Where a function is smooth its two slopes approach each other as the step shrinks; at a kink they do not.
    """
    slope = near.mean(axis=1)
    size = np.maximum(np.abs(slope), np.abs(given))
    # A slope far below the others, or below the function's height, drowns in rounding: these are its measure.
    scale = np.maximum(size, max(1e-3 * size.max(), 1e-4 * height, 1e-12))
    gap_wide, gap_near = np.abs(np.diff(wide))[:, 0], np.abs(np.diff(near))[:, 0]
    bent = gap_near > BEND * scale
    lowest = np.where(bent, near.min(axis=1), slope)
    highest = np.where(bent, near.max(axis=1), slope)
    error = np.maximum(np.maximum(lowest - given, given - highest), 0) / scale
    error = np.where(np.isfinite(error), error, np.inf)
    worst = int(np.argmax(error))
    return GradientCheck(
        passed=bool(error[worst] <= tolerance),
        worst_error=float(error[worst]),
        where=labels[worst],
        slope=float(slope[worst]),
        given=float(given[worst]),
        checked=len(labels),
        kinks=int((bent & (gap_near > 0.75 * gap_wide)).sum()),
    )


def _named(arrays: np.ndarray | Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
    return arrays if isinstance(arrays, Mapping) else {"": arrays}


def _same_shapes(points: Mapping[str, np.ndarray], gradients: Mapping[str, np.ndarray]) -> None:
    if set(points) != set(gradients):
        raise ShapeError(f"gradients are named {', '.join(gradients)}, the point {', '.join(points)}")
    for name, x in points.items():
        label = name or "point"
        if x.dtype != np.float64:
            raise InputError(f"{label} must be float64 for differences to be exact enough, got {x.dtype}")
        if gradients[name].shape != x.shape:
            hint = "; is it transposed?" if gradients[name].shape == x.shape[::-1] else ""
            raise ShapeError(
                f"the gradient of {label} must have its shape {x.shape}, got {gradients[name].shape}{hint}"
            )
