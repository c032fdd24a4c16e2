"""A ledger at a moment of a recorded training: its parameters, its batch, the optimizer's memory, the step it took."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import pellucid
from pellucid import NetworkSpec, Record, TrainingSpec, fit_network, ledger, nn
from pellucid.errors import InputError, SpecError

RNG = np.random.default_rng(3)
X = RNG.standard_normal((20, 3))
y = (X[:, 0] + 0.3 * RNG.standard_normal(20) > 0).astype(float)
PLAN = TrainingSpec(
    "bce", nn.Adam(schedule="cosine", clip_norm=0.5), 0.05, epochs=6, batch_size=8, l2=0.01, seed=2, dtype="float64"
)


def recorded(**plan: Any) -> pellucid.FittedNetwork:
    spec = TrainingSpec(**{**PLAN.__dict__, **plan})
    return fit_network(X, y, NetworkSpec(3, (5, 4), dropout=(0.3, 0.0)), spec, record=Record(1, 2))


@pytest.fixture(scope="module")
def fitted() -> pellucid.FittedNetwork:
    return recorded()


@pytest.mark.parametrize(("epoch", "step"), [(0, 0), (3, 1), (4, 2), (5, 2)])
def test_the_step_is_the_one_that_the_training_took(fitted: pellucid.FittedNetwork, epoch: int, step: int) -> None:
    recording = fitted.recording
    before = recording.reach(epoch, step)
    after = recording.reach(epoch, step + 1) if step < 2 else recording.reach(epoch + 1)
    found = ledger(fitted, 7, X, target=y[7], epoch=epoch, step=step)
    taken = found.backward.step
    for name, change in taken.made.items():
        assert np.array_equal(change, after.parameters[name] - before.parameters[name])
        assert taken.change[name] == pytest.approx(change, rel=1e-8, abs=1e-13)
    assert taken.steps_before == before.snapshot.step
    assert taken.rate == recording.origin.rates[epoch, step] < 0.05 + 1e-12
    assert np.array_equal(found.layers[0].weight, before.parameters["layers.0.weight"])
    batch = found.backward.batch
    assert batch.rows == (8, 8, 4)[step]
    assert batch.share == pytest.approx(1 / batch.rows if 7 in batch.numbers else 0)
    text = " ".join(found.text().split())
    assert "The step that the training took" in text
    assert "with dropout as it was" in text
    assert "took this step, in float64; computed again here no change differs" in text
    assert ("this row is none of them" in text) == (7 not in batch.numbers)
    assert ("fresh" in text) == (epoch == step == 0)


def test_an_estimator_is_opened_at_a_moment_by_its_replay() -> None:
    table = pellucid.read("titanic").take(np.arange(80))
    survived = table["Survived"].values.astype(int)
    inputs = table.drop(["Survived"])
    model = pellucid.MLPClassifier((4,), epochs=4, batch_size=16, random_state=1, class_weight="balanced")
    replay = pellucid.replay(model.fit(inputs, survived), inputs, survived)
    found = ledger(replay, 5, table, target=survived[5], epoch=2, step=3)
    assert found.answer.probabilities == pytest.approx(replay.at(2, 3).predict_proba(inputs.take([5]))[0], abs=1e-6)
    taken, batch = found.backward.step, found.backward.batch
    for name, made in taken.made.items():
        assert taken.change[name] == pytest.approx(made, abs=1e-6)
    rows = [ledger(replay, row, table, target=survived[row], epoch=2, step=3) for row in batch.numbers[:2]]
    assert all(row.backward.batch.share > 0 for row in rows)
    # Without an epoch the memory is that of the end, which is that of the model; the model alone says how to get it.
    assert ledger(replay, 5, table, target=survived[5]).backward.step.steps_before == 4 * 5
    assert "pellucid.replay(model, X, y)" in ledger(model, 5, table, target=survived[5]).text(width=1000)


def test_an_earlier_epoch_that_was_kept_has_its_memory() -> None:
    spec = TrainingSpec(**{**PLAN.__dict__, "learning_rate": 0.5, "epochs": 30, "patience": 30})
    held = (X, RNG.standard_normal(20) > 0)
    for record in (Record(1, 1), Record(1, 50), None):
        model = fit_network(X, y, NetworkSpec(3, (5,)), spec, validation=held, record=record)
        kept = model.history.kept_epoch
        assert 0 < kept < 30
        found = ledger(model, X[0], target=y[0])
        text = found.text(width=1000)
        if record == Record(1, 1):
            assert found.backward.step.steps_before == 3 * kept
            assert f"after {3 * kept} steps" in text
        else:
            assert found.backward.step.steps_before == 0
            assert ("with epoch (and step) the recording gives it" in text) == (record is not None)
            assert ("record=True in fit_network" in text) == (record is None)
        assert "not kept in a model" not in text


def test_after_the_end_the_row_is_a_batch_of_one_with_the_memory_of_the_end(fitted: pellucid.FittedNetwork) -> None:
    found = ledger(fitted, X[0], target=y[0], epoch=6)
    assert found.backward.batch is None
    assert found.backward.step.steps_before == 18
    assert found.backward.step.made == {}
    lbfgs = fit_network(X, y, NetworkSpec(3), TrainingSpec("bce", "lbfgs", epochs=5), record=True)
    assert "no single step" in ledger(lbfgs, X[0], target=y[0], epoch=2).text()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"step": 1}, "give epoch too"),
        ({"epoch": 6, "step": 0}, "ended with epoch 6"),
        ({"epoch": 7}, "outside the training"),
        ({"epoch": 2, "step": 3}, "an epoch has 3 steps"),
        ({"epoch": 2.5}, "epoch must be a whole number"),
        ({"epoch": 2, "step": "1"}, "step must be a whole number"),
        ({"epoch": 2, "batch": (X, y)}, "leave batch out"),
        ({"epoch": 2, "parameters": {}}, "leave parameters out"),
    ],
)
def test_moments_that_do_not_exist(fitted: pellucid.FittedNetwork, options: dict[str, Any], words: str) -> None:
    with pytest.raises(SpecError, match=words):
        ledger(fitted, X[0], target=y[0], **options)


def test_a_network_without_a_past() -> None:
    model = fit_network(X, y, NetworkSpec(3), PLAN)
    with pytest.raises(SpecError, match="without a recording"):
        ledger(model, X[0], epoch=1)
    with pytest.raises(InputError, match="expected a fitted"):
        ledger(3, X[0], epoch=1)


# ---- other parameters, rows by number, class weights, plain networks ------------------------------------------------


def test_other_parameters_take_the_place_of_the_models_own(fitted: pellucid.FittedNetwork) -> None:
    then = fitted.recording.at(2)
    found = ledger(fitted, X[0], target=y[0], parameters=then)
    assert found.layers[-1].z == pytest.approx(fitted.at(2).scores(X[:1])[0], rel=1e-12)
    assert "that were given" in found.text()
    assert ledger(fitted, X[0], target=y[0], epoch=2).layers[-1].z == pytest.approx(found.layers[-1].z, rel=1e-12)
    formula = pellucid.local_formula(fitted, 0, X, parameters=then)
    assert formula.to_dict() == pellucid.local_formula(fitted.at(2), 0, X).to_dict()
    units = pellucid.hidden_units(fitted, X, y, parameters=then)
    assert units.to_dict() == pellucid.hidden_units(fitted.at(2), X, y).to_dict()
    assert units.to_dict() != pellucid.hidden_units(fitted, X, y).to_dict()
    for take in (ledger, pellucid.local_formula):
        with pytest.raises(SpecError, match="parameters lack"):
            take(fitted, X[0], parameters={})


def test_class_weights_are_the_weight_of_the_row() -> None:
    model = pellucid.MLPClassifier((2,), epochs=1, random_state=0, class_weight={0.0: 1, 1.0: 5}).fit(X, y)
    for truth in (0.0, 1.0):
        found = ledger(model, X[0], target=truth)
        assert found.backward.row_weight == (5 if truth else 1)
        assert ("this row weighs 5 in a batch" in " ".join(found.text().split())) == bool(truth)


def test_a_row_is_asked_for_by_its_number() -> None:
    model = pellucid.MLPClassifier((2,), epochs=1, random_state=0)
    table = pellucid.read("titanic").take(np.arange(40))
    model.fit(table.drop(["Survived"]), table["Survived"].values.astype(int))
    assert ledger(model, 3, table).to_dict() == ledger(model, table.row(3)).to_dict()
    for row, rows, words in (
        (5, None, "row 5 of what"),
        (40, table, "numbered 0 to 39"),
        (X[0], X, "row is the number"),
        ("hello", None, "got the text 'hello'"),
    ):
        with pytest.raises(InputError, match=words):
            ledger(model, row, rows)
    with pytest.raises(InputError, match="the model that it was made of"):
        ledger(pellucid.predictor(model), table.row(3))


def test_a_plain_network_comes_to_an_answer() -> None:
    binary = fit_network(X, y, NetworkSpec(3), TrainingSpec("bce", epochs=5))
    for row in range(4):
        answer = ledger(binary, X[row]).answer
        assert (answer.threshold, answer.decision) == (0.5, int(binary.predict(X[row : row + 1])[0, 0] >= 0.5))
    codes = np.arange(20) % 3
    several = fit_network(X, codes, NetworkSpec(3, (), 3), TrainingSpec("softmax_cross_entropy", epochs=5))
    found = ledger(several, X[0])
    assert (found.answer.threshold, found.answer.decision) == (None, int(several.predict(X[:1]).argmax()))
    assert "the most probable" in found.text()


@pytest.mark.parametrize(
    "optimizer",
    [
        nn.Adam(),
        nn.AdamW(),
        nn.RMSprop(),
        nn.RMSprop(momentum=0.9),
        nn.SGD(momentum=0.9),
        nn.SGD(momentum=0.9, nesterov=True),
    ],
    ids=str,
)
def test_the_largest_change_of_a_recorded_step_can_be_followed_in_the_text(optimizer: nn.Optimizer) -> None:
    found = ledger(recorded(optimizer=optimizer, epochs=2), 3, X, target=y[3], epoch=1, step=1)
    text = " ".join(found.text().split())
    worked = text.split("Worked out for the ")[1].split("change = ")[1].split(". The ")[0]
    formula, change = worked.split(" = ")
    # With the numbers as they are written, by the signs as they are written.
    formula = re.sub(r"√([\d.e-]+)", r"(\1) ** 0.5", formula.replace("×", "*"))
    largest = max((float(c) for v in found.backward.step.change.values() for c in v.ravel()), key=abs)
    assert float(change) == pytest.approx(largest, rel=1e-5)
    assert eval(formula) == pytest.approx(largest, rel=1e-4)


def test_a_fresh_memory_needs_nothing_worked_out_and_a_kept_one_gives_no_answer_away() -> None:
    fitted = recorded(optimizer=nn.Adam(), l2=0.0)
    assert "Worked out" not in ledger(fitted, 3, X, target=y[3], epoch=0).text()
    found = ledger(fitted, 3, X, target=y[3])
    for unit in ("0.0", "1.0", "2.0"):
        assert "Worked out for" in found.text(unit=unit)
        made = found.worksheet(unit=unit)
        said = " ".join(made.sheet.split()).split("Worked out for")[1].split("change =")[0]
        assert "your (" in said or "+ 0.1 × 0 " in said
