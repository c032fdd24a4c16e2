"""`pellucid train` on small tables: test rows, tasks, folders, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import pellucid
from pellucid.cli.train_files import FILES
from pellucid.data.generate import spiral

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
QUICK = ("--epochs", "2", "--hidden", "4")


@pytest.fixture
def small(tmp_path_factory) -> Path:
    """90 rows whose class follows x; with a split, a group, a day and an identifier."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=90)
    path = tmp_path_factory.mktemp("data") / "small.csv"
    pl.DataFrame(
        {
            "id": np.arange(1000, 1090),
            "x": x,
            "z": rng.normal(size=90),
            "house": [f"h{k % 15}" for k in range(90)],
            "part": ["test" if k % 6 == 0 else "train" for k in range(90)],
            "day": pl.date_range(pl.date(2024, 1, 1), pl.date(2024, 3, 30), "1d", eager=True),
            "won": ["yes" if value > 0 else "no" for value in x + 0.3 * rng.normal(size=90)],
        }
    ).write_csv(path)
    return path


def record(run, *arguments):
    said = run("train", *arguments, *QUICK, "--json")
    assert said.code == 0, said.err
    told = json.loads(said.out)
    assert told["schema"] == 1
    return told


def test_json_is_one_record_that_names_the_files(run, small):
    told = record(run, small, "--target", "won")
    assert told["files"] == [f"small-model/{n}" for n in FILES]
    assert all(Path(path).is_file() for path in told["files"])
    written = json.loads(Path("small-model/evaluation.json").read_text("utf-8"))
    assert written == {name: value for name, value in told.items() if name != "files"}


def test_quiet_says_nothing(run, small):
    assert run("train", small, "--target", "won", *QUICK, "--quiet") == (0, "", "")
    assert Path("small-model/model.pellucid").is_file()


def test_drop_and_group_keep_columns_from_the_network(run, small):
    told = record(run, small, "--target", "won", "--drop", "z", "--drop", "part", "--group", "house", "--drop", "day")
    assert told["card"]["inputs"] == ["x"]
    assert told["card"]["identifiers"] == ["id"]
    assert "3 of 15 groups" in told["card"]["split_rule"]
    assert told["test"]["rows"] % 6 == 0  # whole houses of six rows


def test_a_split_column_chooses_the_test_rows(run, small):
    told = record(run, small, "--target", "won", "--split-column", "part")
    assert told["test"]["rows"] == 15
    assert "part" not in told["card"]["inputs"]


def test_time_takes_the_latest_rows(run, small):
    told = record(run, small, "--target", "won", "--time", "day", "--drop", "part")
    assert told["test"]["rows"] == 18
    model = pellucid.load("small-model/model.pellucid")
    from pellucid.judging.card import sealed_mask

    assert np.flatnonzero(sealed_mask(model.card_)).tolist() == list(range(72, 90))


def test_a_second_table_is_the_test(run, small):
    pl.read_csv(small).tail(20).write_csv("later.csv")
    told = record(run, small, "--target", "won", "--test", "later.csv")
    assert told["test"]["rows"] == 20
    assert "later.csv" in told["card"]["split_rule"]


def test_the_latest_hours_of_the_bike_table(run):
    if not (SHARED / "bike_hour.csv").exists():
        pytest.skip("the shared tables are not beside this checkout (../shared/data)")
    pl.read_csv(SHARED / "bike_hour.csv").gather_every(40).write_csv("bike.csv")
    said = run("train", "bike.csv", "--target", "cnt", "--time", "dteday", *QUICK)
    assert said.code == 0, said.err
    assert "Target cnt: regression" in said.out
    assert "linear network" in said.out
    assert "R²" in said.out
    assert "predicted" not in said.out.split("Test rows")[1].split("Written")[0]


def test_several_classes_and_a_parquet_file(run):
    X, y = spiral(rows=120, noise=0.1, seed=0)
    pl.DataFrame({"a": X[:, 0], "b": X[:, 1], "arm": [f"c{k}" for k in y]}).write_parquet("arms.parquet")
    said = run("train", "arms.parquet", "--target", "arm", *QUICK)
    assert said.code == 0, said.err
    assert "classes c0, c1, c2" in said.out
    assert "predicted c0  predicted c1  predicted c2" in said.out
    counts = [line.split()[-3:] for line in said.out.splitlines() if line.startswith("  arm = ")]
    assert sum(int(n) for row in counts for n in row) == 24
    rows = pl.read_csv(run("predict", "arms-model", "arms.parquet").out.encode())
    assert rows.columns == ["prediction", "P(c0)", "P(c1)", "P(c2)", "note"]
    most = [row.index(max(row)) for row in rows.select("P(c0)", "P(c1)", "P(c2)").iter_rows()]
    assert rows["prediction"].to_list() == [f"c{k}" for k in most]


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_no_line_is_wider_than_the_terminal(run, small, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    said = run("train", small, "--target", "won", "--max-seconds", "0.1", *QUICK, "--out", "m")
    paths = said.out.index("Written after")
    assert max(map(len, said.out[:paths].splitlines())) <= min(width, 100)
    assert "time was up" in " ".join(said.out.split())
    for arguments in (("evaluate", "m", small), ("profile", small, "--target", "won"), ("datasets",)):
        lines = run(*arguments).out.splitlines()
        assert max(map(len, lines)) <= min(width, 100)


def test_a_full_folder_is_kept_unless_forced(run, fails, small):
    folder = Path("mine")
    folder.mkdir()
    (folder / "notes.txt").write_text("dear diary")
    arguments = ("train", small, "--target", "won", *QUICK, "--out", folder)
    assert "exists and is not empty; choose another --out, or say --force" in fails(*arguments)
    assert run(*arguments, "--force").code == 0
    first = (folder / "model.pellucid").read_bytes()
    assert run(*arguments, "--force", "--seed", "1").code == 0
    assert (folder / "model.pellucid").read_bytes() != first
    assert (folder / "notes.txt").read_text() == "dear diary"
    assert sorted(path.name for path in folder.iterdir()) == [
        "evaluation.json",
        "history.csv",
        "model.pellucid",
        "notes.txt",
        "report.html",
    ]


def test_an_empty_folder_needs_no_force(run, small):
    Path("empty").mkdir()
    assert run("train", small, "--target", "won", *QUICK, "--out", "empty").code == 0
    assert len(list(Path("empty").iterdir())) == len(FILES)


def test_a_failed_training_leaves_a_forced_folder_as_it_was(fails, small):
    folder = Path("mine")
    folder.mkdir()
    (folder / "model.pellucid").write_text("an old one")
    assert "did you mean 'won'?" in fails("train", small, "--target", "wom", "--out", folder, "--force")
    assert (folder / "model.pellucid").read_text() == "an old one"


def test_the_same_seed_writes_the_same_model(run, small):
    for out in ("a", "b"):
        assert run("train", small, "--target", "won", *QUICK, "--out", out, "--seed", "7", "--quiet").code == 0
    first, second = (pellucid.load(f"{out}/model.pellucid").parameters_ for out in "ab")
    assert all(np.array_equal(first[name], second[name]) for name in first)
