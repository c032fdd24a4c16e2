"""`row_pushes`: which rows pushed a weight up and down most, epoch by epoch or in one step.

A row's push is the negative of what it adds to the gradient: where plain gradient descent would move the weight if the
row stood alone, for each unit of learning rate and counted as it counts in the mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..nn.penalties import penalty_gradients
from ..records import Record, counted, figure
from .backward_tape import BackwardTape
from .counts import count_of
from .parameter_name import name_of, the_parameter, with_input
from .past import Past, past_of
from .shown_epochs import shown
from .text_table import aligned, html_table

HEAD = ("epoch", "weight", "push of all", "upwards: row (push)", "downwards: row (push)")


@dataclass(frozen=True)
class RowPush(Record):
    """One row's `push`; `row` is its number in the table that was trained on, `scores` and `targets` (outputs,) its
    raw outputs then and its answers as the loss takes them."""

    row: int
    push: float
    scores: tuple[float, ...]
    targets: tuple[float, ...]


@dataclass(frozen=True)
class EpochPushes(Record):
    """The pushes on a weight of `value` after `epoch` epochs (and `step` steps more, in the batch of the next).

    `push` is the sum over all `rows`, the negative gradient of the loss; `penalty` is what l1 and l2 push. `up` and
    `down` are the rows with the largest pushes, the largest first.
    """

    epoch: int
    step: int | None
    value: float
    rows: int
    push: float
    penalty: float
    up: tuple[RowPush, ...]
    down: tuple[RowPush, ...]


@dataclass(frozen=True, repr=False)
class RowPushes(Record):
    """The rows that pushed one parameter most; `name` is the parameter with the input that it multiplies, if it has a
    name: "layers.0.weight[3, 2] (Age)"."""

    parameter: str
    epochs: tuple[EpochPushes, ...]
    name: str

    def __repr__(self) -> str:
        return f"RowPushes({self.name}, {counted(len(self.epochs), 'epoch')})"

    def __str__(self) -> str:
        return f"{self.name}\n{aligned(HEAD, self._rows())}"

    def _repr_html_(self) -> str:
        return html_table(f"Rows that pushed {self.name}", HEAD, self._rows())

    def _rows(self) -> list[list[str]]:
        return [
            [
                str(one.epoch) + ("" if one.step is None else f", step {one.step}"),
                figure(one.value),
                figure(one.push, sign=True),
                ", ".join(f"{push.row} ({figure(push.push, sign=True)})" for push in one.up),
                ", ".join(f"{push.row} ({figure(push.push, sign=True)})" for push in one.down),
            ]
            for one in shown(self.epochs)
        ]


def row_pushes(
    trained: Any,
    parameter: str,
    epochs: Sequence[int] | int | None = None,
    *,
    step: int | None = None,
    most: int = 3,
) -> RowPushes:
    """The `most` rows that pushed `parameter`, such as "layers.0.weight[3, 2]", up and down most, after each of
    `epochs` (None: all that were kept) of a recorded training.

    `trained` is a `FittedNetwork` with a recording, a `Replay` of an estimator, or a recording. All training rows are
    looked at, dropout off; with `step` the batch of that step of the epoch that follows, dropout as it was. Raises
    `SpecError` for a parameter or place that does not exist, and what `Recording.reach` raises.
    """
    past = past_of(trained)
    array, place = the_parameter(past.network, parameter, past.inputs)
    most = count_of("most", most, 1, " row")
    found = tuple(_pushes(past, array, place, epoch, step, most) for epoch in past.epochs(epochs))
    return RowPushes(name_of(array, place), found, with_input(array, place, past.inputs))


def _pushes(past: Past, array: str, place: tuple[int, ...], epoch: int, step: int | None, most: int) -> EpochPushes:
    if step is None:
        parameters = past.parameters(epoch)
        back, numbers = past.over_all_rows(parameters), past.rows
    else:
        begun, batch, back = past.over_batch(epoch, step)
        parameters, numbers = begun.parameters, past.rows[batch]
    pushes = -back.terms(array, place)
    plan = past.training
    zero = {array: np.zeros(parameters[array].shape)}
    penalty = penalty_gradients(zero, parameters, plan.l1, plan.l2)[array][place]
    order = np.argsort(-pushes, kind="stable")
    up = [row for row in order[:most].tolist() if pushes[row] > 0]
    down = [row for row in order[::-1][:most].tolist() if pushes[row] < 0]
    return EpochPushes(
        epoch,
        step,
        float(parameters[array][place]),
        len(pushes),
        float(pushes.sum()),
        -float(penalty) or 0.0,
        tuple(_push(back, numbers, pushes, row) for row in up),
        tuple(_push(back, numbers, pushes, row) for row in down),
    )


def _push(back: BackwardTape, numbers: np.ndarray, pushes: np.ndarray, row: int) -> RowPush:
    scores, targets = tuple(back.Z[row].tolist()), tuple(back.cache.Y[row].tolist())
    return RowPush(int(numbers[row]), float(pushes[row]), scores, targets)
