"""`compare_runs`: two recorded trainings side by side, and where they part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from ..records import Record, figure
from ..training.branch import Branch
from ..training.fit_network import FittedNetwork, recording_of
from .replay import Replay
from .shown_epochs import shown
from .text_table import aligned, html_table


@dataclass(frozen=True)
class EpochPair(Record):
    """One epoch of two runs, None where a run has no such number.

    `distance` is the Euclidean distance of their parameters, known where both kept the epoch.
    """

    epoch: int
    training_losses: tuple[float | None, float | None]
    validation_losses: tuple[float | None, float | None]
    distance: float | None


@dataclass(frozen=True, repr=False)
class RunComparison(Record):
    """Two runs, epoch by epoch.

    `same_until` is the last epoch until which all epochs that both kept have the same parameters, to the bit, and
    `parted_at` the first one where they differ; None where there is none.
    """

    names: tuple[str, str]
    epochs: tuple[EpochPair, ...]
    same_until: int | None
    parted_at: int | None

    def __repr__(self) -> str:
        return f"RunComparison({self.summary})"

    def __str__(self) -> str:
        return f"{self.summary}\n{aligned(self._head(), self._rows())}"

    def _repr_html_(self) -> str:
        return html_table(self.summary, self._head(), self._rows())

    @property
    def summary(self) -> str:
        """Until when they are the same, and how far apart they are in the end."""
        first, second = self.names
        if self.parted_at is None:
            return f"{first} and {second} never part"
        same = "" if self.same_until is None else f"the same bits until epoch {self.same_until}, "
        at_once = self.same_until is not None and self.parted_at == self.same_until + 1
        parted = f"from epoch {self.parted_at}" if at_once else f"at epoch {self.parted_at}, the next that both kept"
        last = next((pair.distance for pair in reversed(self.epochs) if pair.distance is not None), None)
        return f"{first} and {second}: {same}apart {parted}" + (
            "" if last is None else f", in the end by {figure(last)}"
        )

    def _head(self) -> list[str]:
        first, second = self.names
        valid = any(loss is not None for pair in self.epochs for loss in pair.validation_losses)
        return [
            "epoch",
            f"training loss, {first}",
            second,
            *([f"validation loss, {first}", second] if valid else []),
            "distance",
        ]

    def _rows(self) -> list[list[str]]:
        wide = len(self._head()) > 4
        fork = [k for k, pair in enumerate(self.epochs) if pair.epoch in (self.same_until, self.parted_at)]
        return [
            [
                str(pair.epoch),
                *map(_text, pair.training_losses),
                *(map(_text, pair.validation_losses) if wide else ()),
                _text(pair.distance),
            ]
            for pair in shown(self.epochs, always=fork)
        ]


def compare_runs(
    first: FittedNetwork | Replay | Branch,
    second: FittedNetwork | Replay | Branch,
    *,
    names: tuple[str, str] = ("A", "B"),
) -> RunComparison:
    """Losses and distance of two recorded trainings of one network shape, such as a run and a `branch` of it.

    Raises `SpecError` where a recording is missing, `InputError` for networks of different shapes.
    """
    runs = [run.fitted if isinstance(run, (Replay, Branch)) else run for run in (first, second)]
    a, b = recording_of(runs[0]), recording_of(runs[1])
    one, other = runs[0].network, runs[1].network
    if one.sizes != other.sizes or one.biases != other.biases:
        raise InputError(f"two runs are compared weight by weight, but one is {one}, one {other}")
    both = sorted(set(a.epochs) & set(b.epochs))
    apart = {epoch: _distance(a.at(epoch), b.at(epoch)) for epoch in both}
    losses = [{record.epoch: record for record in run.history.epochs} for run in runs]
    pairs = []
    for epoch in sorted(set(losses[0]) | set(losses[1]) | set(both)):
        records = [found.get(epoch) for found in losses]
        training = tuple(None if r is None else r.training_loss for r in records)
        validation = tuple(None if r is None else r.validation_loss for r in records)
        pairs.append(EpochPair(epoch, training, validation, apart.get(epoch)))  # type: ignore[arg-type]
    parted = next((epoch for epoch in both if apart[epoch] != 0), None)
    same = [epoch for epoch in both if parted is None or epoch < parted]
    return RunComparison(names, tuple(pairs), same[-1] if same else None, parted)


def _distance(a: dict[str, Any], b: dict[str, Any]) -> float:
    return float(np.sqrt(sum(np.square(np.subtract(a[name], b[name], dtype=np.float64)).sum() for name in a)))


def _text(value: float | None) -> str:
    return "" if value is None else figure(value)
