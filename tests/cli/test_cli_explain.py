"""`pellucid explain`: text, one unit, backwards, worksheet, JSON, and what is said when something is wrong."""

from __future__ import annotations

import json

import pytest

import pellucid


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """A model with a hidden layer, as no ladder promises one."""
    table = pellucid.read("titanic").drop(["PassengerId", "Name", "Ticket", "Cabin"])
    model = pellucid.MLPClassifier((4,), epochs=2, random_state=0).fit(table.drop(["Survived"]), table["Survived"])
    return pellucid.save(model, tmp_path_factory.mktemp("network") / "net.pellucid")


def test_a_row_of_the_trained_folder(run, model, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    said = run("explain", model, "titanic", "--row", 5)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Row 5 (PassengerId 5) through a ")
    assert "1  The row, prepared" in said.out
    assert "(ln(1 + 8.05) - " in said.out
    assert "Backwards" not in said.out
    assert max(map(len, said.out.splitlines())) <= 100
    probability = pellucid.load(model).predict_proba(pellucid.read("titanic"))[4, 1]
    told = float(said.out.split("P(Survived = 1) = ")[1].split(",")[0])
    assert told == pytest.approx(probability, abs=1e-6)
    back = run("explain", model, "titanic", "--row", 5, "--backward").out
    assert back.startswith(said.out.rstrip("\n"))
    assert "true Survived" in back


def test_the_record_is_what_python_gives(run, model):
    record = json.loads(run("explain", model, "titanic", "--row", 2, "--backward", "--json").out)
    loaded = pellucid.load(model)
    row = pellucid.read("titanic").row(1)
    found = pellucid.ledger(loaded, row, name="row 2 (PassengerId 2)").to_dict()
    assert record == {**json.loads(json.dumps(found)), "schema": 1}
    assert record["backward"]["truth"] == 1.0


def test_one_unit_and_a_worksheet(run, network):
    said = run("explain", network, "titanic", "--row", 1, "--unit", "0.2", "--backward", "--target", "Survived")
    assert said.code == 0
    assert "Unit 0.2, a relu unit of layer 0" in said.out
    assert "Back to 0.2" in said.out
    sheet = run("explain", network, "titanic", "--row", 1, "--worksheet").out
    assert sheet.startswith("Worksheet: row 1 ")
    assert "______ (1)" in sheet
    assert "Answer key" in sheet
    record = json.loads(run("explain", network, "titanic", "--row", 1, "--worksheet", "--json").out)
    assert sheet == f"{record['sheet']}\n\n{record['key']}"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--row", 892), "--row 892 is beyond the last row; titanic has 891 rows"),
        (("--row", 0), "from 1 on"),
        (("--row", 1, "--unit", "7.0"), "there is no unit 7.0; the nearest is "),
        (("--row", 1, "--unit", "first"), "LAYER.UNIT"),
        (("--row", 1, "--backward", "--target", "Surviv"), "no column 'Surviv'"),
        (("--row", 1, "--target", "Survived"), "add --backward"),
        ((), "--row"),
    ],
)
def test_mistakes_are_one_line(fails, model, arguments, words):
    assert words in fails("explain", model, "titanic", *arguments)


def test_a_truth_that_is_not_there(fails, run, model, network, tmp_path):
    lines = ["Pclass,Sex,Age,SibSp,Parch,Fare,Embarked,Survived", "3,male,22,1,0,7.25,S,", "1,female,38,1,0,71,C,1"]
    (tmp_path / "gap.csv").write_text("\n".join(lines), encoding="utf-8")
    assert "row 1 has no Survived" in fails("explain", model, "gap.csv", "--row", 1, "--backward")
    assert run("explain", model, "gap.csv", "--row", 1).code == 0
    assert "say --target COLUMN" in fails("explain", network, "gap.csv", "--row", 2, "--backward")
    bare = [line.rsplit(",", 1)[0] for line in lines]
    (tmp_path / "bare.csv").write_text("\n".join(bare), encoding="utf-8")
    assert "has no column 'Survived'" in fails("explain", model, "bare.csv", "--row", 1, "--backward")


def test_a_new_level_is_told(run, model, tmp_path):
    lines = ["Pclass,Sex,Age,SibSp,Parch,Fare,Embarked", "3,male,22,1,0,7.25,X", "3,female,22,1,0,7.25,S"]
    (tmp_path / "new.csv").write_text("\n".join(lines), encoding="utf-8")
    assert "a new level" in run("explain", model, "new.csv", "--row", 1).out
