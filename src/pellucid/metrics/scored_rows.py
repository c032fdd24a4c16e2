"""Rows with their probability of one class: what each costs, and on which side of a threshold it falls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from ..records import Record
from .checks import labels_of, numbers, same_rows
from .ranking import rows_of_class


@dataclass(frozen=True, eq=False)
class ScoredRows(Record):
    """Which rows (rows,) are of the class `positive`, and the probability (rows,) that each was given of it."""

    positive: Any
    truth: np.ndarray
    probability: np.ndarray

    @property
    def penalty(self) -> np.ndarray:
        """The binary cross-entropy of each row (rows,): -ln of the probability of what came; infinite at 0."""
        with np.errstate(divide="ignore"):
            return -np.log(np.where(self.truth, self.probability, 1 - self.probability))

    def counts(self, threshold: float) -> dict[str, int]:
        """Rows found (`tp`), false alarms (`fp`), missed ones (`fn`) and the others (`tn`) from `threshold` on."""
        called = self.probability >= threshold
        return {
            "tp": int((called & self.truth).sum()),
            "fp": int((called & ~self.truth).sum()),
            "fn": int((~called & self.truth).sum()),
            "tn": int((~called & ~self.truth).sum()),
        }


def score_rows(truth: Any, probability: Any, *, positive: Any = 1) -> ScoredRows:
    """The record for labels `truth` (rows,) and the probability (rows,) of the class `positive`.

    Raises `InputError` for gaps, numbers outside [0, 1] and a `positive` that occurs nowhere, `ShapeError` for unequal
    lengths.
    """
    labels, chance = labels_of("truth", truth), numbers("probability", probability, dimensions=(1,))
    same_rows(("truth", labels), ("probability", chance))
    outside = (chance < 0) | (chance > 1)
    if outside.any():
        row = int(outside.argmax())
        raise InputError(f"probabilities lie in [0, 1]; row {row} has {chance[row]:g}; give probabilities, not logits")
    return ScoredRows(positive, rows_of_class(labels, positive), chance.astype(np.float64))
