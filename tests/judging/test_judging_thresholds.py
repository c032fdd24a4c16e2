"""Thresholds and the unsure band: figures by hand, rules, costs, and the trap of choosing on the scored rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pellucid
from pellucid.errors import InputError, SpecError
from pellucid.judging.abstention import abstention_on, band_of
from pellucid.judging.threshold_rules import candidates_of, costs_of, rule_of, threshold_by

TRUTH = np.array([0, 0, 1, 0, 1, 1])
SCORES = np.array([0.1, 0.2, 0.3, 0.4, 0.6, 0.8])


def chosen(rule, truth=TRUTH, scores=SCORES):
    return threshold_by(rule_of(rule), candidates_of(np.asarray(truth), np.asarray(scores), np.ones(len(truth))))


@pytest.mark.parametrize(
    ("rule", "threshold"),
    [
        ("f1", 0.25),  # 2·3 / (2·3 + 1) = 6/7 against 4/5 at 0.5
        ("youden", 0.5),  # 2/3 + 1 - 1, as large as at 0.25: the higher one
        ("recall=0.6", 0.5),
        ("recall=1", 0.25),
        ("precision=1", 0.5),
        ("precision=0.75", 0.25),
        ({"fp": 1, "fn": 5}, 0.25),
        ({"fp": 10, "fn": 1}, 0.5),
        (0.3, 0.3),
    ],
)
def test_thresholds_by_hand(rule, threshold):
    assert chosen(rule) == pytest.approx(threshold)


def test_when_false_alarms_are_dear_nothing_is_predicted():
    assert chosen({"fp": 100, "fn": 1}, [1, 0], [0.2, 0.6]) == pytest.approx(0.8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=2, max_size=40))
def test_rules_are_the_best_of_all_thresholds(pairs):
    truth = np.array([int(t) for t, _ in pairs])
    scores = np.array([s / 8 for _, s in pairs])
    if truth.min() == truth.max():
        return

    def counts(threshold):
        called = scores >= threshold
        return (truth & called).sum(), (~truth.astype(bool) & called).sum()

    every = [counts(t) for t in [*np.unique(scores), 1.1]]
    P, N = truth.sum(), len(truth) - truth.sum()
    tp, fp = counts(chosen("f1", truth, scores))
    assert 2 * tp / (tp + fp + P) == pytest.approx(max(2 * a / (a + b + P) for a, b in every))
    tp, fp = counts(chosen("youden", truth, scores))
    assert tp / P - fp / N == pytest.approx(max(a / P - b / N for a, b in every))
    tp, fp = counts(chosen("recall=0.7", truth, scores))
    assert tp / P >= 0.7
    assert fp == min(b for a, b in every if a / P >= 0.7)
    tp, fp = counts(chosen({"fp": 2, "fn": 3}, truth, scores))
    assert 2 * fp + 3 * (P - tp) == min(2 * b + 3 * (P - a) for a, b in every if scores.max() < 1 or a + b)


def test_a_precision_that_none_reaches():
    with pytest.raises(InputError, match=r"no threshold reaches a precision of 0\.9 .* highest is 0\.5000"):
        chosen("precision=0.9", [1, 0, 1, 0], [0.5, 0.5, 0.2, 0.2])


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("yuoden", "did you mean 'youden'"),
        ("recall", "recall=0.9"),
        ("recall=1.2", "above 0 and up to 1"),
        ("precision=0", "above 0 and up to 1"),
        ("1.5", "from 0 to 1"),
        ({"fp": -1, "fn": 5}, "cost of fp must be a finite number of at least 0"),
        ({"fp": 1, "fn": float("nan")}, "finite"),
        ({"fp": 1}, "need both fp and fn"),
        ({"fp": 0, "fn": 1}, "must cost more"),
        ({"fp": 1, "fn": 1, "tn": 2}, "must cost more"),
    ],
)
def test_rules_that_are_none(rule, said):
    with pytest.raises(SpecError, match=said):
        pellucid.choose_threshold(TRUTH, SCORES, rule)


def test_costs_in_words():
    assert costs_of("fp=1, fn=5") == pellucid.Costs(1, 5)
    for wrong in ("fp=1,fn=5,fp=2", "fp,fn", "1,5", "fp=1,fn=five"):
        with pytest.raises(SpecError, match="fp=1,fn=5"):
            costs_of(wrong)


def sample(n, seed):
    rng = np.random.default_rng(seed)
    p = rng.beta(1, 2, n)
    return (rng.random(n) < p).astype(int), p


def test_the_rows_that_chose_a_threshold_are_known_again():
    truth, p = sample(178, 0)
    choice = pellucid.choose_threshold(truth, p, "f1")
    other, q = sample(5000, 1)
    same = choice.score(truth[::-1], p[::-1])
    assert [finding.code for finding in same.findings] == ["OPTIMISTIC_THRESHOLD"]
    assert choice.score(other, q).findings == ()
    assert pellucid.choose_threshold(truth, p, 0.5).score(truth, p).findings == ()


def test_the_expected_scores_do_not_flatter_as_those_of_the_choosing_rows_do():
    flattered, expected, real = [], [], []
    for seed in range(40):
        truth, p = sample(60, seed)
        choice = pellucid.choose_threshold(truth, p, "f1")
        flattered.append(choice.score(truth, p)["F1"].value)
        expected.append(choice.expected["F1"].value)
        real.append(choice.score(*sample(4000, 1000 + seed))["F1"].value)
    assert np.mean(flattered) > np.mean(real) + 0.02
    assert abs(np.mean(expected) - np.mean(real)) < (np.mean(flattered) - np.mean(real)) / 1.5


def test_costs_are_told_for_1000_cases():
    truth, p = np.array([0, 0, 1, 1] * 25), np.array([0.1, 0.6, 0.4, 0.9] * 25)
    scores = pellucid.choose_threshold(truth, p, {"fp": 1, "fn": 5}).score(truth, p)
    cost = scores["cost of 1,000 cases"]
    assert cost.value == pytest.approx(250)  # from 0.25 on all ones are found, and one row in four is a false alarm
    assert cost.interval.low < 250 < cost.interval.high
    assert not cost.higher_is_better


def test_several_classes_have_no_threshold():
    with pytest.raises(SpecError, match="two classes, and there are 3"):
        pellucid.choose_threshold([0, 1, 2], np.eye(3), "f1")


def test_the_band_holds_the_least_sure_rows():
    p = np.array([0.05, 0.2, 0.45, 0.6, 0.9, 0.99, 0.01, 0.8])
    both = np.column_stack([1 - p, p])
    band = band_of(both, np.ones(8), 0.5, 0.25)
    decision = pellucid.Decision(0.5, None, band)
    assert decision.is_unsure(both).tolist() == [False, False, True, True, False, False, False, False]
    truth = np.array([0, 1, 1, 0, 1, 1, 0, 1])
    found = abstention_on(truth, both, decision)
    assert (found.coverage, found.error, found.error_of_all) == (0.75, pytest.approx(1 / 6), 3 / 8)
    assert found.coverage_interval.method == "Wilson"


def test_the_band_of_several_classes_is_one_of_the_highest_probability():
    p = np.array([[0.4, 0.3, 0.3], [0.8, 0.1, 0.1], [0.2, 0.2, 0.6], [0.9, 0.05, 0.05]])
    decision = pellucid.Decision(0.5, None, band_of(p, np.ones(4), 0.5, 0.25))
    assert decision.is_unsure(p).tolist() == [True, False, False, False]


@pytest.mark.parametrize("positives", [4, 7, 30])
def test_f1_of_a_threshold_has_the_interval_of_f1_and_none_of_too_few_rows(positives):
    truth = np.r_[np.ones(positives, int), np.zeros(97, int)]
    p = np.clip(np.random.default_rng(0).random(len(truth)) * 0.6 + 0.3 * truth, 0, 1)
    choice = pellucid.choose_threshold(truth, p, "f1")
    scored, whole = choice.score(truth, p)["F1"], pellucid.metrics.f1(truth, (p >= choice.threshold).astype(int))
    assert (scored.value, scored.interval, scored.detail) == (whole.value, whole.interval, whole.detail)
    expected = choice.expected["F1"]
    assert (expected.interval is None) == (positives < 5)
    assert (f"{positives} rows of class 1" in expected.detail) == (positives < 10)
