"""The commands from end to end: train, predict, evaluate, profile, datasets."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import pellucid
from pellucid.cli import main
from pellucid.data.generate import spiral

PROGRAM = Path(sys.executable).with_name("pellucid")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the real command wrote, for all tests that only read."""
    place = tmp_path_factory.mktemp("trained")
    environment = {**os.environ, "PELLUCID_STATE": str(place / "state"), "COLUMNS": "80"}
    command = [PROGRAM, "train", "titanic", "--target", "Survived", "--epochs", "5", "--hidden", "8,4"]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (place / "said.txt").write_text(done.stdout, encoding="utf-8")
    return place


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PELLUCID_STATE", str(tmp_path / "state"))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main([str(a) for a in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_train_tells_the_whole_story(trained: Path) -> None:
    said = (trained / "said.txt").read_text("utf-8")
    for part in (
        "titanic: 891 rows",
        "P(Survived = 1)",
        "PassengerId: set aside",
        "Age: ",
        "missing filled with the median",
        "majority class",
        "Sex=female → 1",
        "boosted trees",
        "Verdict",
        "95% interval: Wilson",
        "look 1",
        "model.pellucid",
        "pellucid predict titanic-model titanic",
    ):
        assert part in said, part
    assert max(map(len, said.splitlines())) <= 100
    assert {p.name for p in (trained / "titanic-model").iterdir()} == {
        "model.pellucid",
        "evaluation.json",
        "history.csv",
    }
    assert not list(trained.glob(".*.part"))
    assert (trained / "titanic-model" / "model.pellucid").stat().st_size < 100_000


def test_evaluation_json_is_the_record_of_the_run(trained: Path) -> None:
    record = json.loads((trained / "titanic-model" / "evaluation.json").read_text("utf-8"))
    assert [rung["name"] for rung in record["rungs"]][:2] == ["majority class", "best single-column rule"]
    assert len(record["rungs"][0]["scores"]["log loss"]) == 15
    assert record["test"]["rows"] == 178


def test_predict_keeps_rows_order_and_identifiers(trained: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["predict", str(trained / "titanic-model"), "titanic"]) == 0
    rows = list(csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode())))
    assert [int(row["PassengerId"]) for row in rows] == list(range(1, 892))
    for row in rows[:50]:
        positive = float(row["P(1)"])
        assert float(row["P(0)"]) + positive == pytest.approx(1)
        assert row["prediction"] == ("1" if positive >= 0.5 else "0")
    ages = pellucid.read("titanic")["Age"].missing
    assert ["Age is missing" in row["note"] for row in rows] == ages.tolist()


def test_predict_writes_files_whole_and_never_over_others(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "p.parquet"
    model = str(trained / "titanic-model" / "model.pellucid")
    assert run(capsys, "predict", model, "titanic", "--out", str(out))[0] == 0
    table = pellucid.read(out)
    assert len(table) == 891
    code, said, error = run(capsys, "predict", model, "titanic", "--out", str(out))
    assert (code, said) == (2, "")
    assert "exists" in error
    assert run(capsys, "predict", model, "titanic", "--out", str(out), "--force")[0] == 0
    assert run(capsys, "predict", model, "titanic", "--out", str(tmp_path / "p.txt"))[0] == 2
    assert [p.name for p in tmp_path.iterdir() if p.name != "state"] == ["p.parquet"]


def test_predict_notes_new_levels_and_values_out_of_range(
    trained: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    new = tmp_path / "new.csv"
    new.write_text("Pclass,Sex,Age,SibSp,Parch,Fare,Embarked\n3,male,22,0,0,7.25,S\n1,female,200,0,0,80,Z\n")
    assert main(["predict", str(trained / "titanic-model"), str(new)]) == 0
    first, second = csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode()))
    assert first["note"] == ""
    assert "Age above" in second["note"]
    assert "new level 'Z'" in second["note"]


