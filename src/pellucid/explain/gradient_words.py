"""What a gradient's text calls the two ends of a parameter and the answers: a scaled number is never called a cell."""

from __future__ import annotations

from dataclasses import dataclass

from ..preprocessing.dates import DateStep
from ..preprocessing.numbers import NumberStep
from .column_pieces import steps_of, transform_of, written
from .opened import Opened
from .parameter_name import ends_of, layer_of


@dataclass(frozen=True)
class GradientWords:
    """`multiplies` and `leads_to` are the ends; `column` is what is scaled to the first, "" where nothing is.

    `answer` is what the loss takes as the truth, such as "scaled y".
    """

    multiplies: str
    leads_to: str
    column: str
    answer: str


def words_of(opened: Opened, array: str, place: tuple[int, ...]) -> GradientWords:
    """The words for one parameter."""
    multiplies, leads_to = ends_of(opened.network, array, place, opened.names, opened.outputs)
    column = ""
    if layer_of(array) == 0 and len(place) == 2 and opened.preparation is not None:
        names = scaled_names(opened)
        if names[place[1]] != multiplies:
            multiplies, column = names[place[1]], opened.sources[place[1]]
    transform = "none" if opened.target is None else opened.target.transform
    answer = {"none": "y", "log1p_standardize": "scaled log(1 + y)"}.get(transform, "scaled y")
    return GradientWords(multiplies, leads_to, column, answer)


def scaled_names(opened: Opened) -> tuple[str, ...]:
    """The names of the inputs (inputs,), those of numbers that are scaled or logarithms saying so: "scaled Age"."""
    if opened.preparation is None:
        return opened.names
    names: list[str] = []
    for step in steps_of(opened):
        for part in step.steps if isinstance(step, DateStep) else (step,):
            names += _names(part) if isinstance(part, NumberStep) else part.names
        names += step.names[len(step.names) - 1 :] if isinstance(step, DateStep) and step.flag else ()
    return tuple(names)


def _names(step: NumberStep) -> tuple[str, ...]:
    scaling = step.scaling
    plain = not scaling.knots and (scaling.center, scaling.divisor) == (0.0, 1.0) and not step.log1p
    if not step.number or plain:
        return step.names
    return f"scaled {written(transform_of(step), step.name)}", *step.names[1:]
