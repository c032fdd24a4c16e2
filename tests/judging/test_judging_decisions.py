"""How a ladder's network answers: chosen out of fold, kept in the file, the same through every door."""

import json

import numpy as np
import pytest

import pellucid
from pellucid.data.generate import moons
from pellucid.data.split import Split
from pellucid.errors import InputError, SpecError
from pellucid.judging.abstention import abstained, expected_abstention
from pellucid.judging.out_of_fold import of_arrays
from pellucid.judging.predictions import prediction_columns
from pellucid.judging.threshold_rules import rule_of
from pellucid.judging.thresholds import cross_fitted_thresholds, threshold_of_rows
from pellucid.persistence.model_file import save

OPTIONS = {"threads": 1, "hidden": (4,), "epochs": 4}
PLAN = pellucid.DecisionPlan("f1", unsure=0.2, calibration="platt")
ROWS = 120


def classes(seed=3):
    X, y = moons(rows=ROWS, noise=0.4, seed=seed)
    return {"a": X[:, 0].tolist(), "b": X[:, 1].tolist(), "moon": [f"m{k}" for k in y]}


def numbers(seed=3):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=ROWS)
    return {"x": x.tolist(), "z": rng.normal(size=ROWS).tolist(), "y": (3 * x + rng.normal(size=ROWS)).tolist()}


def seal():
    order = np.random.default_rng(0).permutation(ROWS)
    return Split(np.sort(order[:90]), np.sort(order[90:]), "rows of this test")


@pytest.fixture(scope="module")
def judged(module_state):
    return pellucid.climb(classes(), "moon", seal=seal(), decisions=PLAN, **OPTIONS)


@pytest.fixture(scope="module")
def judged_numbers(module_state):
    return pellucid.climb(numbers(), "y", seal=seal(), **OPTIONS)


def test_everything_that_was_asked_for_is_in_the_record(judged):
    decided = judged.decisions
    assert decided.calibration.method == "platt"
    assert decided.threshold.rule == "f1"
    assert decided.threshold.rows == 90
    assert judged.model.decision_ == decided.decision
    assert judged.model.decision_.threshold == decided.threshold.threshold != 0.5
    assert 0.6 < decided.unsure.coverage < 0.95
    assert judged.test.unsure.rows == 30
    assert len(json.dumps(judged.to_dict())) < 60_000


def test_the_sealed_rows_are_decided_as_the_model_decides(judged):
    table = pellucid.read(classes()).take(seal().held_out)
    hits = judged.model.predict(table.drop(["moon"])) == np.array(classes()["moon"])[seal().held_out]
    assert judged.test["accuracy"].value == hits.mean()


@pytest.mark.parametrize("kind", ["classes", "numbers"])
def test_sealed_rows_have_no_say(kind):
    """With every sealed row turned into nonsense, the model is the same to the last bit."""
    table, target = (classes(), "moon") if kind == "classes" else (numbers(), "y")
    plan = PLAN if kind == "classes" else None
    poisoned = {name: list(values) for name, values in table.items()}
    for row in seal().held_out:
        for name in table:
            if name != target:
                poisoned[name][row] = -7.0 * table[name][row]
        poisoned[target][row] = {"m0": "m1", "m1": "m0"}[table[target][row]] if plan else -table[target][row]
    healthy, other = (pellucid.climb(t, target, seal=seal(), decisions=plan, **OPTIONS) for t in (table, poisoned))
    assert healthy.decisions.to_dict() == other.decisions.to_dict()
    for name, values in healthy.model.parameters_.items():
        assert values.tobytes() == other.model.parameters_[name].tobytes()
    assert healthy.test.scores[0].value != other.test.scores[0].value


def test_a_ladder_that_was_stopped_decides_the_same(judged, state):
    def stop(progress):
        if progress.done == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pellucid.climb(classes(), "moon", seal=seal(), decisions=PLAN, on_progress=stop, **OPTIONS)
    assert list((state / "runs").glob("*.jsonl"))
    again = pellucid.climb(classes(), "moon", seal=seal(), decisions=PLAN, **OPTIONS)
    assert again.decisions.to_dict() == judged.decisions.to_dict()


def test_a_precision_out_of_reach_keeps_the_finished_fits(state):
    table = {**classes(), "a": [0.0] * ROWS, "b": np.random.default_rng(0).normal(size=ROWS).tolist()}
    with pytest.raises(InputError, match="no threshold reaches a precision of 1 "):
        pellucid.climb(table, "moon", seal=seal(), decisions=pellucid.DecisionPlan("precision=1"), **OPTIONS)
    assert list((state / "runs").glob("*.jsonl"))


