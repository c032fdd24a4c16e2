"""The examples of every `--help` run, one after the other, as a reader would type them."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from pellucid.cli import main

COMMANDS = ("train", "predict", "evaluate", "explain", "compare", "report", "profile", "datasets")
# Keeps the examples short; what they show does not depend on it.
FASTER = {"train": ["--epochs", "1", "--max-seconds", "1"]}


def examples(text: str) -> list[str]:
    """The lines under `Examples:`."""
    block = text.split("Examples:\n")[1].split("\n\n")[0]
    return [line.strip() for line in block.splitlines()]


def test_examples_of_every_help_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PELLUCID_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "100")
    found = []
    for command in ("", *COMMANDS):
        assert main([*command.split(), "--help"]) == 0
        found += [line for line in examples(capfd.readouterr().out) if line not in found]
    # Those about tables of the reader's own are checked for their spelling by the sales example below.
    ours = [line for line in found if "titanic" in line or "datasets" in line]
    assert {line.split()[1] for line in ours} == set(COMMANDS)
    for line in ours:
        program, command, *rest = shlex.split(line)
        assert program == "pellucid"
        forced = ["--force"] if command == "train" and "--out" not in rest else []
        code = main([command, *rest, *FASTER.get(command, []), *forced])
        assert (code, capfd.readouterr().out != "" or "--out" in rest) == (0, True), line


def test_examples_about_other_tables_are_spelt_right(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--help"]) == 0
    others = [line for line in examples(capfd.readouterr().out) if "titanic" not in line]
    assert others
    for line in others:
        assert main(shlex.split(line)[1:]) == 2
        assert "no file sales.parquet" in capfd.readouterr().err
