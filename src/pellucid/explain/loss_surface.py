"""`loss_surface`: the loss over two parameters, or two directions in the space of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engines.contract import Parameters, TrainingData
from ..engines.surface import Plane, loss_on_plane
from ..errors import PellucidError, SpecError
from ..records import Record, counted, figure
from .answered_rows import answered_rows
from .directions import (
    DescentDirections,
    Direction,
    descent_directions,
    flat,
    given_direction,
    parameter_direction,
    points_of,
    random_directions,
)
from .opened import Opened, open_model
from .parameter_sets import other_parameters

MARGIN = 0.15  # of the path's extent, on each side
MOST_POINTS = 4_000_000

Axis = tuple[float, float]


@dataclass(frozen=True, eq=False, repr=False)
class DescentPath(Record):
    """A descent seen from the plane: coordinates `x`, `y` (points,), the `loss` (points,) at the parameters themselves,
    and how far these are from the plane, `away` (points,)."""

    x: np.ndarray
    y: np.ndarray
    loss: np.ndarray
    away: np.ndarray

    def __repr__(self) -> str:
        ends = f"{figure(float(self.loss[0]))} to {figure(float(self.loss[-1]))}"
        points, away = counted(len(self.x), "point"), figure(float(self.away.max()))
        return f"DescentPath({points}, loss {ends}, at most {away} off the plane)"


@dataclass(frozen=True, eq=False, repr=False)
class LossSurface(Record):
    """`loss` (len(y), len(x)) at the places `x` and `y` of the axes called `first` and `second`.

    A single parameter is shown at its own value, a direction in steps of it from the center. `center` is where the
    model is, with `center_loss`. `loss_name` on `rows` rows, dropout off and without penalties, in the floating type of
    the training. `shares` are what two principal directions of a descent hold of its way. `left_out`
    says which of the rows given were not used.
    """

    loss_name: str
    rows: int
    first: str
    second: str
    x: np.ndarray
    y: np.ndarray
    loss: np.ndarray
    center: tuple[float, float]
    center_loss: float
    path: DescentPath | None = None
    shares: tuple[float, float] | None = None
    left_out: str = ""

    @property
    def lowest(self) -> tuple[float, float, float]:
        """(x, y, loss) of the grid's lowest point."""
        i, j = np.unravel_index(int(np.nanargmin(self.loss)), self.loss.shape)
        return float(self.x[j]), float(self.y[i]), float(self.loss[i, j])

    def __repr__(self) -> str:
        size = f"{len(self.x)} × {len(self.y)}"
        return f"LossSurface({self.loss_name} over {self.first} and {self.second}, {size}, {counted(self.rows, 'row')})"

    def __str__(self) -> str:
        x, y, low = self.lowest
        axes = f"{self.first} ({_ends(self.x)}) and {self.second} ({_ends(self.y)})"
        left_out = f" ({self.left_out})" if self.left_out else ""
        lines = [
            f"{self.loss_name} on {counted(self.rows, 'row')}{left_out} over {axes}",
            f"  at the center ({self.center[0]:.4g}, {self.center[1]:.4g})  {figure(self.center_loss)}",
            f"  lowest, at ({x:.4g}, {y:.4g})  {figure(low)}",
            f"  highest  {figure(float(np.nanmax(self.loss)))}",
        ]
        if self.path is not None:
            lines.append(f"  {self.path!r}")
        return "\n".join(lines)


def loss_surface(
    model: Any,
    rows: Any,
    truth: Any = None,
    along: Any = None,
    *,
    path: Any = None,
    span: Any = None,
    size: int | tuple[int, int] = 100,
    parameters: Parameters | None = None,
    seed: int = 0,
) -> LossSurface:
    """The loss of `model` on `rows` with answers `truth`, over the two axes `along`, with the `path` of a descent.

    `along` holds two axes, each the name of one parameter such as "layers.0.weight[3, 2]" or a direction (dict of
    arrays shaped as the parameters); or it is what `descent_directions(path)` gives. Left out: the principal directions
    of the `path`, or random ones drawn with `seed`, scaled unit by unit. `path` is a recording, a network that has one,
    or a list of parameter dicts. `span` is how far to go from the center on both axes, or ((low, high), (low, high)) on
    the axes; left out, it holds the path. `size` is the number of points on each axis. `parameters` takes the place of
    the model's as the center: those of another epoch.

    Raises `SpecError` for parameters that do not exist (with the nearest name), two axes that are the same, and numbers
    out of range; `InputError` and `ShapeError` for rows and answers that do not fit.
    """
    opened = open_model(model)
    center = other_parameters(opened, parameters)
    points = None if path is None else [_of_this_shape(opened, point) for point in points_of(path)]
    first, second, shares = _axes(along, opened, center, points, seed)
    answered = answered_rows(opened, rows, truth, needed=True)
    data = answered.data(opened.training.dtype)
    counts = _counts(size)
    shadow = None if points is None else _shadow(points, center, first, second)
    ends = _spans(span, (first, second), shadow)
    x, y = (np.linspace(*pair, count) for pair, count in zip(ends, counts))
    plane = (center, first.step, second.step)
    loss = loss_on_plane(opened.network, opened.training, data, plane, x - first.origin, y - second.origin)
    return LossSurface(
        opened.loss.name,
        len(data.X),
        first.name,
        second.name,
        x,
        y,
        loss,
        (first.origin, second.origin),
        _loss_at(opened, data, center),
        None if shadow is None or points is None else _path(opened, data, points, shadow, (first, second)),
        shares,
        answered.left_out,
    )


