"""The last page: what a reader may drop on it, and what hears a plain sentence."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pellucid.lessons import Rows, on_your_table


def shapes(rows: Rows) -> str:
    return f"X {rows.X.shape}, y {rows.y.tolist()[:3]}, classes {rows.classes}"


def page(text: str, tmp_path: Path, **options: Any) -> str:
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    return on_your_table(path, shapes, **options)


NUMBERS = "a,b,word,c\n" + "\n".join(f"{i},{i * i % 7},w{i % 3},{i % 5 + 0.5}" for i in range(20))


def test_nothing_dropped_is_an_invitation():
    for nothing in (None, [], (), SimpleNamespace(value=[])):
        assert on_your_table(nothing, shapes).startswith("**Now on your table.**")


def test_the_last_column_of_numbers_is_the_target(tmp_path):
    told = page(NUMBERS, tmp_path)
    assert told.startswith("Read 20 rows. To be predicted: ‘c’. From: ‘a’, ‘b’.")
    assert "X (20, 2), y [0.5, 1.5, 2.5], classes ()" in told


def test_a_named_target_and_classes(tmp_path):
    assert "To be predicted: ‘a’. From: ‘b’." in page(NUMBERS, tmp_path, target=" a ", inputs=1)
    told = page(NUMBERS, tmp_path, target="word", classes=True)
    assert "classes ('w0', 'w1', 'w2')" in told
    assert "y [0.0, 1.0, 2.0]" in told


def test_what_the_widget_holds_is_read_by_its_name_alone(tmp_path):
    dropped = SimpleNamespace(value=[SimpleNamespace(name="../mine.csv", contents=NUMBERS.encode())])
    assert on_your_table(dropped, shapes).startswith("Read 20 rows.")
    broken = SimpleNamespace(value=[SimpleNamespace(name="mine.parquet", contents=b"no parquet")])
    told = on_your_table(broken, shapes)
    assert told.startswith("**This table will not do**")
    assert "mine.parquet" in told
    assert "/" not in told.replace("and/or", "")


def test_rows_with_gaps_are_left_out_and_counted(tmp_path):
    rows = [f"{'' if i in (3, 4) else i},{i % 4 + 0.25}" for i in range(30)]
    told = page("a,b\n" + "\n".join(rows), tmp_path)
    assert "2 rows with gaps left out." in told
    assert "X (28, 1)" in told


def test_large_tables_are_drawn_from(tmp_path):
    rng = np.random.default_rng(0)
    rows = [f"{u:.5f},{v:.5f}" for u, v in rng.normal(size=(2500, 2))]
    told = page("a,b\n" + "\n".join(rows), tmp_path)
    assert "2,000 were drawn" in told
    assert "X (2000, 1)" in told


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("a,b\nx,y\nz,w\nu,v\ns,t\nq,r\n", {}, "no column of numbers"),
        ("a,b\n1,2\n", {}, "1 row;"),
        ("a\n1\n2\n4\n3\n5\n", {}, "no column of numbers beside ‘a’"),
        (NUMBERS, {"target": "d"}, "no column ‘d’"),
        (NUMBERS, {"target": "word"}, "‘word’ cannot be the target here"),
        (NUMBERS, {"target": "a", "classes": True}, "2 to 10 different values"),
        ("", {}, ""),
    ],
)
def test_a_table_that_will_not_do_hears_why(tmp_path, text, options, words):
    told = page(text, tmp_path, **options)
    assert told.startswith("**This table will not do**: ")
    assert words in told
    assert "Traceback" not in told


def test_a_file_that_is_not_there(tmp_path):
    assert on_your_table(tmp_path / "gone.csv", shapes).startswith("**This table will not do**: no file")
