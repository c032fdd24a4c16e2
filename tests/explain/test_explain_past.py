"""The past of a training explained: replays of estimators, runs compared, norms by layer, rows that pushed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import pellucid
from pellucid import (
    EarlyStopping,
    MLPClassifier,
    MLPRegressor,
    NetworkSpec,
    Record,
    TrainingSpec,
    branch,
    compare_runs,
    explain_gradient,
    fit_network,
    gradient_norms,
    nn,
    row_pushes,
)
from pellucid.data.generate import moons
from pellucid.errors import InputError, SpecError
from pellucid.training.fit_network import FittedNetwork

X, y = moons(60, 0.2, 0)
NETWORK = NetworkSpec(2, (5, 4), dropout=(0.3, 0.0))
PLAN = TrainingSpec("bce", "sgd", 0.1, epochs=6, batch_size=16, l1=1e-3, l2=1e-2, seed=2)


@pytest.fixture(scope="module")
def fitted() -> FittedNetwork:
    return fit_network(X, y, NETWORK, PLAN, validation=moons(30, 0.2, 1), record=Record(1, 3))


def titanic(rows: int = 200) -> tuple[pellucid.Table, np.ndarray]:
    table = pellucid.read("titanic").take(np.arange(rows))
    return table.drop(["Survived"]), table["Survived"].values.astype(int)


# ---- replay ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stopping", [False, EarlyStopping(patience=2, fraction=0.3)], ids=["whole", "early stopping"])
@pytest.mark.parametrize("weights", [None, "class weights", "sample weights"])
def test_a_classifier_of_a_table_is_replayed_to_the_bit(stopping: Any, weights: str | None) -> None:
    table, survived = titanic()
    sample_weight = np.arange(200) % 4.0 if weights == "sample weights" else None
    model = MLPClassifier(
        (6,), epochs=8, learning_rate=0.02, dropout=0.1, early_stopping=stopping, random_state=4,
        class_weight="balanced" if weights == "class weights" else None,
    ).fit(table, survived, sample_weight)  # fmt: skip
    replay = pellucid.replay(model, table, survived, sample_weight=sample_weight)
    assert replay.largest_difference == 0
    assert "to the bit" in repr(replay)
    assert replay.names == model.preparation_.names
    assert len(replay.rows) == len(replay.recording.origin.rows.X)
    if sample_weight is not None:
        assert (sample_weight[replay.rows] > 0).all()
    kept = model.history_.kept_epoch
    assert np.array_equal(replay.at(kept).predict_proba(table), model.predict_proba(table))
    assert not np.array_equal(replay.at(1, 2).predict_proba(table), model.predict_proba(table))
    design = model.preparation_.transform(table.take(replay.rows), np.dtype("float32"))
    assert np.array_equal(design, replay.recording.origin.rows.X)


def test_arrays_numbers_and_loaded_models_are_replayed(tmp_path: Any) -> None:
    numbers = np.random.default_rng(0).normal(size=(50, 3))
    answers = numbers @ [1.0, -2.0, 0.5]
    model = MLPRegressor((5,), epochs=5, random_state=np.random.RandomState(0)).fit(numbers, answers)
    assert pellucid.replay(model, numbers, answers).largest_difference == 0
    pellucid.save(model, tmp_path / "m.pellucid")
    loaded = pellucid.load(tmp_path / "m.pellucid")
    assert pellucid.replay(loaded, numbers, answers).largest_difference == 0
    start = {name: value * 0 for name, value in model.parameters_.items()}
    begun = MLPRegressor((5,), epochs=5, random_state=0).fit(numbers, answers, initial=start)
    assert pellucid.replay(begun, numbers, answers, initial=start).largest_difference == 0
    with pytest.raises(InputError, match="another start than the fit had"):
        pellucid.replay(begun, numbers, answers)


def test_a_model_of_climb_is_replayed_from_its_table(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PELLUCID_STATE", str(tmp_path))
    table = pellucid.read("titanic").take(np.arange(0, 891, 4))
    model = pellucid.climb(table, "Survived", seed=1, epochs=6).model
    replay = pellucid.replay(model, table)
    assert replay.largest_difference == 0
    assert 0 < len(replay.rows) < len(table)
    with pytest.raises(InputError, match="this is not the table that the model was trained on"):
        pellucid.replay(model, table.take(np.arange(100)))


def test_replays_that_do_not_come_out_are_refused() -> None:
    model = MLPClassifier((4,), epochs=3, random_state=0).fit(X, y)
    with pytest.raises(
        InputError, match=r"the training did not come out: a parameter differs by .* of the largest one"
    ):
        pellucid.replay(model, X[::-1], y[::-1])
    with pytest.raises(InputError, match="this model knows no table; pass y"):
        pellucid.replay(model, X)
    with pytest.raises(SpecError, match="replay is there to record"):
        pellucid.replay(model, X, y, record=False)
    with pytest.raises(InputError, match="replay takes a fitted MLPClassifier or MLPRegressor, got MLPClassifier"):
        pellucid.replay(MLPClassifier(), X, y)
    model.parameters_ = {name: value * (1 + 1e-6) for name, value in model.parameters_.items()}
    with pytest.raises(InputError, match="tolerance=1e-3 lets small differences pass"):
        pellucid.replay(model, X, y)
    near = pellucid.replay(model, X, y, tolerance=1e-3)
    assert 0 < near.largest_difference < 1e-5
    assert f"to {near.largest_difference:.1e}" in repr(near)
    model.partial_fit(X, y)
    with pytest.raises(InputError, match="trained on by partial_fit"):
        pellucid.replay(model, X, y)


# ---- two runs --------------------------------------------------------------------------------------------------------


def test_two_branches_part_where_they_differ(fitted: FittedNetwork) -> None:
    fast = branch(fitted, 3, learning_rate=0.5).fitted
    compared = compare_runs(fitted, fast, names=("0.1", "0.5"))
    assert (compared.same_until, compared.parted_at) == (3, 4)
    assert [pair.epoch for pair in compared.epochs] == list(range(1, 7))
    assert fitted.recording is not None
    assert fast.recording is not None
    for pair in compared.epochs[2:]:
        a, b = fitted.recording.at(pair.epoch), fast.recording.at(pair.epoch)
        assert pair.distance == pytest.approx(np.sqrt(sum(((a[n] - b[n]) ** 2).sum() for n in a)), rel=1e-12)
        if pair.epoch > 3:
            records = [run.history.epochs[pair.epoch - first] for run, first in ((fitted, 1), (fast, 4))]
            assert pair.training_losses == tuple(r.training_loss for r in records)
            assert pair.validation_losses == tuple(r.validation_loss for r in records)
    assert compared.epochs[0].training_losses[1] is None
    assert "the same bits until epoch 3, apart from epoch 4" in repr(compared)
    assert "validation loss, 0.1" in str(compared)
    assert "<table>" in compared._repr_html_()
    assert json.loads(json.dumps(compared.to_dict()))["parted_at"] == 4
    assert "never part" in repr(compare_runs(fitted, fitted))


def test_an_estimator_branches_by_its_replay() -> None:
    model = MLPClassifier((4,), epochs=6, random_state=0).fit(X, y)
    replay = pellucid.replay(model, X, y)
    other = branch(replay, 2, learning_rate=0.1)
    compared = compare_runs(replay, other.fitted)
    assert (compared.same_until, compared.parted_at) == (2, 3)


def test_runs_that_cannot_be_compared(fitted: FittedNetwork) -> None:
    other = fit_network(X, y, NetworkSpec(2, (3,)), PLAN, record=True)
    with pytest.raises(InputError, match="one is 2-5-4-1, one 2-3-1"):
        compare_runs(fitted, other)
    with pytest.raises(SpecError, match="without a recording"):
        compare_runs(fitted, replace(fitted, recording=None))


# ---- norms -----------------------------------------------------------------------------------------------------------


def test_norms_are_those_of_gradients_and_steps(fitted: FittedNetwork) -> None:
    norms = gradient_norms(fitted)
    assert [one.epoch for one in norms.epochs] == list(range(7))
    assert fitted.recording is not None
    for epoch in (0, 4):
        now = fitted.recording.at(epoch)
        Z, tape = nn.network_forward(X, now, NETWORK.activations)
        value, cache = nn.loss_forward(nn.BCE(), Z, y[:, None].astype(float))
        slopes = nn.penalty_gradients(nn.network_backward(nn.loss_backward(cache), tape), now, PLAN.l1, PLAN.l2)
        for layer, found in enumerate(norms.epochs[epoch].layers):
            own = [name for name in now if name.startswith(f"layers.{layer}.")]
            assert found.gradient == pytest.approx(np.sqrt(sum((slopes[n] ** 2).sum() for n in own)), rel=1e-12)
            assert found.weights == pytest.approx(np.sqrt(sum((now[n] ** 2).sum() for n in own)), rel=1e-12)
            if epoch == 0:
                assert found.update is None
                continue
            before = fitted.recording.at(epoch - 1)
            moved = np.sqrt(sum(((now[n] - before[n]) ** 2).sum() for n in own))
            assert found.update == pytest.approx(moved, rel=1e-12)
        assert norms.epochs[epoch].loss == pytest.approx(value, rel=1e-12)
    assert np.isnan(norms.column("update", 1)[0])
    assert norms.column("gradient", 2)[3] == norms.epochs[3].layers[2].gradient
    assert "gradient 2" in str(norms)
    assert "<table>" in norms._repr_html_()
    assert repr(norms) == "GradientNorms(7 epochs, 3 layers)"
    json.dumps(norms.to_dict(), allow_nan=False)


def test_norms_of_epochs_that_were_not_kept_are_the_same(fitted: FittedNetwork) -> None:
    sparse = fit_network(X, y, NETWORK, PLAN, record=Record(4))
    assert gradient_norms(sparse, [2, 5]).epochs == tuple(gradient_norms(fitted).epochs[k] for k in (2, 5))
    with pytest.raises(SpecError, match="epoch 9 lies outside the training"):
        gradient_norms(sparse, 9)


# ---- pushes ----------------------------------------------------------------------------------------------------------


def test_pushes_of_all_rows_add_up_to_the_gradient(fitted: FittedNetwork) -> None:
    found = row_pushes(fitted, "layers.1.weight[2, 1]", [1, 4], most=60)
    assert fitted.recording is not None
    for one in found.epochs:
        told = explain_gradient(fitted.at(one.epoch), "layers.1.weight[2, 1]", X, y, most_rows=60)
        pushes = {push.row: push.push for push in (*one.up, *one.down)}
        for term in told.terms:
            assert pushes.get(term.row, 0.0) == pytest.approx(-term.term, rel=1e-12, abs=1e-15)
        assert sum(pushes.values()) == pytest.approx(one.push, rel=1e-9)
        assert one.push == pytest.approx(-told.gradient, rel=1e-12)
        assert one.penalty == pytest.approx(-told.penalty, rel=1e-12)
        assert one.value == fitted.recording.at(one.epoch)["layers.1.weight"][2, 1]
        assert [p.push for p in one.up] == sorted((p.push for p in one.up), reverse=True)
        assert all(p.push > 0 for p in one.up)
        assert all(p.push < 0 for p in one.down)


@pytest.mark.parametrize("parameter", ["layers.0.weight[3, 1]", "layers.1.bias[0]", "layers.2.weight[0, 2]"])
def test_the_pushes_of_a_batch_are_the_step_that_the_training_took(fitted: FittedNetwork, parameter: str) -> None:
    """Plain gradient descent: rate times push and penalty, dropout as it was."""
    array, _, place = parameter[:-1].partition("[")
    index = tuple(int(part) for part in place.split(","))
    for epoch, step in [(0, 0), (2, 3), (5, 1)]:
        (one,) = row_pushes(fitted, parameter, epoch, step=step).epochs
        assert fitted.recording is not None
        end = (epoch, step + 1) if step < 3 else (epoch + 1, 0)
        moved = fitted.recording.reach(*end).parameters[array][index] - one.value
        assert moved == pytest.approx(0.1 * (one.push + one.penalty), rel=1e-9, abs=1e-15)
        assert one.rows == (16 if step < 3 else 12)
        assert one.step == step


def test_rows_carry_the_numbers_of_the_table() -> None:
    table, survived = titanic()
    weights = np.where(np.arange(200) < 120, 0.0, 1.0)
    model = MLPClassifier((4,), epochs=3, random_state=0).fit(table, survived, weights)
    replay = pellucid.replay(model, table, survived, sample_weight=weights)
    found = row_pushes(replay, "layers.0.weight[1, Age]", [0, 3])
    column = list(replay.names).index("Age")
    assert found.parameter == f"layers.0.weight[1, {column}]"
    for one in found.epochs:
        then = replay.at(one.epoch)
        for push in (*one.up, *one.down):
            assert push.row >= 120
            assert push.targets == (survived[push.row],)
            probability = then.predict_proba(table.take(np.array([push.row])))[0, 1]
            assert 1 / (1 + np.exp(-push.scores[0])) == pytest.approx(probability, rel=1e-5)
    assert "upwards" in str(found)
    assert "<table>" in found._repr_html_()
    assert repr(found) == f"RowPushes(layers.0.weight[1, {column}] (Age), 2 epochs)"
    assert str(found).startswith(f"layers.0.weight[1, {column}] (Age)\n")
    json.dumps(found.to_dict(), allow_nan=False)


def test_pushes_that_make_no_sense(fitted: FittedNetwork) -> None:
    with pytest.raises(SpecError, match=r"no parameter 'layers\.0\.wieght'; did you mean 'layers\.0\.weight'"):
        row_pushes(fitted, "layers.0.wieght[0, 0]")
    with pytest.raises(SpecError, match="step 4 of epoch 3 does not exist"):
        row_pushes(fitted, "layers.0.bias[0]", 2, step=4)
    with pytest.raises(SpecError, match="no step follows epoch 6, the last of the plan"):
        row_pushes(fitted, "layers.0.bias[0]", 6, step=0)
    with pytest.raises(SpecError, match="most must be a whole number of at least 1 row"):
        row_pushes(fitted, "layers.0.bias[0]", most=0)
    with pytest.raises(SpecError, match=r"pellucid\.replay"):
        row_pushes(MLPClassifier((3,), epochs=1, random_state=0).fit(X, y), "layers.0.bias[0]")
    searched = fit_network(X, y, NetworkSpec(2, (3,)), TrainingSpec("bce", "lbfgs", epochs=3), record=True)
    assert len(row_pushes(searched, "layers.0.bias[0]").epochs) == 4
    with pytest.raises(SpecError, match="L-BFGS looks at all rows many times a step"):
        row_pushes(searched, "layers.0.bias[0]", 1, step=0)


def test_a_branch_is_compared_and_its_fork_shown() -> None:
    long = fit_network(X, y, NETWORK, replace(PLAN, epochs=40), record=True)
    other = branch(long, 17, learning_rate=0.01)
    compared = compare_runs(long, other)
    assert (compared.same_until, compared.parted_at) == (17, 18)
    shown = {line.split()[0] for line in str(compared).splitlines()}
    assert {"17", "18"} <= shown


@pytest.mark.parametrize("epochs", [[2.7], [], True, ["2"], 2.0])
def test_epochs_that_are_none(fitted: FittedNetwork, epochs: Any) -> None:
    with pytest.raises(SpecError, match="epochs must be whole numbers"):
        gradient_norms(fitted, epochs)


@pytest.mark.parametrize(
    ("name", "place"), [("layers.0.weigt", (0, 0)), ("layers.0.weight", (99, 0)), ("layers.0.weight", 0),
                        ("layers.0.bias", 9), ("layers.0.bias", 1.5)]
)  # fmt: skip
def test_a_path_of_no_weight(fitted: FittedNetwork, name: str, place: Any) -> None:
    assert fitted.recording is not None
    with pytest.raises(SpecError, match=r"did you mean 'layers\.0\.weight'|there is no place"):
        fitted.recording.path(name, place)
