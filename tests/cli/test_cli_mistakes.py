"""Mistakes at the command line: one line on standard error, exit code 2, nothing written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TRAIN = ("train", "titanic", "--target", "Survived")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("trian", "titanic"), "no command 'trian'; did you mean 'train'?"),
        (("xyzzy",), "'explain', 'compare', 'report', 'profile', 'datasets', 'lessons'"),
        (("--vesrion",), "did you mean '--version'?"),
        (("train", "titanic", "--tarjet", "Survived"), "train has no option --tarjet; did you mean '--target'?"),
        (("profile", "titanic", "--targe", "x"), "did you mean '--target'?"),
        (("datasets", "--jsn"), "did you mean '--json'?"),
        (("train", "titanic"), "train needs --target COLUMN; pellucid train --help"),
        (("train",), "train needs DATA"),
        (("predict", "m"), "predict needs DATA"),
        (("train", "titanic", "--target"), "'--target' requires an argument"),
        (("datasets", "more"), "unexpected extra argument (more)"),
        (("train", "titanic", "--target", "survived"), "did you mean 'Survived'?"),
        (("train", "titanik", "--target", "Survived"), "did you mean 'titanic'?"),
        (("train", "nothere.csv", "--target", "y"), "no file nothere.csv"),
        ((*TRAIN, "--drop", "Agee"), "did you mean 'Age'?"),
        ((*TRAIN, "--drop", "Survived"), "'Survived' is the target"),
        ((*TRAIN, "--hidden", "many"), "--hidden takes whole numbers of units such as 64,64, got 'many'"),
        ((*TRAIN, "--hidden", "64,-1"), "got '64,-1'"),
        ((*TRAIN, "--engine", "compield"), "no engine 'compield'; did you mean 'compiled'?"),
        ((*TRAIN, "--hidden", "64,,8"), "got '64,,8'"),
        ((*TRAIN, "--hidden", "0"), "got '0'"),
        ((*TRAIN, "--hidden", ""), "got ''"),
        ((*TRAIN, "--hidden", "99999999999"), "got '99999999999'"),
        ((*TRAIN, "--threshold", "f2"), "--threshold cannot be 'f2'"),
        ((*TRAIN, "--threshold", "recall=2"), "recall takes a share above 0 and up to 1"),
        ((*TRAIN, "--threshold", "1.5"), "a threshold is a probability from 0 to 1"),
        ((*TRAIN, "--cost", "fp=1"), "costs need both fp and fn"),
        ((*TRAIN, "--cost", "fp=-1,fn=5"), "the cost of fp must be a finite number of at least 0"),
        ((*TRAIN, "--cost", "fp=1,fn=5", "--threshold", "f1"), "in one way only, got --threshold and --cost"),
        ((*TRAIN, "--unsure", "1.5"), "--unsure takes a share of rows above 0 and below 1, such as 0.1, got '1.5'"),
        ((*TRAIN, "--calibration", "plat"), "did you mean 'platt'?"),
        (("train", "titanic", "--target", "Fare", "--threshold", "f1"), "'Fare' is a number"),
        (("train", "titanic", "--target", "Pclass", "--cost", "fp=1,fn=5"), "two classes, and there are 3"),
        ((*TRAIN, "--epochs", "0"), "--epochs takes a whole number from 1 on, got '0'"),
        ((*TRAIN, "--epochs", "2.5"), "got '2.5'"),
        ((*TRAIN, "--epochs", "ten"), "got 'ten'"),
        ((*TRAIN, "--seed", "-1"), "--seed takes a whole number from 0 on, got '-1'"),
        ((*TRAIN, "--max-seconds", "0"), "--max-seconds takes a number of seconds above 0, got '0'"),
        ((*TRAIN, "--max-seconds", "nan"), "got 'nan'"),
        ((*TRAIN, "--engine", "referense"), "did you mean 'reference'?"),
        ((*TRAIN, "--engine", "torh"), "did you mean 'torch'?"),
        ((*TRAIN, "--group", "Sex", "--time", "Age"), "one way only, got --group and --time"),
        ((*TRAIN, "--group", "Tickets"), "did you mean 'Ticket'?"),
        ((*TRAIN, "--time", "Sex"), "'Sex' holds texts, not dates or numbers"),
        ((*TRAIN, "--split-column", "Sex"), "must say train or test"),
        ((*TRAIN, "--test", "other.csv"), "no file other.csv"),
        (("train", "titanic", "--target", "Name"), "choose another column"),
        (("profile", "titanic", "--target", "sexx"), "did you mean 'Sex'?"),
        (("profile", "-x"), "has no option -x"),
    ],
)
def test_mistakes_are_told_in_one_line(fails, arguments, words):
    assert words in fails(*arguments)


def test_a_folder_is_checked_before_any_work(fails):
    Path("file").write_text("mine")
    assert "it is a file" in fails(*TRAIN, "--out", "file")
    assert "make it first" in fails(*TRAIN, "--out", "no/such")
    Path("titanic-model").mkdir()
    Path("titanic-model", "old").write_text("mine")
    # The folder is named before the column: the table has not been read yet.
    assert "--force" in fails("train", "titanic", "--target", "no such column")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(fails):
    Path("locked").mkdir(mode=0o500)
    assert "no permission" in fails(*TRAIN, "--out", "locked/model")


def test_a_table_that_is_none(fails):
    Path("empty.csv").write_text("")
    Path("head.csv").write_text("a,b\n")
    for command in (("train", "--target", "a"), ("profile",)):
        assert "empty.csv" in fails(command[0], "empty.csv", *command[1:])
        assert "head.csv" in fails(command[0], "head.csv", *command[1:])


@pytest.mark.parametrize("command", [["profile", "titanic"], ["predict", "MODEL", "titanic"], ["datasets"]])
def test_a_reader_that_leaves_is_no_error(trained, command):
    told = [str(trained / "titanic-model") if word == "MODEL" else word for word in command]
    program = [sys.executable, "-c", "import sys; from pellucid.cli import main; sys.exit(main())", *told]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(program, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")
