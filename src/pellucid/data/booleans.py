"""Texts that say yes or no, in one of the usual pairs of words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

# No before yes, in English, German, Dutch, French, Spanish, Italian and Portuguese.
PAIRS = (
    *(("false", "true"), ("no", "yes"), ("n", "y"), ("f", "t"), ("off", "on"), ("-", "+")),
    *(("nein", "ja"), ("falsch", "wahr"), ("n", "j"), ("aus", "an"), ("aus", "ein")),
    *(("nee", "ja"), ("onwaar", "waar"), ("uit", "aan")),
    *(("non", "oui"), ("faux", "vrai")),
    *(("no", "sí"), ("no", "si"), ("no", "sì"), ("falso", "verdadero"), ("falso", "vero")),
    *(("não", "sim"), ("nao", "sim"), ("falso", "verdadeiro")),
)


def boolean_words(levels: Sequence[str]) -> tuple[str, str] | None:
    """The pair (no, yes) that all levels are from, whatever their case, or None. One word alone is no pair."""
    if not 2 <= len(levels) <= 8:
        return None
    lowered = {level.lower() for level in levels}
    return next((pair for pair in PAIRS if lowered == set(pair)), None)


def one_spelling(levels: Sequence[str], counts: Sequence[int]) -> dict[str, str]:
    """Each level → the most frequent spelling of its word (YES, Yes and yes are one word); ties go to the first."""
    spellings: dict[str, Counter[str]] = {}
    for level, count in zip(levels, counts, strict=True):
        spellings.setdefault(level.lower(), Counter())[level] += count
    return {level: spellings[level.lower()].most_common(1)[0][0] for level in levels}


def no_before_yes(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels in their order, but a pair of no and yes in this order, so that yes is the positive class."""
    pair = boolean_words(labels)
    return tuple(sorted(labels, key=lambda label: pair.index(label.lower()))) if pair else tuple(labels)
