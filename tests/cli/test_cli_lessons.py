"""`pellucid lessons`: the list, wrong numbers, ports, and what is missing."""

from __future__ import annotations

import json
import socket
import subprocess

import pytest

from pellucid.lessons import LESSONS


def test_the_list(run):
    said = run("lessons")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert [line.split("  ")[:2] for line in lines if line[:1].isdigit()] == [[str(x.number), x.title] for x in LESSONS]
    told = json.loads(run("lessons", "--json").out)["lessons"]
    assert [lesson["number"] for lesson in told] == list(range(1, 10))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("99",), "there is no lesson 99; they go from 1 to 9, the nearest is 9, 'Spiral'"),
        (("0",), "the nearest is 1, 'A curve by hand'"),
        (("9" * 5000,), "the nearest is 9"),
        (("downhil",), "did you mean 'Downhill'?"),
        (("1", "--export", "pdf", "here"), "--export writes ipynb, got 'pdf'"),
        (("1", "--port", "0"), "--port takes a number from 1 to 65535, got 0"),
        (("1", "--port", "70000"), "got 70000"),
        (("1", "--host", "no.such.host.invalid", "--port", "8123"), "is no address of this machine"),
        (("4", "--host", "no.such.host.invalid", "--no-browser"), "'no.such.host.invalid' is no address of this"),
        (("4", "--app", "--host", "192.0.2.1", "--no-browser"), "'192.0.2.1' is no address of this machine"),
        (("4", "--host", "a" * 70, "--no-browser"), "is no address of this machine"),
        (("--script",), "--script needs the number of a lesson: pellucid lessons 1 --script"),
        (("--app",), "--app needs the number of a lesson"),
        (("--port", "8000"), "--port needs the number of a lesson"),
        (("4", "--script", "--app"), "--app and --script exclude each other"),
        (("4", "--script", "--export", "ipynb", "here"), "--script and --export exclude each other"),
    ],
)
def test_mistakes_are_one_line(run, arguments, words):
    said = run("lessons", *arguments)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert said.err.count("\n") == 1


def test_a_port_in_use(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = run("lessons", "1", "--port", str(port))
    assert said.code == 2
    assert f"port {port} on 127.0.0.1 is in use; pass another --port" in said.err


def test_without_marimo_the_extra_is_named(run, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for arguments in (("1",), ("1", "--script"), ("1", "--export", "ipynb", "here")):
        said = run("lessons", *arguments)
        assert said.code == 2
        assert "pip install 'pellucid[lessons]'" in said.err


def test_what_is_asked_reaches_marimo(run, monkeypatch):
    called = []
    monkeypatch.setattr(subprocess, "call", lambda command, env: called.append((command, env)) or 0)
    assert run("lessons", "1", "--app", "--no-browser", "--host", "0.0.0.0").code == 0
    assert run("lessons", "curve by hand").code == 2
    assert run("lessons", "a curve by hand").code == 0
    (app, _), (copy, environment) = called
    assert app[2:] == ["pellucid.lessons.serving", "run", str(LESSONS[0].path), "--host", "0.0.0.0", "--headless"]
    assert copy[3] == "edit"
    assert copy[4] != str(LESSONS[0].path)
    assert copy[4].endswith(LESSONS[0].file)
    assert environment["MARIMO_SKIP_UPDATE_CHECK"] == "1"


def test_a_notebook_that_exists_is_left_alone(run, tmp_path):
    there = tmp_path / "lesson_1_curve_by_hand.ipynb"
    there.write_text("mine", encoding="utf-8")
    said = run("lessons", "1", "--export", "ipynb", tmp_path)
    assert said.code == 2
    assert "exists already" in said.err
    assert there.read_text("utf-8") == "mine"
