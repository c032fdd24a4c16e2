"""The sentences of a page that say in words what its figures mean."""

from __future__ import annotations

from collections.abc import Sequence

from ..judging.evaluation import ALL_ROWS, SEALED_ROWS
from ..records import Finding, Score, counted
from ..records import figure as number
from .content import Content
from .headline import compared_score, first_score, named, rule_of_threshold, with_article
from .page_parts import interval_text, value_text


def subtitle(content: Content) -> str:
    """Where the model comes from and which rows are scored here."""
    card = content.card
    scored = f"scored on {content.test.rows:,} {_which(content)}"
    if card is None:
        return f"A network, {scored}."
    name = "network with one hidden layer" if card.rung == "one hidden layer" else card.rung
    return f"A {name} for the table {card.source or 'in memory'}, {scored}."


def worth_in_words(content: Content) -> str:
    """The first score, and by what no threshold moves, whether its interval leaves the baselines behind."""
    score, compared = first_score(content), compared_score(content)
    if score is None or compared is None:
        return "These rows allow no score."
    told = f"The network reaches {_told(score)} on {content.test.rows:,} {_which(content)}."
    rule = rule_of_threshold(content)
    if rule:
        told = (
            f"Its threshold {number(_threshold(content))} was chosen on held-out training rows by {rule}, not for "
            f"accuracy. {told}"
        )
    if content.ladder is None:
        return told
    name = compared.name
    found = {rung: named(evaluation.scores, name) for rung, evaluation in content.ladder.baselines.items()}
    known = {rung: one.value for rung, one in found.items() if one is not None}
    if not known:
        return told
    beside = " and ".join(f"the {rung} reaches {value_text(name, value)}" for rung, value in known.items())
    best = max(known.values()) if compared.higher_is_better else min(known.values())
    if compared is not score:
        told += (
            f" {'The threshold does' if rule else 'Costs do'} not move the {name}: the network has {_told(compared)}."
        )
    return f"{told} On the same rows {beside}. {_lead(compared, best)}"


def _threshold(content: Content) -> float:
    chosen = content.answers.threshold
    return 0.5 if chosen is None else chosen.threshold


def _lead(score: Score, best: float) -> str:
    if score.interval is None:
        return ""
    low, high = score.interval.low, score.interval.high
    ahead = low > best if score.higher_is_better else high < best
    behind = high < best if score.higher_is_better else low > best
    if ahead:
        return "The whole interval of the network lies on the better side of both."
    if behind:
        return "The whole interval of the network lies on the worse side of the better one: use that instead."
    return "The better of the two lies inside the interval of the network, so these rows alone prove no lead over it."


def table_in_words(content: Content) -> str:
    """How large the table is, and what is predicted."""
    columns = counted(content.column_count, "column") if content.columns else "a table"
    rows = f"{counted(content.columns[0].rows, 'row')} and " if content.columns else ""
    why = f" ({content.ladder.target_reason})" if content.ladder and content.ladder.target_reason else ""
    return f"{rows}{columns}. The target is {content.target}, a {content.test.task}{why}."


def network_in_words(content: Content) -> str:
    """The shape of the network."""
    units = " → ".join(f"{size:,}" for size in content.shape)
    hidden = len(content.shape) - 2
    layers = "no hidden layer" if not hidden else f"{hidden} hidden layer{'s' * (hidden > 1)}"
    return f"The network has {layers}; units from inputs to outputs: {units}."


def rows_in_words(content: Content) -> str:
    """Which rows are scored, and how often they have been looked at."""
    test, card = content.test, content.card
    told = f"Scored on {test.rows:,} {_which(content)}"
    if card is not None and test.rows_scored == SEALED_ROWS:
        told += f" ({card.split_rule})"
    told += "."
    if test.look:
        told += f" This is look {test.look} at the test rows of this table; with many looks the best score is luck."
    return told


def warnings_in_words(findings: Sequence[Finding]) -> str:
    """`2 warnings should be read before this is used`, empty without any."""
    count = sum(finding.severity != "information" for finding in findings)
    if not count:
        return ""
    return f"{count} warning{'s' * (count > 1)} should be read before the model is used"


def columns_left_out_in_words(content: Content) -> str:
    """Empty where all columns of the table are shown."""
    count = content.column_count - len(content.columns)
    return f"and {count:,} more columns; pellucid profile tells of all" if count > 0 else ""


def left_out_in_words(count: int, what: str) -> str:
    """`and 40 more columns, in evaluation.json`, empty for none."""
    return f"and {count:,} more {what}, in evaluation.json" if count > 0 else ""


def _which(content: Content) -> str:
    one = content.test.rows == 1
    if content.test.rows_scored == ALL_ROWS:
        return f"row{'s' * (not one)}, training rows among them"
    return content.test.rows_scored.removesuffix("s") if one else content.test.rows_scored


def _told(score: Score) -> str:
    interval = f" (95% interval {interval_text(score.name, score.interval)})" if score.interval else ""
    return f"{with_article(score.name)} of {value_text(score.name, score.value)}{interval}"
