"""The ladder in words: what each rung bought, and who wins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..data.split import Split
from ..records import Finding
from ..records import figure as number
from .folds import fold_interval
from .scoring import Rung


def verdict_of(rungs: Sequence[Rung], chosen: Rung, figure: str, folds: list[Split]) -> tuple[str, ...]:
    """Sentences: one for the choice, one for each network rung against the one below, one for the trees."""
    sentences = [_choice(rungs, chosen, figure)]
    for below, rung in pairwise(rungs):
        if rung.kind == "network":
            sentences.append(_step(below, rung, figure))
    trees = [rung for rung in rungs if rung.kind == "trees"]
    return (*sentences, *(_against_trees(rung, rungs, figure, folds) for rung in trees))


def rule_wins(rungs: Sequence[Rung], chosen: Rung, folds: list[Split]) -> Finding | None:
    """RULE_WINS: no evidence over the paired folds that the network beats the best single-column rule.

    Compared are accuracy for classes and RMSE for numbers: the interval of the network's lead reaches 0 or lies below.
    """
    rule = next(rung for rung in rungs if rung.kind == "rule")
    figure = "accuracy" if "accuracy" in rule.scores else "RMSE"
    sign = 1 if figure == "accuracy" else -1
    lead = sign * (chosen.scores[figure] - rule.scores[figure])
    interval = fold_interval(lead, folds)
    if interval.low > 0:
        return None
    wins = lead.mean() <= 0
    return Finding(
        "RULE_WINS",
        "warning",
        f"The rule {rule.detail} has {_figure(figure, rule)} and the network {_figure(figure, chosen)} over the folds",
        "By " + figure + " one look at one column is " + ("better than" if wins else "as good as") + " the network",
        "Use the rule, or give the network columns that say more",
    )


def _choice(rungs: Sequence[Rung], chosen: Rung, figure: str) -> str:
    networks = [rung for rung in rungs if rung.kind == "network"]
    best = min(networks, key=lambda rung: rung.mean(figure))
    if best is chosen:
        return f"Saved: {_network(chosen)}, best of the networks by {figure} ({number(chosen.mean(figure))})"
    return (
        f"Saved: {_network(chosen)} ({figure} {number(chosen.mean(figure))}), the simplest one within one standard "
        f"error of the best, {_network(best)} ({number(best.mean(figure))})"
    )


def _step(below: Rung, rung: Rung, figure: str) -> str:
    gain, interval = rung.gain, rung.gain_interval
    assert gain is not None
    assert interval is not None
    between = str(interval)
    if interval.low > 0:
        return f"{_network(rung).capitalize()} beats {_network(below)}: {figure} lower by {number(gain)} {between}"
    if interval.high < 0:
        return f"{_network(rung).capitalize()} is worse than {_network(below)}: {figure} higher by {number(-gain)} {between}"
    depth = {"one hidden layer": "a hidden layer helps", "deep network": "depth helps"}.get(rung.name, "it is better")
    return (
        f"No evidence that {depth} on this table: {_network(rung)} changes the {figure} "
        f"of {_network(below)} by {number(-gain, sign=True)}, interval of the gain {between}"
    )


def _against_trees(trees: Rung, rungs: Sequence[Rung], figure: str, folds: list[Split]) -> str:
    """Compared by AUC where there is one, else by the selection figure; the interval is that of the paired folds."""
    networks = [rung for rung in rungs if rung.kind == "network"]
    best = min(networks, key=lambda rung: rung.mean(figure))
    shown = "AUC" if "AUC" in trees.scores and "AUC" in best.scores else figure
    sign = 1 if shown == "AUC" else -1
    lead = sign * (best.scores[shown] - trees.scores[shown])
    interval = fold_interval(lead, folds)
    figures = f"{shown} {number(trees.mean(shown))} against {number(best.mean(shown))} of the {best.name}"
    between = str(interval)
    if interval.high < 0:
        return f"Boosted trees are better here by {number(-lead.mean())} {shown}: {figures}"
    if interval.low > 0:
        return f"The network beats boosted trees here by {number(lead.mean())} {shown}: {figures}"
    return (
        f"No evidence of a difference between boosted trees and networks here: {figures}, lead of the network {between}"
    )


def _network(rung: Rung) -> str:
    return "the network with one hidden layer" if rung.name == "one hidden layer" else f"the {rung.name}"


def _figure(name: str, rung: Rung) -> str:
    interval = rung.intervals[name]
    return f"{name} {number(rung.mean(name))} {interval}"
