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
        (("--row", 1, "--target", "Survived"), "add --backward or --gradient"),
        ((), "--row N"),
        (("--row", 1, "--step", 1), "say --epoch too"),
        (("--row", 1, "--epoch", 99), "epoch 99 lies outside the training, which went from epoch 0 to "),
        (("--row", 1, "--epoch", "x"), "takes a whole number from 0 on"),
        (("--gradient", "layers.0.weight[0, Agee]"), "no input 'Agee'; did you mean 'Age'"),
        (("--gradient", "layers.0.weight", "--worksheet"), "leave --worksheet out"),
        (("--gradient", "layers.0.bias[0]", "--row", 892), "--row 892 is beyond the last row"),
        (("--row", 1, "--worksheet", "--html", "page.html"), "leave --html out"),
        (("--row", 1, "--html", "none/page.html"), "the folder none does not exist"),
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


def test_a_table_without_a_column_is_told_what_it_lacks(fails, model, tmp_path):
    (tmp_path / "wrong.csv").write_text("Pclass,Sex,Agee\n3,male,22\n", encoding="utf-8")
    said = fails("explain", model, "wrong.csv", "--row", 1)
    assert "the table has no column " in said
    assert "the model needs it" in said
    assert "None" not in said


def test_a_new_level_is_told(run, model, tmp_path):
    lines = ["Pclass,Sex,Age,SibSp,Parch,Fare,Embarked", "3,male,22,1,0,7.25,X", "3,female,22,1,0,7.25,S"]
    (tmp_path / "new.csv").write_text("\n".join(lines), encoding="utf-8")
    assert "a new level" in run("explain", model, "new.csv", "--row", 1).out


def test_a_gradient_over_all_rows_that_are_not_sealed(run, fails, model, network, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    loaded, table = pellucid.load(model), pellucid.read("titanic")
    said = run("explain", model, "titanic", "--gradient", "layers.0.weight[0, Age]")
    found = pellucid.explain_gradient(loaded, "layers.0.weight[0, Age]", table, first_row=1)
    assert said.out == found.text(width=80)
    assert "sealed left out" in said.out
    used, sealed = found.terms[0].row, next(k for k in range(1, 892) if not _used(loaded, table, k))
    one = run("explain", model, "titanic", "--gradient", "layers.0.weight[0, Age]", "--row", used, "--json")
    record = json.loads(one.out)
    assert record["chain_row"] == used
    assert record["terms"][0]["cell"] == table["Age"].cell(used - 1)
    arguments = ("explain", model, "titanic", "--gradient", "layers.0.bias[0]", "--row", sealed)
    assert f"row {sealed} is not among the rows used" in fails(*arguments)
    assert "say --target COLUMN" in fails("explain", network, "titanic", "--gradient", "layers.0.bias[0]")


def _used(model, table, row):
    try:
        pellucid.explain_gradient(model, "layers.0.bias[0]", table, chain_row=row, first_row=1)
    except pellucid.errors.InputError:
        return False
    return True


def test_a_past_epoch_is_trained_again_from_its_own_table(run, fails, model, network, tmp_path):
    past = pellucid.replay(pellucid.load(model), "titanic")
    row = pellucid.read("titanic").row(4)
    said = json.loads(run("explain", model, "titanic", "--row", 5, "--epoch", 1, "--json").out)
    found = pellucid.ledger(past, row, epoch=1, backward=False, name="row 5 (PassengerId 5)")
    assert said == {**json.loads(json.dumps(found.to_dict())), "schema": 1}
    then = json.loads(run("explain", model, "titanic", "--gradient", "layers.0.bias[0]", "--epoch", 1, "--json").out)
    assert then["value"] == past.recording.at(1)["layers.0.bias"][0]
    (tmp_path / "other.csv").write_text("Pclass,Sex,Survived\n3,male,0\n1,female,1\n", encoding="utf-8")
    assert "not the table that the model was trained on" in fails(
        "explain", model, "other.csv", "--row", 1, "--epoch", 1
    )
    assert "a model file holds no past" in fails("explain", network, "titanic", "--row", 1, "--epoch", 1)


def test_a_page_of_its_own(run, fails, model, tmp_path):
    said = run("explain", model, "titanic", "--row", 5, "--backward", "--html", "page.html")
    assert said.out.startswith("Written: page.html, ")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "The row, prepared" in page
    assert "http" not in page
    assert "page.html exists" in fails("explain", model, "titanic", "--row", 5, "--html", "page.html")
    (tmp_path / "own.csv").write_text(
        "Pclass,Sex,Age,SibSp,Parch,Fare,Embarked\n3,male,22,1,0,7.25,S\n", encoding="utf-8"
    )
    words = fails("explain", model, "own.csv", "--row", 1, "--html", "own.csv", "--force")
    assert "own.csv is read by this command and would be lost" in words
    arguments = ("--gradient", "layers.0.bias[0]", "--html", "page.html", "--force")
    assert run("explain", model, "titanic", *arguments).code == 0
    assert "What each row adds" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_training_of_another_version_is_near_enough_and_that_is_told(run, model, tmp_path):
    loaded = pellucid.load(model)
    loaded.parameters_ = {name: value * (1 + 1e-5) for name, value in loaded.parameters_.items()}
    pellucid.save(loaded, tmp_path / "other.pellucid")
    said = run("explain", "other.pellucid", "titanic", "--row", 5, "--epoch", 1)
    assert said.code == 0
    assert said.err.startswith("pellucid: trained again, but not to the bit: a parameter ends ")
