import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from pellucid.data.split import Split
from pellucid.errors import InputError
from pellucid.judging.evaluation import Evaluation
from pellucid.judging.folds import fold_interval, folds_in_words, make_folds, standard_error
from pellucid.judging.rungs import all_classes, fold_scores, plan_rungs
from pellucid.judging.scoring import FoldResult, Rung, choose, stop_if_interrupted, summarize
from pellucid.judging.truth import Truth
from pellucid.judging.verdict import rule_wins, verdict_of
from pellucid.records import Score


def folds(count, training=80, held_out=20):
    return [
        Split(np.arange(training), np.arange(held_out), f"fold {k + 1} of {count}, round 1 of 1") for k in range(count)
    ]


def test_the_interval_of_nadeau_and_bengio_by_hand():
    interval = fold_interval(np.array([0.70, 0.74, 0.78, 0.74, 0.74]), folds(5))
    # mean 0.74, sample variance (0.0016 + 0.0016) / 4 = 0.0008; (1/5 + 20/80) · 0.0008; t(0.975; 4) = 2.776445
    reach = 2.7764451051977934 * math.sqrt((1 / 5 + 20 / 80) * 0.0008)
    assert interval.low == pytest.approx(0.74 - reach, rel=1e-10)
    assert interval.high == pytest.approx(0.74 + reach, rel=1e-10)
    assert interval.method == "corrected t over 5 folds"
    naive = 2.7764451051977934 * math.sqrt(0.0008 / 5)
    assert reach == pytest.approx(1.5 * naive)  # what sharing training rows costs


def test_the_standard_error_by_hand():
    assert standard_error([1.0, 2.0, 3.0, 4.0]) == pytest.approx(math.sqrt(5 / 3 / 4))


def test_how_many_folds():
    rng = np.random.default_rng(0)
    assert len(make_folds(5000, None, None, rng)) == 15
    assert len(make_folds(5001, None, None, rng)) == 5
    classes = np.array([0] * 40 + [1] * 3)
    few = make_folds(43, classes, None, rng)
    assert len(few) == 9
    assert "3 folds a round" in folds_in_words(few, 9)
    assert "3 folds instead of 5 because there are 3 rows of class 1" in folds_in_words(few, 9)
    for fold in few:
        assert (classes[fold.held_out] == 1).sum() == 1
        assert not np.intersect1d(fold.training, fold.held_out).size
    assert folds_in_words(few[:2], 9).startswith("2 fits a rung of 9, the time was up, 3 folds a round")


def test_folds_keep_groups_whole():
    groups = np.repeat(np.arange(10), 4)
    for fold in make_folds(40, None, groups, np.random.default_rng(1)):
        assert not np.intersect1d(groups[fold.training], groups[fold.held_out]).size


def test_groups_that_leave_one_class_alone_are_refused():
    groups = np.repeat([0, 1, 2], 10)
    with pytest.raises(InputError, match="more groups of each class are needed"):
        make_folds(30, (groups == 2).astype(int), groups, np.random.default_rng(0))


def truth(values, labels=("0", "1")):
    return Truth("y", "classification" if labels else "regression", np.asarray(values), labels, "")


def test_fold_scores_by_hand():
    predicted = np.array([[0.9, 0.1], [0.5, 0.5], [0.4, 0.6], [0.8, 0.2]])
    scores = fold_scores(truth([0, 1, 0, 1]), predicted)
    assert scores["log loss"] == pytest.approx(-(math.log(0.9) + math.log(0.5) + math.log(0.4) + math.log(0.2)) / 4)
    assert scores["accuracy"] == 0.5  # 0.5 is the second class
    assert scores["AUC"] == pytest.approx(2 / 4)  # of four pairs (1 over 0), two are in order
    assert "AUC" not in fold_scores(truth([1, 1]), predicted[:2])
    numbers = fold_scores(truth(np.array([1.0, 2.0, 3.0]), ()), np.array([1.0, 2.0, 6.0]))
    assert numbers["RMSE"] == pytest.approx(math.sqrt(3))
    assert numbers["R²"] == pytest.approx(1 - 9 / 2)
    assert "R²" not in fold_scores(truth(np.array([2.0, 2.0]), ()), np.array([1.0, 2.0]))


