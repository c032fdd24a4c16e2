import json

import numpy as np
import pytest
from test_judging_climb import QUICK, people

import pellucid
from pellucid.errors import ColumnError, FileError, InputError
from pellucid.judging.card import Card
from pellucid.judging.evaluation import evaluation_of
from pellucid.judging.predictions import prediction_columns
from pellucid.judging.truth import Truth, decide, label_texts


@pytest.fixture(scope="module")
def found(module_state):
    return pellucid.climb(people(), "y", **QUICK)


def test_the_training_table_gives_the_scores_of_the_sealed_rows(found):
    first = pellucid.evaluate(found.model, people())
    assert (first.rows_scored, first.rows) == ("sealed rows", 24)
    assert first.scores == found.test.scores
    assert first.counts.counts.tolist() == found.test.counts.counts.tolist()
    assert first.look == 1  # a fresh state folder
    assert pellucid.evaluate(found.model, people()).look == 2


def test_all_rows_are_marked_optimistic(found, state):
    whole = pellucid.evaluate(found.model, people(), all_rows=True)
    assert (whole.rows_scored, whole.rows, whole.look) == ("all rows", 120, None)
    assert whole.findings[0].code == "OPTIMISTIC"
    assert whole.findings[0].seen.startswith("All 120 rows were scored")
    assert not (state / "looks.jsonl").exists()


def test_another_table_is_new_rows(found):
    new = pellucid.evaluate(found.model, people(60, 9))
    assert (new.rows_scored, new.rows, new.look) == ("new rows", 60, None)
    (told,) = [finding for finding in new.findings if finding.code == "OTHER_TABLE"]
    assert told.severity == "information"
    assert "whether it has learned from some of them cannot be told" in told.seen
    assert "OTHER_TABLE" not in {finding.code for finding in pellucid.evaluate(found.model, people()).findings}
    table = people(60, 9)
    table["y"][:10] = [None] * 10
    assert pellucid.evaluate(found.model, table).rows == 50
    assert pellucid.evaluate(found.model, table, all_rows=True).rows_scored == "new rows"


def test_the_sealed_rows_need_a_countable_look(found, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PELLUCID_STATE", str(tmp_path / "file"))
    with pytest.raises(FileError, match="cannot count looks"):
        pellucid.evaluate(found.model, people())
    assert pellucid.evaluate(found.model, people(30, 3)).rows == 30


def test_a_look_is_counted_only_when_something_was_scored(found, state):
    with pytest.raises(ColumnError, match="no column 'answer'"):
        pellucid.evaluate(found.model, people(), target="answer")
    assert not (state / "looks.jsonl").exists()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda t: t.pop("x"), ColumnError, "'x' .*is missing"),
        (lambda t: t.pop("y"), ColumnError, "no column 'y'"),
        (lambda t: t.update(y=["no"] * 29 + ["yess"]), InputError, r"holds 'yess' \(row 30\).*did you mean 'yes'"),
        (lambda t: t.update(y=[None] * 30), InputError, "has no value in these 30 rows"),
    ],
)
def test_tables_that_cannot_be_scored(found, change, error, message):
    table = people(30, 3)
    change(table)
    with pytest.raises(error, match=message):
        pellucid.evaluate(found.model, table)


def test_one_class_only_in_the_new_rows_raises_no_false_alarm(found):
    table = pellucid.read(people(80, 3))
    scored = pellucid.evaluate(found.model, table.take(label_texts(table["y"]) == "yes"))
    assert [score.name for score in scored.scores] == ["accuracy", "recall", "log loss", "Brier score"]
    (told,) = [finding.seen for finding in scored.findings if finding.code == "ONE_TRUE_CLASS"]
    assert "of class yes" in told
    assert "ROC AUC" in told
    assert not {"WORSE_THAN_BASE", "ONE_CLASS"} & {finding.code for finding in scored.findings}


