"""`pellucid predict` and `pellucid evaluate` with a trained folder."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import pellucid

PROGRAM = Path(sys.executable).with_name("pellucid")


def table(said):
    assert said.code == 0, said.err
    return pl.read_csv(said.out.encode()).with_columns(pl.col("note").fill_null(""))


def test_rows_order_identifiers_and_probabilities(run, model):
    rows = table(run("predict", model, "titanic"))
    assert rows.columns == ["PassengerId", "prediction", "P(0)", "P(1)", "note"]
    assert rows["PassengerId"].to_list() == list(range(1, 892))
    assert (rows["P(0)"] + rows["P(1)"] - 1).abs().max() < 1e-6
    assert rows["prediction"].to_list() == [int(p >= 0.5) for p in rows["P(1)"]]
    assert 0 < rows["prediction"].sum() < 891


def test_notes_name_missing_cells(run, model):
    notes = table(run("predict", model, "titanic"))["note"].to_list()
    titanic = pellucid.read("titanic")
    assert ["Age is missing" in note for note in notes] == titanic["Age"].missing.tolist()
    assert ["Embarked is missing" in note for note in notes] == titanic["Embarked"].missing.tolist()
    assert not any("Cabin" in note for note in notes)  # set aside, so nothing about it matters


def test_notes_name_new_levels_and_values_out_of_range(run, model):
    Path("new.csv").write_text(
        "Pclass,Sex,Age,SibSp,Parch,Fare,Embarked\n3,male,22,0,0,7.25,S\n1,female,200,0,0,80,Z\n"
    )
    rows = table(run("predict", model, "new.csv"))
    assert rows.columns == ["prediction", "P(0)", "P(1)", "note"]
    assert rows["note"][0] == ""
    assert rows["note"][1] == "Age above 80, the highest in training; Embarked has the new level 'Z'"


@pytest.mark.parametrize("out", ["p.csv", "p.parquet"])
@pytest.mark.parametrize(("cells", "kept"), [("7,", [7, None]), ("7.5,", ["7.5", None]), ("a,", ["a", None])])
def test_an_identifier_may_be_missing(run, model, out, cells, kept):
    rows = "".join(f"{cell},3,male,22,0,0,7.25,S\n" for cell in cells.split(","))
    Path("new.csv").write_text(f"PassengerId,Pclass,Sex,Age,SibSp,Parch,Fare,Embarked\n{rows}")
    assert run("predict", model, "new.csv", "--out", out).code == 0
    rows = pl.read_csv(out) if out == "p.csv" else pl.read_parquet(out)
    texts = rows["PassengerId"].cast(pl.String).to_list()
    assert texts == [None if cell is None else str(cell) for cell in kept]
    if out == "p.parquet":
        assert rows["PassengerId"].to_list() == kept  # whole numbers are numbers, all else stays as it was written


def test_rows_backwards_give_predictions_backwards(run, model):
    straight = table(run("predict", model, "titanic"))
    pl.DataFrame({c.name: c.objects().tolist() for c in pellucid.read("titanic")}, strict=False).reverse().write_csv(
        "reversed.csv"
    )
    turned = table(run("predict", model, "reversed.csv"))
    assert turned["PassengerId"].to_list() == straight["PassengerId"].to_list()[::-1]
    assert turned["P(1)"].to_list() == pytest.approx(straight["P(1)"].to_list()[::-1], abs=1e-6)


def test_csv_parquet_json_and_standard_output_agree(run, model):
    printed = run("predict", model, "titanic")
    said = run("predict", model, "titanic", "--out", "p.csv")
    assert (said.code, said.out, said.err) == (0, "", "891 predictions written to p.csv\n")
    assert Path("p.csv").read_text("utf-8") == printed.out
    assert run("predict", model, "titanic", "--out", "p.parquet", "--quiet") == (0, "", "")
    frame = pl.read_parquet("p.parquet")
    assert frame["P(1)"].to_list() == table(printed)["P(1)"].to_list()
    told = json.loads(run("predict", model, "titanic", "--json").out)
    assert (told["schema"], told["rows"]) == (1, 891)
    assert [row["P(1)"] for row in told["predictions"]] == frame["P(1)"].to_list()
    assert list(told["predictions"][0]) == sorted(told["columns"])


def test_json_with_a_file_says_where_the_predictions_are(run, model):
    told = json.loads(run("predict", model, "titanic", "--out", "p.csv", "--json").out)
    assert told == {
        "schema": 1,
        "rows": 891,
        "columns": ["PassengerId", "prediction", "P(0)", "P(1)", "note"],
        "findings": [],
        "files": ["p.csv"],
    }
    assert pl.read_csv("p.csv").height == 891


def test_standard_input(model, trained):
    Path("two.csv").write_text("Pclass,Sex,Age,SibSp,Parch,Fare,Embarked\n3,male,22,0,0,7,S\n1,female,30,0,0,80,C\n")
    done = subprocess.run(
        [PROGRAM, "predict", model, "-"],
        input=Path("two.csv").read_bytes(),
        env={**os.environ, "PELLUCID_STATE": str(trained / "state")},
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    assert pl.read_csv(io.BytesIO(done.stdout)).height == 2


def test_an_output_is_replaced_only_when_told(run, fails, model):
    Path("p.csv").write_text("mine")
    error = fails("predict", model, "titanic", "--out", "p.csv")
    assert error == "pellucid: p.csv exists already; choose another --out, or say --force\n"
    assert Path("p.csv").read_text() == "mine"
    assert run("predict", model, "titanic", "--out", "p.csv", "--force").code == 0
    assert pl.read_csv("p.csv").height == 891


def test_what_is_read_is_never_replaced(fails, model):
    Path("in.csv").write_text("Pclass,Sex,Age,SibSp,Parch,Fare,Embarked\n3,male,22,0,0,7.25,S\n")
    assert "would be lost" in fails("predict", model, "in.csv", "--out", "in.csv", "--force")
    assert Path("in.csv").read_text().startswith("Pclass")


@pytest.mark.parametrize(
    ("out", "words"),
    [("p.txt", ".csv or .parquet"), ("p", ".csv or .parquet"), ("no/p.csv", "make it first"), ("d.csv", "a folder")],
)
def test_outputs_that_cannot_be(fails, model, out, words):
    Path("d.csv").mkdir()
    assert words in fails("predict", model, "titanic", "--out", out)


def test_models_that_are_none(fails, model):
    Path("empty").mkdir()
    Path("note.pellucid").write_text("no model at all")
    damaged = bytearray(Path(model, "model.pellucid").read_bytes())
    damaged[-3] ^= 1
    Path("damaged.pellucid").write_bytes(damaged)
    for command in ("predict", "evaluate"):
        assert "holds no model.pellucid" in fails(command, "empty", "titanic")
        assert "is not a pellucid model" in fails(command, "note.pellucid", "titanic")
        assert "no model nowhere" in fails(command, "nowhere", "titanic")
        assert "checksum" in fails(command, "damaged.pellucid", "titanic")


def test_a_missing_column_gets_the_nearest(fails, model):
    Path("new.csv").write_text("Pclass,Sex,Ages,SibSp,Parch,Fare,Embarked\n3,male,22,0,0,7.25,S\n")
    assert "is missing; did you mean 'Ages'?" in fails("predict", model, "new.csv")


def test_evaluate_scores_the_sealed_rows_and_counts_looks(run, model):
    first, second = (json.loads(run("evaluate", model, "titanic", "--json").out) for _ in range(2))
    assert (first["schema"], first["rows"], first["rows_scored"]) == (1, 178, "sealed rows")
    assert (first["look"], second["look"]) == (1, 2)
    at_training = json.loads(Path(model, "evaluation.json").read_text("utf-8"))["test"]
    assert first["scores"] == at_training["scores"]
    said = run("evaluate", model, "titanic")
    assert said.out.startswith("Survived: 178 sealed rows scored; look 3 at the test rows of this table\n")
    assert "rows by class  predicted 0  predicted 1" in said.out


def test_all_rows_are_marked_optimistic_and_are_no_look(run, model):
    said = run("evaluate", model, "titanic", "--all-rows")
    assert said.out.startswith("Survived: 891 rows scored, training rows among them\n")
    assert "OPTIMISTIC" in said.out
    assert json.loads(run("evaluate", model, "titanic", "--json").out)["look"] == 1


def test_new_rows_are_scored_as_new(run, model):
    frame = pl.DataFrame({c.name: c.objects().tolist() for c in pellucid.read("titanic")}, strict=False)
    frame.head(200).write_csv("new.csv")
    told = json.loads(run("evaluate", model, "new.csv", "--json").out)
    assert (told["rows"], told["rows_scored"], told["look"]) == (200, "new rows", None)


def test_a_table_without_the_target_cannot_be_scored(fails, model):
    Path("new.csv").write_text("Pclass,Sex,Age,SibSp,Parch,Fare,Embarked\n3,male,22,0,0,7.25,S\n")
    assert "'Survived'" in fails("evaluate", model, "new.csv")
    assert "'female'" in fails("evaluate", model, "titanic", "--target", "Sex")
