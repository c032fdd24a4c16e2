"""Yes is the positive class in every language, also where it sorts before no."""

from __future__ import annotations

import numpy as np
import pytest

import pellucid


def answers(no, yes):
    rng = np.random.default_rng(1)
    x = rng.normal(size=80)
    return {"x": x.tolist(), "z": rng.normal(size=80).tolist(), "y": [yes if v > 0 else no for v in x]}


@pytest.fixture(scope="module")
def german(module_state):
    return pellucid.climb(answers("nein", "ja"), "y", epochs=8, hidden=(), max_seconds=0)


def test_the_positive_class_is_yes(german):
    assert german.card.labels == ("nein", "ja")
    assert german.card.positive == "ja"
    table = pellucid.read(answers("nein", "ja"))
    chances = german.model.predict_proba(table)
    assert german.model.predict(table).tolist() == np.where(chances[:, 1] >= 0.5, "ja", "nein").tolist()
    assert np.corrcoef(chances[:, 1], table["x"].values)[0, 1] > 0.5
    assert german.test["ROC AUC"].value > 0.9
    assert german.test.counts.labels == ("nein", "ja")


def test_the_order_is_kept_in_the_file(german, tmp_path):
    path = pellucid.save(german.model, tmp_path / "m.pellucid")
    loaded, table = pellucid.load(path), pellucid.read(answers("nein", "ja"))
    assert loaded.classes_.tolist() == ["nein", "ja"]
    assert (loaded.predict_proba(table) == german.model.predict_proba(table)).all()
    assert loaded.score(table, np.array(answers("nein", "ja")["y"])) == pytest.approx(
        (loaded.predict(table) == np.array(answers("nein", "ja")["y"])).mean()
    )
    predictor = pellucid.predictor(path)
    assert predictor.classes.tolist() == ["nein", "ja"]
    again = pellucid.evaluate(loaded, answers("nein", "ja"))
    assert [score.value for score in again.scores] == [score.value for score in german.test.scores]


def test_training_goes_on_with_the_same_order(german):
    table, labels = pellucid.read(answers("nein", "ja")).drop(["y"]), np.array(answers("nein", "ja")["y"])
    model = german.model
    before = model.score(table, labels)
    model.partial_fit(table, labels)
    assert model.score(table, labels) >= before - 0.2
    assert model.classes_.tolist() == ["nein", "ja"]
