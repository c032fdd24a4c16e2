"""A ladder that was stopped goes on where it was, and finds the same; nothing of it stays when it is done."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

import pellucid
from pellucid.data.generate import moons
from pellucid.judging.looks import count_looks
from pellucid.persistence.model_file import save

OPTIONS = {"threads": 1, "hidden": (4,), "epochs": 3}


@pytest.fixture(scope="module")
def table():
    X, y = moons(rows=100, noise=0.2, seed=3)
    side = np.where(X[:, 0] > 0.2, "east", "west")
    return pellucid.read({"a": X[:, 0], "b": X[:, 1], "side": side.tolist(), "moon": [f"m{k}" for k in y]})


def stopped_at(table, fits, error=KeyboardInterrupt, **options):
    """A run that ends when so many fits are done."""

    def stop(progress):
        if progress.done == fits:
            raise error

    with pytest.raises(error):
        pellucid.climb(table, "moon", on_progress=stop, **{**OPTIONS, **options})


def runs(state):
    return sorted((state / "runs").glob("*.jsonl"))


def outcome(found, folder):
    """The bytes of the model file, and all that is told but for the seconds."""
    told = {name: value for name, value in found.to_dict().items() if name != "seconds"}
    return save(found.model, folder / "m.pellucid").read_bytes(), told


@pytest.mark.parametrize("fits", [1, 7, 74, 75])
def test_a_stopped_run_goes_on_and_finds_the_same(table, fits, state, tmp_path, monkeypatch):
    monkeypatch.setenv("PELLUCID_STATE", str(tmp_path / "calm"))
    calm = outcome(pellucid.climb(table, "moon", **OPTIONS), tmp_path)
    monkeypatch.setenv("PELLUCID_STATE", str(state))
    stopped_at(table, fits)
    assert len(runs(state)) == 1
    seen = []
    found = pellucid.climb(table, "moon", on_progress=seen.append, **OPTIONS)
    assert {progress.resumed for progress in seen} == {fits}
    assert seen[0].done == fits
    assert len(seen) == 75 - fits + 1  # and the final network
    assert outcome(found, tmp_path) == calm
    assert runs(state) == []


def test_stopped_several_times(table, state, tmp_path):
    for fits in (2, 3, 31):
        stopped_at(table, fits)
    seen = []
    pellucid.climb(table, "moon", on_progress=seen.append, **OPTIONS)
    assert seen[0].resumed == 31


def test_a_line_that_was_cut_short_is_done_again(table, state):
    stopped_at(table, 6)
    (path,) = runs(state)
    content = path.read_bytes()
    path.write_bytes(content[:-20])
    seen = []
    with pytest.raises(KeyboardInterrupt):
        pellucid.climb(table, "moon", on_progress=lambda p: (seen.append(p), 1 / (8 - p.done)) and stop(p), **OPTIONS)
    assert seen[0].resumed == 5
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["rung"] for line in lines[1:]][:6] == [json.loads(x)["rung"] for x in content.splitlines()[1:]]


def stop(progress):
    if progress.done == 7:
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    "rubbish", [b"\xff\xfe\n", b"[]\n", b"{}\n", b'{"fold": 0}\n', b"[" * 10**5 + b"\n", b"null\n"]
)
def test_damaged_lines_are_passed_over(table, state, rubbish):
    stopped_at(table, 3)
    (path,) = runs(state)
    path.write_bytes(rubbish + path.read_bytes() + rubbish)
    seen = []
    pellucid.climb(table, "moon", on_progress=seen.append, **OPTIONS)
    assert seen[0].resumed == 3


@pytest.mark.parametrize(
    "other", [{"seed": 1}, {"epochs": 4}, {"hidden": (5,)}, {"drop": ("side",)}, {"engine": "reference"}]
)
def test_another_command_begins_anew(table, state, other):
    stopped_at(table, 3)
    seen = []
    pellucid.climb(table, "moon", on_progress=seen.append, **{**OPTIONS, **other, "max_seconds": 0})
    assert seen[0].resumed == 0
    assert len(runs(state)) == 1  # that of the stopped run


def test_another_table_begins_anew(table, state):
    stopped_at(table, 3)
    seen = []
    pellucid.climb(table.take(np.arange(99)), "moon", on_progress=seen.append, **OPTIONS, max_seconds=0)
    assert seen[0].resumed == 0


def test_a_stopped_run_can_be_ended_soon(table, state):
    """The limit of time is no part of what a run is."""
    stopped_at(table, 40)
    found = pellucid.climb(table, "moon", **OPTIONS, max_seconds=0)
    assert len(found.rungs[0].scores["accuracy"]) == 2
    assert runs(state) == []


def test_a_look_is_counted_once_for_a_run_that_was_stopped_after_it(table, state):
    def crash(found):
        raise RuntimeError(found.test.look)

    for _ in range(2):
        with pytest.raises(RuntimeError, match="1"):
            pellucid.climb(table, "moon", deliver=crash, **OPTIONS)
    assert len(runs(state)) == 1
    seen = []
    found = pellucid.climb(table, "moon", deliver=seen.append, **OPTIONS)
    assert seen == [found]
    assert found.test.look == count_looks(table.fingerprint()) == 1
    assert pellucid.climb(table, "moon", **OPTIONS).test.look == 2


def test_runs_that_nobody_went_on_with_are_forgotten(table, state):
    stopped_at(table, 2)
    (path,) = runs(state)
    os.utime(path, (0, 0))
    stopped_at(table, 2, seed=5)
    assert path not in runs(state)
    assert len(runs(state)) == 1


def test_the_journal_holds_figures_only(table, state):
    stopped_at(table, 75)
    (path,) = runs(state)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    text = json.dumps([{name: value for name, value in line.items() if name != "predicted"} for line in lines])
    shapes = [line["predicted"][0] for line in lines if line.get("predicted")]
    assert shapes  # what else there is are the bits of probabilities
    assert all(len(shape) == 2 for shape in shapes)
    assert not any(word in text for word in ("east", "west", "m0", "m1", "side"))


def test_ctrl_c_says_what_is_kept(table):
    with pytest.raises(KeyboardInterrupt, match="the same command goes on after 4 finished fits"):
        pellucid.climb(table, "moon", on_progress=lambda p: 1 // (4 - p.done) if p.done < 4 else raise_(), **OPTIONS)


def raise_():
    raise KeyboardInterrupt
