"""What the columns of a fresh table are set aside for, or may be troublesome for, as findings."""

from __future__ import annotations

from collections.abc import Sequence

from ..records import Finding
from .kinds import MANY_LEVELS
from .table import Column, Role

# A table with more columns than this is wide: training takes long, and chance finds something in some of them.
MANY_COLUMNS = 1_000
_SHOWN = 4


def column_findings(columns: Sequence[Column]) -> tuple[Finding, ...]:
    """CONSTANT, ALL_MISSING, MANY_LEVELS and MANY_COLUMNS, each at most once and naming the columns."""
    found = [
        _aside(columns, "constant", "CONSTANT", "A column that never changes teaches nothing"),
        _aside(columns, "empty", "ALL_MISSING", "A column without a value teaches nothing"),
        _many_levels(columns),
        _many_columns(columns),
    ]
    return tuple(f for f in found if f is not None)


def _aside(columns: Sequence[Column], role: Role, code: str, why: str) -> Finding | None:
    names = [c.name for c in columns if c.role == role]
    if not names:
        return None
    what = "the same value in every row" if role == "constant" else "no value at all"
    return Finding(
        code,
        "warning",
        f"{listed(names)} set aside: {what}",
        why,
        "Nothing need be done; if it should hold more, look at where the table comes from",
    )


def _many_levels(columns: Sequence[Column]) -> Finding | None:
    wide = [c for c in columns if c.kind == "category" and c.role == "input" and len(c.levels) > MANY_LEVELS]
    if not wide:
        return None
    counted = [f"{c.name!r} ({len(c.levels):,})" for c in wide[:_SHOWN]]
    more = f" and {len(wide) - _SHOWN} more" if len(wide) > _SHOWN else ""
    return Finding(
        "MANY_LEVELS",
        "warning",
        f"more than {MANY_LEVELS} different values in {', '.join(counted)}{more}",
        "Each value has few rows to learn from",
        "Rare values share one column; group the values by meaning if you know how",
    )


def _many_columns(columns: Sequence[Column]) -> Finding | None:
    if len(columns) <= MANY_COLUMNS:
        return None
    return Finding(
        "MANY_COLUMNS",
        "warning",
        f"the table has {len(columns):,} columns",
        "Training takes long, and among so many columns some fit the target by chance",
        "Keep the columns that can have to do with the target",
    )


def listed(names: Sequence[str]) -> str:
    """The first names in quotes, and how many more there are."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(repr(name) for name in names[:_SHOWN]) + more
