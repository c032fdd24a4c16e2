"""From the raw outputs of a row to the answer: odds, probabilities, calibration, threshold; or the target's units."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..estimators.answers import decided
from ..estimators.decision import AS_IS, Calibration
from ..records import Record
from .opened import Opened


@dataclass(frozen=True, eq=False)
class ClassAnswer(Record):
    """The answer of a classifier.

    `logits` (outputs,). With the link "sigmoid" `odds` are e^logit, probability = odds / (1 + odds), of the second of
    two classes or of each label; with "softmax" `odds` are e^(logit - `shift`), `shift` being the largest logit, and
    probability = odds / Σ odds. `probabilities` and `calibrated` (classes,), equal without a `calibration`. `threshold`
    is for two classes, 0.5 for a plain network; of more the most probable is the answer, or with `costs` the one of the
    least `expected_costs`. `costs` hold a row for each true class and a column for each answer, `expected_costs`
    (classes,) = `calibrated` · costs, empty without costs and for two classes, where the costs chose the threshold.
    `decision` is the label, for several labels 0 or 1 each. `unsure`: inside the `unsure_band` (low, high), () without
    one: the second of two classes has low ≤ calibrated < high, or the highest of more is below high.
    """

    link: str
    classes: tuple[Any, ...]
    logits: np.ndarray
    shift: float
    odds: np.ndarray
    probabilities: np.ndarray
    calibration: Calibration | None
    calibrated: np.ndarray
    threshold: float | None
    decision: Any
    unsure: bool = False
    unsure_band: tuple[float, ...] = ()
    costs: tuple[tuple[float, ...], ...] = ()
    expected_costs: np.ndarray = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, eq=False)
class NumberAnswer(Record):
    """The answer of a regression: number = score · spread + center, and e^that - 1 with "log1p_standardize".

    All of shape (outputs,).
    """

    names: tuple[str, ...]
    scores: np.ndarray
    transform: str
    center: np.ndarray
    spread: np.ndarray
    numbers: np.ndarray


def answer_steps(opened: Opened, scores: np.ndarray) -> ClassAnswer | NumberAnswer:
    """The steps from raw outputs (outputs,)."""
    return _numbers(opened, scores) if opened.classes is None else _classes(opened, scores)


def _classes(opened: Opened, logits: np.ndarray) -> ClassAnswer:
    link = opened.loss.link
    shift = float(logits.max()) if link == "softmax" else 0.0
    raw = opened.probabilities(logits[None], calibrated=False)[0]
    calibrated = opened.probabilities(logits[None])[0]
    with np.errstate(over="ignore"):  # odds beyond the range of floats are infinite; the probability is still right
        odds = np.exp(logits - shift)
    how = opened.decision or AS_IS
    two = len(raw) == 2 and not opened.multilabel
    decision = decided(np.array(opened.classes), calibrated[None], opened.multilabel, how)[0].tolist()
    return ClassAnswer(
        link,
        opened.classes or (),
        logits,
        shift,
        odds,
        raw,
        how.calibration,
        calibrated,
        how.threshold if two else None,
        decision,
        bool(how.is_unsure(calibrated)),
        how.unsure,
        how.costs,
        calibrated @ np.array(how.costs, dtype=np.float64) if how.costs and not two else np.zeros(0),
    )


def _numbers(opened: Opened, scores: np.ndarray) -> NumberAnswer:
    target, count = opened.target, len(scores)
    center, spread = (np.zeros(count), np.ones(count)) if target is None else (target.center, target.spread)
    return NumberAnswer(
        opened.outputs,
        scores,
        "none" if target is None else target.transform,
        np.array(center, dtype=np.float64),
        np.array(spread, dtype=np.float64),
        opened.numbers(scores[None])[0],
    )
