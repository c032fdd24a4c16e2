"""`gradient_norms`: how steep the loss was in every layer at every epoch, and how far the layer then moved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engines.contract import Parameters
from ..nn.penalties import penalty_gradients
from ..records import Record, counted, figure
from .past import Past, past_of
from .shown_epochs import shown
from .text_table import aligned, html_table


@dataclass(frozen=True)
class LayerNorms(Record):
    """Euclidean norms over the weights and biases of one layer.

    `gradient` is that of the loss of all training rows with the penalty, dropout off; `update` the change of the
    parameters in the epoch that ended here, None at the start.
    """

    layer: int
    weights: float
    gradient: float
    update: float | None


@dataclass(frozen=True)
class EpochNorms(Record):
    """The loss of all training rows after an epoch, without penalty and dropout, and the norms of every layer."""

    epoch: int
    loss: float
    layers: tuple[LayerNorms, ...]


@dataclass(frozen=True, repr=False)
class GradientNorms(Record):
    """Norms of gradients and updates by layer over time."""

    epochs: tuple[EpochNorms, ...]

    def __repr__(self) -> str:
        layers = len(self.epochs[0].layers) if self.epochs else 0
        return f"GradientNorms({counted(len(self.epochs), 'epoch')}, {counted(layers, 'layer')})"

    def __str__(self) -> str:
        return aligned(self._head(), self._rows())

    def _repr_html_(self) -> str:
        return html_table("Norms of gradients and updates by layer", self._head(), self._rows())

    def column(self, name: str, layer: int) -> np.ndarray:
        """One of "weights", "gradient", "update" of one layer at every epoch (epochs,), NaN where there is none."""
        values = [getattr(epoch.layers[layer], name) for epoch in self.epochs]
        return np.array([np.nan if value is None else value for value in values])

    def _head(self) -> list[str]:
        layers = self.epochs[0].layers if self.epochs else ()
        return ["epoch", "loss", *(f"{what} {one.layer}" for one in layers for what in ("gradient", "update"))]

    def _rows(self) -> list[list[str]]:
        return [
            [
                str(one.epoch),
                figure(one.loss),
                *(
                    "" if value is None else figure(value)
                    for layer in one.layers
                    for value in (layer.gradient, layer.update)
                ),
            ]
            for one in shown(self.epochs)
        ]


def gradient_norms(trained: Any, epochs: Sequence[int] | int | None = None) -> GradientNorms:
    """Norms by layer after each of `epochs` (None: all that were kept) of a recorded training.

    `trained` is a `FittedNetwork` with a recording, a `Replay` of an estimator, or a recording. Epochs that were not
    kept, and the ones before them, are trained again. Raises what `Recording.reach` raises.
    """
    past = past_of(trained)
    return GradientNorms(tuple(_norms(past, epoch) for epoch in past.epochs(epochs)))


def _norms(past: Past, epoch: int) -> EpochNorms:
    now = past.parameters(epoch)
    before = past.parameters(epoch - 1) if epoch > past.recording.states.first else None
    back = past.over_all_rows(now)
    slopes = penalty_gradients(back.gradients(), now, past.training.l1, past.training.l2)
    moved = None if before is None else {name: now[name].astype(np.float64) - before[name] for name in now}
    layers = tuple(
        LayerNorms(layer, _norm(now, layer), _norm(slopes, layer), None if moved is None else _norm(moved, layer))
        for layer in range(len(past.network.biases))
    )
    return EpochNorms(epoch, back.loss, layers)


def _norm(arrays: Parameters, layer: int) -> float:
    own = [value for name, value in arrays.items() if name.startswith(f"layers.{layer}.")]
    return math.sqrt(sum(float(np.square(value, dtype=np.float64).sum()) for value in own))
