"""What climb says about its rows: each finding provoked, healthy tables silent; folds that go forward in time."""

from __future__ import annotations

import json

import numpy as np
import pytest

import pellucid
from pellucid.data.split import Split, ordered_split
from pellucid.judging.card import sealed_mask
from pellucid.judging.folds import make_folds
from pellucid.judging.seal import SealPlan

QUICK = {"hidden": (4,), "epochs": 2, "max_seconds": 0}
ABOUT_ROWS = {"LEAK", "DUPLICATES", "IMBALANCE", "IDENTIFIER", "ORDERED_SPLIT", "MISSING_TARGET"}


def healthy(rows=300, seed=0):
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=(2, rows))
    y = np.where(x + rng.normal(size=rows) > 0, "yes", "no")
    return {"x": x.tolist(), "z": z.tolist(), "y": y.tolist()}


def found(table, target="y", **options):
    return pellucid.climb(table, target, **{**QUICK, **options})


def finding(climbed, code):
    (only,) = [f for f in climbed.findings if f.code == code]
    return only


def codes(climbed):
    return {f.code for f in climbed.findings}


def test_a_healthy_table_is_silent():
    assert not codes(found(healthy())) & ABOUT_ROWS


def test_findings_are_in_the_card_and_in_the_record_warnings_first():
    table = {**healthy(), "id": list(range(300)), "same": [1] * 300, "none": [None] * 300}
    climbed = found(table)
    assert {"IDENTIFIER", "CONSTANT", "ALL_MISSING"} <= codes(climbed)
    assert [f["code"] for f in climbed.card.findings] == [f.code for f in climbed.findings]
    assert json.loads(json.dumps(climbed.to_dict()))["findings"][0]["severity"] == "warning"
    order = [f.severity for f in climbed.findings]
    assert order == sorted(order, key=lambda severity: severity == "information")


def test_leak_names_the_column_that_holds_the_answer():
    table = healthy()
    table["answer"] = [1.5 if y == "yes" else -2.0 for y in table["y"]]
    leak = finding(found(table), "LEAK")
    assert (leak.severity, "'answer'" in leak.seen, "--drop answer" in leak.remedy) == ("warning", True, True)
    assert "LEAK" not in codes(found(table, drop=("answer",)))
    assert "LEAK" not in codes(found(table, inputs=("x", "z")))


def test_leak_looks_at_training_rows_only():
    """A column that holds the answer in the sealed rows alone cannot be seen, and one in the training rows can."""
    rows = np.arange(300)
    split = Split(rows[:150], rows[150:], "halves")
    table = healthy()
    answer = np.array([y == "yes" for y in table["y"]], dtype=float)
    noise = np.random.default_rng(5).integers(0, 2, 300).astype(float)
    for known, expected in ((rows >= 150, False), (rows < 150, True)):
        table["hint"] = np.where(known, answer, noise).tolist()
        assert ("LEAK" in codes(found(table, seal=split))) is expected


@pytest.mark.parametrize(("copies", "severity"), [(1, "information"), (10, "warning")])
def test_test_rows_that_repeat_training_rows(copies, severity):
    table = {**healthy(), "id": [f"r{k:03d}" for k in range(300)]}
    rows = np.arange(300)
    split = Split(rows[:250], rows[250:], "by hand")
    for k in range(copies):
        for name in ("x", "z", "y"):
            table[name][250 + k] = table[name][k]
    repeated = finding(found(table, seal=split), "DUPLICATES")
    assert repeated.severity == severity
    assert f"{copies} of 50 test rows ({copies / 50:.1%})" in repeated.seen


def test_rows_with_another_target_do_not_repeat_and_gaps_are_equal():
    table = healthy()
    split = Split(np.arange(250), np.arange(250, 300), "by hand")
    table["x"][250], table["z"][250] = table["x"][0], table["z"][0]
    table["y"][250] = "no" if table["y"][0] == "yes" else "yes"
    assert "DUPLICATES" not in codes(found(table, seal=split))
    for row in (1, 251):
        table["x"][row], table["z"][row], table["y"][row] = None, 7.0, "no"
    assert "1 of 50 test rows" in finding(found(table, seal=split), "DUPLICATES").seen


def test_rows_of_a_second_table_are_compared_by_the_names_of_their_levels():
    first = {**healthy(), "c": ["red", "green", "blue"] * 100}
    second = {name: values[40:60] for name, values in {**healthy(seed=1), "c": ["blue", "blue", "red"] * 100}.items()}
    for name in first:
        second[name][:5] = first[name][:5]
    climbed = found(first, seal=SealPlan(test=second))
    assert "5 of 20 test rows" in finding(climbed, "DUPLICATES").seen


