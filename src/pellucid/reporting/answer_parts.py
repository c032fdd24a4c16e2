"""How the model answers, as a section of the page: what was chosen out of fold, and what it does on the scored rows."""

from __future__ import annotations

from typing import Any

from ..data.days import date_text
from ..judging.answers_in_words import answer_lines
from ..judging.interval_coverage import Coverage, PartCoverage
from ..judging.thresholds import ThresholdChoice
from ..records import figure as number
from ..records import percent
from .content import Content
from .page_parts import interval_text, value_text

NO_BREAK = "\N{NO-BREAK SPACE}"  # a range of numbers stays on one line


def answers_of(content: Content) -> dict[str, Any] | None:
    """What the template is given; None for a model that answers as networks do by themselves."""
    answers, test = content.answers, content.test
    on_rows = answer_lines(test)
    if not answers.told and not on_rows:
        return None
    return {
        "method": _method(content),
        "why": "Chosen on out-of-fold rows, those that the networks of the folds had not learned from."
        if content.ladder
        else "What the model keeps.",
        "chosen": answers.told,
        "rows": test.rows_scored,
        "on_rows": on_rows,
        "expected": _expected(answers.threshold, content) if answers.threshold else None,
        "fifths": _fifths(content),
    }


def _expected(chosen: ThresholdChoice, content: Content) -> dict[str, Any]:
    """What the threshold promised out of fold, beside what it does on the scored rows."""
    cost = chosen.cost_of(content.test.counts) if content.test.counts is not None else None
    found = {score.name: score for score in (*content.test.scores, *([cost] if cost else []))}
    rows = []
    for score in chosen.expected.scores:
        came = found.get(score.name)
        told = (value_text(came.name, came.value), interval_text(came.name, came.interval)) if came else ("", "")
        rows.append((score.name, value_text(score.name, score.value), interval_text(score.name, score.interval), *told))
    head = ("Score", "Out of fold", "95% interval", f"On the {content.test.rows_scored}", "95% interval")
    positive = f" of P({content.target} = {content.card.positive})" if content.card else ""
    threshold = f"{number(chosen.threshold)}{positive}"
    caption = f"What the threshold {threshold} is worth; out of fold, each fold is decided by what the others choose"
    return {"head": head, "rows": rows, "caption": caption}


def _fifths(content: Content) -> list[dict[str, Any]]:
    """What prediction intervals cover and how wide they are, by fifths of the prediction: a table for each level, so
    that it fits on a printed page; [] where they are none."""
    return [_by_fifths(one, content.test.date_unit) for one in content.test.coverage if one.fifths]


def _by_fifths(found: Coverage, date_unit: str) -> dict[str, Any]:
    rows = []
    for part in found.fifths:
        low, high = (date_text(round(end)) if date_unit else number(end) for end in (part.low, part.high))
        rows.append((f"{low} to {high}".replace(" ", NO_BREAK), f"{part.rows:,}", *_covered(part)))
    unit = f", widths in {found.unit}" if found.unit else ""
    return {
        "head": ("Predicted", "Rows", "Covered", f"{found.fifths[0].interval.level:.0%} interval", "Mean width"),
        "rows": rows,
        "caption": f"What the {found.level:.0%} intervals cover, by fifths of the prediction{unit}",
    }


def _covered(part: PartCoverage) -> tuple[str, str, str]:
    return percent(part.covered), f"{percent(part.interval.low)} to {percent(part.interval.high)}", number(part.width)


def _method(content: Content) -> str:
    """How the intervals of the shares were made."""
    unsure, coverage = content.test.unsure, content.test.coverage
    intervals = [unsure.coverage_interval] if unsure else [one.interval for one in coverage[:1]]
    return f"{intervals[0].level:.0%} intervals of these shares: {intervals[0].method}." if intervals else ""
