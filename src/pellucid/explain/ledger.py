"""`pellucid.ledger`: every number between a row and its answer, and from the true answer back to every weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..engines.contract import Parameters
from ..errors import InputError, SpecError
from ..records import Record
from .answer_steps import ClassAnswer, NumberAnswer, answer_steps
from .backward_pass import Backward, backward_pass
from .counts import count_of
from .forward_pass import LayerSums, forward_pass
from .opened import open_model
from .parameter_sets import opened_with
from .prepared_cells import PreparedCell, design_row, prepared_cells
from .row_cells import row_cells
from .the_row import row_of
from .training_moment import TrainingMoment, training_moment

if TYPE_CHECKING:
    from .opened import Opened
    from .worksheet import Worksheet


@dataclass(frozen=True, eq=False, repr=False)
class Ledger(Record):
    """All arithmetic of one row, in float64.

    `cells` are the row's columns with the inputs that they became, `layers` the sums of every layer, `answer` the way
    from the raw outputs to the answer, `backward` the gradients where the true answer is known, else None. `notes` are
    sentences about what was left out or rounded. `to_dict` holds everything, the products too: enough to do the
    arithmetic again with nothing else.
    """

    name: str
    target: str
    network: str
    cells: tuple[PreparedCell, ...]
    layers: tuple[LayerSums, ...]
    answer: ClassAnswer | NumberAnswer
    backward: Backward | None
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """All fields as JSON-ready Python."""
        return {**super().to_dict(), "layers": [layer.to_dict() for layer in self.layers]}

    def __repr__(self) -> str:
        from .ledger_blocks import in_short

        return f"Ledger({self.name}, {self.network} network, {in_short(self)})"

    def __str__(self) -> str:
        return self.text()

    def text(self, *, unit: str | None = None, width: int = 100, terms: int = 8) -> str:
        """The ledger as aligned text, sums folded to their `terms` largest terms.

        No line is longer than `width`, from 60 on. `unit` ("0.3" is unit 3 of layer 0) shows the arithmetic of that
        unit instead. Raises `SpecError` when there is none of that name, and for fewer terms or columns than 1.
        """
        from .block_text import blocks_text
        from .ledger_blocks import ledger_blocks

        return blocks_text(ledger_blocks(self, unit, count_of("terms", terms)), count_of("width", width))

    def html(self, *, unit: str | None = None, terms: int = 8) -> str:
        """The same as a fragment of HTML that needs nothing else."""
        from .block_html import blocks_html
        from .ledger_blocks import ledger_blocks

        return blocks_html(ledger_blocks(self, unit, count_of("terms", terms)))

    def worksheet(self, *, unit: str | None = None, width: int = 100, terms: int = 8) -> Worksheet:
        """The text with numbered blanks for what is to be computed, and the answers: a `Worksheet`."""
        from .ledger_blocks import ledger_blocks
        from .worksheet import make_worksheet

        blocks = ledger_blocks(self, unit, count_of("terms", terms), worksheet=True)
        return make_worksheet(blocks, count_of("width", width))

    def _repr_html_(self) -> str:
        return self.html()


def ledger(
    model: Any,
    row: Any,
    rows: Any = None,
    *,
    target: Any = None,
    batch: Any = None,
    backward: bool | None = None,
    epoch: int | None = None,
    step: int | None = None,
    parameters: Parameters | None = None,
    name: str = "a row",
) -> Ledger:
    """Every number between a row and its answer.

    `model` is a fitted `MLPClassifier`, `MLPRegressor` or `FittedNetwork`, or a `Replay`. `row` is a dict from column
    to cell, a table or frame of one row, an array (columns,), or the number of a row of `rows`, counted from 0.
    `target` is the true answer, for the way back; without it the row's own column of that name is taken where there is
    one. `batch`, (X, y) or (X, y, weights) in which the row stands, gives the optimizer's step for that batch; without
    it the row is a batch of one. `backward` False leaves the way back out, True insists on it, None takes it where the
    answer is known. `name` is what the row is called.

    `epoch` and `step` ask a network with a recording, or a `Replay`, for the parameters after that many epochs and
    steps of the next one; the step on the way back is then the one that the training took from there, with its batch,
    memory and rate. `parameters` are others than the model's, such as `recording.at(epoch)`.

    The numbers are computed in float64 from the parameters, dropout off. Raises `InputError` for anything that is no
    fitted model of ours, `ShapeError` and `ColumnError` for a row that does not fit, `SpecError` for a moment that the
    training did not have, for parameters that do not fit and for options that exclude each other.
    """
    opened = open_model(model)
    moment = _moment(model, epoch, step, batch, parameters)
    opened = opened_with(opened, parameters if moment is None else moment.snapshot.parameters)
    raw = row_cells(opened, row_of(row, rows))
    cells = prepared_cells(opened, raw)
    layers, tape = forward_pass(opened, design_row(cells))
    scores = layers[-1].z
    truth = raw.get(opened.target_name) if target is None and opened.target_name not in opened.columns else target
    if truth is None and (batch is not None or backward):
        raise InputError(f"the way back needs the true {opened.target_name} of the row; give target")
    back = None if truth is None or backward is False else backward_pass(opened, tape, scores, truth, batch, moment)
    return Ledger(
        str(name),
        opened.target_name,
        str(opened.network),
        cells,
        layers,
        answer_steps(opened, scores),
        back,
        (*_whose(moment, parameters), *_notes(opened)),
    )


def _moment(model: Any, epoch: int | None, step: int | None, batch: Any, parameters: Any) -> TrainingMoment | None:
    if epoch is None:
        if step is not None:
            raise SpecError("step counts inside an epoch; give epoch too, the number of epochs before it")
        return None
    if parameters is not None or batch is not None:
        other = "batch" if parameters is None else "parameters"
        raise SpecError(f"epoch brings the parameters and the batch of the training; leave {other} out")
    return training_moment(model, epoch, step)


def _whose(moment: TrainingMoment | None, parameters: Any) -> list[str]:
    if moment is not None:
        return [f"The parameters are those of the training after {moment}."]
    return [] if parameters is None else ["The parameters are those that were given, not the model's own."]


def _notes(opened: Opened) -> tuple[str, ...]:
    notes = []
    if any(opened.network.dropouts):
        notes.append("Dropout is off, as in every prediction.")
    if opened.training.dtype == "float32":
        notes.append("The model computes in float32, this ledger in float64: the last digits of predict may differ.")
    return tuple(notes)
