"""`pellucid report`: the page of a run again, or of a model on a table; a file is never lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def folder(trained) -> Path:
    """A copy of the trained folder, to write into."""
    shutil.copytree(trained / "titanic-model", "mine")
    return Path("mine")


def test_the_page_of_the_run_comes_again(run, folder):
    before = (folder / "report.html").read_bytes()
    (folder / "report.html").unlink()
    said = run("report", folder)
    assert said.code == 0
    assert said.out.startswith("Written: mine/report.html, ")
    assert (folder / "report.html").read_bytes() == before
    assert run("report", folder / "model.pellucid", "--out", "again.html", "--quiet") == (0, "", "")
    assert Path("again.html").read_bytes() == before


def test_a_table_is_scored_anew_and_the_look_is_counted(run, folder):
    assert run("report", folder, "titanic", "--out", "one.html").code == 0
    assert run("report", folder, "titanic", "--out", "two.html").code == 0
    assert "This is look 1 at" in Path("one.html").read_text("utf-8")
    assert "This is look 2 at" in Path("two.html").read_text("utf-8")


def test_a_model_file_by_itself_needs_a_table(fails, run, folder):
    shutil.copy(folder / "model.pellucid", "alone.pellucid")
    assert "a table is needed" in fails("report", "alone.pellucid")
    assert run("report", "alone.pellucid", "titanic", "--out", "a.html").code == 0


def test_files_are_kept(fails, run, folder):
    Path("data.csv").write_text("a,b\n1,2\n")
    assert "--force" in fails("report", folder)
    assert run("report", folder, "--force").code == 0
    for name in ("model.pellucid", "evaluation.json"):
        assert "would be lost" in fails("report", folder, "--out", folder / name, "--force")
    assert "would be lost" in fails("report", folder, "data.csv", "--out", "data.csv", "--force")
    assert "it is a folder" in fails("report", folder, "--out", folder, "--force")
    assert fails("report", folder, "--out", "no/where.html")


def test_wrong_input_is_told_in_one_line(fails, folder):
    assert "no model" in fails("report", "nowhere")
    assert "no file" in fails("report", folder, "nowhere.csv", "--out", "r.html")
    Path("bad.csv").write_text("a,b\n1,2\n")
    assert fails("report", folder, "bad.csv", "--out", "r.html")
    (folder / "evaluation.json").write_text("{}")
    assert "does not tell what a report needs" in fails("report", folder, "--out", "r.html")
