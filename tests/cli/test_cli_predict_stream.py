"""`pellucid predict` on files of any form and length: kinds from the model, notes, columns, whole or not at all."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

import pellucid
from pellucid.data import chunks, row_stream
from pellucid.files import whole_file

PROGRAM = Path(sys.executable).with_name("pellucid")
HEAD = "name,size,kind,day,flag,y\n"


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """A model of a table with an identifier, numbers, levels, dates d/m/yyyy and yes/no; its file."""
    chance = random.Random(5)
    place = tmp_path_factory.mktemp("stock")
    rows = []
    for k in range(400):
        size, kind, flag = chance.randint(1, 900) / 10, chance.choice("pqr"), chance.choice(["Yes", "No"])
        y = "big" if size + 20 * (kind == "p") + 10 * (flag == "Yes") + chance.random() * 20 > 60 else "small"
        rows.append(f"item{k:04d},{size},{kind},{chance.randint(13, 28)}/{chance.randint(1, 12)}/2023,{flag},{y}\n")
    (place / "stock.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    found = pellucid.climb(place / "stock.csv", "y", hidden=[4], epochs=3)
    pellucid.save(found.model, place / "stock.pellucid")
    return place / "stock.pellucid"


@pytest.fixture
def predicted(run, stock):
    """Predict a text and read what was printed, all as texts."""

    def call(text, name="new.csv"):
        Path(name).write_bytes(text.encode() if isinstance(text, str) else text)
        said = run("predict", stock, name)
        assert said.code == 0, said.err
        frame = pl.read_csv(said.out.encode(), infer_schema=False).with_columns(pl.col("note").fill_null(""))
        return frame, said.err

    return call


def notes(frame):
    return frame["note"].to_list()


def test_kinds_come_from_the_model_not_from_the_rows(predicted):
    """One row, in which every column could be taken for something else."""
    frame, _ = predicted("name,size,kind,day,flag\n007,12,1,3/4/2023,YES\n")
    assert frame["name"].to_list() == ["007"]
    assert notes(frame) == ["kind has the new level '1'"]
    same, _ = predicted(
        "name,size,kind,day,flag\n7,12.0,p,3/4/2023,yes\n8,12,p,2023-04-03,Yes\n9, 12 ,p,3.4.2023,Yes\n"
    )
    assert same["P(big)"][0] == same["P(big)"][1]  # the third of April, in the form of training and in yyyy-mm-dd
    assert notes(same) == ["", "", "day is no date: '3.4.2023'"]


def test_a_word_where_a_number_should_be_is_noted_and_counts_as_missing(predicted):
    frame, err = predicted("name,size,kind,day,flag\na,large,p,3/4/2023,Yes\nb,,p,3/4/2023,Yes\nc,?,p,31/2/2023,Yes\n")
    assert notes(frame) == [
        "size is no number: 'large'",
        "size is missing",
        "size is missing; day is no date: '31/2/2023'",
    ]
    assert frame["P(big)"][0] == frame["P(big)"][1]
    assert "WRONG_TYPE" in err
    assert "'size' in 1 row, 'day' in 1 row" in err


def test_notes_of_several_cells_are_joined_in_the_order_of_the_columns(predicted):
    frame, err = predicted(
        "name,size,kind,day,flag\n"
        "a,1e9,z,1/1/2030,Yes\n"
        "b,5,z,1/1/1990,No\n"
        "c,1e40,,,maybe\n"
        f"d,5,{'w' * 60},14/5/2023,Yes\n"
    )
    assert notes(frame)[0].startswith("size above ")
    assert notes(frame)[0].split("; ")[1:] == ["kind has the new level 'z'", notes(frame)[0].split("; ")[2]]
    assert notes(frame)[0].split("; ")[2].startswith("day after 2023-")
    assert notes(frame)[2] == (
        "size is beyond ±1e30: 1e+40; kind is missing; day is missing; flag has the new level 'maybe'"
    )
    assert notes(frame)[3] == f"kind has the new level '{'w' * 60}'"
    assert "NEW_LEVELS" in err
    assert "'kind' in 3 rows, 'flag' in 1 row" in err


@pytest.mark.parametrize(
    ("size", "value"),
    [("1,5", 1.5), ("$ 1.5", 1.5), ("1.5 %", 1.5), ("(1.5)", -1.5), ("+1.5e0", 1.5), ("−1.5", -1.5)],
)
def test_numbers_as_people_write_them(predicted, size, value):
    frame, _ = predicted(f"name;size;kind;day;flag\na;{size};p;3/4/2023;Yes\nb;{value};p;3/4/2023;Yes\n")
    assert frame["P(big)"][0] == frame["P(big)"][1]
    assert notes(frame)[0] == notes(frame)[1]


def test_a_file_with_decimal_commas_throughout(predicted):
    points, _ = predicted("name;size;kind;day;flag\na;1200.5;p;3/4/2023;Yes\nb;12;q;3/4/2023;No\n")
    commas, _ = predicted("name;size;kind;day;flag\na;1.200,5;p;3/4/2023;Yes\nb;12;q;3/4/2023;No\n")
    assert commas.equals(points)


def test_dates_of_another_form_throughout_are_read_by_that_form(predicted):
    frame, _ = predicted("name,size,kind,day,flag\na,5,p,5/31/2023,Yes\nb,5,p,5/4/2023,No\n")
    same, _ = predicted("name,size,kind,day,flag\na,5,p,31/5/2023,Yes\nb,5,p,4/5/2023,No\n")
    assert notes(frame) == ["", ""]
    assert frame.equals(same)


def test_columns_missing_renamed_reordered_and_extra(run, fails, stock, predicted):
    Path("renamed.csv").write_text("name,sizes,kind,day,flag\na,5,p,3/4/2023,Yes\n")
    assert "'size' of the training rows is missing; did you mean 'sizes'?" in fails("predict", stock, "renamed.csv")
    Path("both.csv").write_text("name,Size,kinds,day,flag\na,5,p,3/4/2023,Yes\n")
    error = fails("predict", stock, "both.csv")
    assert "the columns 'size', 'kind' of the training rows are missing; did you mean 'Size', 'kinds'?" in error
    Path("two.csv").write_text("name,size,day\na,5,3/4/2023\n")
    error = fails("predict", stock, "two.csv")
    assert "two.csv: the columns 'kind', 'flag' of the training rows are missing" in error
    frame, err = predicted("flag,y,color,day,kind,size\nYes,big,red,3/4/2023,p,5\n")
    assert frame.columns == ["prediction", "P(big)", "P(small)", "note"]
    assert err.count("\n") == 2
    assert "REORDERED_COLUMNS" in err
    assert "EXTRA_COLUMNS: 'color' ignored" in err
    assert run("predict", stock, "new.csv", "--quiet").err == ""
    told = json.loads(run("predict", stock, "new.csv", "--json", "--quiet").out)
    assert [finding["code"] for finding in told["findings"]] == ["REORDERED_COLUMNS", "EXTRA_COLUMNS"]


def odd_file():
    """Rows with gaps, words, quotes with line ends, new levels, blank lines and comments, as text."""
    chance = random.Random(11)
    lines = ["# made by hand", "# in two lines", "name,size,kind,day,flag,remark"]
    for k in range(3000):
        size = chance.choice([str(chance.randint(0, 1200) / 10), "", "NA", "words", '"1,200.5"', "$3"])
        kind, flag = chance.choice(["p", "q", "r", "", "é", "s"]), chance.choice(["Yes", "no", "NO", "-"])
        day = chance.choice([f"{chance.randint(1, 28)}/3/2023", "2023-03-05", "", "soon"])
        remark = chance.choice(["", "x", '"a, ""b"""', '"two\nlines"', "#"])
        lines.append(f"id{k},{size},{kind},{day},{flag},{remark}")
        lines += [""] * (k % 97 == 0) + ["# pause"] * (k % 301 == 0)
    return "\n".join(lines) + "\n\n"


