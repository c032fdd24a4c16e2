"""One trained folder for all tests that only read, and a state folder that is not the user's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from pellucid.cli import main

PROGRAM = Path(sys.executable).with_name("pellucid")


class Said(NamedTuple):
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place where the real command has trained on Titanic: the folder `titanic-model` and `said.txt`."""
    place = tmp_path_factory.mktemp("trained")
    environment = {**os.environ, "PELLUCID_STATE": str(place / "state"), "COLUMNS": "80"}
    command = [PROGRAM, "train", "titanic", "--target", "Survived", "--epochs", "5", "--hidden", "8,4"]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (place / "said.txt").write_text(done.stdout, encoding="utf-8")
    return place


@pytest.fixture
def model(trained: Path) -> str:
    """The trained folder as an argument."""
    return str(trained / "titanic-model")


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test runs in an empty folder, with a state folder elsewhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PELLUCID_STATE", str(tmp_path_factory.mktemp("state")))


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Call the command in this process; everything that reaches the file descriptors is seen."""

    def call(*arguments: object) -> Said:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        return Said(code, *capfd.readouterr())

    return call


@pytest.fixture
def fails(run: Callable[..., Said], tmp_path: Path) -> Callable[..., str]:
    """Call the command, insist on one line, exit code 2 and that no file came, went or changed; give back the line."""

    def contents() -> dict[Path, bytes | None]:
        return {path: path.read_bytes() if path.is_file() else None for path in tmp_path.rglob("*")}

    def call(*arguments: object) -> str:
        before = contents()
        said = run(*arguments)
        assert (said.code, said.out) == (2, "")
        assert said.err.startswith("pellucid: ")
        assert said.err.count("\n") == 1
        assert contents() == before
        return said.err

    return call
