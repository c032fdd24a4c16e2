"""The chain rule for one row: from the loss back to every weight, each product kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError, ShapeError
from ..nn import dense
from ..nn import network as net
from ..nn.losses import loss_backward, loss_forward
from ..nn.parameters import Parameters, bias_name, weight_name
from ..records import Record, counted
from .blocks import Number, Told
from .opened import Opened
from .optimizer_step import OptimizerStep, optimizer_step
from .shown_sums import short
from .training_moment import TakenStep, TrainingMoment


@dataclass(frozen=True, eq=False)
class LayerGradients(Record):
    """The gradients of one layer, L being the loss of the row.

    `da` (units,) = Σ over the units above of their dz · weight (None for the output layer, whose dz comes from the
    loss), `dz` (units,) = da · slope, `dw` (units, inputs) = dz · x, `db` (units,) = dz, None without bias.
    """

    layer: int
    da: np.ndarray | None
    slope: np.ndarray
    dz: np.ndarray
    dw: np.ndarray
    db: np.ndarray | None


@dataclass(frozen=True)
class BatchOfRows(Record):
    """The batch that the step is taken for: its rows, its loss, and the `share` of this row in it, 0 where it is not
    among them.

    A batch gradient is Σ share · (what the row alone gives, undivided); without weights the share is 1 / rows. Of a
    batch of the training `numbers` (rows,) are its rows by number, and `dropped` says that dropout was on.
    """

    rows: int
    loss: float
    share: float
    numbers: tuple[int, ...] = ()
    dropped: bool = False

    @property
    def words(self) -> Told:
        """The batch and the row's part in it as a sentence."""
        batch = "The batch of the training" if self.numbers else "The batch"
        dropped = ", with dropout as it was" if self.dropped else ""
        row = f"this row counts {short(self.share)} of it" if self.share else "this row is none of them"
        loss = Number(short(self.loss), self.loss)
        return Told(f"{batch} has {counted(self.rows, 'row')} and the loss ", loss, f"{dropped}; {row}.")


@dataclass(frozen=True, eq=False)
class Backward(Record):
    """What the true answer of the row would teach.

    `truth` as given, `target` (outputs,) as the loss takes it, `loss` its name and settings, `formula` its formula,
    `value` the loss of the row. `layers` hold the gradients of this row as a batch of one, from the inputs' side.
    `row_weight` is what the loss itself and the class weights make the row weigh; in a batch of one it is divided out
    again. `batch` tells of the batch whose gradient `step` was taken with; None where the row is the batch.
    """

    truth: Any
    target: np.ndarray
    loss: dict[str, Any]
    formula: str
    row_weight: float
    value: float
    layers: tuple[LayerGradients, ...]
    batch: BatchOfRows | None
    step: OptimizerStep

    @property
    def gradients(self) -> Parameters:
        """The gradients of the row by parameter name."""
        return gradients_of(self.layers)


def gradients_of(layers: tuple[LayerGradients, ...]) -> Parameters:
    """The gradients by parameter name."""
    found: Parameters = {}
    for one in layers:
        found[weight_name(one.layer)] = one.dw
        if one.db is not None:
            found[bias_name(one.layer)] = one.db
    return found


def backward_pass(
    opened: Opened, tape: net.Tape, scores: np.ndarray, truth: Any, batch: Any, moment: TrainingMoment | None = None
) -> Backward:
    """Gradients of a row whose raw outputs are `scores` (outputs,), and the optimizer's step: for the `batch`, for that
    of the training at the `moment`, or for the row as a batch of one.

    Raises `InputError` and `ShapeError` for a truth that the loss cannot take and for a batch without the row.
    """
    Y = _one_target(opened, truth)
    value, cache = loss_forward(opened.loss, scores[None], Y)
    layers = _chain(loss_backward(cache), tape)
    truth = truth.tolist() if isinstance(truth, (np.generic, np.ndarray)) else truth
    gradients, rows = gradients_of(layers), None
    if moment is not None and moment.taken is not None:
        gradients, rows = moment.taken.back.gradients(), _batch_of_training(tape[0].X[0], moment.taken)
    elif batch is not None:
        gradients, rows = _batch(opened, tape[0].X[0], batch)
    return Backward(
        truth=truth,
        target=cache.Y[0],
        loss=opened.loss.to_dict(),
        formula=opened.loss.formula,
        row_weight=_row_weight(opened, Y, cache.Y),
        value=value,
        layers=layers,
        batch=rows,
        step=optimizer_step(opened, gradients, moment),
    )


