"""What comes back from a file is what went in, to the last bit."""

import json
import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import pellucid
from pellucid.errors import FileError, InputError, SpecError
from pellucid.nn.activations import ACTIVATIONS, Activation
from pellucid.nn.losses import LOSSES, MSE
from pellucid.nn.optimizers import OPTIMIZERS, Adam
from pellucid.nn.schedules import SCHEDULES, Cosine, WarmUp
from pellucid.preprocessing.recipes import (
    SCALES,
    CategoryRecipe,
    DateRecipe,
    NumberRecipe,
    PreparationSpec,
)
from pellucid.spec import EarlyStopping, TrainingSpec

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 3))
X[4, 1] = np.nan


def mixed(rows=60):
    rng = np.random.default_rng(1)
    return {
        "size": [None if k == 3 else float(v) for k, v in enumerate(rng.lognormal(size=rows))],
        "color": [None if k == 5 else str(c) for k, c in enumerate(rng.choice(["red", "grün", 'b"l\\ue'], rows))],
        "day": [str(np.datetime64("2024-01-01") + int(k)) for k in range(rows)],
        "grade": rng.integers(1, 5, rows).tolist(),
    }


def answers(model, rows):
    """Everything that the model says about rows."""
    said = [model.predict(rows)]
    return [*said, model.predict_proba(rows)] if hasattr(model, "classes_") else said


def check_round_trip(model, rows, folder):
    path = pellucid.save(model, folder / "model.pellucid")
    loaded = pellucid.load(path)
    assert type(loaded) is type(model)
    for before, after in zip(answers(model, rows), answers(loaded, rows), strict=True):
        assert before.dtype == after.dtype
        np.testing.assert_array_equal(before, after)
    assert list(loaded.parameters_) == list(model.parameters_)
    for name, value in model.parameters_.items():
        assert loaded.parameters_[name].dtype == value.dtype
        np.testing.assert_array_equal(loaded.parameters_[name], value)
    assert loaded.network_ == model.network_
    assert loaded.training_.to_dict() == TrainingSpec.from_dict(model.training_.to_dict()).to_dict()
    assert loaded.preparation_ == model.preparation_
    assert loaded.history_ == model.history_
    assert loaded.n_features_in_ == model.n_features_in_
    again = pellucid.save(loaded, folder / "again.pellucid")
    assert again.read_bytes() == path.read_bytes()
    return loaded


