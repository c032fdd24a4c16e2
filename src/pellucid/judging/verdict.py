"""The ladder in words: what each rung bought, and who wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from ..data.split import Split
from ..records import Finding, Interval, with_interval
from ..records import figure as number
from .evaluation import Evaluation
from .folds import fold_interval
from .scoring import Rung


def verdict_of(rungs: Sequence[Rung], chosen: Rung, figure: str, folds: list[Split]) -> tuple[str, ...]:
    """Sentences: the choice, the baseline where it is not beaten, each network against the rung below, the trees."""
    sentences = [_choice(rungs, chosen, figure)]
    gains = rungs[0].scores[figure] - chosen.scores[figure]
    if fold_interval(gains, folds).low <= 0:
        told = _change(figure, gains.mean(), fold_interval(gains, folds))
        sentences.append(f"No evidence that {_name(chosen)} is better than the {rungs[0].name}: {told}")
    simplest = next(rung for rung in rungs if rung.kind == "network")
    if chosen is not simplest and fold_interval(simplest.scores[figure] - chosen.scores[figure], folds).low <= 0:
        sentences.append(
            f"{_capital(_name(simplest))} is not saved, as its mean is more than one plain standard error over the "
            f"folds from the best: a choice, not evidence that {_name(chosen)} is better"
        )
    for below, rung in pairwise(rungs):
        if rung.kind == "network":
            sentences.append(_step(below, rung, figure))
    trees = [rung for rung in rungs if rung.kind == "trees"]
    return (*sentences, *(_against_trees(rung, rungs, figure, folds) for rung in trees))


def rule_wins(
    rungs: Sequence[Rung],
    chosen: Rung,
    folds: list[Split],
    test: Evaluation,
    baselines: Mapping[str, Evaluation],
    threshold: float = 0.5,
) -> Finding | None:
    """RULE_WINS: no evidence over the paired folds that the network beats the best single-column rule.

    Compared are accuracy for classes and RMSE for numbers: the interval of the network's lead reaches 0 or lies below.
    The figures on the test rows stand beside, those of `test` at the threshold 0.5, as all others here; where the
    model's own `threshold` is another, that is told. A rule that scores as the constant in every fold decides nothing:
    then the verdict's comparison with the constant is all there is to say.
    """
    rule = next(rung for rung in rungs if rung.kind == "rule")
    figure = "accuracy" if "accuracy" in rule.scores else "RMSE"
    if (rule.scores[figure] == rungs[0].scores[figure]).all():
        return None
    lead = (chosen.scores[figure] - rule.scores[figure]) * (1 if figure == "accuracy" else -1)
    interval = fold_interval(lead, folds)
    if interval.low > 0:
        return None
    of_rule, of_network = baselines[rule.name][figure], test[figure]
    outcome = f"the best rule that looks at one column beats {_name(chosen)}"
    if interval.high >= 0:
        outcome = f"there is no evidence that {_name(chosen)} beats the best rule that looks at one column"
    at = ""
    if figure == "accuracy" and threshold != 0.5:
        at = f", all at the threshold 0.5; the scores of the model are those at its own, {number(threshold)}"
    return Finding(
        "RULE_WINS",
        "warning",
        f"By {figure} {outcome}. The rule {rule.detail} has {_mean(figure, rule)} over the folds and "
        f"{number(of_rule.value)} on the test rows, the network {_mean(figure, chosen)} and "
        f"{number(of_network.value)}{at}",
        "A model is worth its weights only where it does better than a rule that fits in one line",
        "Use the rule, or give the network columns that say more",
    )


def _choice(rungs: Sequence[Rung], chosen: Rung, figure: str) -> str:
    networks = [rung for rung in rungs if rung.kind == "network"]
    best = min(networks, key=lambda rung: rung.mean(figure))
    if best is chosen:
        return f"Saved: {_name(chosen)}, best of the networks by {figure} ({number(chosen.mean(figure))})"
    return (
        f"Saved: {_name(chosen)} ({figure} {number(chosen.mean(figure))}), the simplest one within one plain "
        f"standard error over the folds of the best, {_name(best)} ({number(best.mean(figure))})"
    )


def _step(below: Rung, rung: Rung, figure: str) -> str:
    gain, interval = rung.gain, rung.gain_interval
    assert gain is not None
    assert interval is not None
    told = _change(figure, gain, interval)
    if interval.low > 0:
        return f"{_capital(_name(rung))} beats {_name(below)}: {told}"
    if interval.high < 0:
        return f"{_capital(_name(rung))} is worse than {_name(below)}: {told}"
    helps = {"one hidden layer": "a hidden layer helps", "deep network": "depth helps"}
    return (
        f"No evidence that {helps.get(rung.name, f'{_name(rung)} is better than {_name(below)}')} on this table: {told}"
    )


def _against_trees(trees: Rung, rungs: Sequence[Rung], figure: str, folds: list[Split]) -> str:
    """Compared by AUC where there is one, else by the selection figure; the interval is that of the paired folds."""
    networks = [rung for rung in rungs if rung.kind == "network"]
    best = min(networks, key=lambda rung: rung.mean(figure))
    shown = "AUC" if "AUC" in trees.scores and "AUC" in best.scores else figure
    lead = (best.scores[shown] - trees.scores[shown]) * (1 if shown == "AUC" else -1)
    interval = fold_interval(lead, folds)
    figures = f"{shown} {number(trees.mean(shown))} against {number(best.mean(shown))} of {_name(best)}"
    if interval.high < 0:
        trees_lead = Interval(-interval.high, -interval.low, interval.level, interval.method)
        size = number(-lead.mean(), beside=interval.size)
        return f"Boosted trees are better here by {size} {shown} {trees_lead}: {figures}"
    if interval.low > 0:
        size = number(lead.mean(), beside=interval.size)
        return f"The network beats boosted trees here by {size} {shown} {interval}: {figures}"
    return (
        f"No evidence of a difference between boosted trees and networks here: {figures}, "
        f"lead of the network {with_interval(lead.mean(), interval, sign=True)}"
    )


def _change(figure: str, gain: float, interval: Interval) -> str:
    """A gain in words, size and interval pointing the same way: `log loss lower by 0.0638 [0.0350, 0.0926]`."""
    if gain >= 0:
        return f"{figure} lower by {with_interval(gain, interval)}"
    turned = Interval(-interval.high, -interval.low, interval.level, interval.method)
    return f"{figure} higher by {with_interval(-gain, turned)}"


def _name(rung: Rung) -> str:
    if rung.kind == "rule" and rung.detail:
        return f"the {rung.name} ({rung.detail})"
    return "the network with one hidden layer" if rung.name == "one hidden layer" else f"the {rung.name}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _mean(name: str, rung: Rung) -> str:
    return f"{name} {with_interval(rung.mean(name), rung.intervals[name])}"
