"""`max_seconds`: a ladder ends in time with the best so far, and says what was left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

import pellucid
from pellucid.data.generate import moons
from pellucid.judging import time_budget
from pellucid.judging.time_budget import TimeBudget, time_up

FOREVER = 200_000  # epochs that would take minutes


@pytest.fixture(scope="module")
def table():
    X, y = moons(rows=200, noise=0.3, seed=1)
    return {"a": X[:, 0], "b": X[:, 1], "y": [f"m{k}" for k in y]}


@pytest.fixture(autouse=True)
def as_shipped(monkeypatch):
    """What a fit gets at least, as users have it."""
    monkeypatch.setattr(time_budget, "LEAST_SECONDS", 0.5)


@pytest.fixture
def no_patience(monkeypatch):
    """Fits that only the time ends."""
    from pellucid.judging import rungs

    monkeypatch.setattr(rungs, "PATIENCE", FOREVER)


def test_long_fits_are_cut_short_and_that_is_said(table, no_patience, state):
    found = pellucid.climb(table, "y", hidden=(16, 8), epochs=FOREVER, max_seconds=4)
    (finding,) = [f for f in found.findings if f.code == "TIME_UP"]
    assert finding.severity == "warning"
    assert "2 of 15 folds were run, 4 of the fits in the folds were cut short" in finding.seen
    assert finding.seen in found.verdict
    assert "TIME_UP" in {f["code"] for f in found.card.findings}
    assert found.test["accuracy"].value > 0.7
    assert found.seconds < 20  # without a limit: minutes
    assert list((state / "runs").iterdir()) == []


def test_a_final_network_that_is_cut_short_is_said(table, monkeypatch):
    from pellucid.judging import ladder

    monkeypatch.setattr(time_budget, "LEAST_SECONDS", 0.0)
    monkeypatch.setattr(ladder, "choose", lambda rungs, figure: replace(rungs[3], epochs=5))
    found = pellucid.climb(table, "y", hidden=(4,), epochs=2, max_seconds=0)
    assert (found.model.history_.stopped, len(found.model.history_)) == ("time", 1)
    assert any("the saved network was cut short" in sentence for sentence in found.verdict)


def test_enough_time_changes_nothing(table):
    options = {"hidden": (4,), "epochs": 2}
    found = pellucid.climb(table, "y", **options, max_seconds=1000)
    free = pellucid.climb(table, "y", **options)
    assert [f.code for f in found.findings] == [f.code for f in free.findings]
    assert found.verdict == free.verdict
    assert found.folds_rule == free.folds_rule


def test_fewer_folds_are_an_information(table, monkeypatch):
    monkeypatch.setattr(time_budget, "LEAST_SECONDS", 100.0)
    found = pellucid.climb(table, "y", hidden=(4,), epochs=2, max_seconds=0)
    (finding,) = [f for f in found.findings if f.code == "TIME_UP"]
    assert (finding.severity, finding.seen) == ("information", "The time was up: 2 of 15 folds were run")


def test_a_later_fold_that_is_cut_short_does_not_count(table, monkeypatch):
    """From the third fold on a fit that the time ends is thrown away with its fold."""
    from pellucid.judging.scoring import FoldFits

    real = FoldFits._seconds
    monkeypatch.setattr(TimeBudget, "allows_fold", lambda *_: True)
    monkeypatch.setattr(
        FoldFits, "_seconds", lambda self, number, *rest: 0 if number == 4 else real(self, number, *rest)
    )
    found = pellucid.climb(table, "y", hidden=(4,), epochs=30, max_seconds=1000)
    assert len(found.rungs[0].scores["accuracy"]) == 4
    assert "4 of 15 folds were run" in found.verdict[0] or "4 of 15 folds were run" in found.verdict[1]
    assert "cut short" not in found.verdict[0]


def test_trees_that_would_take_too_long_are_left_out(table, monkeypatch):
    monkeypatch.setattr(time_budget, "TREE_CELLS_A_SECOND", 1.0)
    found = pellucid.climb(table, "y", hidden=(4,), epochs=2, max_seconds=1)
    assert "boosted trees" not in {rung.name for rung in found.rungs}
    assert any("boosted trees were left out" in sentence for sentence in found.verdict)
    free = pellucid.climb(table, "y", hidden=(4,), epochs=2)
    assert "boosted trees" in {rung.name for rung in free.rungs}


def test_a_budget_shares_out_what_is_left(monkeypatch):
    clock = iter([10.0, 10.0, 10.0, 50.0, 130.0, 130.0, 100.0, 100.6])
    monkeypatch.setattr("pellucid.judging.time_budget.time.perf_counter", lambda: next(clock))
    budget = TimeBudget(0.0, 100.0)
    assert budget.part(9) == pytest.approx(88 / 9)  # two seconds are kept for the details
    assert budget.allows_fold(60.0, 13.0)
    assert not budget.allows_fold(60.0, 16.0)
    assert budget.until_final(20.0) == 8.0
    assert budget.part(3) == time_budget.LEAST_SECONDS
    assert budget.until_final(1.0) == 0.0
    assert budget.allows_details
    assert not budget.allows_details
    free = TimeBudget(0.0)
    assert (free.part(3), free.until_final(9.0), free.allows_fold(1e9, 1e9)) == (None, None, True)


def test_nothing_left_out_is_nothing_said():
    assert time_up(15, 15, 0, True, False) is None
    assert "the saved network was cut short" in str(time_up(15, 15, 0, True, True))


def test_details_that_are_left_out_are_said_and_the_page_does_without(table, monkeypatch, tmp_path):
    monkeypatch.setattr(TimeBudget, "allows_details", False)
    found = pellucid.climb(table, "y", hidden=(4,), epochs=2, max_seconds=1000)
    (finding,) = [f for f in found.findings if f.code == "TIME_UP"]
    assert finding.severity == "information"
    assert "slices of the rows, were left out" in finding.seen
    page = pellucid.write_report(found, tmp_path / "r.html").read_text("utf-8")
    assert "What the columns are worth" not in page
    assert "Where it is worse" not in page
