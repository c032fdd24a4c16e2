"""Directions in the space of all parameters: one parameter by its name, one of your own, or where a descent went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engines.contract import Parameters
from ..errors import ShapeError, SpecError, nearest
from ..records import Record
from ..training.fit_network import recording_of
from ..training.randomness import stream
from ..training.recording import Recording
from .opened import Opened
from .parameter_name import the_parameter, with_input


@dataclass(frozen=True, eq=False)
class Direction:
    """`step` (every parameter) for one unit on the axis; `name` of the axis, and `origin`, where the center is on it.

    A single parameter is shown at its own value, `single` is then its array and place.
    """

    name: str
    step: Parameters
    origin: float = 0.0
    single: tuple[str, tuple[int, ...]] | None = None


@dataclass(frozen=True, eq=False, repr=False)
class DescentDirections(Record):
    """The two directions in which a recorded descent moved most, of length 1 and at right angles.

    `shares` are the parts of its squared distance from the end that lie along each.
    """

    first: Parameters
    second: Parameters
    shares: tuple[float, float]

    def __repr__(self) -> str:
        return f"DescentDirections({self.shares[0]:.0%} and {self.shares[1]:.0%} of the way)"


def parameter_direction(given: str, opened: Opened, center: Parameters) -> Direction:
    """The axis of one parameter, such as "layers.0.weight[3, 2]" or "layers.0.weight[3, Age]".

    Raises `SpecError` for a name or place that does not exist, naming the nearest.
    """
    array, place = the_parameter(opened.network, given, opened.names)
    step = {name: np.zeros(value.shape) for name, value in center.items()}
    step[array][place] = 1.0
    return Direction(with_input(array, place, opened.names), step, float(center[array][place]), (array, place))


def given_direction(given: Mapping[str, Any], center: Parameters, name: str) -> Direction:
    """A direction of your own: arrays by parameter name, zero where one is left out.

    Raises `SpecError` for unknown names and a direction that is zero, `ShapeError` for other shapes.
    """
    for own in given:
        if own not in center:
            raise SpecError(f"there is no parameter {own!r}{nearest(str(own), center)}")
    step = {}
    for own, value in center.items():
        step[own] = np.array(given.get(own, np.zeros(value.shape)), dtype=np.float64)
        if step[own].shape != value.shape:
            raise ShapeError(f"the direction's {own} must be {value.shape} as the parameter is, got {step[own].shape}")
    if not all(np.isfinite(part).all() for part in step.values()):
        raise SpecError("a direction must hold finite numbers")
    if not any(part.any() for part in step.values()):
        raise SpecError("a direction of zeros leads nowhere; give one that moves a parameter")
    return Direction(name, step)


def descent_directions(path: Any) -> DescentDirections:
    """The principal directions of a descent around its last point: a `Recording` or a list of parameter dicts.

    Li, Xu, Taylor, Studer, Goldstein, "Visualizing the loss landscape of neural nets" (2018), arXiv:1712.09913, section
    7. Raises `SpecError` where there are fewer than three points or they lie on a line.
    """
    points = points_of(path)
    last = points[-1]
    away = np.stack([flat(point) - flat(last) for point in points[:-1]]) if len(points) > 2 else np.zeros((0, 1))
    _, lengths, axes = np.linalg.svd(away, full_matrices=False)
    if len(lengths) < 2 or lengths[1] <= 1e-9 * max(lengths[0], 1e-300):
        raise SpecError(
            f"the descent of {len(points)} recorded points has no two directions; record more epochs, or name two "
            "parameters"
        )
    power = lengths**2 / (lengths**2).sum()
    first, second = (unflat(axis, last) for axis in axes[:2])
    return DescentDirections(first, second, (float(power[0]), float(power[1])))


def random_directions(center: Parameters, seed: int) -> tuple[Parameters, Parameters]:
    """Two random directions, each unit's weights as long as the unit's own, biases held (filter normalization: Li and
    others 2018, section 4)."""
    rng = stream(seed, "directions")
    made = []
    for _ in range(2):
        step = {}
        for name, value in center.items():
            draw = rng.standard_normal(value.shape)
            lengths = np.linalg.norm(draw, axis=-1, keepdims=True)
            own = np.linalg.norm(value, axis=-1, keepdims=True)
            step[name] = draw / lengths * own if value.ndim == 2 else np.zeros(value.shape)
        made.append(step)
    return made[0], made[1]


def points_of(path: Any) -> list[Parameters]:
    """The parameters along a descent, in order, of a `Recording`, something that has one, or a list of dicts.

    Raises `SpecError` for anything else, and what `recording_of` raises for a model that has none.
    """
    recording = getattr(path, "recording", path)
    if isinstance(recording, Recording):
        return [recording.at(epoch) for epoch in recording.epochs]
    if isinstance(recording, Sequence) and len(recording) and all(isinstance(p, Mapping) for p in recording):
        return list(recording)
    if recording is None or hasattr(path, "parameters_"):
        recording_of(path)  # says how to get one
    raise SpecError(f"a path is a recording or a list of parameter dicts, got {type(path).__name__}")


def flat(parameters: Mapping[str, np.ndarray]) -> np.ndarray:
    """All numbers in one vector, float64."""
    return np.concatenate([np.asarray(value, dtype=np.float64).ravel() for value in parameters.values()])


def unflat(vector: np.ndarray, like: Parameters) -> Parameters:
    """A vector as named arrays of the shapes of `like`."""
    made, begin = {}, 0
    for name, value in like.items():
        made[name] = vector[begin : begin + value.size].reshape(value.shape)
        begin += value.size
    return made
