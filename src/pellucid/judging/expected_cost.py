"""What 1,000 cases cost, with an interval that counts alone give, so that a page can tell it of every threshold."""

from __future__ import annotations

import numpy as np

from ..metrics.cells import by_effective_rows
from ..metrics.classification import ConfusionCounts
from ..records import Interval, Score

CASES = 1000
LEVEL = 0.95


def cost_of_counts(costs: tuple[tuple[float, ...], ...], counts: ConfusionCounts) -> Score:
    """The cost of 1,000 cases, from what each cell of confusion counts (classes, classes) costs."""
    each = np.array(costs, dtype=np.float64).ravel()
    rows = np.asarray(counts.counts, dtype=np.float64).ravel()
    return expected_cost(each, rows, float(each.min()), float(each.max()))


def expected_cost(each: np.ndarray, rows: np.ndarray, lowest: float, highest: float) -> Score:
    """The same of `rows` (kinds,) that cost `each` (kinds,), from the `lowest` to the `highest` of all costs.

    The interval is Wilson's of as many rows as a share would have that varies like the costs, the cheapest and the
    dearest answer counted once more for it: dear mistakes that are rare may not have come yet (docs/decisions.md).
    """
    share = (each - lowest) / (highest - lowest)
    n = float(rows.sum())
    mean = float(share @ rows) / n
    fuller = (n * mean + 1) / (n + 2)
    variance = ((float(share**2 @ rows) + 1) / (n + 2) - fuller**2) / (n + 2)
    found = by_effective_rows(mean, variance, n, LEVEL)
    low, high = (CASES * (lowest + end * (highest - lowest)) for end in (found.low, found.high))
    interval = Interval(low, high, LEVEL, f"{found.method}, two more spread")
    return Score(f"cost of {CASES:,} cases", CASES * float(each @ rows) / n, interval, round(n), False)
