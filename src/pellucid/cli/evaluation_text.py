"""An evaluation as text: scores with intervals, counts with named classes, findings."""

from __future__ import annotations

from collections.abc import Callable

from ..judging.answers_in_words import answer_lines
from ..judging.evaluation import Evaluation
from ..metrics.class_table import ClassTable
from ..metrics.classification import ConfusionCounts
from ..records import Score, rounded
from .wording import columns, finding_text, fits, page_width, scores_text, wrapped

MOST_CLASSES_SHOWN = 8
MOST_CLASSES_LISTED = 30
ROWS_IN_WORDS = {
    "sealed rows": "sealed rows scored",
    "new rows": "new rows scored",
    "all rows": "rows scored, training rows among them",
}


def evaluation_text(evaluation: Evaluation) -> str:
    """Everything that an evaluation knows, for the terminal."""
    width = page_width()
    look = f"; look {evaluation.look} at the test rows of this table" if evaluation.look else ""
    which = ROWS_IN_WORDS.get(evaluation.rows_scored, evaluation.rows_scored)
    which = which.replace("rows", "row", 1) if evaluation.rows == 1 else which
    head = f"{evaluation.target}: {evaluation.rows:,} {which}{look}"
    blocks = [wrapped(head, width, rest="  "), scores_text(evaluation.scores, width)]
    if evaluation.counts is not None:
        blocks.append(counts_text(evaluation.target, evaluation.counts, width))
    if evaluation.classes is not None:
        blocks.append(classes_text(evaluation.classes, width))
    blocks += [wrapped(line, width, "  ", "    ") for line in answer_lines(evaluation)]
    blocks += [finding_text(finding, width) for finding in evaluation.findings]
    return "\n\n".join(blocks)


def counts_text(target: str, counts: ConfusionCounts, width: int) -> str:
    """The confusion counts: a line for each true class, a column for each predicted one, both named."""
    labels = counts.labels
    if len(labels) > MOST_CLASSES_SHOWN:
        return f"  (counts of the {len(labels)} classes: see --json)"
    body = [[f"{target} = {label}", *(f"{int(n):,}" for n in row)] for label, row in zip(labels, counts.counts)]
    right = range(1, len(labels) + 1)
    table = columns([["rows by class", *(f"predicted {label}" for label in labels)], *body], right)
    if not fits(table, width):
        table = columns([["rows by class, predicted:", *map(str, labels)], *body], right)
    return table if fits(table, width) else "  (the counts are too wide for this terminal: see --json)"


def classes_text(found: ClassTable, width: int) -> str:
    """A line for each class against the rest, and for each average over classes; without intervals where they would not
    fit."""
    if len(found.classes) > MOST_CLASSES_LISTED:
        return f"  (scores of the {len(found.classes)} classes: see --json)"
    table = _classes(found, _with_interval)
    if not fits(table, width):
        table = _classes(found, lambda score: rounded(score.value))
    return table if fits(table, width) else "  (the scores of the classes are too wide for this terminal: see --json)"


def _with_interval(score: Score) -> str:
    """`0.815 [0.779, 0.839]`: three of them are to stand on a line."""
    interval = f" [{rounded(score.interval.low)}, {rounded(score.interval.high)}]" if score.interval else ""
    return rounded(score.value) + interval


def _classes(found: ClassTable, cell: Callable[[Score], str]) -> str:
    each = [
        [str(one.label), f"{one.rows:,}", f"{one.predicted:,}", *map(cell, (one.precision, one.recall, one.f1))]
        for one in found.classes
    ]
    averages = [[f"{kind} avg", "", "", *map(cell, scores)] for kind, scores in found.by_kind().items()]
    return columns([["class", "rows", "predicted", "precision", "recall", "F1"], *each, *averages], (1, 2))