@pytest.mark.parametrize("change", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "crlf", "gz"])
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_any_size_of_chunks_gives_the_same_bytes(run, stock, monkeypatch, change, suffix):
    text = odd_file()
    raw = (
        text.replace("\n", "\r\n").encode() if change == "crlf" else text.encode("utf-8" if change == "gz" else change)
    )
    name = "odd.csv.gz" if change == "gz" else "odd.csv"
    Path(name).write_bytes(gzip.compress(raw) if change == "gz" else raw)
    made = []
    for size in (1 << 24, 10_000, 777):
        monkeypatch.setattr(row_stream, "CHUNK_BYTES", size)
        monkeypatch.setattr(chunks, "SAMPLE_BYTES", 4096)
        assert run("predict", stock, name, "--out", f"{size}.{suffix}").code == 0
        made.append(Path(f"{size}.{suffix}").read_bytes())
    assert made[0] == made[1] == made[2]
    frame = pl.read_csv("777.csv") if suffix == "csv" else pl.read_parquet("777.parquet")
    assert frame["name"].to_list() == [f"id{k}" for k in range(3000)]
    assert frame["note"].str.contains("size is no number: 'words'").any()


def test_an_error_in_the_last_chunk_leaves_nothing(fails, run, stock, monkeypatch):
    monkeypatch.setattr(row_stream, "CHUNK_BYTES", 20_000)
    Path("cut.csv").write_text("name,size,kind,day,flag\n" + "a,5,p,3/4/2023,Yes\n" * 40_000 + "a,5\n")
    for out in ([], ["--out", "p.csv"], ["--out", "p.parquet"]):
        assert "cut.csv, line 40,002: expected 5 cells" in fails("predict", stock, "cut.csv", *out)