@pytest.mark.parametrize(
    "labels", [[0, 1], [2.0, 3.0], [True, False], ["a", "b"], [np.float64(1), np.float64(2)], [-1, 10]]
)
def test_labels_of_any_type_are_found_in_a_table(labels):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 2))
    y = np.where(X[:, 0] > 0, labels[1], labels[0])
    model = pellucid.MLPClassifier((4,), epochs=40, learning_rate=0.05, random_state=0).fit(X, y)
    table = {"x0": X[:, 0], "x1": X[:, 1], "truth": y.tolist()}
    scored = pellucid.evaluate(model, table, target="truth")
    assert scored["accuracy"].value == (model.predict(X) == y).mean() > 0.8
    assert (scored.rows_scored, scored.look) == ("new rows", None)
    with pytest.raises(InputError, match=r"does not know its target column; pass target="):
        pellucid.evaluate(model, table)


def test_numbers():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 2))
    model = pellucid.MLPRegressor((), optimizer="lbfgs", random_state=0).fit(X, X[:, 0] * 3 + 1)
    table = {"x0": X[:, 0], "x1": X[:, 1], "y": X[:, 0] * 3 + 1}
    assert pellucid.evaluate(model, table, target="y")["RMSE"].value < 0.01
    with pytest.raises(InputError, match="should hold numbers, but it holds texts here"):
        pellucid.evaluate(model, table | {"y": ["a", "b"] * 25}, target="y")
    bad = pellucid.evaluate(model, table | {"y": -X[:, 0] * 3 + 1}, target="y")
    assert [finding.code for finding in bad.findings] == ["WORSE_THAN_BASE"]


def test_models_that_cannot_be_scored():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 2))
    table = {"x0": X[:, 0], "x1": X[:, 1], "y": [0, 1] * 15}
    for model in ("model.pellucid", pellucid.MLPClassifier(), object()):
        with pytest.raises(InputError, match="evaluate takes a fitted MLPClassifier or MLPRegressor, got "):
            pellucid.evaluate(model, table, target="y")
    several = pellucid.MLPClassifier((), epochs=1).fit(X, rng.integers(0, 2, (30, 3)))
    with pytest.raises(InputError, match="one target column, and this model predicts 3"):
        pellucid.evaluate(several, table, target="y")
    numbers = pellucid.MLPRegressor((), epochs=1).fit(X, rng.normal(size=(30, 2)))
    with pytest.raises(InputError, match="this model predicts 2"):
        pellucid.evaluate(numbers, table, target="y")


def truth(values, labels=("0", "1")):
    return Truth("y", "classification" if labels else "regression", np.asarray(values), labels, "")


def test_findings_on_scored_rows():
    half = np.array([0, 1] * 20)
    everyone = np.tile([0.3, 0.7], (40, 1))
    judged = {f.code: f for f in evaluation_of(truth(half), everyone).findings}
    assert judged.keys() == {"ONE_CLASS", "WORSE_THAN_BASE", "TOO_FEW_ROWS"}
    assert "Every row is predicted to be 1; the accuracy of 0.5000" in judged["ONE_CLASS"].seen
    # log loss of 0.7 for half of the rows: -(ln 0.7 + ln 0.3) / 2 = 0.7803 against ln 2
    assert judged["WORSE_THAN_BASE"].seen == "The log loss is 0.7803; predicting the same for every row gives 0.6931"
    assert judged["TOO_FEW_ROWS"].remedy == "About 385 rows would be needed for ±5 points"
    many = np.tile(half, 50)
    good = np.stack([0.9 - 0.8 * many, 0.1 + 0.8 * many], axis=1)
    assert evaluation_of(truth(many), good).findings == ()


def test_small_figures_are_not_shown_as_zero():
    values = np.array([1e-6, 2e-6, 3e-6])
    (finding,) = evaluation_of(truth(values, ()), -values).findings
    assert "0.0000" not in finding.seen
    assert "8.2e-07" in finding.seen  # the standard deviation of the three