def test_every_door_gives_the_same_answers(judged, tmp_path):
    table = pellucid.read(classes(8)).drop(["moon"])
    model, loaded = judged.model, pellucid.load(save(judged.model, tmp_path / "m.pellucid"))
    light = pellucid.predictor(tmp_path / "m.pellucid")
    assert loaded.decision_ == model.decision_
    chances = model.predict_proba(table)
    columns = prediction_columns(loaded, table)
    for other in (loaded.predict_proba(table), light.predict_proba(table)):
        assert other.tobytes() == chances.tobytes()
    assert columns["P(m1)"].tobytes() == np.ascontiguousarray(chances[:, 1]).tobytes()
    answers, unsure = model.predict(table), model.is_unsure(table)
    assert answers.tolist() == np.where(chances[:, 1] >= model.decision_.threshold, "m1", "m0").tolist()
    assert 0 < unsure.sum() < ROWS
    for row in range(ROWS):
        cells = {name: table[name].values[row] for name in table.names}
        assert light.predict(cells) == answers[row] == columns["prediction"][row]
        assert light.is_unsure(cells) == unsure[row] == bool(columns["unsure"][row])
    assert light.is_unsure(table).tolist() == loaded.is_unsure(table).tolist() == unsure.tolist()


def test_intervals_through_every_door(judged_numbers, tmp_path):
    table = pellucid.read(numbers(8)).drop(["y"])
    model, loaded = judged_numbers.model, pellucid.load(save(judged_numbers.model, tmp_path / "m.pellucid"))
    light = pellucid.predictor(tmp_path / "m.pellucid")
    columns = prediction_columns(loaded, table)
    assert [name for name in columns if name not in ("prediction", "note")] == [
        "low 80",
        "high 80",
        "low 95",
        "high 95",
    ]
    for level in (0.8, 0.95):
        low, high = model.predict_interval(table, level)
        assert (low < model.predict(table)).all()
        assert columns[f"low {level * 100:g}"].tobytes() == low.tobytes()
        assert light.predict_interval(table, level)[1].tobytes() == high.tobytes()
        one = light.predict_interval({name: table[name].values[5] for name in table.names}, level)
        assert one == pytest.approx((low[5], high[5]))
    covered = judged_numbers.test.coverage
    assert [(each.level, each.rows) for each in covered] == [(0.8, 30), (0.95, 30)]
    assert all(each.interval.low <= each.level for each in covered)
    assert judged_numbers.decisions.intervals.rows == 90


def test_evaluate_tells_coverage_and_abstention_of_new_rows(judged, judged_numbers):
    assert pellucid.evaluate(judged.model, classes(9)).unsure.rows == ROWS
    assert [each.rows for each in pellucid.evaluate(judged_numbers.model, numbers(9)).coverage] == [ROWS, ROWS]


def test_a_new_fit_forgets_the_decision(judged, tmp_path):
    model = pellucid.load(save(judged.model, tmp_path / "m.pellucid"))
    table = pellucid.read(classes())
    model.fit(table.drop(["moon"]), np.array(classes()["moon"]))
    assert model.decision_ == pellucid.Decision()


def test_plans_that_do_not_suit_the_target():
    with pytest.raises(SpecError, match="'y' is a number"):
        pellucid.climb(numbers(), "y", decisions=pellucid.DecisionPlan("f1"), **OPTIONS)
    three = {**classes(), "moon": ["a", "b", "c"] * 40}
    with pytest.raises(SpecError, match="two classes, and there are 3"):
        pellucid.climb(three, "moon", decisions=pellucid.DecisionPlan("f1"), **OPTIONS)
    with pytest.raises(SpecError, match="decisions must be a DecisionPlan"):
        pellucid.climb(three, "moon", decisions="f1", **OPTIONS)
    for unsure in (0, 1, True, "0.1"):
        with pytest.raises(SpecError, match="share of rows"):
            pellucid.DecisionPlan(unsure=unsure)


def test_several_classes_may_be_unsure_too():
    rng = np.random.default_rng(1)
    x = rng.normal(size=ROWS)
    table = {
        "x": x.tolist(),
        "y": np.array(["a", "b", "c"])[np.digitize(x + rng.normal(size=ROWS) / 2, [-0.5, 0.5])].tolist(),
    }
    found = pellucid.climb(table, "y", decisions=pellucid.DecisionPlan(unsure=0.3), **OPTIONS)
    assert found.decisions.calibration.method in ("none", "temperature")
    assert 0.5 < found.decisions.unsure.coverage < 0.9


def test_a_band_whose_answered_rows_are_no_better_is_told_to_be_no_help():
    wrong, unsure = np.arange(100) % 5 == 0, np.arange(100) < 50
    truth = np.zeros(100, dtype=int)
    assert "no better" in abstained(truth, wrong.astype(int), unsure).in_words()
    assert "no better" not in abstained(truth, (wrong & unsure).astype(int), unsure).in_words()


def test_the_band_and_the_threshold_expect_the_same_of_all_rows():
    rng = np.random.default_rng(4)
    truth = rng.integers(0, 2, 60)
    second = np.clip(0.3 * truth + rng.random(60) * 0.7, 0, 1)
    rows = of_arrays(np.stack([1 - second, second], axis=1), np.arange(60) % 5)
    rule = rule_of({"fp": 1, "fn": 5})
    choice = threshold_of_rows(truth, rows, rule)
    thresholds = cross_fitted_thresholds(truth, rows, rule, choice.threshold)
    assert len(np.unique(thresholds)) > 1
    decided = pellucid.Decision(choice.threshold, costs=rule.costs.matrix)
    found = expected_abstention(truth, rows, decided, thresholds, 0.1)
    assert found.cost_of_all == pytest.approx(choice.expected["cost of 1,000 cases"].value)
    assert found.error_of_all == pytest.approx(1 - choice.expected["accuracy"].value)