def _one_target(opened: Opened, truth: Any) -> np.ndarray:
    """The target of one row as the loss takes it beside outputs (1, outputs)."""
    if truth is None or (isinstance(truth, float) and np.isnan(truth)):
        raise InputError(f"the row has no true {opened.target_name}, without which there is no loss to go back from")
    array = np.asarray(truth)
    several = opened.multilabel or (opened.classes is None and opened.network.outputs > 1)
    if several and array.shape != (opened.network.outputs,):
        raise ShapeError(f"target must be ({opened.network.outputs},), one number an output, got {array.shape}")
    return opened.targets(array[None] if several else array.reshape(1))


def _row_weight(opened: Opened, Y: np.ndarray, of_loss: np.ndarray) -> float:
    """What a row with the target `Y`, `of_loss` as the loss keeps it, weighs by the loss and by its class."""
    weights = opened.loss.weights(of_loss)
    by_class = 1.0 if opened.label_weights is None else float(opened.label_weights[int(Y.reshape(-1)[0])])
    return by_class if weights is None else by_class * float(weights[0])


def _chain(dZ: np.ndarray, tape: net.Tape) -> tuple[LayerGradients, ...]:
    """The loop of `nn.network_backward`, with what each turn found."""
    found: list[LayerGradients] = []
    da: np.ndarray | None = None
    for number in reversed(range(len(tape))):
        layer = tape[number]
        slope = layer.activation.derivative(layer.Z, layer.A)
        dX, gradients = dense.backward(dZ, layer.dense)
        db = gradients.get("bias")
        found.append(LayerGradients(number, da, slope[0], dZ[0], gradients["weight"], db))
        if number > 0:
            below = tape[number - 1]
            da = dX[0]
            dZ = dX * below.activation.derivative(below.Z, below.A)
    return tuple(reversed(found))


def _batch(opened: Opened, x: np.ndarray, batch: Any) -> tuple[Parameters, BatchOfRows]:
    """The gradient of a batch (X, y) or (X, y, weights) that holds the row `x` (inputs,)."""
    if not isinstance(batch, (tuple, list)) or len(batch) not in (2, 3):
        raise ShapeError("batch must be (X, y) or (X, y, weights)")
    X, Y = opened.design(batch[0]), opened.targets(batch[1])
    weights = None if len(batch) == 2 else np.asarray(batch[2], dtype=np.float64)
    if opened.label_weights is not None:
        of_class = opened.label_weights[np.asarray(Y).reshape(-1).astype(np.intp)]
        weights = of_class if weights is None else of_class * weights
    found = np.flatnonzero((x == X).all(axis=1))
    if not len(found):
        raise InputError(f"the row is none of the {len(X):,} rows of the batch; give the batch that it was part of")
    Z, tape = net.forward(X, opened.parameters, opened.activations)
    value, cache = loss_forward(opened.loss, Z, Y, weights)
    share = float(cache.shares[found[0]])
    return net.backward(loss_backward(cache), tape), BatchOfRows(len(X), value, share)


def _batch_of_training(x: np.ndarray, taken: TakenStep) -> BatchOfRows:
    """The batch of a step of the training, in which the row `x` (inputs,) may stand; its inputs are often float32."""
    found = np.flatnonzero(np.isclose(taken.X, x, rtol=1e-5, atol=1e-6).all(axis=1))
    share = float(taken.back.cache.shares[found[0]]) if len(found) else 0.0
    return BatchOfRows(len(taken.X), taken.back.loss, share, tuple(taken.rows.tolist()), taken.dropped)