LABELS = {
    "int": np.array([0, 1]),
    "negative int32": np.array([-5, 7], dtype=np.int32),
    "uint8": np.array([2, 200], dtype=np.uint8),
    "float": np.array([1.0, 2.0]),
    "float32": np.array([1.0, 2.0], dtype=np.float32),
    "bool": np.array([False, True]),
    "str": np.array(["no", "yes, sir"]),
    "unicode": np.array(["ja", "nö\n"]),
    "three": np.array(["a", "b", "c"]),
    "three ints": np.array([3, 10, 200]),
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_labels_of_every_type(labels, tmp_path):
    y = labels[np.arange(60) % len(labels)]
    model = pellucid.MLPClassifier((5,), epochs=3, random_state=0).fit(X, y)
    loaded = check_round_trip(model, X, tmp_path)
    assert loaded.classes_.dtype == model.classes_.dtype
    assert loaded.classes_.tolist() == model.classes_.tolist()


def test_several_labels_at_once(tmp_path):
    model = pellucid.MLPClassifier((5,), epochs=3, random_state=0).fit(X, RNG.integers(0, 2, (60, 3)))
    assert check_round_trip(model, X, tmp_path).multilabel_ is True


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("transform", ["standardize", "none", "log1p_standardize"])
def test_regression(outputs, transform, tmp_path):
    y = np.exp(RNG.normal(size=(60, outputs)))
    model = pellucid.MLPRegressor((5,), epochs=3, random_state=0, target_transform=transform)
    model.fit(X, y[:, 0] if outputs == 1 else y)
    loaded = check_round_trip(model, X, tmp_path)
    assert loaded.predict(X).shape == ((60,) if outputs == 1 else (60, outputs))
    assert loaded.target_transform == transform


@pytest.mark.parametrize("scale", SCALES)
def test_every_scaling_on_a_table_of_all_kinds(scale, tmp_path):
    spec = PreparationSpec(
        numbers=NumberRecipe(scale=scale, log1p="auto", levels=True),
        categories=CategoryRecipe(encoding="ordinal" if scale == "robust" else "one_hot"),
        dates=DateRecipe(parts=("year", "weekday", "elapsed"), numbers=NumberRecipe(scale=scale)),
    )
    table = pellucid.read(mixed())
    model = pellucid.MLPClassifier((4,), epochs=2, preparation=spec, random_state=0).fit(table, np.arange(60) % 2)
    check_round_trip(model, table, tmp_path)


@pytest.mark.parametrize("unknown", ["error", "zeros"])
def test_categories_that_refuse_or_fill(unknown, tmp_path):
    recipe = CategoryRecipe(handle_unknown=unknown, impute="mode" if unknown == "zeros" else "level")
    spec = PreparationSpec(categories=recipe, columns={"grade": CategoryRecipe(handle_unknown=unknown)})
    table = pellucid.read(mixed())
    model = pellucid.MLPRegressor((), epochs=2, preparation=spec, random_state=0).fit(table, np.arange(60.0))
    check_round_trip(model, table, tmp_path)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation(name, tmp_path):
    model = pellucid.MLPClassifier((4, 3), activation=(name, "relu"), dropout=(0.2, 0.0), epochs=2, random_state=0)
    check_round_trip(model.fit(X, np.arange(60) % 2), X, tmp_path)


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss(name, tmp_path):
    kind = LOSSES[name]
    settings = {"bce": {"pos_weight": 2.0}, "huber": {"delta": 0.5}, "softmax_cross_entropy": {"label_smoothing": 0.1}}
    loss = kind(**settings.get(name, {}))
    if loss.link == "identity":
        model = pellucid.MLPRegressor((4,), loss=loss, epochs=2, random_state=0).fit(X, X[:, 0])
    else:
        classes = 3 if loss.link == "softmax" else 2
        model = pellucid.MLPClassifier((4,), loss=loss, epochs=2, random_state=0).fit(X, np.arange(60) % classes)
    assert check_round_trip(model, X, tmp_path).loss == loss


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer(name, tmp_path):
    model = pellucid.MLPClassifier((4,), optimizer=name, epochs=3, weight_decay=0.01, random_state=0)
    loaded = check_round_trip(model.fit(X, np.arange(60) % 2), X, tmp_path)
    refitted = loaded.fit(X, np.arange(60) % 2)
    for key, value in model.parameters_.items():
        np.testing.assert_array_equal(refitted.parameters_[key], value)


@pytest.mark.parametrize("schedule", [*SCHEDULES, WarmUp(epochs=2, then=Cosine())], ids=str)
def test_every_schedule(schedule, tmp_path):
    optimizer = Adam(beta_2=0.95, clip_norm=1.0, schedule=schedule)
    model = pellucid.MLPClassifier((4,), optimizer=optimizer, epochs=3, random_state=0)
    check_round_trip(model.fit(X, np.arange(60) % 2), X, tmp_path)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_type_of_the_arithmetic_is_kept(dtype, tmp_path):
    model = pellucid.MLPClassifier((4,), epochs=2, random_state=0).fit(X.astype(dtype), np.arange(60) % 2)
    assert str(check_round_trip(model, X.astype(dtype), tmp_path).parameters_["layers.0.weight"].dtype) == dtype


def test_early_stopping_and_a_history_with_validation(tmp_path):
    stopping = EarlyStopping(patience=2, min_delta=1e-3)
    model = pellucid.MLPClassifier((4,), epochs=30, early_stopping=stopping, random_state=0).fit(X, np.arange(60) % 2)
    loaded = check_round_trip(model, X, tmp_path)
    assert loaded.early_stopping == EarlyStopping(patience=2, min_delta=1e-3)
    assert loaded.n_iter_ == model.n_iter_


def test_a_loaded_model_goes_on_like_the_first(tmp_path):
    y = np.arange(60) % 2
    model = pellucid.MLPClassifier((4,), optimizer="sgd", epochs=2, random_state=0).fit(X, y)
    loaded = pellucid.load(pellucid.save(model, tmp_path / "m.pellucid"))
    for one in (model, loaded):  # plain SGD has no state, so both walk the same way
        one.partial_fit(X, y)
    for name, value in model.parameters_.items():
        np.testing.assert_array_equal(loaded.parameters_[name], value)
    regressor = pellucid.MLPRegressor((4,), epochs=2, random_state=0).fit(X, X[:, 0])
    loaded = pellucid.load(pellucid.save(regressor, tmp_path / "r.pellucid"))
    before = loaded.predict(X)
    assert not np.array_equal(loaded.partial_fit(X, X[:, 0]).predict(X), before)
    assert np.array_equal(regressor.predict(X), before)


def test_a_loaded_model_can_be_pickled_and_changed(tmp_path):
    model = pellucid.MLPClassifier((4,), epochs=2, random_state=0).fit(X, np.arange(60) % 2)
    loaded = pellucid.load(pellucid.save(model, tmp_path / "m.pellucid"))
    copy = pickle.loads(pickle.dumps(loaded))
    np.testing.assert_array_equal(copy.predict_proba(X), model.predict_proba(X))
    loaded.parameters_["layers.0.weight"][0, 0] = 0.0  # its arrays are its own


def test_the_same_model_gives_the_same_bytes(tmp_path):
    y = np.arange(60) % 3
    content = set()
    for k in range(12):
        model = pellucid.MLPClassifier((4,), epochs=2, random_state=0).fit(X, y)
        content.add(pellucid.save(model, tmp_path / f"{k}.pellucid").read_bytes())
    assert len(content) == 1


@pytest.fixture(scope="module")
def titanic(module_state):
    return pellucid.climb("titanic", "Survived", epochs=5, max_seconds=0)


def test_a_judged_model_of_titanic(titanic, tmp_path):
    table = pellucid.read("titanic")
    loaded = check_round_trip(titanic.model, table, tmp_path)
    assert loaded.card_ == titanic.card
    scored = pellucid.evaluate(loaded, "titanic")
    assert (scored.rows_scored, scored.scores) == ("sealed rows", titanic.test.scores)
    assert (tmp_path / "model.pellucid").stat().st_size < 100_000


def test_no_rare_level_identifier_or_row_is_in_the_file(titanic, tmp_path):
    content = pellucid.save(titanic.model, tmp_path / "model.pellucid").read_bytes()
    table = pellucid.read("titanic")
    for name in ("Name", "Ticket", "Cabin"):
        levels, counts = np.unique(table[name].objects()[~table[name].missing].astype(str), return_counts=True)
        for level in levels[counts < 5]:
            if len(level) > 6:  # "A5" or 2649 may stand in a checksum or a number by chance
                assert json.dumps(level)[1:-1].encode() not in content


def test_a_rare_level_of_the_winning_rule_stays_out(tmp_path):
    """The finding that names the rule is in the card, and so in the file."""
    rng = np.random.default_rng(0)
    kind = np.array(["often a", "often b"] * 60, dtype=object)
    y = (kind == "often a").astype(int)
    kind[:3] = "a name that stands three times"
    table = {"kind": kind.tolist(), "noise": rng.normal(size=120).tolist(), "y": y.tolist()}
    found = pellucid.climb(table, "y", inputs=("noise",), epochs=2, hidden=(), max_seconds=0)
    content = pellucid.save(found.model, tmp_path / "m.pellucid").read_bytes()
    assert b"often a" in content
    assert b"three times" not in content


def test_the_metadata_is_one_json_text_that_others_can_read(titanic, tmp_path):
    from safetensors import safe_open

    path = pellucid.save(titanic.model, tmp_path / "m.pellucid")
    with safe_open(path, "numpy") as file:
        description = json.loads(file.metadata()["pellucid"])
        assert list(file.metadata()) == ["pellucid"]
        assert sorted(file.keys()) == sorted(titanic.model.parameters_)
    assert description["schema"] == 1
    assert description["labels"] == [0, 1]
    assert list(description) == sorted(description)
    assert len(description["sha256"]) == 64


@dataclass(frozen=True)
class OwnLoss(MSE):
    name = "own_squares"


class OwnAdam(Adam):
    pass


class OwnCosine(Cosine):
    pass


OWN_ACTIVATION = Activation("own_identity", "z", lambda Z: Z, lambda Z, A: np.ones_like(Z), (-np.inf, np.inf))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"activation": OWN_ACTIVATION}, "the activation 'own_identity' is your own"),
        ({"loss": OwnLoss()}, "the loss 'own_squares' is your own"),
        ({"optimizer": OwnAdam()}, "the optimizer 'adam' is your own"),
        ({"optimizer": Adam(schedule=OwnCosine())}, "the schedule 'cosine' is your own"),
        ({"optimizer": Adam(schedule=WarmUp(then=OwnCosine()))}, "the schedule 'cosine' is your own"),
    ],
)
def test_parts_of_your_own_cannot_be_saved(options, message, tmp_path):
    model = pellucid.MLPRegressor((3,), epochs=1, random_state=0, **options).fit(X, X[:, 0])
    with pytest.raises(SpecError, match=message):
        pellucid.save(model, tmp_path / "m.pellucid")
    assert list(tmp_path.iterdir()) == [] or not (tmp_path / "m.pellucid").exists()


