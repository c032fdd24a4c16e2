import copy
import json
from dataclasses import replace

import numpy as np
import pytest
from test_judging_climb import QUICK, houses, people

import pellucid
from pellucid.errors import InputError, SpecError
from pellucid.judging.comparison import compare_predictions, needed_rows
from pellucid.judging.fold_comparison import split_variance
from pellucid.judging.truth import Truth
from pellucid.metrics import mcnemar, paired_delong, paired_t_test


@pytest.fixture(scope="module")
def pair(module_state):
    """Two networks of one table and one seed, so that the same rows are sealed."""
    options = {**QUICK, "epochs": 5}
    return tuple(pellucid.climb(people(300), "y", inputs=inputs, **options).model for inputs in (["x"], ["z"]))


def second_classes(shares):
    second = np.asarray(shares, dtype=float)
    return np.stack([1 - second, second], axis=1)


def test_sealed_rows_when_it_is_the_training_table_of_both(pair, state):
    found = pellucid.compare(*pair, people(300), names=("by x", "by z"))
    assert (found.rows, found.rows_scored, found.look) == (60, "sealed rows", 1)
    assert [d.figure for d in found.differences] == ["log loss", "accuracy", "AUC"]
    assert found["AUC"].better == "by x"
    assert found["AUC"].sentence.startswith("by x is better than by z: AUC higher by")
    assert found.verdict == found["log loss"].sentence
    assert found.findings == ()
    assert len((state / "looks.jsonl").read_text().splitlines()) == 1
    assert json.loads(json.dumps(found.to_dict()))["names"] == ["by x", "by z"]
    assert "McNemar" in str(found)


def test_each_model_answers_by_its_own_threshold(pair):
    bold = copy.copy(pair[0])
    bold.decision_ = replace(bold.decision_, threshold=0.1)
    table = people(200, 7)
    found = pellucid.compare(bold, pair[1], table)
    for value, model in zip((found["accuracy"].first, found["accuracy"].second), (bold, pair[1]), strict=True):
        inputs = {name: values for name, values in table.items() if name != "y"}
        assert value == pytest.approx(np.mean(model.predict(inputs) == np.array(table["y"])))
    assert found["accuracy"].first != pellucid.compare(*pair, table)["accuracy"].first
    assert pellucid.slices(bold, table).score == pytest.approx(found["accuracy"].first)


def test_swapping_the_models_turns_the_signs(pair):
    there = pellucid.compare(*pair, people(200, 7))
    back = pellucid.compare(*pair[::-1], people(200, 7))
    for one, other in zip(there.differences, back.differences, strict=True):
        assert one.difference == pytest.approx(-other.difference)
        assert one.test.p_value == pytest.approx(other.test.p_value)
        assert one.interval.low == pytest.approx(-other.interval.high)
    assert (there.rows, there.rows_scored, there.look) == (200, "new rows", None)


def test_all_rows_say_who_learned_from_how_many(pair):
    found = pellucid.compare(*pair, people(300), all_rows=True, names=("A", "B"))
    assert (found.rows, found.rows_scored, found.look) == (300, "all rows", None)
    assert found.findings[0].code == "OPTIMISTIC"
    assert "A has learned from 240 and B has learned from 240" in found.findings[0].seen


def test_other_seeds_leave_the_rows_that_both_have_sealed(pair):
    other = pellucid.climb(people(300), "y", seed=5, **QUICK).model
    found = pellucid.compare(pair[0], other, people(300))
    assert 0 < found.rows < 30
    assert found.findings == ()
    few = pellucid.climb(people(60), "y", seed=5, **QUICK).model
    fewer = pellucid.climb(people(60), "y", seed=6, **QUICK).model
    with pytest.raises(InputError, match="new to both models; 10 are the least"):
        pellucid.compare(few, fewer, people(60))


def test_one_model_of_another_table(pair):
    stranger = pellucid.climb(people(200, 3), "y", **QUICK).model
    found = pellucid.compare(pair[0], stranger, people(300), names=("A", "B"))
    assert (found.rows, found.rows_scored) == (60, "sealed rows")
    assert [finding.code for finding in found.findings] == ["OTHER_TABLE"]
    assert found.findings[0].seen.startswith("B")


def test_a_model_with_itself(pair):
    found = pellucid.compare(pair[0], pair[0], people(200, 7), names=("m", "m"))
    assert found.names == ("m (first)", "m (second)")
    assert found.verdict == "No difference: m (first) and m (second) predict the same on all 200 rows"
    assert [finding.code for finding in found.findings] == ["SAME_PREDICTIONS"]
    assert {d.test.p_value for d in found.differences} == {1.0}
    assert found["log loss"].rows_needed is None


def test_models_that_cannot_be_compared(pair):
    prices = pellucid.climb(houses(), "price", **QUICK).model
    with pytest.raises(InputError, match="predicts 'price'"):
        pellucid.compare(pair[0], prices, people())
    three = {**people(200), "y": ["a", "b", "c", "a"] * 50}
    classes = pellucid.climb(three, "y", **QUICK).model
    with pytest.raises(InputError, match="holds 'no'"):
        pellucid.compare(pair[0], classes, people(200, 7))
    with pytest.raises(InputError, match="B must be a fitted"):
        pellucid.compare(pair[0], object(), people(), names=("A", "B"))
    with pytest.raises(SpecError, match="A is fitted and B is not"):
        pellucid.compare(pair[0], pellucid.MLPClassifier(), people(), names=("A", "B"))
    with pytest.raises(SpecError, match="two texts"):
        pellucid.compare(*pair, people(), names="AB")


