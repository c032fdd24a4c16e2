"""What a threshold is chosen by: a rule in words, or what mistakes cost."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError, SpecError, nearest
from ..records import Record, figure

WORDS = ("f1", "youden", "recall", "precision", "cost")
HOW = "write f1, youden, recall=0.9, precision=0.8 or a number such as 0.3"


@dataclass(frozen=True)
class Costs(Record):
    """What a false positive, a false negative and right answers cost, in any one unit."""

    fp: float
    fn: float
    tp: float = 0.0
    tn: float = 0.0

    def __post_init__(self) -> None:
        for name, cost in (("fp", self.fp), ("fn", self.fn), ("tp", self.tp), ("tn", self.tn)):
            if not isinstance(cost, (int, float)) or isinstance(cost, bool) or not 0 <= cost < math.inf:
                raise SpecError(f"the cost of {name} must be a finite number of at least 0, got {cost!r}")
        if self.fp <= self.tn or self.fn <= self.tp:
            raise SpecError(f"a mistake must cost more than the right answer, got {self.in_words()}")

    @property
    def matrix(self) -> tuple[tuple[float, ...], ...]:
        """A row for each true class, a column for each answer, the positive class second."""
        return (float(self.tn), float(self.fp)), (float(self.fn), float(self.tp))

    def in_words(self) -> str:
        """`fp=1, fn=5`, right answers where they cost something."""
        right = [f"{name}={cost:g}" for name, cost in (("tp", self.tp), ("tn", self.tn)) if cost]
        return ", ".join([f"fp={self.fp:g}", f"fn={self.fn:g}", *right])


@dataclass(frozen=True)
class ThresholdRule(Record):
    """`word` is one of f1, youden, recall, precision, cost, or "fixed"; `value` what is wanted or fixed."""

    word: str
    value: float = math.nan
    costs: Costs | None = None

    def in_words(self) -> str:
        """As it is typed."""
        if self.costs is not None:
            return f"cost {self.costs.in_words()}"
        return self.word if math.isnan(self.value) else f"{self.word}={self.value:g}"


def rule_of(given: Any) -> ThresholdRule:
    """The rule that a text such as "recall=0.9", a number, `Costs` or a mapping such as {"fp": 1, "fn": 5} means.

    Raises `SpecError` for anything else, and for shares outside (0, 1].
    """
    if isinstance(given, ThresholdRule):
        return given
    if isinstance(given, Costs):
        return ThresholdRule("cost", costs=given)
    if isinstance(given, Mapping):
        return ThresholdRule("cost", costs=costs_of(given))
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        return _fixed(float(given))
    word, equals, number = str(given).strip().lower().partition("=")
    if word in ("f1", "youden") and not equals:
        return ThresholdRule(word)
    value = _number(number if equals else word)
    if word in ("recall", "precision"):
        if value is None or not 0 < value <= 1:
            raise SpecError(f"{word} takes a share above 0 and up to 1, such as {word}=0.9, got {given!r}")
        return ThresholdRule(word, value)
    if equals or value is None:
        raise SpecError(f"no rule for a threshold {given!r}{nearest(word, WORDS[:4])}; {HOW}")
    return _fixed(value)


def costs_of(given: Any) -> Costs:
    """The costs that "fp=1,fn=5" or a mapping means; raises `SpecError` for anything else."""
    pairs = (
        given.items() if isinstance(given, Mapping) else [part.partition("=")[::2] for part in str(given).split(",")]
    )
    costs: dict[str, float] = {}
    for name, told in pairs:
        name, value = str(name).strip().lower(), _number(told)
        if name not in ("fp", "fn", "tp", "tn") or value is None or name in costs:
            raise SpecError(f"costs are written fp=1,fn=5 (and tp=, tn= where right answers cost), got {given!r}")
        costs[name] = value
    if not {"fp", "fn"} <= set(costs):
        raise SpecError(f"costs need both fp and fn, such as fp=1,fn=5, got {given!r}")
    return Costs(**costs)


def _number(told: Any) -> float | None:
    try:
        return float(told)
    except (TypeError, ValueError):
        return None


def _fixed(value: float) -> ThresholdRule:
    if not 0 <= value <= 1:
        raise SpecError(f"a threshold is a probability from 0 to 1, got {value:g}")
    return ThresholdRule("fixed", value)


@dataclass(frozen=True, eq=False)
class Candidates:
    """Thresholds (candidates,), highest first, with the weighted rows predicted positive: right `tp` and wrong `fp`."""

    thresholds: np.ndarray
    tp: np.ndarray
    fp: np.ndarray
    positives: float
    negatives: float

    @property
    def precision(self) -> np.ndarray:
        """The share of right ones among those predicted positive; 0 where none is."""
        called = self.tp + self.fp
        return np.divide(self.tp, called, out=np.zeros(len(called)), where=called > 0)


def candidates_of(truth: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> Candidates:
    """One candidate between every two neighboring scores, one below all, and one above all where there is room.

    Half-way between scores a threshold does as well on rows that lie a little beside those that chose it.
    """
    order = np.argsort(-scores, kind="stable")
    ranked, positive, w = scores[order], truth[order] == 1, weights[order]
    last = np.flatnonzero(np.append(np.diff(ranked) != 0, True))
    tp, fp = np.cumsum(w * positive)[last], np.cumsum(w * ~positive)[last]
    groups = ranked[last]
    lower = np.append(groups[1:], 0.0)
    middle = (groups + lower) / 2
    thresholds = np.where(middle > lower, middle, groups)
    if groups[0] < 1:
        thresholds = np.append((1 + groups[0]) / 2, thresholds)
        tp, fp = np.append(0.0, tp), np.append(0.0, fp)
    return Candidates(thresholds, tp, fp, float(tp[-1]), float(fp[-1]))


def threshold_by(rule: ThresholdRule, c: Candidates) -> float:
    """The candidate that the rule chooses; the higher one of equals.

    F1 and Youden's J are made as large as they get, the cost as small. A wanted recall is had from the highest
    threshold on that reaches it, a wanted precision at the lowest, which has most recall. Raises `InputError` where
    no threshold reaches the precision.
    """
    if rule.word == "fixed":
        return rule.value
    return float(c.thresholds[_CHOOSE[rule.word](rule, c)])


def _by_f1(rule: ThresholdRule, c: Candidates) -> int:
    return _highest(2 * c.tp / (c.tp + c.fp + c.positives))


def _by_youden(rule: ThresholdRule, c: Candidates) -> int:
    return _highest(c.tp / c.positives - c.fp / c.negatives)


def _by_recall(rule: ThresholdRule, c: Candidates) -> int:
    return int((c.tp / c.positives >= rule.value - 1e-12).argmax())


def _by_precision(rule: ThresholdRule, c: Candidates) -> int:
    reached = np.flatnonzero(c.precision >= rule.value - 1e-12)
    if not len(reached):
        best = int(c.precision.argmax())
        raise InputError(
            f"no threshold reaches a precision of {rule.value:g} on these rows; the highest is "
            f"{figure(c.precision[best])}, at {figure(c.thresholds[best])} with a recall of "
            f"{figure(c.tp[best] / c.positives)}; ask for less"
        )
    return int(reached[-1])


def _by_cost(rule: ThresholdRule, c: Candidates) -> int:
    assert rule.costs is not None
    k = rule.costs
    costs = k.fp * c.fp + k.tn * (c.negatives - c.fp) + k.fn * (c.positives - c.tp) + k.tp * c.tp
    return _highest(-costs / costs.max())


def _highest(values: np.ndarray) -> int:
    """The first of the largest values; the last digits of a sum do not tell two of them apart."""
    return int((values >= values.max() - 1e-12).argmax())


_CHOOSE: dict[str, Callable[[ThresholdRule, Candidates], int]] = {
    "f1": _by_f1,
    "youden": _by_youden,
    "recall": _by_recall,
    "precision": _by_precision,
    "cost": _by_cost,
}
