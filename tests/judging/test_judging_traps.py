"""Every trap, provoked as docs/traps.md shows it; and a healthy run, which falls into none."""

from __future__ import annotations

import importlib.util
import logging
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from test_judging_climb import people

import pellucid
from pellucid import NetworkSpec, TrainingSpec, fit_network
from pellucid.judging.evaluation import evaluation_of
from pellucid.judging.truth import Truth

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


traps = script("traps")


@pytest.mark.parametrize("trap", traps.TRAPS, ids=lambda trap: trap.code)
def test_the_trap_is_caught(trap):
    said = traps.caught(trap)
    assert said is not None, trap.how
    code = trap.code.split(" / ")[0]
    if trap.make is not None and ": " in said and said.split(": ")[0].split()[0] in ("warning", "information"):
        assert code in said


def test_all_thirty_are_there():
    assert [trap.number for trap in traps.TRAPS] == list(range(1, 31))
    assert {trap.number for trap in traps.TRAPS if trap.make is None} <= {8}


def test_the_table_has_a_row_for_each_and_says_what_is_missed():
    lines = traps.table_of([(trap, None if trap.number == 3 else "caught | so") for trap in traps.TRAPS])
    assert len(lines) == 32
    assert "**not caught**" in lines[4]
    assert all(line.count("|") - line.count("\\|") == 5 for line in lines)


def test_a_healthy_run_falls_into_none():
    found = pellucid.climb(people(400), "y", hidden=(8,), epochs=30, inputs=["x", "color"], seed=1)
    codes = {finding.code for finding in found.findings if finding.severity != "information"}
    assert codes - {"DUPLICATES"} == set()


def test_healthy_runs_of_the_tables_at_hand():
    """A few of the 200 runs that docs/traps.md counts; those of tables that need no file."""
    healthy = script("healthy_runs")
    logging.getLogger("pellucid").setLevel(logging.NOTSET)
    for source in healthy.SOURCES:
        if source.name in ("titanic", "moons"):
            table = pellucid.read(source.get(Path()))
            for seed in range(3):
                assert set(healthy.run_once(table, source, seed)) <= set(source.true), (source.name, seed)


def second(shares):
    return np.stack([1 - np.asarray(shares), np.asarray(shares)], axis=1)


def test_one_class_with_skill_is_information():
    """A rare class whose probabilities rise to 0.45 and never above: right to say, no reason to warn."""
    rng = np.random.default_rng(0)
    chance = np.where(rng.uniform(size=1000) < 0.2, 0.45, 0.01)
    truth = Truth("y", "classification", (rng.uniform(size=1000) < chance).astype(int), ("no", "yes"), "")
    for shares, severity in ((chance, "information"), (np.full(1000, truth.values.mean()), "warning")):
        found = {finding.code: finding for finding in evaluation_of(truth, second(shares)).findings}
        assert found["ONE_CLASS"].severity == severity
    fitted = fit_network(
        np.log(chance / (1 - chance))[:, None],
        truth.values,
        NetworkSpec(1),
        TrainingSpec("bce", epochs=1, learning_rate=1e-9),
        initial={"layers.0.weight": [[1.0]], "layers.0.bias": [0.0]},
    )
    assert [f.severity for f in fitted.history.findings if f.code == "ONE_CLASS"] == ["information"]


def test_worse_than_base_by_one_error_is_information_and_by_two_a_warning():
    """Row by row the loss is higher by 1 ± 8 of 64 rows (one error), or by 3 ± 8 (three errors)."""
    swing = np.where(np.arange(64) % 2, 8.0, -8.0)
    for lead, severity in ((1.5, "information"), (3.0, "warning")):
        truth = Truth("price", "regression", np.sqrt(100 + np.zeros(64)), (), "")
        predicted = truth.values - np.sqrt(100 + lead + swing)
        found = evaluation_of(truth, predicted, base=np.array([0.0])).findings
        assert [(f.code, f.severity) for f in found] == [("WORSE_THAN_BASE", severity)]


@pytest.mark.parametrize(("count", "flagged"), [(70, True), (100, False)])
def test_division_by_the_largest_of_all_rows(count, flagged):
    """Columns divided by their largest size of all rows, where the largest stands in a held-out row."""
    rng = np.random.default_rng(1)
    X = rng.uniform(1, 5, size=(100, 3))
    X[80] = [9, 9, 9]
    scaled = X / X[:count].max(axis=0) if not flagged else X / X.max(axis=0)
    training, held = (np.arange(70), np.arange(70, 100)) if flagged else (np.arange(30, 100), np.arange(30))
    y = rng.integers(0, 2, size=100).astype(float)
    plan = TrainingSpec("bce", epochs=1)
    fitted = fit_network(scaled[training], y[training], NetworkSpec(3), plan, validation=(scaled[held], y[held]))
    assert ("FIT_ON_HELD_OUT" in {finding.code for finding in fitted.history.findings}) == flagged