def test_numbers_are_compared_by_their_errors():
    rng = np.random.default_rng(0)
    truth = Truth("price", "regression", rng.normal(size=200), (), "")
    near, far = (truth.values + spread * rng.normal(size=200) for spread in (0.1, 1))
    found = compare_predictions(truth, near, far, names=("near", "far"))
    assert [d.figure for d in found.differences] == ["mean squared error", "mean absolute error"]
    assert found.verdict.startswith("near is better than far: mean squared error lower by")
    peer = paired_t_test((truth.values - near) ** 2, (truth.values - far) ** 2)
    assert found["mean squared error"].test == peer


def test_the_figures_are_those_of_the_tests():
    rng = np.random.default_rng(1)
    truth = Truth("y", "classification", rng.integers(0, 2, size=150), ("no", "yes"), "")
    one, other = (second_classes(rng.uniform(0.05, 0.95, size=150)) for _ in range(2))
    found = compare_predictions(truth, one, other)
    assert found["AUC"].test == paired_delong(truth.values, one[:, 1], other[:, 1])
    assert found["accuracy"].test == mcnemar(truth.values, one[:, 1] >= 0.5, other[:, 1] >= 0.5)
    assert found["accuracy"].sentence.startswith("No evidence of a difference: accuracy")
    assert "test rows would be needed to see one point" in found["accuracy"].sentence


def test_so_many_rows_really_show_the_difference():
    """Power by simulation: with the rows said to be needed, 4 of 5 comparisons see the difference."""
    rng = np.random.default_rng(2)
    first = rng.normal(size=500)
    second = first + 0.5 * rng.normal(size=500)
    needed = needed_rows(paired_t_test(first, second), 0.1)
    assert needed == pytest.approx(2.8016**2 * 0.25 / 0.01, rel=0.15)
    seen = []
    for _ in range(400):
        change = 0.1 + 0.5 * rng.normal(size=needed)
        seen.append(paired_t_test(change, np.zeros(needed)).p_value < 0.05)
    assert np.mean(seen) == pytest.approx(0.8, abs=0.07)


def test_one_class_in_the_truth_has_no_area():
    truth = Truth("y", "classification", np.zeros(50, dtype=int), ("no", "yes"), "")
    rng = np.random.default_rng(3)
    one, other = (second_classes(rng.uniform(0.1, 0.9, size=50)) for _ in range(2))
    assert [d.figure for d in compare_predictions(truth, one, other).differences] == ["log loss", "accuracy"]


def test_three_rows_of_a_class_are_no_test_of_areas():
    rng, values = np.random.default_rng(0), np.repeat([0, 1], [60, 3])
    truth = Truth("y", "classification", values, ("no", "yes"), "")
    found = compare_predictions(truth, second_classes(rng.random(63)), second_classes(rng.random(63)))["AUC"]
    assert found.interval is None
    assert found.better == ""
    assert found.sentence.startswith("Not tested: AUC ")
    assert "3 rows of one class, and 5 are needed" in found.sentence


def test_predictions_that_are_no_numbers_are_refused():
    truth = Truth("price", "regression", np.arange(20.0), (), "")
    broken = np.where(np.arange(20) == 4, np.nan, 1.0)
    with pytest.raises(InputError, match="row 4 is nan"):
        compare_predictions(truth, broken, np.ones(20))


def test_plans_are_compared_over_folds_and_seeds():
    linear = pellucid.MLPClassifier(hidden_layer_sizes=(), epochs=5)
    idle = pellucid.MLPClassifier(hidden_layer_sizes=(), epochs=1, learning_rate=1e-6)
    found = pellucid.compare(linear, idle, people(200), target="y", names=("five", "none"), folds=4, seeds=2)
    assert (found.rows, found.rows_scored, found.look) == (200, "out of fold", None)
    assert found["log loss"].test.name == "corrected resampled t-test"
    assert found["AUC"].difference > 0
    variance = found.variance
    assert (variance.seeds, variance.folds) == (2, 4)
    assert sum(variance.shares.values()) == pytest.approx(1)
    assert min(variance.seed, variance.split, variance.sample) >= 0
    assert pellucid.compare(linear, idle, people(200), target="y", folds=3, seeds=1).variance is None
    with pytest.raises(SpecError, match="seeds must differ"):
        pellucid.compare(linear, idle, people(200), target="y", seeds=[1, 1])
    with pytest.raises(SpecError, match="pass target"):
        pellucid.compare(linear, idle, people(200))


def test_the_spread_is_split_as_it_was_made():
    """Row effects of variance 4, seeds of 0.5, folds of 0.3, over 100 rows a fold."""
    rng = np.random.default_rng(4)
    changes = [
        rng.normal(scale=2, size=100)[None, :]
        + rng.normal(scale=np.sqrt(0.5), size=(8, 1))
        + rng.normal(scale=np.sqrt(0.3))
        for _ in range(300)
    ]
    found = split_variance(changes, "log loss")
    assert found.sample == pytest.approx(4 / 100, rel=0.1)
    assert found.seed == pytest.approx(0.5, rel=0.1)
    assert found.split == pytest.approx(0.3, rel=0.3)
