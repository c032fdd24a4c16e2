"""Tables with more than a thousand columns: fewer folds, and rules and trees that look at the promising columns."""

from __future__ import annotations

import numpy as np
import pytest

import pellucid
from pellucid.data.table import Column, Table
from pellucid.judging.folds import make_folds
from pellucid.judging.wide import MOST_LOOKED_AT, is_wide, promising, wide_finding


def wide_table(rows=120, columns=1_003, seed=3):
    """Noise, with one telling number, one telling category and one telling date among it; and the answer."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, rows)
    noise = rng.standard_normal((columns - 3, rows))
    noise[:, :5][::7] = np.nan
    made = [Column(f"f{k}", "number", values) for k, values in enumerate(noise)]
    made[500:500] = [
        Column("number", "number", y + 0.3 * rng.standard_normal(rows)),
        Column("word", "category", np.where(rng.random(rows) < 0.9, y, -1).astype(np.int32), ("a", "b")),
        Column("day", "date", np.datetime64("2024-01-01", "us") + (y * 10 + rng.integers(0, 5, rows)) * 86_400_000_000),
    ]
    return Table(made), y


def test_what_tells_the_target_is_among_the_columns_that_are_looked_at():
    table, y = wide_table()
    chosen = promising(table, table.names, np.eye(2)[y])
    assert len(chosen) == MOST_LOOKED_AT
    assert {"number", "word", "day"} <= set(chosen)
    assert list(chosen) == [name for name in table.names if name in chosen]
    assert promising(table, table.names, y[:, None].astype(float)) == chosen


def test_many_levels_and_constants_do_not_look_promising():
    table, y = wide_table()
    each = np.arange(len(y)).astype(np.int32)
    table = table.with_column(Column("each", "category", each, tuple(f"n{k:03d}" for k in each)))
    table = table.with_column(Column("same", "number", np.ones(len(y))))
    table = table.with_column(Column("gone", "number", np.full(len(y), np.nan)))
    names = [name for name in table.names if name not in ("f0", "f1", "f2")]
    assert len(names) == MOST_LOOKED_AT + 3
    assert set(names) - set(promising(table, names, np.eye(2)[y])) == {"each", "same", "gone"}


def test_narrow_tables_are_looked_at_whole():
    table, y = wide_table()
    narrow = table.names[:MOST_LOOKED_AT]
    assert promising(table, narrow, np.eye(2)[y]) == narrow
    assert wide_finding(MOST_LOOKED_AT) is None
    assert not is_wide(MOST_LOOKED_AT)


@pytest.mark.parametrize(("columns", "count"), [(1_000, 15), (1_001, 3)])
def test_wide_tables_are_cut_into_fewer_folds(columns, count):
    labels = np.arange(100) % 2
    assert len(make_folds(100, labels, None, np.random.default_rng(0), columns=columns)) == count


def test_a_wide_table_is_trained_and_what_was_done_less_of_is_said():
    table, y = wide_table(rows=150)
    target = Column("y", "category", y.astype(np.int32), ("no", "yes"))
    found = pellucid.climb(table.with_column(target), "y", hidden=[4], epochs=2)
    assert found.folds_rule.startswith("3 fits a rung")
    codes = [finding.code for finding in found.findings]
    assert "WIDE_TABLE" in codes
    assert "1,003 input columns: 3 folds" in next(f.seen for f in found.findings if f.code == "WIDE_TABLE")
    by_name = {rung.name: rung for rung in found.rungs}
    assert by_name["best single-column rule"].mean("accuracy") > 0.85
    assert by_name["boosted trees"].mean("accuracy") > 0.85
