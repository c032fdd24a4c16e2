"""How the seconds that a ladder may take are shared out, so that it ends in time with the best so far.

Two folds are needed for an interval, and the final network for anything at all; their fits get equal parts of what is
left, the final one two. Further folds begin only when there is time for them and for the final network.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import inf

from ..records import Finding

FEWEST_FOLDS = 2
FINAL_PARTS = 2.0
# What is kept for importance and slices after the final network; they never take much longer.
DETAIL_SHARE, MOST_DETAIL_SECONDS = 0.05, 2.0
# A fit gets this long even when the time is up already: with less, small tables would learn nothing.
LEAST_SECONDS = 0.5
# Boosted trees cannot be cut short. One thread fills about so many cells of histograms a second (measured on bank
# marketing and letter); where trees would take more than this share of the time, they are left out.
TREE_CELLS_A_SECOND = 4e7
TREE_ROUNDS = 100
TREE_SHARE = 0.25


@dataclass(frozen=True)
class TimeBudget:
    """`max_seconds` from `began` on (`time.perf_counter` seconds), or no limit."""

    began: float
    max_seconds: float | None = None

    @property
    def left(self) -> float:
        """The seconds that are left for fits; negative when their time is up."""
        kept = 0.0 if self.max_seconds is None else min(DETAIL_SHARE * self.max_seconds, MOST_DETAIL_SECONDS)
        return self._left_in_all - kept

    @property
    def _left_in_all(self) -> float:
        return inf if self.max_seconds is None else self.began + self.max_seconds - time.perf_counter()

    @property
    def allows_details(self) -> bool:
        """Whether importance and slices of the test rows can be had without going far beyond the time."""
        return self._left_in_all > -LEAST_SECONDS

    def part(self, fits: float) -> float | None:
        """The seconds for the next of so many fits, the final one among them with its parts."""
        return None if self.max_seconds is None else max(self.left / max(fits, 1.0), LEAST_SECONDS)

    def until_final(self, slowest_fit: float) -> float | None:
        """The seconds until the final network must begin, when the slowest fit so far took so long."""
        return None if self.max_seconds is None else max(self.left - FINAL_PARTS * slowest_fit, 0.0)

    def allows_fold(self, slowest_fold: float, slowest_fit: float) -> bool:
        """Whether another fold and the final network fit in, by the slowest so far."""
        return self.left > slowest_fold + FINAL_PARTS * slowest_fit

    def allows_trees(self, rows: int, columns: int, trees_a_round: int) -> bool:
        """Whether boosted trees on so many rows fit in their share of the time, `FEWEST_FOLDS` times."""
        if self.max_seconds is None:
            return True
        seconds = rows * columns * trees_a_round * TREE_ROUNDS / TREE_CELLS_A_SECOND
        return FEWEST_FOLDS * seconds <= max(TREE_SHARE * self.max_seconds, LEAST_SECONDS)


def time_up(folds: int, planned: int, cut: int, trees: bool, final_cut: bool, details: bool = True) -> Finding | None:
    """TIME_UP: what was left out or cut short for want of time; None when nothing was."""
    parts = [f"{folds} of {planned} folds were run"] if folds < planned else []
    if cut:
        parts.append(f"{cut} of the fits in the folds {'was' if cut == 1 else 'were'} cut short")
    if final_cut:
        parts.append("the saved network was cut short")
    if not trees:
        parts.append("boosted trees were left out")
    if not details:
        parts.append("what the columns are worth, and slices of the rows, were left out")
    if not parts:
        return None
    wider = "Fewer folds give wider intervals" if folds < planned else "Less is known of the network than could be"
    weaker = "A network that was cut short shows less than it could"
    return Finding(
        "TIME_UP",
        "warning" if cut or final_cut else "information",
        f"The time was up: {', '.join(parts)}",
        weaker if cut or final_cut else wider,
        "Allow more seconds, or train fewer epochs or smaller networks",
    )
