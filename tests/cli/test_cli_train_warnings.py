"""The list of warnings, as `train` gives them: in the report, in evaluation.json and on the card of the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import pellucid

QUICK = ("--epochs", "1", "--hidden", "2", "--max-seconds", "0.001")
ROWS = range(400)
CELLS = {
    "plain": [37 * k % 101 / 10 for k in ROWS],
    "same": [5] * 400,
    "gone": [""] * 400,
    "endless": ["inf" if k == 3 else "-inf" if k == 9 else 3 * k % 17 for k in ROWS],
    "huge": ["-1e31" if k == 5 else 5 * k % 19 for k in ROWS],
    "slip": ["oopsadaisy" if k == 7 else 11 * k % 23 for k in ROWS],
    "many": [f"level {k % 70}" for k in ROWS],
    "word": [f"caf{'é' * (k % 2)}" for k in ROWS],
    "won": ["" if k < 4 else ("no", "yes")[k * k % 7 % 2] for k in ROWS],
}
TOLD = [
    ("CONSTANT", "'same'"),
    ("ALL_MISSING", "'gone'"),
    ("INFINITE_AS_MISSING", "'endless': 2 infinite values"),
    ("INFINITE_AS_MISSING", "'huge': 1 value beyond ±1e30"),
    ("WORDS_IN_NUMBERS", "'slip': 1 of 400 values is no number"),
    ("MANY_LEVELS", "'many' (70)"),
    ("ENCODING_GUESSED", "Windows-1252"),
]


class Run(NamedTuple):
    """What `train` said, wrote and put on the card."""

    text: str
    record: dict[str, Any]
    card: Any
    model: bytes


@pytest.fixture
def trained_on(run):
    """`train` on the columns, as CSV in Windows-1252."""

    def call(cells: dict[str, list[object]], target: str) -> Run:
        lines = [",".join(cells), *(",".join(map(str, row)) for row in zip(*cells.values()))]
        Path("t.csv").write_bytes(("\n".join(lines) + "\n").encode("cp1252"))
        said = run("train", "t.csv", "--target", target, *QUICK)
        assert said.code == 0, said.err
        file = Path("t-model", "model.pellucid")
        record = json.loads(Path("t-model", "evaluation.json").read_text("utf-8"))
        return Run(" ".join(said.out.split()), record, pellucid.load(file).card_, file.read_bytes())

    return call


def test_what_is_odd_in_the_table_is_told_in_all_three_places(trained_on):
    found = trained_on(CELLS, "won")
    for code, seen in TOLD:
        assert f"{code}: " in found.text
        assert seen in found.text
        for findings in (found.record["findings"], found.card.findings):
            assert [f for f in findings if f["code"] == code and seen in f["seen"]], (code, seen)


def test_rows_without_a_target_are_counted_in_all_three_places(trained_on):
    found = trained_on(CELLS, "won")
    assert "400 rows, 4 left out for want of a target" in found.text
    assert found.record["card"]["rows_without_target"] == found.card.rows_without_target == 4


def test_columns_that_are_set_aside_are_named_in_all_three_places(trained_on):
    found = trained_on(CELLS, "won")
    for name in ("same", "gone"):
        assert f"{name} is set aside" in found.text
        assert name in found.record["card"]["set_aside"]
        assert name in found.card.set_aside


def test_a_word_among_numbers_is_no_part_of_the_model_file(trained_on):
    assert b"oopsadaisy" not in trained_on(CELLS, "won").model


def test_a_thousand_columns_are_told(trained_on):
    cells = {f"x{k}": [(k * 31 + row * 17) % 97 for row in range(40)] for k in range(1001)}
    found = trained_on({**cells, "y": [row % 2 for row in range(40)]}, "y")
    assert "the table has 1,002 columns" in found.text
    assert "MANY_COLUMNS" in [finding["code"] for finding in found.card.findings]
