"""How a lesson's page asks: marimo's widgets for questions and for the reader's table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .questions import Choice, Question

if TYPE_CHECKING:
    import marimo as mo

COLORS = {True: "success", False: "warn", None: "neutral"}
SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".jsonl", ".xlsx", ".gz")


def ask(question: Question) -> mo.ui.text | mo.ui.radio:
    """The widget that takes the answer; its `.value` goes to `graded` in the next cell."""
    import marimo as mo

    if isinstance(question, Choice):
        return mo.ui.radio(list(question.options), label=question.prompt)
    return mo.ui.text(label=question.prompt, placeholder="a number, then Enter")


def graded(question: Question, given: Any) -> mo.Html:
    """What the answer is worth, as a box: green when right, with the arithmetic when not."""
    import marimo as mo

    grade = question.grade(given)
    return mo.callout(mo.md(grade.text), kind=COLORS[grade.right])  # type: ignore[arg-type]


def ask_for_table() -> mo.ui.file:
    """The widget of the last page; it goes to `on_your_table`, which reads what was dropped on it."""
    import marimo as mo

    return mo.ui.file(filetypes=list(SUFFIXES), kind="area", label="Drop a CSV (or Parquet, JSON Lines, .xlsx) here")
