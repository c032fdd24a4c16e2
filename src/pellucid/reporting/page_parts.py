"""The tables of a page, as texts in rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..data.profile import ColumnProfile, NumberSummary
from ..judging.card import Card
from ..judging.scoring import POSSIBLE, Rung
from ..metrics.class_table import ClassTable
from ..metrics.classification import ConfusionCounts
from ..records import SHARES, Interval, Score, percent, with_interval
from ..records import figure as number
from .content import Content, Ladder
from .figures import PageFigure
from .headline import first_score

MOST_CLASSES = 26


def value_text(name: str, value: float) -> str:
    """Shares of rows as percentages, other figures as they are."""
    return percent(value) if name in SHARES else number(value)


def interval_text(name: str, interval: Interval | None) -> str:
    """`75.3% to 86.5%`, empty where there is none."""
    return f"{value_text(name, interval.low)} to {value_text(name, interval.high)}" if interval else ""


def tiles(content: Content) -> list[dict[str, str]]:
    """The first scores, large; where the threshold was chosen for something, that comes first."""
    wanted = ("accuracy", "ROC AUC", "log loss", "RMSE", "MAE", "R²")
    first = first_score(content)
    others = [one for one in content.test.scores if one.name in wanted and (first is None or one.name != first.name)]
    scores = [*([first] if first else []), *others][:3]
    found = []
    for score in scores:
        shown = {"name": f"{score.name[:1].upper()}{score.name[1:]}", "value": value_text(score.name, score.value)}
        found.append({**shown, "range": _range(score)})
    rows = {"name": "Rows scored", "value": f"{content.test.rows:,}", "range": content.test.rows_scored}
    return [*found, rows]


def _range(score: Score) -> str:
    level = f" ({score.interval.level:.0%})" if score.interval else ""
    return interval_text(score.name, score.interval) + level if level else "no interval"


def table_columns(columns: Sequence[ColumnProfile], target: str, card: Card | None = None) -> list[dict[str, str]]:
    """One line a column; by the card, a column that the user dropped is left out, whatever it could have been."""
    return [
        {
            "name": column.name,
            "kind": column.kind,
            "role": "target" if column.name == target else _role(column, card),
            "missing": f"{column.missing:,} ({column.missing_share:.1%})" if column.missing else "0",
            "distinct": f"{column.distinct:,}",
            "told": _values(column),
        }
        for column in columns
    ]


def _role(column: ColumnProfile, card: Card | None) -> str:
    known = card is None or column.name in card.inputs or column.name in card.set_aside
    return column.role if known or column.role != "input" else "left out"


def _values(column: ColumnProfile) -> str:
    if column.numbers is not None:
        return _spread(column.numbers)
    if column.first is not None:
        return f"{column.first} to {column.last}"
    more = column.distinct - len(column.levels[:5])
    shown = ", ".join(f"{level} {count:,}" for level, count in column.levels[:5])
    return shown + (f", {more:,} more" if shown and more > 0 else "")


def _spread(numbers: NumberSummary) -> str:
    low, median, high, mean, std = (
        _short(value) for value in (numbers.min, numbers.median, numbers.max, numbers.mean, numbers.std)
    )
    return f"{low} to {high}, median {median}, mean {mean} ± {std}"


def _short(value: float) -> str:
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:.4g}"


def ladder_table(ladder: Ladder, figure: PageFigure) -> dict[str, Any]:
    """Every rung with all its figures."""
    names = [name for name in POSSIBLE if name in ladder.rungs[0].scores]
    rows = [{"cells": _rung_cells(rung, names), "chosen": rung.name == ladder.chosen} for rung in ladder.rungs]
    return {
        "rule": ladder.folds_rule,
        "figure": figure,
        "head": ["Rung", *names, "epochs"],
        "rows": rows,
        "details": [f"{rung.name}: {rung.detail}" for rung in ladder.rungs if rung.detail],
    }


def _rung_cells(rung: Rung, names: Sequence[str]) -> list[str]:
    shape = f" ({', '.join(str(units) for units in rung.hidden)})" if rung.hidden else ""
    figures = [with_interval(rung.mean(name), rung.intervals[name]) if name in rung.scores else "" for name in names]
    return [rung.name + shape, *figures, f"{rung.epochs:,}" if rung.kind == "network" else ""]


def score_rows(content: Content) -> list[dict[str, Any]]:
    """Every score with its interval, how the interval was made, and the baselines beside."""
    baselines = content.ladder.baselines if content.ladder else {}
    rows = []
    for score in content.test.scores:
        beside = [{one.name: one.value for one in evaluation.scores} for evaluation in baselines.values()]
        how = f"{score.interval.level:.0%}, {score.interval.method}" if score.interval else ""
        rows.append(
            {
                "name": score.name,
                "value": value_text(score.name, score.value),
                "interval": interval_text(score.name, score.interval),
                "baselines": [value_text(score.name, b[score.name]) if score.name in b else "" for b in beside],
                "how": "; ".join(part for part in (how, score.detail) if part),
            }
        )
    return rows


def class_counts(counts: ConfusionCounts, with_curves: bool) -> dict[str, Any] | None:
    """The confusion matrix as a table; None for more classes than a page can show, and for two when
    they stand beside the threshold."""
    if len(counts.labels) > MOST_CLASSES or (len(counts.labels) == 2 and with_curves):
        return None
    body = [(str(name), *(f"{int(n):,}" for n in row)) for name, row in zip(counts.labels, counts.counts)]
    head = ("True", *(f"Predicted {name}" if len(counts.labels) < 6 else str(name) for name in counts.labels))
    across = "" if len(counts.labels) < 6 else ", predicted classes across"
    return {"head": head, "rows": body, "caption": f"Confusion matrix: rows by true class{across}"}


def class_scores_table(found: ClassTable | None) -> dict[str, Any] | None:
    """Each class against the rest, and below the averages over classes; None for two classes."""
    if found is None:
        return None
    rows = [
        (str(one.label), f"{one.rows:,}", f"{one.predicted:,}", *map(_cell, (one.precision, one.recall, one.f1)))
        for one in found.classes
    ]
    averages = [(f"{kind} average", "", "", *map(_cell, scores)) for kind, scores in found.by_kind().items()]
    without = (
        "; without one where rows are too few for it" if any(one.f1.interval is None for one in found.classes) else ""
    )
    caption = f"Each class against all others, with 95% intervals{without}"
    head = ("Class", "Rows", "Predicted so", "Precision", "Recall", "F1")
    return {"head": head, "rows": [*rows, *averages], "caption": caption}


def _cell(score: Score) -> str:
    """`81.5% (75.3% to 86.5%)`; F1 as a number."""
    value, interval = value_text(score.name, score.value), interval_text(score.name, score.interval)
    return f"{value} ({interval})" if interval else value


def card_rows(card: Card) -> list[tuple[str, str]]:
    """What the model file says about itself."""
    rows = f"{card.rows:,}, of them {card.training_rows:,} to learn from"
    if card.rows_without_target:
        rows += f" and {card.rows_without_target:,} without a target"
    told = [
        ("Table", card.source or "a table in memory"),
        ("Fingerprint", card.fingerprint),
        ("Rows", rows),
        ("Test rows", card.split_rule),
        ("Looks at them", f"{card.look} when this was written" if card.look else "not counted"),
        ("Saved network", f"{card.rung}, {card.epochs:,} epochs, engine {card.engine}"),
        ("Seed", str(card.seed)),
        ("Inputs", _listed(card.inputs)),
        ("Identifiers", _listed(card.identifiers) or "none"),
        ("Versions", ", ".join(f"{name} {version}" for name, version in sorted(card.versions.items()))),
        ("Privacy", card.privacy),
    ]
    if card.labels:
        told.insert(4, ("Classes", _listed(card.labels)))
    return told


def _listed(names: Sequence[str], most: int = 60) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def sections_of(page: dict[str, Any]) -> list[tuple[str, str]]:
    """Names and anchors of the sections that this page has."""
    everything = [
        ("Summary", "summary", True),
        ("Table", "table", True),
        ("Preparation", "preparation", True),
        ("Ladder", "ladder-section", page["ladder"]),
        ("Learning", "learning", True),
        ("Scores", "scores", True),
        ("Answers", "answers", page["answers"]),
        ("Curves", "curves", page["curves"] or page["errors"]),
        ("Columns", "importance-section", page["importance"]),
        ("Slices", "slices-section", page["slices"]),
        ("Findings", "findings", True),
        ("Card", "card", True),
    ]
    return [(name, anchor) for name, anchor, there in everything if there]