def test_a_class_that_a_fold_lacked_gets_laplaces_share():
    of_fold = truth([0, 0, 2, 2, 2, 0, 2], ("a", "b", "c"))
    full = all_classes(np.array([[0.25, 0.75]]), np.array([0, 2]), of_fold)
    np.testing.assert_allclose(full, [[0.25 * 0.9, 0.1, 0.75 * 0.9]])
    same = np.array([[0.2, 0.3, 0.5]])
    assert all_classes(same, np.array([0, 1, 2]), of_fold) is same


def rung(name, kind, values, detail="", epochs=1, accuracy=None):
    scores = {"log loss": np.array(values, dtype=float)}
    if accuracy is not None:
        scores["accuracy"] = np.array(accuracy, dtype=float)
    intervals = {key: fold_interval(value, folds(len(value))) for key, value in scores.items()}
    return Rung(name, kind, (), scores, intervals, None, None, epochs, detail)


def ladder(*rungs):
    """The made-up rungs with their gains over the one below filled in."""
    filled = list(rungs[:1])
    for below, one in pairwise(rungs):
        gains = below.scores["log loss"] - one.scores["log loss"]
        filled.append(replace(one, gain=float(gains.mean()), gain_interval=fold_interval(gains, folds(len(gains)))))
    return tuple(filled)


CONSTANT = rung("majority class", "constant", [0.69, 0.70, 0.69, 0.70, 0.69], accuracy=[0.6] * 5)
RULE = rung("best single-column rule", "rule", [0.60, 0.61, 0.60, 0.61, 0.60], "x=a → 1", accuracy=[0.7] * 5)


def test_the_simplest_within_one_standard_error_is_chosen():
    # The best has mean 0.500 and standard error sqrt(0.00025 / 5) = 0.00707.
    deep = rung("deep network", "network", [0.48, 0.49, 0.50, 0.51, 0.52])
    for middle, linear, expected in (
        ([0.507] * 5, [0.508] * 5, "one hidden layer"),
        ([0.508] * 5, [0.507] * 5, "logistic network"),
        ([0.508] * 5, [0.508] * 5, "deep network"),
    ):
        rungs = (
            CONSTANT,
            rung("logistic network", "network", linear),
            rung("one hidden layer", "network", middle),
            deep,
            rung("boosted trees", "trees", [0.1] * 5),
        )
        assert choose(rungs, "log loss").name == expected


def test_verdict_sentences_for_a_win_no_evidence_and_a_loss():
    rungs = ladder(
        CONSTANT,
        RULE,
        rung("logistic network", "network", [0.50, 0.51, 0.50, 0.51, 0.505]),
        rung("one hidden layer", "network", [0.51, 0.50, 0.50, 0.51, 0.50]),
        rung("deep network", "network", [0.56, 0.55, 0.55, 0.56, 0.55]),
    )
    choice, why, won, same, lost = verdict_of(rungs, rungs[3], "log loss", folds(5))
    assert choice == "Saved: the network with one hidden layer, best of the networks by log loss (0.5040)"
    assert why.endswith("a choice, not evidence that the network with one hidden layer is better")
    # gains 0.10 four times and 0.095: mean 0.099, sd sqrt(0.00002 / 4); ± 2.7764 · sqrt(0.45) · 0.002236
    assert won == (
        "The logistic network beats the best single-column rule (x=a → 1): log loss lower by 0.0990 [0.0948, 0.1032]"
    )
    assert same.startswith("No evidence that a hidden layer helps on this table: log loss lower by 0.0010 [-0.0")
    assert lost.startswith(
        "The deep network is worse than the network with one hidden layer: log loss higher by 0.0500"
    )


def test_size_and_interval_of_a_change_point_the_same_way():
    linear = rung("logistic network", "network", [0.50, 0.51, 0.50, 0.51, 0.50])
    worse = rung("one hidden layer", "network", [0.55, 0.54, 0.55, 0.57, 0.55])
    lost = verdict_of(ladder(CONSTANT, RULE, linear, worse), linear, "log loss", folds(5))[-1]
    gain = fold_interval(worse.scores["log loss"] - linear.scores["log loss"], folds(5))
    assert lost.endswith(f"log loss higher by 0.0480 [{gain.low:.4f}, {gain.high:.4f}]")
    assert 0 < gain.low < 0.048 < gain.high


