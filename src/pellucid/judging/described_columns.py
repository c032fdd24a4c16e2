"""The columns of a table in figures that may be shown to others: nothing that few rows have."""

from __future__ import annotations

from dataclasses import replace

from ..data.profile import ColumnProfile, profile_column
from ..data.table import Column, Table

FEWEST_ROWS = 5
MOST_IN_FULL = 100  # columns; a record of thousands would be larger than the model


def described_columns(table: Table, target: str = "") -> tuple[ColumnProfile, ...]:
    """The profile of every column, without values of identifiers and texts and without levels on fewer than 5 rows.

    The classes of `target` are all named, as a model file names them. Of the columns behind the first 100 only kind,
    role and counts are told.
    """
    return tuple(_described(column, column.name == target, k < MOST_IN_FULL) for k, column in enumerate(table))


def _described(column: Column, is_target: bool, in_full: bool) -> ColumnProfile:
    profile = profile_column(column)
    if not is_target and (column.role != "input" or not in_full):
        return replace(profile, numbers=None, levels=(), first=None, last=None)
    return replace(profile, levels=tuple(pair for pair in profile.levels if is_target or pair[1] >= FEWEST_ROWS))
