"""The list of warnings, as `profile` and `predict` give them: exit code 0, told in the text and in the record."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

ROWS = range(400)
# Column → its cells; each provokes one warning.
CELLS = {
    "plain": [37 * k % 101 / 10 for k in ROWS],
    "same": [5] * 400,
    "gone": [""] * 400,
    "endless": ["inf" if k == 3 else "-inf" if k == 9 else 3 * k % 17 for k in ROWS],
    "huge": ["-1e31" if k == 5 else 5 * k % 19 for k in ROWS],
    "slip": ["oops" if k == 7 else 11 * k % 23 for k in ROWS],
    "answers": [("bad", "worse")[k % 2] if k % 10 == 0 else 11 * k % 23 for k in ROWS],
    "when": ["n.d." if k == 7 else f"2020-{k % 12 + 1:02}-{k % 28 + 1:02}" for k in ROWS],
    "order": [f"{k % 12 + 1}/{k % 11 + 1}/2020" for k in ROWS],
    "many": [f"level {k % 70}" for k in ROWS],
    "won": ["" if k < 4 else ("no", "yes")[k * k % 7 % 2] for k in ROWS],
}


def text_of(cells: dict[str, list[object]]) -> str:
    """The columns as a CSV text."""
    lines = [",".join(cells), *(",".join(map(str, row)) for row in zip(*cells.values()))]
    return "\n".join(lines) + "\n"


@pytest.fixture
def profiled(run):
    """(record, text without line breaks) of the profile of the file with these contents."""

    def call(content: str | bytes, *options: str, name: str = "t.csv"):
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
        record, text = run("profile", name, *options, "--json"), run("profile", name, *options)
        assert (record.code, record.err, text.code, text.err) == (0, "", 0, "")
        return json.loads(record.out), " ".join(text.out.split())

    return call


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("CONSTANT", "'same' set aside: the same value in every row"),
        ("ALL_MISSING", "'gone' set aside: no value at all"),
        ("INFINITE_AS_MISSING", "column 'endless': 2 infinite values taken as missing, the first in row 4"),
        ("INFINITE_AS_MISSING", "column 'huge': 1 value beyond ±1e30 taken as missing, the first in row 6"),
        ("WORDS_IN_DATES", "column 'when': 1 of 400 values is no date of the form of the others and taken as missing"),
        ("AMBIGUOUS_DATES", "column 'order': no day above 12; the dates are read as m/d/yyyy"),
        ("MOSTLY_NUMBERS", "column 'answers': 40 of 400 values are no number, the first in row 1"),
        ("WORDS_IN_NUMBERS", "column 'slip': 1 of 400 values is no number and taken as missing, the first in row 8"),
        ("MANY_LEVELS", "more than 50 different values in 'many' (70)"),
    ],
)
def test_what_is_odd_in_columns_is_told(profiled, code, seen):
    record, text = profiled(text_of(CELLS))
    findings = [finding for finding in record["findings"] if finding["code"] == code and seen in finding["seen"]]
    assert [finding["severity"] for finding in findings] == ["warning"]
    assert seen in text
    assert f"warning {code}" in text


def test_a_plain_table_has_no_warning(profiled):
    record, text = profiled(text_of({name: CELLS[name] for name in ("plain", "won")}), "--target", "won")
    assert [finding for finding in record["findings"] if finding["severity"] != "information"] == []
    assert "warning" not in text


def test_what_was_taken_as_missing_is_missing(profiled):
    columns = {column["name"]: column for column in profiled(text_of(CELLS))[0]["columns"]}
    kinds = {name: (columns[name]["kind"], columns[name]["missing"]) for name in ("endless", "huge", "slip")}
    assert kinds == {"endless": ("number", 2), "huge": ("number", 1), "slip": ("number", 1)}
    assert columns["answers"]["kind"] == "category"
    assert "40 cells are no number, the first in row 1" in columns["answers"]["reason"]
    assert {columns[name]["role"] for name in ("same", "gone")} == {"constant", "empty"}


def test_rows_without_a_target_are_counted(profiled):
    record, text = profiled(text_of(CELLS), "--target", "won")
    assert record["target"]["missing"] == 4
    assert "4 rows have no target and cannot be learned from" in text


def test_a_target_that_is_sometimes_infinite_loses_these_rows(profiled):
    cells = {"plain": CELLS["plain"], "price": ["inf" if k in (2, 5) else k**2 / 7 for k in ROWS]}
    record, _ = profiled(text_of(cells), "--target", "price")
    assert record["target"]["missing"] == 2
    assert "INFINITE_AS_MISSING" in [finding["code"] for finding in record["findings"]]


def test_five_thousand_columns(profiled):
    numbers = np.random.default_rng(0).normal(size=(20, 5000)).round(3)
    lines = [",".join(f"x{k}" for k in range(5000)), *(",".join(map(str, row)) for row in numbers.tolist())]
    record, text = profiled("\n".join(lines) + "\n")
    assert [finding["code"] for finding in record["findings"]] == ["MANY_COLUMNS"]
    assert "the table has 5,000 columns" in text


def test_a_guessed_encoding(profiled):
    content = "name,size\n" + "".join(f"{['Zoë', 'Bob', 'Chloé'][k % 3]},{k % 7}\n" for k in range(30))
    record, text = profiled(content.encode("cp1252"))
    assert "was read as Windows-1252 (Latin-1): byte 0xeb in line 2" in text
    assert record["columns"][0]["levels"][0][0] in ("Zoë", "Bob", "Chloé")
    assert "ENCODING_GUESSED" not in [finding["code"] for finding in profiled(content)[0]["findings"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("a;b\n" + "1;2\n3;4\n" * 6, "DELIMITER"),
        ("1,2\n3,4\n5,6\n", "NO_HEADER"),
        ("# by hand\na,b\n1,2\n3,5\n", "COMMENTS"),
        ("a,b\n1,2\n,\n3,5\n", "BLANK_ROWS"),
    ],
)
def test_guesses_about_the_text_are_told(profiled, content, code):
    record, text = profiled(content)
    assert code in [finding["code"] for finding in record["findings"]]
    assert code in text


HEADER = "Pclass,Sex,Age,SibSp,Parch,Fare,Embarked"
CELLS_OF_ONE = "3,male,22,0,0,7.25,S"


def test_new_levels_are_noted_in_their_row(run, model):
    Path("new.csv").write_text(f"{HEADER}\n{CELLS_OF_ONE}\n{CELLS_OF_ONE.replace('male', 'unknown')}\n")
    said = run("predict", model, "new.csv")
    assert said.code == 0
    notes = pl.read_csv(said.out.encode())["note"].fill_null("").to_list()
    assert notes == ["", "Sex has the new level 'unknown'"]


def test_words_in_a_number_column_are_noted_in_their_row(run, model):
    Path("words.csv").write_text(f"{HEADER}\n{CELLS_OF_ONE}\n{CELLS_OF_ONE.replace('22', 'young')}\n")
    said = run("predict", model, "words.csv")
    assert said.code == 0
    notes = pl.read_csv(said.out.encode())["note"].fill_null("").to_list()
    assert notes[0] == ""
    assert "Age" in notes[1]
    assert "'young'" in notes[1]


def test_reordered_columns_give_the_same_predictions(run, model):
    Path("straight.csv").write_text(f"{HEADER}\n{CELLS_OF_ONE}\n")
    turned = [",".join(reversed(line.split(","))) for line in (HEADER, CELLS_OF_ONE)]
    Path("turned.csv").write_text("\n".join(turned) + "\n")
    straight, other = run("predict", model, "straight.csv"), run("predict", model, "turned.csv")
    assert (other.code, other.out) == (0, straight.out)