def test_imbalance_missing_targets_and_identifiers():
    table = healthy()
    table["y"] = ["rare" if k % 20 == 0 else "often" for k in range(300)]
    table["y"][7] = table["y"][8] = None
    table["key"] = [f"k{k * 37 % 300}" for k in range(300)]
    climbed = found(table)
    assert "'rare'" in finding(climbed, "IMBALANCE").seen
    assert "2 of 300 rows have no 'y'" in finding(climbed, "MISSING_TARGET").seen
    assert "'key'" in finding(climbed, "IDENTIFIER").seen


@pytest.mark.parametrize("task", ["classes", "numbers"])
def test_a_sorted_table_with_an_ordered_split(task):
    rng = np.random.default_rng(0)
    y = np.sort(rng.normal(size=200))
    target = [("a", "b", "c")[k] for k in np.digitize(y, [-0.2, 0.2])] if task == "classes" else y.tolist()
    table = {"x": rng.normal(size=200).tolist(), "z": rng.normal(size=200).tolist(), "y": target}
    split = ordered_split(200, 0.2)
    warned = finding(found(table, seal=split), "ORDERED_SPLIT")
    assert "order of the table" in warned.seen
    assert "ORDERED_SPLIT" not in codes(found(table))  # at random
    mixed = rng.permutation(200)
    shuffled = {name: [values[k] for k in mixed] for name, values in table.items()}
    assert "ORDERED_SPLIT" not in codes(found(shuffled, seal=split))


def test_a_target_that_only_grows_in_time():
    rng = np.random.default_rng(0)
    days = rng.permutation(120)
    table = {"x": rng.normal(size=120).tolist(), "day": days.tolist(), "level": (days * 2.5 + 3).tolist()}
    warned = finding(found(table, "level", seal=SealPlan(time_column="day")), "ORDERED_SPLIT")
    assert "order of time" in warned.seen
    table["level"] = (days * 2.5 + 30 * rng.normal(size=120)).tolist()
    assert "ORDERED_SPLIT" not in codes(found(table, "level", seal=SealPlan(time_column="day")))


def test_what_reading_found_is_said(tmp_path):
    rng = np.random.default_rng(0)
    lines = [f"{a:.3f};{b:.3f};{'è' if a > 0 else 'o'}" for a, b in rng.normal(size=(200, 2))]
    lines[5] = "inf;" + lines[5].split(";", 1)[1]
    (tmp_path / "t.csv").write_bytes(("a;b;y\n" + "\n".join(lines)).encode("cp1252"))
    climbed = found(tmp_path / "t.csv")
    table = pellucid.read(tmp_path / "t.csv")
    assert {f.code for f in table.findings} >= {"INFINITE_AS_MISSING"}
    assert set(table.findings) <= set(climbed.findings)


def test_folds_of_a_time_split_go_forward(monkeypatch):
    from pellucid.judging.scoring import FoldFits

    seen = {}
    score = FoldFits.score

    def spy(fits, folds):
        seen["folds"], seen["day"] = folds, fits.table["day"].values
        return score(fits, folds)

    monkeypatch.setattr(FoldFits, "score", spy)
    table = {**healthy(), "day": np.random.default_rng(1).permutation(300).tolist()}
    climbed = pellucid.climb(table, "y", seal=SealPlan(time_column="day"), hidden=(4,), epochs=2)
    assert len(seen["folds"]) == 5
    for fold in seen["folds"]:
        assert seen["day"][fold.training].max() < seen["day"][fold.held_out].min()
        assert set(seen["day"][fold.training]) == set(range(int(seen["day"][fold.training].max()) + 1))
    assert climbed.folds_rule == (
        "5 fits a rung, 5 folds a round, in order of time, each learning from all rows before it"
    )
    assert sealed_mask(climbed.card).sum() == 60


def test_forward_folds_need_two_classes_and_some_rows():
    rng = np.random.default_rng(0)
    moments = np.arange(60)
    late = make_folds(60, (moments > 25).astype(int), None, rng, moments)
    assert 2 <= len(late) < 5
    assert all(fold.training.max() > 25 for fold in late)
    never = make_folds(60, (moments > 55).astype(int), None, rng, moments)
    assert "stratified" in never[0].rule
    assert "order of time" not in never[0].rule
    alike = make_folds(60, None, None, rng, np.zeros(60))
    assert len(alike) == 15