@pytest.mark.parametrize("thing", [pellucid.MLPClassifier(), pellucid.MLPRegressor(), "model", None])
def test_only_fitted_models_can_be_saved(thing, tmp_path):
    with pytest.raises(InputError, match="save takes a fitted MLPClassifier or MLPRegressor, got "):
        pellucid.save(thing, tmp_path / "m.pellucid")


def test_paths_may_be_texts(tmp_path):
    model = pellucid.MLPRegressor((), epochs=1, random_state=0).fit(X, X[:, 0])
    path = pellucid.save(model, str(tmp_path / "m.pellucid"))
    assert path == Path(tmp_path / "m.pellucid")
    np.testing.assert_array_equal(pellucid.load(str(path)).predict(X), model.predict(X))


def test_a_table_model_keeps_matching_by_name_and_its_class_weights(tmp_path):
    import pandas as pd

    table = mixed()
    y = np.array([3, 10, 200])[np.arange(60) % 3]
    model = pellucid.MLPClassifier((3,), epochs=2, class_weight="balanced", random_state=0).fit(table, y)
    loaded = check_round_trip(model, table, tmp_path)
    frame = pd.DataFrame(table)[["grade", "day", "color", "size"]].assign(more=1)
    np.testing.assert_array_equal(loaded.predict_proba(frame), model.predict_proba(table))
    assert loaded.class_weight == pytest.approx({3: 1.0, 10: 1.0, 200: 1.0})
    uneven = pellucid.MLPClassifier((3,), epochs=2, class_weight={3: 2.5}, random_state=0).fit(X, y)
    again = check_round_trip(uneven, X, tmp_path)
    assert again.class_weight == {3: 2.5, 10: 1.0, 200: 1.0}
    for one in (uneven, again.set_params(optimizer=Adam())):
        one.partial_fit(X, y)
    assert uneven.history_.epochs[-1].training_loss == pytest.approx(again.history_.epochs[-1].training_loss, rel=1e-6)


def test_a_folder_of_train_can_be_loaded(tmp_path):
    model = pellucid.MLPClassifier((3,), epochs=2, random_state=0).fit(X, np.arange(60) % 2)
    pellucid.save(model, tmp_path / "model.pellucid")
    np.testing.assert_array_equal(pellucid.load(tmp_path).predict_proba(X), model.predict_proba(X))
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileError, match=r"the folder .*empty holds no model\.pellucid"):
        pellucid.load(tmp_path / "empty")
