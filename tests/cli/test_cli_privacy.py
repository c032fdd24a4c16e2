"""What is rare in a table never reaches the files of train: identifiers, texts, levels on fewer than 5 rows."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pellucid.cli import main

ROWS = 120
QUICK = ("--epochs", "1", "--hidden", "3", "--max-seconds", "0.01", "--quiet", "--force")
SECRET = "Xq7"  # in every secret, and in nothing else


def table_with_secrets(seed: int, rare: int, strays: int) -> dict[str, list[str]]:
    """Columns whose rare parts hold unique words; the target is free of them."""
    rng = np.random.default_rng(seed)
    secret = iter(f"{SECRET}{number}q" for number in rng.permutation(10**4))
    x, z = rng.normal(size=(2, ROWS))
    levels = rng.choice(["red", "green", "blue"], ROWS).tolist()
    for _ in range(rare):  # levels on one to four rows
        word = next(secret)
        for row in rng.choice(ROWS, int(rng.integers(1, 5)), replace=False):
            levels[row] = word
    numbers = [f"{value:.4f}" for value in x]
    for row in rng.choice(ROWS, strays, replace=False):
        numbers[row] = next(secret)
    flags = ["yes" if value > 0 else "no" for value in z]
    flags[int(rng.integers(ROWS))] = next(secret)
    codes = [str(k) if k % 2 else next(secret) for k in range(ROWS)]
    return {
        "key": [next(secret) for _ in range(ROWS)],
        "remark": [f"a note about {next(secret)} and what came of it" for _ in range(ROWS)],
        "house": [f"{SECRET}{k // 3}h" for k in range(ROWS)],
        "level": levels,
        "number": numbers,
        "flag": flags,
        "code": codes,
        "day": [f"2024-0{1 + k % 9}-{1 + k % 28:02d}" for k in range(ROWS)],
        "y": ["won" if value > 0 else "lost" for value in x + z + rng.normal(size=ROWS)],
    }


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


WAYS = (
    (),
    ("--keep", "key", "--keep", "remark", "--keep", "house", "--keep", "code"),
    ("--group", "house"),
    ("--time", "day"),
    ("--as", "remark=category", "--as", "key=category", "--as", "house=category"),
    ("--as", "level=identifier", "--as", "flag=text"),
)


@pytest.mark.parametrize("way", WAYS, ids=str)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), rare=st.integers(1, 6), strays=st.sampled_from([0, 1, 9]))
def test_secrets_reach_no_file(way, seed, rare, strays):
    table = table_with_secrets(seed, rare, strays)
    with open("t.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))
    assert main(["train", "t.csv", "--target", "y", "--out", "out", *way, *QUICK]) == 0
    content = written(Path("out")) + written(Path(os.environ["PELLUCID_STATE"]))
    assert b"level" in content
    assert SECRET.encode() not in content
    assert Path("out/evaluation.json").stat().st_size < 300_000


def test_the_card_says_what_is_in_the_file(run):
    assert run("train", "titanic", "--target", "Survived", *QUICK, "--out", "out").code == 0
    card = json.loads(Path("out/evaluation.json").read_text())["card"]
    assert "levels on fewer than 5 training rows, are not in this file" in card["privacy"]
    content = written(Path("out"))
    for name in ("Braund", "Heikkinen", "PC 17599", "C85"):  # names, tickets and cabins of single passengers
        assert name.encode() not in content


def test_a_level_on_five_rows_is_in_the_file(run):
    """The other side of the limit, so that the search above would find what is there."""
    rng = np.random.default_rng(0)
    levels = ["plain", "other"] * 100
    levels[:50] = [f"{SECRET}five"] * 50
    lines = [f"{level},{x:.3f},{'ab'[int(x > 0)]}" for level, x in zip(levels, rng.normal(size=200))]
    Path("t.csv").write_text("\n".join(["level,x,y", *lines]))
    assert run("train", "t.csv", "--target", "y", *QUICK, "--out", "out").code == 0
    assert f"{SECRET}five".encode() in written(Path("out"))


def test_evaluation_json_stays_small_with_many_columns_and_classes(run):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 300))
    names = [f"a rather long name of column {k}" for k in range(300)]
    lines = [",".join([*(f"{value:.2f}" for value in row), f"class {k % 26}"]) for k, row in enumerate(X)]
    Path("t.csv").write_text("\n".join([",".join([*names, "y"]), *lines]))
    assert run("train", "t.csv", "--target", "y", *QUICK, "--out", "out").code == 0
    assert Path("out/evaluation.json").stat().st_size < 300_000
