"""How files are read can be said: kinds of columns, delimiter, encoding, decimal mark, header, comments; and --keep."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

QUICK = ("--epochs", "2", "--hidden", "4", "--max-seconds", "0.1")
TRAIN = ("train", "titanic", "--target", "Survived")


@pytest.fixture
def odd() -> Path:
    """A table that needs every option: no names, a strange mark between cells, decimal commas, remarks, cp1252."""
    rng = np.random.default_rng(0)
    path = Path("odd.txt")
    lines = ["% made by hand"]
    for x, z in rng.normal(size=(60, 2)):
        word = "größer" if x + z / 3 > 0 else "kleiner"
        lines.append(f"{x:.3f}^{z:.3f}^{word}".replace(".", ","))
    path.write_bytes("\n".join(lines).encode("cp1252"))
    return path


ODD = ("--delimiter", "^", "--decimal", ",", "--no-header", "--comment", "%", "--encoding", "cp1252")


def test_a_table_that_needs_every_option(run, odd):
    profile = json.loads(run("profile", odd, *ODD, "--json").out)
    assert profile["rows"] == 60
    assert [column["kind"] for column in profile["columns"]] == ["number", "number", "category"]
    names = [column["name"] for column in profile["columns"]]
    said = run("train", odd, "--target", names[2], *ODD, *QUICK, "--json")
    assert said.code == 0, said.err
    assert json.loads(said.out)["card"]["labels"] == ["größer", "kleiner"]
    scored = json.loads(run("evaluate", "odd-model", odd, *ODD, "--json").out)
    assert (scored["rows_scored"], scored["rows"], scored["look"]) == ("sealed rows", 12, 2)


def test_a_second_table_is_read_with_the_same_options(run, odd):
    lines = odd.read_bytes().split(b"\n")
    Path("later.txt").write_bytes(b"\n".join([*lines[:-1], lines[1]]))  # the last row is another one
    name = json.loads(run("profile", odd, *ODD, "--json").out)["columns"][2]["name"]
    said = run("train", odd, "--target", name, "--test", "later.txt", *ODD, *QUICK, "--json")
    assert said.code == 0, said.err
    assert json.loads(said.out)["test"]["rows"] == 60


def test_a_named_kind_is_used_said_and_known_again(run):
    said = run(*TRAIN, "--as", "Pclass=category", "--as", "Name=identifier", *QUICK, "--json")
    told = json.loads(said.out)
    assert "Pclass: a 0/1 column for each of 3 levels" in told["story"]
    assert told["card"]["kinds"]["Pclass"] == "category"
    assert "Name" in told["card"]["identifiers"]
    # The same file is the same table: its training rows are not scored as if they were new.
    assert json.loads(run("evaluate", "titanic-model", "titanic", "--json").out)["rows_scored"] == "sealed rows"
    shown = run("profile", "titanic", "--as", "Pclass=category")
    assert "3 491, 1 216, 2 184" in " ".join(shown.out.split())


def test_a_column_that_would_be_set_aside_is_kept(run):
    told = json.loads(run(*TRAIN, "--keep", "Cabin", "--keep", "PassengerId", *QUICK, "--json").out)
    assert {"Cabin", "PassengerId"} <= set(told["card"]["inputs"])
    assert not {"Cabin", "PassengerId"} & {*told["card"]["set_aside"], *told["card"]["identifiers"]}
    left = json.loads(run(*TRAIN, *QUICK, "--json", "--force").out)
    assert not {"Cabin", "PassengerId"} & set(left["card"]["inputs"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*TRAIN, "--as", "Plcass=category"), "no column 'Plcass' to read as category; did you mean 'Pclass'?"),
        ((*TRAIN, "--as", "Pclass=categry"), "no kind 'categry'; did you mean 'category'?"),
        ((*TRAIN, "--as", "Pclass"), "--as takes a column and its kind such as zip=category, got 'Pclass'"),
        ((*TRAIN, "--as", "=number"), "got '=number'"),
        ((*TRAIN, "--as", "Age=number", "--as", "Age=date"), "--as names 'Age' twice, as number and as date"),
        ((*TRAIN, "--as", "Sex=number"), "'Sex' cannot be read as numbers"),
        ((*TRAIN, "--keep", "Cabn"), "did you mean 'Cabin'?"),
        ((*TRAIN, "--keep", "Survived"), "'Survived' cannot be one of the inputs"),
        ((*TRAIN, "--keep", "Age", "--drop", "Age"), "'Age' cannot be both dropped and kept"),
        (("profile", "titanic", "--delimiter", ";"), "the option delimiter is for text files"),
        (("profile", "odd.txt", "--delimiter", "^^"), "one character"),
        (("profile", "odd.txt", "--decimal", ";"), "the decimal mark must be"),
        (("profile", "odd.txt", "--encoding", "utf-9"), "utf-9"),
    ],
)
def test_mistakes_in_reading_options(fails, odd, arguments, words):
    assert words in fails(*arguments)


def test_a_name_with_an_equals_sign(run):
    Path("t.csv").write_text("a=b,y\n" + "\n".join(f"{k % 4},{k % 2}" for k in range(40)))
    profile = json.loads(run("profile", "t.csv", "--as", "a=b=category", "--json").out)
    assert profile["columns"][0]["kind"] == "category"


def test_a_tab_can_be_typed(run):
    Path("t.csv").write_text("a b\ty\n" + "\n".join(f"{k} 1\t{k % 2}" for k in range(40)))
    assert len(json.loads(run("profile", "t.csv", "--delimiter", "tab", "--json").out)["columns"]) == 2


def test_train_tells_how_cells_were_read_and_so_does_the_report(run):
    rows = [f"'{k % 7},{k * 37 % 10}';{k % 28 + 1}.3.2024;{('yes', 'no')[k * k % 5 % 2]}" for k in range(60)]
    Path("odd.csv").write_text("Prices of the year\nprice;day;sold\n" + "\n".join(rows) + "\n")
    said = run("train", "odd.csv", "--target", "sold", "--epochs", "1", "--hidden", "2", "--max-seconds", "0.001")
    assert said.code == 0, said.err
    text = " ".join(said.out.split())
    page = " ".join(Path("odd-model", "report.html").read_text("utf-8").split())
    for told in (
        "price was read as numbers, written with a decimal comma",
        "day was read as dates of the form d.m.yyyy",
        "the cells of odd.csv are taken to be separated by",
        "the first line of odd.csv left out",
    ):
        assert told in text
        assert told in page


def test_the_quote_can_be_said(run):
    Path("t.csv").write_text("a,b\n1,'x'\n2,'y'\n3,'z'\n")
    assert "' 1" not in run("profile", "t.csv").out
    assert "'x' 1" in run("profile", "t.csv", "--quote", '"').out
    said = run("profile", "t.csv", "--quote", "|")
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "the quote must be" in said.err
