"""`python -m pellucid` is the command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pellucid


@pytest.fixture(autouse=True)
def this_package(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(pellucid.__file__).parents[1]))


def run(words):
    command = ["sh", "-c", f'"$0" -m pellucid {words}', sys.executable]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_package_can_be_run():
    done = run("profile titanc")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("pellucid: no file and no bundled table 'titanc'; did you mean 'titanic'?")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("profile - <&-", 2, "pellucid: standard input is empty; expected a header line"),
        ("datasets >&-", 0, ""),
        ("profile titanc 2>&-", 2, ""),
    ],
)
def test_a_stream_may_be_closed(words, code, told):
    done = run(words)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(told)
    assert "Traceback" not in done.stderr
