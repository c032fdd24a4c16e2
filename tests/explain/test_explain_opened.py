"""Every fitted model opens to the same fields, and what comes out answers as the model does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pellucid
from pellucid.explain.opened import open_model
from pellucid.explain.unit_names import the_layer, the_unit

RNG = np.random.default_rng(3)
X = RNG.standard_normal((60, 3))
TABLE = {"size": [1.0, 2.0, None, 4.0, 5.0, 7.0] * 10, "color": ["red", "blue", "red", "green", "blue", "red"] * 10}
FAST: dict[str, Any] = {"hidden_layer_sizes": (4, 3), "epochs": 2, "random_state": 0}


def labels(count: int) -> np.ndarray:
    return np.array(["no", "maybe", "yes"])[np.arange(60) % count]


def test_a_classifier_on_a_table_opens() -> None:
    model = pellucid.MLPClassifier(**FAST).fit(TABLE, labels(2))
    opened = open_model(model)
    assert opened.names == model.preparation_.names
    assert set(opened.sources) == {"size", "color"} == set(opened.columns)
    assert opened.classes == ("maybe", "no")
    assert opened.outputs == ("no",)
    assert {value.dtype for value in opened.parameters.values()} == {np.dtype("float64")}
    found = opened.probabilities(opened.scores(opened.design(TABLE)))
    assert found == pytest.approx(model.predict_proba(TABLE), abs=1e-6)
    assert opened.targets(["no", "maybe"]).tolist() == [[1.0], [0.0]]
    assert open_model(opened) is opened


def test_several_classes_labels_and_numbers_open() -> None:
    model = pellucid.MLPClassifier(**FAST).fit(X, labels(3))
    opened = open_model(model)
    assert opened.probabilities(opened.scores(opened.design(X))) == pytest.approx(model.predict_proba(X), abs=1e-12)
    assert opened.outputs == ("maybe", "no", "yes")
    assert opened.targets(["yes"]).tolist() == [2]
    many = pellucid.MLPClassifier(**FAST).fit(X, (X > 0).astype(int))
    assert open_model(many).multilabel
    numbers = pellucid.MLPRegressor(**FAST).fit(X, X[:, 0] * 5 + 100)
    opened = open_model(numbers)
    assert opened.numbers(opened.scores(X_of(opened)))[:, 0] == pytest.approx(numbers.predict(X), abs=1e-12)
    assert opened.targets([100.0])[0, 0] == numbers.target_.encode(np.array([100.0]))[0, 0]
    assert opened.outputs == ("y",)


def X_of(opened: Any) -> np.ndarray:
    return opened.design(X)


@pytest.mark.parametrize(("loss", "outputs", "classes"), [("mse", 1, None), ("bce", 1, (0, 1)), ("bce", 3, (0, 1, 2))])
def test_a_plain_network_opens(loss: str, outputs: int, classes: Any) -> None:
    Y = (RNG.random((60, outputs)) > 0.5).astype(float)
    fitted = pellucid.fit_network(
        X, Y, pellucid.NetworkSpec(3, (2,), outputs), pellucid.TrainingSpec(loss=loss, epochs=1)
    )
    opened = open_model(fitted)
    assert opened.names == ("x0", "x1", "x2")
    assert opened.classes == classes
    assert opened.scores(opened.design(X)) == pytest.approx(fitted.scores(X), abs=1e-12)
    with pytest.raises(pellucid.errors.ShapeError, match=r"\(rows, 3\)"):
        opened.design(X[:, :2])
    with pytest.raises(pellucid.errors.InputError, match="no columns"):
        opened.table(X)


def test_what_is_no_model_of_ours_is_refused() -> None:
    from sklearn.linear_model import LogisticRegression

    with pytest.raises(pellucid.errors.InputError, match=r"LogisticRegression; .*pellucid\.load"):
        open_model(LogisticRegression())
    with pytest.raises(pellucid.errors.InputError, match="not fitted yet"):
        open_model(pellucid.MLPClassifier())
    opened = open_model(pellucid.MLPRegressor(**FAST).fit(X, X[:, 0]))
    with pytest.raises(pellucid.errors.InputError, match="numbers, not probabilities"):
        opened.probabilities(np.zeros((1, 1)))
    with pytest.raises(pellucid.errors.InputError, match="no class 'yess'; did you mean 'yes'"):
        open_model(pellucid.MLPClassifier(**FAST).fit(X, labels(3))).targets(["yess"])


def test_units_are_found_or_the_nearest_is_named() -> None:
    network = pellucid.NetworkSpec(3, (4, 2), 1)
    assert the_unit(network, "1.1") == (1, 1)
    assert the_unit(network, "2.0") == (2, 0)
    for wrong, near in (
        ("1.7", r"1\.1, in the hidden layer 1 with 2 units"),
        ("5.3", r"2\.0, in the output layer with 1 unit,"),
    ):
        with pytest.raises(pellucid.errors.SpecError, match=f"nearest is {near}"):
            the_unit(network, wrong)
    with pytest.raises(pellucid.errors.SpecError, match=r"LAYER\.UNIT"):
        the_unit(network, "three")
    assert the_layer(network, 2) == 2
    with pytest.raises(pellucid.errors.SpecError, match=r"no layer 3; the nearest is layer 2 \(output\)"):
        the_layer(network, 3)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([1.0] * 19 + [np.nan], "the true answer of row 19 is missing or not finite"),
        (["a"] * 20, "true answers must be numbers for this network, got 'a'"),
        ([None] * 20, "the true answer of row 0 is missing"),
    ],
)
def test_answers_that_are_no_numbers_are_refused(answers: list[Any], words: str) -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(20, 2))
    fitted = pellucid.fit_network(rows, rows[:, 0], pellucid.NetworkSpec(2), pellucid.TrainingSpec(epochs=1))
    with pytest.raises(pellucid.errors.InputError, match=words):
        pellucid.explain_gradient(fitted, "layers.0.bias", rows, answers)


def test_a_class_of_whole_numbers_is_met_by_any_way_of_writing_it() -> None:
    rng = np.random.default_rng(2)
    rows = rng.normal(size=(30, 2))
    model = pellucid.MLPClassifier((3,), epochs=1, random_state=0).fit(rows, np.arange(30) % 3 + 1)
    losses = {pellucid.ledger(model, rows[0], target=one).backward.value for one in (3, 3.0, "3", np.float64(3))}
    assert len(losses) == 1
    with pytest.raises(pellucid.errors.InputError, match="no class '4'; there is '1', '2', '3'"):
        pellucid.ledger(model, rows[0], target=4.0)
    with pytest.raises(pellucid.errors.InputError, match="the true answer of row 2 is missing"):
        pellucid.explain_gradient(model, "layers.0.bias[0]", rows[:3], [1, 2, None])
