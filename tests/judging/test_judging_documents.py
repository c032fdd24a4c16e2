"""Documents 000 and 001: their split of the Titanic table, judged."""

import json
from pathlib import Path

import numpy as np
import pytest

import pellucid
from pellucid.data.split import Split

GOLDENS = Path(__file__).resolve().parents[2].parent / "shared" / "goldens" / "fixtures.json"
RULE = "best single-column rule"


@pytest.fixture(scope="module")
def split():
    if not GOLDENS.is_file():
        pytest.skip("the goldens are not beside this checkout (../shared/goldens)")
    rows = json.loads(GOLDENS.read_text())["titanic_split"]
    return Split(np.array(rows["train_rows"]), np.array(rows["valid_rows"]), "the rows of document 000")


@pytest.fixture(scope="module")
def four_inputs(split, module_state):
    return pellucid.climb("titanic", "Survived", seal=split, inputs=("Age", "SibSp", "Parch", "Fare"))


@pytest.fixture(scope="module")
def twelve_inputs(split, module_state):
    names = ("Age", "SibSp", "Parch", "Fare", "Sex", "Pclass", "Embarked")
    return pellucid.climb("titanic", "Survived", seal=split, inputs=names)


def test_with_the_four_inputs_of_document_000_the_sex_rule_wins(four_inputs):
    found = four_inputs
    assert found.test.rows == 178
    assert found.baselines[RULE]["accuracy"].value == pytest.approx(0.7921, abs=5e-5)
    assert found.baselines[RULE]["accuracy"].value > found.test["accuracy"].value
    assert found.baselines["majority class"]["accuracy"].value == pytest.approx(0.5955, abs=5e-5)
    (wins,) = [finding for finding in found.findings if finding.code == "RULE_WINS"]
    said = f"The rule Sex=female → 1, Sex=male → 0 has accuracy {found.rung(RULE).mean('accuracy'):.4f}"
    assert said in wins.seen
    assert "0.7921 on the test rows" in wins.seen
    assert found.verdict[0] == wins.seen
    assert "beats the" in found.verdict[0].split(". ")[0]


def test_networks_get_the_four_inputs_and_the_rule_sees_all(four_inputs):
    assert set(four_inputs.model.preparation_.sources) == {"Age", "SibSp", "Parch", "Fare"}
    assert four_inputs.rung(RULE).detail == "Sex=female → 1, Sex=male → 0"


def test_the_inputs_of_document_001_reach_its_accuracy(twelve_inputs):
    accuracy = twelve_inputs.test["accuracy"]
    assert accuracy.value >= 0.79
    assert accuracy.interval.low < accuracy.value < accuracy.interval.high
    assert accuracy.rows == 178
    assert "TOO_FEW_ROWS" in [finding.code for finding in twelve_inputs.findings]


def test_the_ladder_of_a_climb(twelve_inputs):
    names = [rung.name for rung in twelve_inputs.rungs]
    assert names == [
        "majority class",
        RULE,
        "logistic network",
        "one hidden layer",
        "deep network",
        "boosted trees",
    ]
    assert [len(rung.scores["log loss"]) for rung in twelve_inputs.rungs] == [15] * 6
    assert twelve_inputs.folds_rule == "15 fits a rung, 5 folds a round, stratified by class"
    chosen = twelve_inputs.rung(twelve_inputs.chosen)
    assert chosen.kind == "network"
    assert twelve_inputs.model.network_.hidden == chosen.hidden
    assert twelve_inputs.model.history_.kept_epoch == max(chosen.epochs, 1)


def test_the_card_says_where_the_model_comes_from(twelve_inputs, split):
    card = twelve_inputs.card
    assert (card.target, card.task, card.labels, card.positive) == ("Survived", "classification", ("0", "1"), "1")
    assert (card.rows, card.training_rows, card.look, card.source) == (891, 713, card.look, "titanic")
    assert card.split_rule == "the rows of document 000"
    assert "PassengerId" in card.identifiers
    assert "PassengerId" in card.set_aside
    assert card.fingerprint == pellucid.read("titanic").fingerprint()
    assert twelve_inputs.model.card_ is card


def test_the_record_of_a_climb_is_small_json(twelve_inputs):
    text = json.dumps(twelve_inputs.to_dict(), allow_nan=False)
    assert len(text) < 80_000
    assert json.loads(text)["test"]["scores"][0]["value"] == twelve_inputs.test["accuracy"].value
    assert repr(twelve_inputs).startswith("Climb('Survived': ")


def test_the_positive_class_is_named(twelve_inputs):
    assert twelve_inputs.test["ROC AUC"].detail == "positive class '1'"
    assert twelve_inputs.test.counts.positive == "1"
