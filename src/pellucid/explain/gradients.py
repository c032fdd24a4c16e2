"""`explain_gradient`: why a weight should grow or shrink, from the numbers of the rows to the last product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engines.contract import Parameters
from ..errors import InputError
from ..nn.gradient_check import GradientCheck, check_gradients
from ..nn.losses import loss_forward
from ..nn.penalties import penalty_gradients
from ..records import Record, counted
from .answered_rows import AnsweredRows, answered_rows
from .backward_tape import BackwardTape, backward_tape
from .chain_paths import ChainPath, largest_paths, path_count
from .counts import count_of
from .gradient_blocks import gradient_blocks
from .gradient_words import GradientWords, words_of
from .loss_words import slope_words
from .opened import Opened, open_model
from .parameter_name import layer_of, name_of, the_parameter
from .parameter_sets import other_parameters
from .unit_names import unit_name


@dataclass(frozen=True)
class RowTerm(Record):
    """What one row adds to the gradient: `share` × `slope` × `entering` = `term`.

    `entering` is what the parameter multiplies, `slope` how the loss of this row moves with the sum that the parameter
    is part of, `share` what the row counts in the mean. `scores` and `targets` (outputs,) are its raw outputs and its
    answers as the loss takes them, `truth` as they were given; `cell` is the one that is scaled to `entering`. Rows are
    counted in what was given, from `first_row`, which is 0 unless asked for otherwise.
    """

    row: int
    entering: float
    scores: tuple[float, ...]
    targets: tuple[float, ...]
    slope: float
    share: float
    term: float
    cell: Any = None
    truth: Any = None


@dataclass(frozen=True, repr=False)
class GradientExplanation(Record):
    """The gradient of a loss by one parameter, taken apart.

    `multiplies` and `leads_to` are what lies at the two ends of the parameter. `gradient` is the sum of the `terms`
    (the largest, by row) and of those of the `other_rows`; `check` holds the finite difference beside it. `penalty` is
    what l1 and l2 add for the optimizer. `paths` write the term of `chain_row` out along the largest of `path_count`
    paths from the parameter's unit to the outputs, with `path_names`; the others add `other_paths`. `equation` is the
    raw output as a formula where the network is one sum of few inputs, else "". `column` is the one whose cells are
    scaled to what the parameter multiplies, "" where that is no scaled number; `answer` says how the loss takes the
    `target`. `left_out` says which of the rows given were not used, `others` whether the parameters are
    others than the model's own.
    """

    parameter: str
    value: float
    multiplies: str
    leads_to: str
    loss: dict[str, Any]
    loss_formula: str
    loss_slope: str
    loss_value: float
    equation: str
    rows: int
    learning_rate: float
    gradient: float
    penalty: float
    check: GradientCheck
    terms: tuple[RowTerm, ...]
    other_rows: int
    other_terms: float
    chain_row: int
    paths: tuple[ChainPath, ...]
    path_names: tuple[str, ...]
    path_count: int
    other_paths: float
    column: str = ""
    target: str = "y"
    answer: str = "y"
    left_out: str = ""
    others: bool = False

    def __repr__(self) -> str:
        return (
            f"GradientExplanation({self.parameter} = {self.value:.6g}, gradient {self.gradient:.6g}, "
            f"by differences {self.check.slope:.6g}, {counted(self.rows, 'row')})"
        )

    def __str__(self) -> str:
        return self.text()

    def text(self, *, width: int = 100) -> str:
        """The derivation as aligned text; no line is longer than `width`, from 60 on, but for tables of long names.

        Raises `SpecError` for a width below 1.
        """
        from .block_text import blocks_text

        return blocks_text(gradient_blocks(self), count_of("width", width))

    def html(self) -> str:
        """The same as a fragment of HTML that needs nothing else."""
        from .block_html import blocks_html

        return blocks_html(gradient_blocks(self))

    def _repr_html_(self) -> str:
        return self.html()


def explain_gradient(
    model: Any,
    parameter: str,
    rows: Any,
    truth: Any = None,
    *,
    sample_weight: Any = None,
    parameters: Parameters | None = None,
    chain_row: int | None = None,
    most_rows: int = 10,
    most_paths: int = 6,
    first_row: int = 0,
) -> GradientExplanation:
    """How the mean loss of `rows` moves with one parameter of a fitted model, in words and numbers.

    `model` is a fitted MLPClassifier, MLPRegressor or FittedNetwork; `parameter` a name such as "layers.0.weight[3, 2]"
    or "layers.0.weight[3, Age]". `rows` come in any form that `predict` takes, with answers `truth` (rows,), which in a
    `Table` may be the name of their column, and need not be given where it holds the target. `parameters` are others
    than the model's, such as `recording.at(epoch)`. `chain_row` is the row whose chain rule is written out, None the
    one with the largest term; rows are counted from `first_row`. Arithmetic is float64, dropout off.

    Raises `SpecError` for a parameter that does not exist, naming the nearest, `InputError` and `ShapeError` for rows
    and answers that do not fit.
    """
    opened = open_model(model)
    array, place = the_parameter(opened.network, parameter, opened.names)
    first_row = count_of("first_row", first_row, 0)
    most_rows, most_paths = count_of("most_rows", most_rows), count_of("most_paths", most_paths)
    exact = other_parameters(opened, parameters)
    given = answered_rows(opened, rows, truth, needed=True, sample_weight=sample_weight)
    X, Y, weights = given.X, given.Y, given.weights
    assert Y is not None
    back = backward_tape(X, Y, weights, exact, opened.activations, opened.loss)
    terms = back.terms(array, place)
    chosen = _the_row(chain_row, terms, given, first_row)
    order = np.argsort(-np.abs(terms), kind="stable")[:most_rows]
    order = np.sort(order) if len(terms) <= most_rows else order
    said = words_of(opened, array, place)
    shown = tuple(_row_term(back, array, place, int(row), float(terms[row]), given, said, first_row) for row in order)
    entering = float(back.entering(array, place)[chosen])
    layer, gradient = layer_of(array), float(terms.sum())
    paths = tuple(largest_paths(back, chosen, layer, place[0], entering, most_paths))
    l1, l2 = opened.training.l1, opened.training.l2
    with_penalty = penalty_gradients({array: np.zeros_like(exact[array])}, exact, l1, l2)
    return GradientExplanation(
        name_of(array, place),
        float(exact[array][place]),
        said.multiplies,
        said.leads_to,
        opened.loss.to_dict(),
        opened.loss.formula,
        slope_words(opened.loss, opened.network.outputs),
        back.loss,
        _equation(opened, exact, place[0]),
        len(X),
        opened.training.learning_rate,
        gradient,
        float(with_penalty[array][place]),
        _difference(opened, exact, X, Y, weights, array, place, gradient),
        shown,
        len(terms) - len(shown),
        gradient - sum(term.term for term in shown),
        int(given.numbers[chosen]) + first_row,
        paths,
        tuple(_path_name(opened, path, layer) for path in paths),
        path_count(back, layer),
        float(terms[chosen]) - sum(path.product for path in paths),
        said.column,
        opened.target_name,
        said.answer,
        given.left_out,
        any(not np.array_equal(exact[own], value) for own, value in opened.parameters.items()),
    )


def _the_row(asked: int | None, terms: np.ndarray, given: AnsweredRows, first: int) -> int:
    """The place among the rows used of the row of that number in what was given."""
    if asked is None:
        return int(np.abs(terms).argmax())
    places = np.flatnonzero(given.numbers + first == count_of("chain_row", asked, 0))
    if not len(places):
        last = int(given.numbers[-1]) + first
        why = f"; {given.left_out}" if given.left_out else ""
        if why and first <= asked <= last:
            raise InputError(f"row {asked} is not among the rows used{why}")
        raise InputError(f"there is no row {asked}: the rows are numbered {first} to {last}{why}")
    return int(places[0])


def _row_term(
    back: BackwardTape,
    array: str,
    place: tuple[int, ...],
    row: int,
    term: float,
    given: AnsweredRows,
    said: GradientWords,
    first: int,
) -> RowTerm:
    share = float(back.cache.shares[row])
    slope = float(back.dZ[layer_of(array)][row, place[0]])
    number = int(given.numbers[row])
    cell = given.table[said.column].cell(number) if given.table is not None and said.column else None
    assert given.answers is not None
    return RowTerm(
        number + first,
        float(back.entering(array, place)[row]),
        tuple(back.Z[row].tolist()),
        tuple(back.cache.Y[row].tolist()),
        slope / share if share else 0.0,
        share,
        term,
        cell,
        given.answers[row].tolist() if hasattr(given.answers[row], "tolist") else given.answers[row],
    )


def _difference(
    opened: Opened,
    exact: Parameters,
    X: np.ndarray,
    Y: np.ndarray,
    weights: np.ndarray | None,
    array: str,
    place: tuple[int, ...],
    gradient: float,
) -> GradientCheck:
    """The gradient beside what the loss does when the parameter is moved a little up and down."""
    moved = {**exact, array: exact[array].copy()}

    def loss(value: np.ndarray) -> float:
        moved[array][place] = value[0]
        return loss_forward(opened.loss, opened.scores(X, moved), Y, weights)[0]

    return check_gradients(loss, np.array([exact[array][place]]), np.array([gradient]))


def _equation(opened: Opened, exact: Parameters, output: int, most: int = 6) -> str:
    """`z = 2 × x0 + 1` of a network without hidden layers and with few inputs, else ""."""
    if opened.network.hidden or opened.network.inputs > most:
        return ""
    weights = exact["layers.0.weight"][output].tolist()
    parts = [f"{weight:.6g} × {name}" for weight, name in zip(weights, opened.names)]
    if "layers.0.bias" in exact:
        parts.append(f"{exact['layers.0.bias'][output]:.6g}")
    return "z = " + " + ".join(parts).replace("+ -", "- ")


def _path_name(opened: Opened, path: ChainPath, layer: int) -> str:
    """`0.3 → 1.2 → output y`."""
    *units, output = path.units
    return " → ".join(
        [*(unit_name(layer + k, unit) for k, unit in enumerate(units)), f"output {opened.outputs[output]}"]
    )