def test_parquet_identifiers_are_numbers_only_when_all_of_them_are(run, stock):
    rows = "".join(f"{k},5,p,3/4/2023,Yes\n" for k in range(80_000))
    Path("n.csv").write_text("name,size,kind,day,flag\n" + rows)
    Path("m.csv").write_text("name,size,kind,day,flag\n" + rows + "01,5,p,3/4/2023,Yes\n")
    for name, kind in (("n", pl.Int64), ("m", pl.String)):
        assert run("predict", stock, f"{name}.csv", "--out", f"{name}.parquet").code == 0
        frame = pl.read_parquet(f"{name}.parquet")
        assert frame["name"].dtype == kind
        assert frame["name"].cast(pl.Int64).head(80_000).to_list() == list(range(80_000))
    assert pl.read_parquet("m.parquet")["name"][-1] == "01"


def test_frames_of_other_types_are_read_by_the_kinds_of_the_model(run, stock):
    frame = pl.DataFrame(
        {"name": ["a", "b"], "size": ["5", "many"], "kind": ["p", None], "day": [20230403, None], "flag": [True, False]}
    )
    frame.write_parquet("t.parquet")
    said = run("predict", stock, "t.parquet")
    found = pl.read_csv(said.out.encode())["note"].to_list()
    assert found[0] == "day is no date: '20230403'; flag has the new level 'True'"
    assert found[1] == "size is no number: 'many'; kind is missing; day is missing; flag has the new level 'False'"


def test_ctrl_c_leaves_nothing(stock, tmp_path):
    row = "a,5,p,3/4/2023,Yes\n"
    Path("long.csv").write_text("name,size,kind,day,flag\n" + row * 3_000_000)
    command = [PROGRAM, "predict", str(stock), "long.csv", "--out", "p.csv"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    for _ in range(600):
        if any(path.name.endswith(".part") for path in tmp_path.iterdir()):
            break
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (130, "pellucid: stopped by Ctrl-C; nothing was written\n")
    assert [path.name for path in tmp_path.iterdir()] == ["long.csv"]


def test_a_disk_that_is_full_leaves_nothing(fails, stock, monkeypatch):
    Path("new.csv").write_text("name,size,kind,day,flag\na,5,p,3/4/2023,Yes\n")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for out in ("p.csv", "p.parquet"):
        assert "No space left on device; nothing was changed" in fails("predict", stock, "new.csv", "--out", out)


def test_a_file_written_in_pieces_is_whole_or_absent(tmp_path):
    with whole_file(tmp_path / "a") as file:
        file.write(b"one, ")
        assert not (tmp_path / "a").exists()
        file.write(b"two")
    assert (tmp_path / "a").read_bytes() == b"one, two"
    block = whole_file(tmp_path / "a")
    block.__enter__().write(b"half")
    assert block.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None) is False
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"one, two"]


@pytest.mark.parametrize("name", ["new.csv", "new.parquet"])
def test_numbers_that_are_not_finite_are_named_as_such(run, stock, name):
    sizes = [1.5, float("inf"), float("-inf"), 2e31, None]
    rows = {"kind": ["p"] * 5, "day": ["13/1/2023"] * 5, "flag": ["Yes"] * 5, "size": sizes}
    frame = pl.DataFrame(rows)
    frame.write_csv(name) if name.endswith("csv") else frame.write_parquet(name)
    said = run("predict", stock, name)
    told = [note or "" for note in pl.read_csv(said.out.encode())["note"].to_list()]
    assert [note.split("; ")[0] for note in told] == [
        "",
        "size is infinite",
        "size is infinite",
        "size is beyond ±1e30: 2e+31",
        "size is missing",
    ]
    assert "warning INFINITE_AS_MISSING: numbers that are infinite or beyond ±1e30: 'size' in 3 rows" in said.err
