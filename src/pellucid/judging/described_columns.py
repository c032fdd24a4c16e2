"""The columns of a table in figures that may be shown to others: nothing that few rows have."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from ..data.profile import ColumnProfile, profile_column
from ..data.table import Column, Table

FEWEST_ROWS = 5
MOST_COLUMNS = 200  # a page shows no more, and a record of thousands would be larger than the model


def described_columns(table: Table, target: str = "") -> tuple[ColumnProfile, ...]:
    """The profiles of the first 200 columns, without values of identifiers and texts and without levels on fewer than 5
    rows. The classes of `target` are all named, as a model file names them."""
    return tuple(_described(column, column.name == target) for column in islice(table, MOST_COLUMNS))


def _described(column: Column, is_target: bool) -> ColumnProfile:
    profile = profile_column(column)
    if column.role != "input" and not is_target:
        return replace(profile, numbers=None, levels=(), first=None, last=None)
    return replace(profile, levels=tuple(pair for pair in profile.levels if is_target or pair[1] >= FEWEST_ROWS))
