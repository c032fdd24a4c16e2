"""What answers cost when there are classes to confuse: a row for each true class, a column for each answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import SpecError, nearest
from ..estimators.decision import Decision, check_costs
from ..records import Record, Score, figure, with_interval
from .expected_cost import expected_cost
from .out_of_fold import OutOfFold
from .truth import decide

HOW = "costs of several classes are written true>answer=cost, such as cat>dog=5,dog>cat=1"
Pairs = dict[tuple[str, str], float]


@dataclass(frozen=True)
class CostChoice(Record):
    """Answers that cost least on average, and what 1,000 cases cost out of fold: so (`expected`), and had the most
    probable class been answered (`of_most_probable`). `told` are the costs that were given; other mistakes cost 1."""

    told: str
    costs: tuple[tuple[float, ...], ...]
    expected: Score
    of_most_probable: Score

    def in_words(self) -> str:
        """One sentence."""
        score, plain = self.expected, self.of_most_probable
        return (
            f"the answer is the class that costs least on average ({self.told}; other mistakes cost 1); out of fold: "
            f"{score.name} {with_interval(score.value, score.interval)}, by the most probable class "
            f"{figure(plain.value)}"
        )


def cost_pairs(given: Any) -> Pairs:
    """(true class, answer) → cost, from "cat>dog=5,dog>cat=1" or a mapping {("cat", "dog"): 5}.

    Raises `SpecError` for anything else.
    """
    if isinstance(given, Mapping):
        items = [(key if isinstance(key, tuple) else (key,), cost) for key, cost in given.items()]
    else:
        parts = [part.rpartition("=") for part in str(given).split(",")]
        items = [(tuple(name.strip() for name in pair.split(">")), cost) for pair, _, cost in parts]
    pairs: Pairs = {}
    for pair, told in items:
        cost = _number(told)
        if len(pair) != 2 or cost is None or not 0 <= cost < np.inf or tuple(map(str, pair)) in pairs:
            raise SpecError(f"{HOW}, got {given!r}")
        pairs[str(pair[0]), str(pair[1])] = cost
    return pairs


def matrix_of(pairs: Pairs, labels: tuple[str, ...]) -> tuple[tuple[float, ...], ...]:
    """The whole matrix: 0 for right answers and 1 for mistakes that `pairs` do not name.

    Raises `SpecError` for labels that are none, and where a mistake costs no more than the right answer.
    """
    costs = 1.0 - np.eye(len(labels))
    for (true, answer), cost in pairs.items():
        for label in (true, answer):
            if label not in labels:
                raise SpecError(f"costs name {label!r}, which is no class of the target{nearest(label, labels)}")
        costs[labels.index(true), labels.index(answer)] = cost
    matrix = tuple(tuple(row) for row in costs.tolist())
    check_costs(matrix)
    return matrix


def pairs_in_words(pairs: Pairs) -> str:
    """`cat>dog=5, dog>cat=1`."""
    return ", ".join(f"{true}>{answer}={cost:g}" for (true, answer), cost in pairs.items())


def choose_by_costs(
    truth: np.ndarray, rows: OutOfFold, costs: tuple[tuple[float, ...], ...], pairs: Pairs
) -> CostChoice:
    """What such answers cost on out-of-fold rows, for codes (entries,); probabilities are calibrated already."""
    each = np.array(costs)
    found = []
    for decision in (Decision(costs=costs), Decision()):
        by_row = rows.by_row(each[truth, decide(rows.predicted, decision)])
        found.append(expected_cost(by_row, np.ones(len(by_row)), float(each.min()), float(each.max())))
    return CostChoice(pairs_in_words(pairs), costs, *found)


def _number(told: Any) -> float | None:
    try:
        return float(told)
    except (TypeError, ValueError):
        return None