def test_evaluate_scores_the_sealed_rows_and_counts_looks(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = str(trained / "titanic-model")
    first = json.loads(run(capsys, "evaluate", model, "titanic", "--json")[1])
    second = json.loads(run(capsys, "evaluate", model, "titanic", "--json")[1])
    assert (first["rows"], first["rows_scored"]) == (178, "sealed rows")
    assert (first["look"], second["look"]) == (1, 2)
    trained_test = json.loads((trained / "titanic-model" / "evaluation.json").read_text("utf-8"))["test"]
    assert first["scores"] == trained_test["scores"]
    code, said, _ = run(capsys, "evaluate", model, "titanic", "--all-rows")
    assert code == 0
    assert "OPTIMISTIC" in said


def test_regression_and_several_classes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    X, y = spiral(rows=120, noise=0.1, seed=0)
    lines = [f"{a},{b},c{k}" for (a, b), k in zip(X, y, strict=True)]
    classes = tmp_path / "spiral.csv"
    classes.write_text("x,y,color\n" + "\n".join(lines))
    out = str(tmp_path / "m1")
    code, said, error = run(capsys, "train", str(classes), "--target", "color", "--epochs", "3", "--out", out)
    assert code == 0, error
    assert "predicted c0" in said
    rng = np.random.default_rng(0)
    table = tmp_path / "line.csv"
    table.write_text("x,y\n" + "\n".join(f"{x:.4f},{3 * x + 1 + rng.normal():.4f}" for x in rng.normal(size=80)))
    out = str(tmp_path / "m2")
    code, said, error = run(capsys, "train", str(table), "--target", "y", "--epochs", "3", "--out", out, "--json")
    assert code == 0, error
    assert json.loads(said)["figure"] == "RMSE"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "titanic", "--target", "survived"], "did you mean 'Survived'"),
        (["train", "titanik", "--target", "Survived"], "titanic"),
        (["train", "titanic", "--target", "Survived", "--drop", "Agee"], "Age"),
        (["train", "titanic", "--target", "Survived", "--hidden", "many"], "--hidden"),
        (["train", "titanic", "--target", "Survived", "--epochs", "0"], "epochs"),
        (["train", "titanic", "--target", "Survived", "--engine", "steam"], "reference"),
        (["train", "titanic"], "--target"),
        (["train", "titanic", "--target", "Survived", "--group", "Sex", "--time", "Age"], "one way"),
        (["train", "nothere.csv", "--target", "y"], "nothere.csv"),
        (["predict", "nothere", "titanic"], "nothere"),
        (["profil", "titanic"], "profil"),
        (["profile", "titanic", "--targe", "x"], "--targe"),
    ],
)
def test_mistakes_get_one_line_and_exit_code_2(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said, error = run(capsys, *arguments)
    assert (code, said) == (2, "")
    assert error.startswith("pellucid: ")
    assert error.count("\n") == 1
    assert words in error
    assert [p.name for p in tmp_path.iterdir() if p.name != "state"] == []


def test_a_full_folder_is_kept_unless_forced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("dear diary")
    arguments = ["train", "titanic", "--target", "Survived", "--epochs", "1", "--hidden", "2", "--out", str(folder)]
    code, _, error = run(capsys, *arguments)
    assert code == 2
    assert "--force" in error
    assert [p.name for p in folder.iterdir()] == ["notes.txt"]
    assert run(capsys, *arguments, "--force", "--quiet")[:2] == (0, "")
    assert (folder / "notes.txt").read_text() == "dear diary"
    assert (folder / "model.pellucid").exists()


def test_a_damaged_model_is_refused(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = bytearray((trained / "titanic-model" / "model.pellucid").read_bytes())
    content[-3] ^= 1
    damaged = tmp_path / "model.pellucid"
    damaged.write_bytes(content)
    code, _, error = run(capsys, "predict", str(damaged), "titanic")
    assert code == 2
    assert "checksum" in error


def test_profile_and_datasets(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = run(capsys, "profile", "titanic", "--target", "Survived")
    assert code == 0
    assert "891 different values in 891 rows" in said
    assert "titanic" in run(capsys, "datasets")[1]
    assert json.loads(run(capsys, "profile", "titanic", "--json")[1])["rows"] == 891


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version")[:2] == (0, f"pellucid {pellucid.__version__}\n")
    for command in ("train", "predict", "evaluate", "profile", "datasets"):
        code, said, _ = run(capsys, command, "--help")
        assert code == 0
        assert f"Example: pellucid {command}" in " ".join(said.split())


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from pellucid.cli import main; main(['train', '--help']); "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'numpy', 'polars', 'sklearn', 'scipy', 'pandas'}))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "[]"
