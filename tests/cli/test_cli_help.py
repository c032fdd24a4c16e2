"""Help, version, profile, datasets, and progress."""

from __future__ import annotations

import json

import pytest

import pellucid
from pellucid.cli.progress import show_progress
from pellucid.judging.scoring import Progress

COMMANDS = ("train", "predict", "evaluate", "explain", "compare", "report", "profile", "datasets", "lessons")


def test_version(run):
    assert run("--version") == (0, f"pellucid {pellucid.__version__}\n", "")


def test_alone_it_lists_the_commands(run):
    said = run()
    assert said.code == 0
    assert said == run("--help")
    assert [line.split()[0] for line in said.out.split("Commands:\n")[1].splitlines()] == list(COMMANDS)


@pytest.mark.parametrize("width", [60, 80, 140])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_has_examples_and_fits(run, monkeypatch, command, width):
    monkeypatch.setenv("COLUMNS", str(width))
    said = run(*command.split(), "--help")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    examples = lines[lines.index("  Examples:") + 1 :]
    assert examples[0].startswith(f"    pellucid {command or 'train'}")
    assert all(len(line) <= min(width, 100) for line in lines if not line.startswith("    pellucid "))
    assert max(map(len, lines)) <= 80 or width > 80
    assert "..." not in said.out.replace("[ARGS]...", "")


def test_the_usage_line_names_what_is_needed(run):
    assert run("train", "--help").out.startswith("Usage: pellucid train DATA --target COLUMN [OPTIONS]\n")
    assert run("predict", "-h").out.startswith("Usage: pellucid predict MODEL DATA [OPTIONS]\n")


def test_profile_with_and_without_a_target(run):
    plain, aimed = run("profile", "titanic"), run("profile", "titanic", "--target", "Survived")
    assert "891 different values in 891 rows" in plain.out
    assert "Target" not in plain.out
    assert "Target Survived: classification" in aimed.out
    assert "549 rows, 61.6%" in aimed.out
    told = json.loads(run("profile", "titanic", "--target", "Survived", "--json").out)
    assert (told["schema"], told["rows"], told["target"]["name"]) == (1, 891, "Survived")


def test_datasets_are_what_the_commands_take(run):
    said = run("datasets")
    (tables,) = [json.loads(run("datasets", "--json").out)]
    assert tables["schema"] == 1
    for table in tables["tables"]:
        assert f"try: pellucid train {table['name']} --target {table['target']}" in said.out
        read = pellucid.read(table["name"])
        assert (len(read), len(read.columns), table["target"] in read) == (table["rows"], table["columns"], True)


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_progress_is_quiet_for_a_second_then_a_line_every_five(monkeypatch, capsys):
    clock = Clock()
    monkeypatch.setattr("pellucid.cli.progress.time.perf_counter", clock)
    with show_progress(silent=False) as show:
        for second in range(13):
            clock.now = second + 0.5
            show(Progress("deep network", 1, second, 13))
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [f"{n / 13:4.0%} done; fold 1, deep network" for n in (1, 6, 11)]


def test_silent_progress_is_none():
    with show_progress(silent=True) as show:
        assert show is None


def test_progress_on_a_terminal_is_a_bar_that_goes_away(monkeypatch, capsys):
    clock = Clock()
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with show_progress(silent=False) as show:
        monkeypatch.setattr("pellucid.cli.progress.time.perf_counter", clock)
        show(Progress("deep network", 1, 1, 10))
        early = capsys.readouterr().err
        clock.now = 1e12
        show(Progress("deep network", 2, 5, 10))
    assert early == ""
    assert "50%" in capsys.readouterr().err
