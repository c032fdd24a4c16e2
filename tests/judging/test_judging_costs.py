"""Answers by what mistakes cost: the matrix, the cheapest class, and what that is worth."""

import dataclasses

import numpy as np
import pytest
from test_judging_climb import QUICK

import pellucid
from pellucid import Decision, DecisionPlan
from pellucid.errors import SpecError
from pellucid.judging.abstention import abstained
from pellucid.judging.cost_matrix import cost_pairs, matrix_of
from pellucid.judging.expected_cost import expected_cost
from pellucid.judging.predictions import prediction_columns

COSTS = {("b", "a"): 6, ("c", "a"): 6}


def table(rows=240, seed=0):
    rng = np.random.default_rng(seed)
    code = rng.choice(3, rows, p=[0.6, 0.2, 0.2])
    return {"x": code + rng.normal(size=rows), "z": rng.normal(size=rows), "kind": np.array(list("abc"))[code]}


@pytest.fixture(scope="module")
def found(module_state):
    return pellucid.climb(table(), "kind", decisions=DecisionPlan(costs=COSTS, unsure=0.2), **QUICK)


def test_the_cheapest_class_is_the_answer():
    decision = Decision(costs=((0, 1, 1), (9, 0, 1), (1, 1, 0)))
    chances = np.array([[0.8, 0.15, 0.05], [0.95, 0.03, 0.02], [0.1, 0.1, 0.8]])
    # answering the first class of the first row costs 9 * 0.15 + 0.05 = 1.4, the second 0.85, the third 0.95
    assert decision.codes(chances).tolist() == [1, 0, 2]
    assert Decision().codes(chances).tolist() == [0, 0, 2]
    assert decision.codes(chances[0]) == 1


def test_a_run_answers_by_costs_through_every_door(found, tmp_path):
    model = found.model
    loaded = pellucid.load(pellucid.save(model, tmp_path / "m.pellucid"))
    rows = pellucid.read(table(60, 9)).drop(["kind"])
    chances = model.predict_proba(rows)
    costs = np.array([[0, 1, 1], [6, 0, 1], [6, 1, 0.0]])
    expected = np.array(["a", "b", "c"])[(chances @ costs).argmin(axis=1)]
    assert (expected != np.array(["a", "b", "c"])[chances.argmax(axis=1)]).any()
    assert loaded.decision_ == model.decision_
    for told in (model.predict(rows), loaded.predict(rows), pellucid.predictor(model).predict(rows)):
        assert told.tolist() == expected.tolist()
    assert prediction_columns(loaded, rows)["prediction"].tolist() == expected.tolist()
    one = {name: rows[name].values[0] for name in rows.names}
    assert pellucid.predictor(model).predict(one) == expected[0]
    ledger = pellucid.ledger(model, rows.take(np.arange(1)))
    assert ledger.answer.decision == expected[0]
    assert "What each answer would cost" in str(ledger)


def test_what_costs_are_worth_is_told_of_both_rows(found):
    choice = found.decisions.costs
    assert choice.expected.value < choice.of_most_probable.value
    assert "b>a=6, c>a=6; other mistakes cost 1" in choice.in_words()
    counts = found.test.counts.counts
    cost = 1000 * (counts * np.array([[0, 1, 1], [6, 0, 1], [6, 1, 0]])).sum() / counts.sum()
    assert found.test.cost.value == pytest.approx(cost)
    assert found.test.cost.interval.low < cost < found.test.cost.interval.high
    again = pellucid.evaluate(found.model, table(100, 5))
    assert again.cost is not None
    assert "that are answered" in again.unsure.in_words()


def test_two_classes_take_pairs_as_well(module_state):
    rows = {name: values[:160] for name, values in table().items()}
    rows["kind"] = np.where(rows["kind"] == "a", "a", "other")
    one = pellucid.climb(rows, "kind", decisions=DecisionPlan(costs="other>a=5"), **QUICK)
    other = pellucid.climb(rows, "kind", decisions=DecisionPlan({"fp": 1, "fn": 5}), **QUICK)
    assert one.model.decision_ == other.model.decision_
    assert one.model.decision_.costs == ((0, 1), (5, 0))
    assert one.test.cost == other.test.cost


@pytest.mark.parametrize(
    ("costs", "message"),
    [
        ("a>b", "true>answer=cost"),
        ("a=5", "true>answer=cost"),
        ("a>b=-1", "true>answer=cost"),
        ("a>b=1,a>b=2", "true>answer=cost"),
        ({("a", "b", "c"): 1}, "true>answer=cost"),
        ("a>d=2", "'d', which is no class"),
        ("a>a=2", "must cost more than the right answer"),
        ("a>b=0", "must cost more than the right answer"),
    ],
)
def test_costs_that_are_none(costs, message):
    with pytest.raises(SpecError, match=message):
        matrix_of(cost_pairs(costs), ("a", "b", "c"))


def test_costs_that_do_not_suit():
    with pytest.raises(SpecError, match="leave threshold out"):
        DecisionPlan("f1", costs=COSTS)
    with pytest.raises(SpecError, match="a row of 2 numbers"):
        Decision(costs=((0.0, 1.0), (1.0,)))
    with pytest.raises(SpecError, match="costs of 2 classes for 3"):
        Decision(costs=((0.0, 1.0), (1.0, 0.0))).check(3, False)


def test_the_interval_of_a_cost_holds_though_dear_mistakes_are_rare():
    """30 % of 5 % positive rows are missed, at 20 times the cost of a false alarm: in 50 rows often none is."""
    rng = np.random.default_rng(0)
    chances, each = np.array([0.8075, 0.1425, 0.015, 0.035]), np.array([0.0, 1, 20, 0])
    for rows, least in ((50, 0.93), (200, 0.93), (1000, 0.93)):
        drawn = [expected_cost(each, rng.multinomial(rows, chances).astype(float), 0, 20) for _ in range(400)]
        held = [one.interval.low <= 1000 * chances @ each <= one.interval.high for one in drawn]
        assert np.mean(held) >= least


def test_a_band_is_judged_by_costs_where_there_are_some():
    """The unsure rows are wrong more often, but the dear mistakes are among the answered ones."""
    truth, answers = np.repeat([1, 0, 0, 1], [10, 30, 20, 140]), np.repeat([0, 1, 1, 1], [10, 30, 20, 140])
    unsure = np.arange(200) < 40
    unsure[:10] = False
    by_mistakes, by_costs = (abstained(truth, answers, unsure, costs) for costs in ((), ((0.0, 1.0), (50.0, 0.0))))
    assert by_mistakes.error < by_mistakes.error_of_all
    assert "does not help" not in by_mistakes.in_words()
    assert by_costs.cost.value == pytest.approx(1000 * (500 + 20) / 170)
    assert by_costs.cost_of_all == pytest.approx(1000 * 550 / 200)
    assert by_costs.in_words().endswith("cost no less, so the band does not help")
    assert dataclasses.replace(by_costs, cost=None, cost_of_all=None) == by_mistakes
