"""Which score stands first on the page, and by which one the network is compared with the baselines."""

from __future__ import annotations

from collections.abc import Sequence

from ..records import Score
from .content import Content

# A threshold that was chosen moves accuracy at will; what it was chosen for says whether it is any good.
CHOSEN_FOR = {"f1": "F1", "youden": "balanced accuracy", "recall": "recall", "precision": "precision"}
# What no threshold moves, and what the networks of the ladder were chosen by.
PROPER = ("log loss", "RMSE")


def rule_of_threshold(content: Content) -> str:
    """`recall=0.9`, by which the threshold of the model was chosen; empty for 0.5, and where that is not known."""
    chosen = content.answers.threshold
    return chosen.rule if chosen is not None else ""


def first_score(content: Content) -> Score | None:
    """What the threshold was chosen for, else the first of the scores."""
    scores, chosen = content.test.scores, content.answers.threshold
    if chosen is None or not scores:
        return content.test.cost or (scores[0] if scores else None)
    if chosen.costs is not None and content.test.counts is not None:
        return chosen.cost_of(content.test.counts)
    word = chosen.rule.partition("=")[0]
    return named(scores, CHOSEN_FOR.get(word, "")) or named(scores, PROPER[0]) or scores[0]


def compared_score(content: Content) -> Score | None:
    """The first score, and where answers were chosen by a threshold or costs that which these do not move: baselines
    answer the most probable class."""
    first = first_score(content)
    if content.answers.threshold is None and content.test.cost is None:
        return first
    return next((score for name in PROPER if (score := named(content.test.scores, name))), first)


def named(scores: Sequence[Score], name: str) -> Score | None:
    """The score of that name."""
    return next((score for score in scores if score.name == name), None)


def with_article(name: str) -> str:
    """The name of a score in a sentence: `a recall`, `an F1`."""
    return f"{'an' if name[:1] in 'aeiouFMR' else 'a'} {name}"