def test_half_is_the_second_class_everywhere():
    probability = np.array([[0.5, 0.5], [0.6, 0.4]])
    assert decide(probability).tolist() == [1, 0]
    scored = evaluation_of(truth([1, 0]), probability)
    assert scored["accuracy"].value == 1
    assert scored.counts.counts.tolist() == [[1, 0], [0, 1]]
    assert decide(np.array([[0.2, 0.4, 0.4]])).tolist() == [1]


def test_an_evaluation_is_json(found):
    text = json.dumps(pellucid.evaluate(found.model, people()).to_dict(), allow_nan=False)
    assert json.loads(text)["rows_scored"] == "sealed rows"
    with pytest.raises(KeyError):
        found.test["RMSE"]


def test_labels_as_texts():
    table = pellucid.read({"n": [1.0, 2.5, None], "c": ["a", None, "b"]})
    assert label_texts(table["n"]).tolist() == ["1", "2.5", ""]
    assert label_texts(table["c"]).tolist() == ["a", "", "b"]


def test_predictions_keep_rows_order_and_identifiers(found):
    table = people(20, 4)
    columns = prediction_columns(found.model, pellucid.read(table))
    assert list(columns) == ["id", "prediction", "P(no)", "P(yes)", "note"]
    assert columns["id"].tolist() == table["id"]
    assert columns["prediction"].tolist() == found.model.predict(pellucid.read(table)).tolist()
    np.testing.assert_allclose(columns["P(no)"] + columns["P(yes)"], 1, rtol=1e-12)
    assert "x is missing" in columns["note"][5]
    assert "color is missing" in columns["note"][3]


def test_predictions_of_several_outputs_have_a_column_each():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 2))
    table = pellucid.read({"x0": X[:, 0], "x1": X[:, 1]})
    several = pellucid.MLPClassifier((), epochs=1, random_state=0).fit(X, rng.integers(0, 2, (30, 2)))
    assert list(prediction_columns(several, table)) == ["prediction 0", "prediction 1", "P(0)", "P(1)", "note"]
    numbers = pellucid.MLPRegressor((), epochs=1, random_state=0).fit(X, rng.normal(size=(30, 2)))
    columns = prediction_columns(numbers, table)
    assert list(columns) == ["prediction 0", "prediction 1", "note"]
    assert columns["prediction 1"].tolist() == numbers.predict(X)[:, 1].tolist()


def test_the_base_rate_is_that_of_the_training_rows():
    # Trained on 9 in 10, scored on half and half: 0.9 for all costs (ln 10 + ln 10/9) / 2 = 1.204, 0.7 costs 0.780.
    half = np.array([0, 1] * 50)
    said = np.tile([0.3, 0.7], (100, 1))
    base = np.array([0.1, 0.9])
    assert "WORSE_THAN_BASE" not in {f.code for f in evaluation_of(truth(half), said, base=base).findings}
    assert "WORSE_THAN_BASE" in {f.code for f in evaluation_of(truth(half), said).findings}
    values = np.array([4.0, 6.0] * 50)
    off = np.full(100, 5.5)
    assert evaluation_of(truth(values, ()), off, base=np.array([9.0])).findings == ()
    assert [f.code for f in evaluation_of(truth(values, ()), off).findings] == ["WORSE_THAN_BASE"]


def test_worse_by_the_luck_of_few_rows_is_no_finding():
    rng = np.random.default_rng(0)
    values = rng.normal(size=40)
    slightly = values.mean() + rng.normal(scale=0.02, size=40)
    scored = evaluation_of(truth(values, ()), slightly)
    assert scored["RMSE"].value > values.std()
    assert scored.findings == ()


def test_the_card_knows_the_base_rate(found):
    card = found.model.card_
    assert len(card.base) == 2
    assert sum(card.base) == pytest.approx(1)
    with pytest.raises(ValueError, match="1 base figures for 2 classes"):
        Card.from_dict({**card.to_dict(), "base": [0.5]})
