import json

import pytest

from pellucid.cli.app import main


@pytest.fixture(scope="module")
def folders(tmp_path_factory, module_run_state):
    made = []
    for name, drop in (("one", []), ("other", ["--drop", "Sex"])):
        folder = tmp_path_factory.mktemp("models") / name
        options = ["--out", str(folder), "--hidden", "4", "--epochs", "2", "--max-seconds", "1", "--quiet", *drop]
        assert main(["train", "titanic", "--target", "Survived", *options]) == 0
        made.append(str(folder))
    return made


@pytest.fixture(scope="module")
def module_run_state(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PELLUCID_STATE", str(tmp_path_factory.mktemp("state")))
        yield


def test_two_models_on_their_training_table(folders, capsys):
    assert main(["compare", *folders, "titanic"]) == 0
    out = capsys.readouterr().out
    assert "178 sealed rows scored; look" in out
    assert "McNemar's test, mid-p" in out
    assert "DeLong's paired test" in out
    assert f"A is {folders[0]}" in " ".join(out.split())


def test_the_record_as_json(folders, capsys):
    assert main(["compare", *folders, "titanic", "--all-rows", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["names"] == folders
    assert record["rows"] == 891
    assert record["findings"][0]["code"] == "OPTIMISTIC"
    assert {one["figure"] for one in record["differences"]} == {"log loss", "accuracy", "AUC"}


def test_mistakes_are_one_line(folders, capsys, tmp_path):
    assert main(["compare", folders[0], str(tmp_path / "none.pellucid"), "titanic"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["compare", *folders, "titanic", "--target", "Age"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "none of the classes" in told