def test_the_verdict_names_the_constant_that_is_not_beaten():
    no_better = rung("logistic network", "network", [0.70, 0.69, 0.70, 0.69, 0.69])
    rungs = ladder(CONSTANT, RULE, no_better)
    said = verdict_of(rungs, rungs[2], "log loss", folds(5))
    assert said[1].startswith("No evidence that the logistic network is better than the majority class: log loss ")
    beaten = ladder(CONSTANT, RULE, rung("logistic network", "network", [0.5, 0.51, 0.5, 0.51, 0.5]))
    assert not any("majority" in s for s in verdict_of(beaten, beaten[2], "log loss", folds(5)))


@pytest.mark.parametrize(
    ("trees", "expected"),
    [
        ([0.40, 0.41, 0.40, 0.41, 0.40], "Boosted trees are better here by 0.1000 log loss [0.1000, 0.1000]"),
        ([0.60, 0.61, 0.60, 0.61, 0.60], "The network beats boosted trees here by 0.1000 log loss [0.1000, 0.1000]"),
        ([0.51, 0.50, 0.51, 0.50, 0.51], "No evidence of a difference between boosted trees and networks here"),
    ],
)
def test_the_verdict_on_the_trees(trees, expected):
    linear = rung("logistic network", "network", [0.50, 0.51, 0.50, 0.51, 0.50])
    rungs = (*ladder(CONSTANT, RULE, linear), rung("boosted trees", "trees", trees))
    assert verdict_of(rungs, linear, "log loss", folds(5))[-1].startswith(expected)


def scored(value):
    return Evaluation("y", "classification", 178, "sealed rows", (Score("accuracy", value, None, 178),), None, None)


@pytest.mark.parametrize(
    ("network", "words"),
    [
        ([0.60, 0.61, 0.60, 0.61, 0.60], "beats the logistic network"),
        ([0.65, 0.75, 0.70, 0.72, 0.69], "there is no evidence that the logistic network beats"),
        ([0.70, 0.70, 0.70, 0.70, 0.70], "there is no evidence that the logistic network beats"),
        ([0.80, 0.81, 0.80, 0.81, 0.80], None),
    ],
)
def test_rule_wins(network, words):
    chosen = rung("logistic network", "network", [0.5] * 5, accuracy=network)
    found = rule_wins((CONSTANT, RULE, chosen), chosen, folds(5), scored(0.71), {RULE.name: scored(0.7921)})
    if words is None:
        assert found is None
        return
    assert (found.code, found.severity) == ("RULE_WINS", "warning")
    assert words in found.seen
    assert "The rule x=a → 1 has accuracy 0.7000" in found.seen
    assert "0.7921 on the test rows" in found.seen
    assert found.seen.endswith("and 0.7100")
    told = rule_wins((CONSTANT, RULE, chosen), chosen, folds(5), scored(0.71), {RULE.name: scored(0.7921)}, 0.31)
    assert "and 0.7100, all at the threshold 0.5; " in told.seen
    assert told.seen.endswith("at its own, 0.3100")


def test_summaries_compare_trees_with_the_best_network_and_leave_out_half_known_figures():
    plans = plan_rungs((8, 4), "classification")
    assert [p.name for p in plans][-3:] == ["one hidden layer", "deep network", "boosted trees"]
    losses = dict(zip([p.name for p in plans], (0.7, 0.6, 0.5, 0.4, 0.45, 0.42)))
    results = {
        name: [
            FoldResult({"log loss": loss, "AUC": 0.7}, 3),
            FoldResult({"log loss": loss + 0.01}, 8),
            FoldResult({"log loss": loss, "AUC": 0.7}, 4),
        ]
        for name, loss in losses.items()
    }
    rungs = summarize(plans, results, folds(3), "log loss")
    assert [round(r.gain, 6) for r in rungs[1:]] == [0.1, 0.1, 0.1, -0.05, -0.02]
    assert rungs[0].gain is None
    assert rungs[2].epochs == 4
    assert list(rungs[2].scores) == ["log loss"]


def test_intervals_stay_where_figures_can_be():
    plans = plan_rungs((), "classification")
    results = {plan.name: [FoldResult({"accuracy": a, "log loss": a}, 1) for a in (0.9, 0.1, 0.5)] for plan in plans}
    interval = summarize(plans, results, folds(3), "log loss")[0].intervals
    assert (interval["accuracy"].low, interval["accuracy"].high) == (0, 1)
    assert interval["log loss"].low == 0
    assert interval["log loss"].high > 1


def test_an_interrupted_fit_interrupts_the_ladder():
    class Stopped:
        class history_:
            stopped = "interrupted"

    with pytest.raises(KeyboardInterrupt):
        stop_if_interrupted(Stopped)
