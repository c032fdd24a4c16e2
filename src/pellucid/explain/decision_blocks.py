"""How probabilities become the answer, where more is asked than which is the largest: costs and the unsure band."""

from __future__ import annotations

import numpy as np

from ..records import counted
from .answer_steps import ClassAnswer
from .blocks import LINE, Answer, Block, Number, Row, Told, grid
from .shown_sums import short


def decision_block(answer: ClassAnswer, terms: int) -> Block | None:
    """What each answer would cost and whether the model is unsure, of more than two classes; None without either."""
    rows = _expected_costs(answer, terms)
    count = len(answer.classes)
    if rows:
        shown = f"Shown are the {terms} cheapest of {counted(count, 'answer')}." if count > terms else ""
        told = ["The answer is the one that costs least on average: Σ P × cost over the true classes.", shown]
        rows += [LINE, ("answer", "the cheapest", Answer(str(answer.decision)))]
        header = ("answer", f"{p_words(answer)} of each true class × what the answer costs there", "costs")
        return grid("What each answer would cost", told, header, [*rows, *unsure_rows(answer)], (2,), prose=(1,))
    rows = unsure_rows(answer)
    return grid("Whether it is sure", (), ("", "how", "value"), rows, (2,), prose=(1,)) if rows else None


def unsure_rows(answer: ClassAnswer) -> list[Row]:
    """Whether the row is inside the unsure band, with its ends; no row without a band."""
    if not answer.unsure_band:
        return []
    low, high = map(short, answer.unsure_band)
    if len(answer.classes) > 2:
        how = f"unsure where the highest {p_words(answer)} is below {high}, else sure"
    else:
        how = f"unsure where {low} ≤ {p_words(answer)}({answer.classes[1]}) < {high}, the unsure band, else sure"
    return [("sure?", how, Answer("unsure" if answer.unsure else "sure"))]


def p_words(answer: ClassAnswer) -> str:
    """What the probabilities that decide are called."""
    return "P" if answer.calibration is None else "calibrated P"


def _expected_costs(answer: ClassAnswer, terms: int) -> list[Row]:
    """For each of the `terms` cheapest answers its sum of products, folded to the `terms` largest."""
    if not len(answer.expected_costs):
        return []
    cheapest = np.argsort(answer.expected_costs, kind="stable")[:terms]
    costs = np.array(answer.costs, dtype=np.float64)
    rows: list[Row] = []
    for k in sorted(cheapest.tolist()):
        found = float(answer.expected_costs[k])
        rows.append(
            (str(answer.classes[k]), _sum_of(answer.calibrated, costs[:, k], terms), Answer(short(found), found))
        )
    return rows


def _sum_of(probabilities: np.ndarray, costs: np.ndarray, terms: int) -> str:
    """`0.3 × 5 + 0.2 × 1`: the products that are not 0."""
    products = probabilities * costs
    some = np.flatnonzero(costs)
    shown = np.sort(some[np.argsort(-products[some], kind="stable")[:terms]])
    parts: list[str] = []
    for k in shown.tolist():
        p = float(probabilities[k])
        parts += [" + "] * bool(parts) + [Number(short(p), p), f" × {short(float(costs[k]))}"]
    others = len(some) - len(shown)
    if others:
        parts.append(f" + {short(float(products[some].sum() - products[shown].sum()))} of {others} others")
    return Told(*parts) if parts else "0, as it costs nothing there"
