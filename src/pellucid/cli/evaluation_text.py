"""An evaluation as text: scores with intervals, counts with named classes, findings."""

from __future__ import annotations

from ..judging.evaluation import Evaluation
from ..metrics.classification import ConfusionCounts
from .wording import columns, finding_text, page_width, score_rows

MOST_CLASSES_SHOWN = 8


def evaluation_text(evaluation: Evaluation) -> str:
    """Everything that an evaluation knows, for the terminal."""
    width = page_width()
    look = f", look {evaluation.look} at the sealed rows of this table" if evaluation.look else ""
    blocks = [
        f"{evaluation.target}: {evaluation.rows:,} {evaluation.rows_scored}{look}",
        columns([(f"  {name}", value, how) for name, value, how in score_rows(evaluation.scores)]),
    ]
    if evaluation.counts is not None and len(evaluation.counts.labels) <= MOST_CLASSES_SHOWN:
        blocks.append(counts_text(evaluation.target, evaluation.counts))
    blocks += [finding_text(finding, width) for finding in evaluation.findings]
    return "\n\n".join(blocks)


def counts_text(target: str, counts: ConfusionCounts) -> str:
    """The confusion counts: a line for each true class, a column for each predicted one, both named."""
    head = ("  " + "rows by class", *(f"predicted {label}" for label in counts.labels))
    lines = [
        (f"  {target} = {label}", *(f"{int(count):,}" for count in row))
        for label, row in zip(counts.labels, counts.counts)
    ]
    return columns([head, *lines], right=range(1, len(head)))