def _of_this_shape(opened: Opened, point: Parameters) -> Parameters:
    try:
        return other_parameters(opened, point)
    except PellucidError as error:
        raise SpecError(f"the path is not of this {opened.network} network: {error}") from None


def _axes(
    along: Any, opened: Opened, center: Parameters, points: list[Parameters] | None, seed: int
) -> tuple[Direction, Direction, tuple[float, float] | None]:
    if along is None and points is not None:
        along = descent_directions(points)
    if isinstance(along, DescentDirections):
        names = [f"descent direction {k} ({share:.0%} of the way)" for k, share in enumerate(along.shares, 1)]
        made = [given_direction(d, center, name) for d, name in zip((along.first, along.second), names)]
        return made[0], made[1], along.shares
    if along is None:
        made = [
            given_direction(d, center, f"random direction {k}")
            for k, d in enumerate(random_directions(center, seed), 1)
        ]
        return made[0], made[1], None
    if isinstance(along, (str, Mapping)) or not isinstance(along, Sequence) or len(along) != 2:
        raise SpecError(
            "along takes two axes, each the name of a parameter such as 'layers.0.weight[3, 2]' or a dict of arrays, "
            f"got {str(along)[:60]!r}"
        )
    first, second = (
        parameter_direction(axis, opened, center) if isinstance(axis, str) else _own_direction(axis, center, k)
        for k, axis in enumerate(along, 1)
    )
    if first.single is not None and first.single == second.single:
        raise SpecError(f"both axes are {first.name}; name two different parameters")
    u, v = flat(first.step), flat(second.step)
    if abs(u @ v) > (1 - 1e-12) * np.linalg.norm(u) * np.linalg.norm(v):
        raise SpecError("the two directions lie on one line; give two that differ")
    return first, second, None


def _own_direction(axis: Any, center: Parameters, number: int) -> Direction:
    if not isinstance(axis, Mapping):
        raise SpecError(f"an axis is the name of a parameter or a dict of arrays, got {type(axis).__name__}")
    return given_direction(axis, center, f"direction {number}")


def _shadow(
    points: Sequence[Parameters], center: Parameters, first: Direction, second: Direction
) -> tuple[np.ndarray, np.ndarray]:
    """(coordinates (2, points) on the axes, distance from the plane (points,)), by least squares."""
    away = np.stack([flat({name: point[name] for name in center}) - flat(center) for point in points])
    axes = np.stack([flat(first.step), flat(second.step)])
    steps = np.linalg.lstsq(axes.T, away.T, rcond=None)[0]
    rest = np.linalg.norm(away.T - axes.T @ steps, axis=0)
    return steps + np.array([[first.origin], [second.origin]]), rest


def _path(
    opened: Opened,
    data: TrainingData,
    points: Sequence[Parameters],
    shadow: tuple[np.ndarray, np.ndarray],
    axes: tuple[Direction, Direction],
) -> DescentPath:
    (x, y), away = shadow
    losses = np.array([_loss_at(opened, data, {name: point[name] for name in axes[0].step}) for point in points])
    return DescentPath(x, y, losses, away)


def _loss_at(opened: Opened, data: TrainingData, parameters: Parameters) -> float:
    nowhere = {name: np.zeros(value.shape) for name, value in parameters.items()}
    plane: Plane = (parameters, nowhere, nowhere)
    return float(loss_on_plane(opened.network, opened.training, data, plane, np.zeros(1), np.zeros(1))[0, 0])


def _spans(
    span: Any, axes: tuple[Direction, Direction], shadow: tuple[np.ndarray, np.ndarray] | None
) -> tuple[Axis, Axis]:
    if span is None:
        if shadow is not None:
            return _around(shadow[0][0], axes[0]), _around(shadow[0][1], axes[1])
        reach = [1.0 if axis.single is None else max(1.0, abs(axis.origin)) for axis in axes]
    elif isinstance(span, (int, float)) and not isinstance(span, bool):
        reach = [float(span), float(span)]
    else:
        return _given_spans(span)
    if not all(0 < r < np.inf for r in reach):
        raise SpecError(f"span must be a finite number above 0, got {span!r}")
    return (axes[0].origin - reach[0], axes[0].origin + reach[0]), (
        axes[1].origin - reach[1],
        axes[1].origin + reach[1],
    )


def _given_spans(span: Any) -> tuple[Axis, Axis]:
    try:
        (a, b), (c, d) = span
        ends = (float(a), float(b)), (float(c), float(d))
    except (TypeError, ValueError):
        raise SpecError(f"span must be one number or ((low, high), (low, high)), got {span!r}") from None
    if not all(np.isfinite(pair).all() and pair[0] < pair[1] for pair in ends):
        raise SpecError(f"span must hold finite numbers, the lower end first, got {span!r}")
    return ends


def _around(coordinates: np.ndarray, axis: Direction) -> Axis:
    """From end to end of a path and the center, with a margin."""
    low, high = float(min(coordinates.min(), axis.origin)), float(max(coordinates.max(), axis.origin))
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _counts(size: Any) -> tuple[int, int]:
    pair = size if isinstance(size, tuple) else (size, size)
    if len(pair) != 2 or not all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) and n >= 2 for n in pair):
        raise SpecError(f"size must be a whole number of at least 2 points, or two of them, got {size!r}")
    if pair[0] * pair[1] > MOST_POINTS:
        raise SpecError(f"{pair[0]:,} × {pair[1]:,} points are too many; {MOST_POINTS:,} are the most")
    return int(pair[0]), int(pair[1])


def _ends(values: np.ndarray) -> str:
    return f"{values[0]:.4g} … {values[-1]:.4g}"
