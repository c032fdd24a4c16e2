"""Parameters of another epoch in the place of a model's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..engines.contract import Parameters
from ..errors import ShapeError, SpecError, nearest
from .opened import Opened, open_model


def opened_with(model: Any, parameters: Any) -> Opened:
    """A fitted model taken apart, with `parameters` in the place of its own unless they are None.

    Raises what `open_model` and `other_parameters` raise.
    """
    opened = open_model(model)
    return opened if parameters is None else replace(opened, parameters=other_parameters(opened, parameters))


def other_parameters(opened: Opened, given: Any) -> Parameters:
    """`given`, checked, in float64; the model's own where it is None.

    Raises `SpecError` for names that are not the model's and numbers that are not finite, `ShapeError` for shapes.
    """
    if given is None:
        return opened.parameters
    if not isinstance(given, Mapping):
        raise SpecError(f"parameters must be a dict of arrays, such as recording.at(epoch), got {type(given).__name__}")
    for name in given:
        if name not in opened.parameters:
            raise SpecError(
                f"this {opened.network} network has no parameter {name!r}{nearest(str(name), opened.parameters)}"
            )
    made = {}
    for name, own in opened.parameters.items():
        if name not in given:
            raise SpecError(f"parameters lack {name!r}{nearest(name, given)}")
        made[name] = np.array(given[name], dtype=np.float64)
        if made[name].shape != own.shape:
            raise ShapeError(f"parameters: {name} must be {own.shape}, got {made[name].shape}")
        if not np.isfinite(made[name]).all():
            raise SpecError(f"parameters: {name} holds a number that is not finite")
    return made
