"""A sweep as text: one line a spec, best first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..records import counted, figure, with_interval

if TYPE_CHECKING:
    from .sweep import Sweep, SweepSummary


def sweep_text(found: Sweep) -> str:
    """An aligned table of the summaries, then the findings."""
    names = list(next((s.scores for s in found.summaries if s.scores), {}))
    head = ["spec", *names, "± seeds", "± folds", "epochs", "diverged"]
    rows = [head, *(_row(summary, names) for summary in found.summaries)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    about = f"{counted(len(found.runs), 'network')} in {found.seconds:.2f} s; {found.folds_rule}"
    return "\n".join([about, *lines, *map(str, found.findings)])


def _row(summary: SweepSummary, names: list[str]) -> list[str]:
    means = [
        with_interval(summary.scores[name], summary.intervals.get(name)) if name in summary.scores else ""
        for name in names
    ]
    spreads = [figure(spread) if spread == spread else "" for spread in (summary.seed_spread, summary.fold_spread)]
    diverged = f"{summary.diverged} of {summary.runs}" if summary.diverged else ""
    return [summary.spec, *means, *spreads, str(summary.epochs), diverged]
