"""A profile as an aligned text for the terminal."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..records import counted

if TYPE_CHECKING:
    from .profile import ColumnProfile, NumberSummary, Profile, TargetProfile

_TITLES = ("column", "kind", "role", "missing", "distinct", "values")
_LONGEST_NAME = 24
_LONGEST_LEVEL = 40
_ROOM_FOR_VALUES = 30
_UNBROKEN = "\xa0"
# What the table of columns says already, and what a finding says.
_PLAIN = re.compile(
    r"(?:whole numbers|numbers|dates|text|values that are true or false)(?:, a pair of \w+ and \w+)?"
    r"(?:, [\d,]+ of [\d,]+ missing)?(?:, blank taken as missing)?"
)
_IN_FINDING = re.compile(r", [\d,]+ of [\d,]+ values (?:is|are) no .+")


def profile_text(profile: Profile, width: int) -> str:
    """The columns as a table, then what was taken off cells or guessed of them, why columns were set aside, the target
    and the findings; no line above `width`."""
    head = f"{profile.source or 'table'}: {counted(profile.rows, 'row')} × {counted(len(profile.columns), 'column')}"
    blocks = [_cut(head, width), _columns(profile, width), _read(profile, width), _aside(profile, width)]
    if profile.target is not None:
        blocks.append(_target(profile.target, width))
    blocks += ["\n".join(_hanging(str(finding), width)) for finding in profile.findings]
    return "\n\n".join(block for block in blocks if block)


def _columns(profile: Profile, width: int) -> str:
    """One line a column; where the values find no room beside the rest, they stand below."""
    goal = None if profile.target is None else profile.target.name
    rows = [_TITLES, *(_cells(column, goal) for column in profile.columns)]
    sizes = [max(len(row[i]) for row in rows) for i in range(len(_TITLES) - 1)]
    lines = []
    for row in rows:
        left = [text.ljust(size) for text, size in zip(row[:3], sizes[:3], strict=True)]
        right = [text.rjust(size) for text, size in zip(row[3:5], sizes[3:], strict=True)]
        lines.append(("  ".join([*left, *right]), row[5]))
    reach = max(len(start) for start, _ in lines) + 2
    if width - reach >= _ROOM_FOR_VALUES:
        return "\n".join(_parts(values, width, f"{start}  ", " " * reach) or start for start, values in lines)
    below = [(start, _parts(values, width, "    ", "    ")) for start, values in lines[1:]]
    lines = [(lines[0][0], ""), *below]
    return "\n".join(_cut(start, width) + (f"\n{values}" if values else "") for start, values in lines)


def _parts(values: str, width: int, first: str, rest: str) -> str:
    """Wrapped between the parts of a list only: `may 13,766, jul 6,895` never breaks inside `may 13,766`."""
    whole = values.replace(" ", _UNBROKEN).replace("," + _UNBROKEN, ", ")
    return textwrap.fill(whole, width, initial_indent=first, subsequent_indent=rest).replace(_UNBROKEN, " ")


def _cells(column: ColumnProfile, goal: str | None) -> tuple[str, ...]:
    missing = f"{column.missing:,} ({column.missing_share:.1%})" if column.missing else "-"
    role = "target" if column.name == goal else column.role
    return (_cut(column.name, _LONGEST_NAME), column.kind, role, missing, f"{column.distinct:,}", _values(column))


def _values(column: ColumnProfile) -> str:
    if column.numbers is not None:
        return _spread(column.numbers)
    if column.first is not None:
        return f"{column.first} to {column.last}"
    if column.role in ("identifier", "text"):
        return f"such as {_cut(column.levels[0][0], _LONGEST_LEVEL)!r}" if column.levels else ""
    more = column.distinct - len(column.levels[:5])
    shown = ", ".join(f"{_cut(level, _LONGEST_LEVEL)} {count:,}" for level, count in column.levels[:5])
    return shown + (f", {more:,} more" if more > 0 else "")


def _spread(numbers: NumberSummary) -> str:
    low, median, high, mean, std = (
        _figure(x) for x in (numbers.min, numbers.median, numbers.max, numbers.mean, numbers.std)
    )
    spread = "" if math.isnan(numbers.std) else f" ± {std}"  # of one row there is none
    return f"{low} to {high}, median {median}, mean {mean}{spread}"


def detected(columns: Sequence[ColumnProfile]) -> dict[str, str]:
    """By column how its cells were read, where something was detected in them: dates of a form, marks taken off."""
    inputs = (column for column in columns if column.role == "input")
    found = {column.name: _IN_FINDING.sub("", column.reason.split("; ")[0]) for column in inputs}
    return {name: how for name, how in found.items() if how and not _PLAIN.fullmatch(how)}


def _read(profile: Profile, width: int) -> str:
    lines: list[str] = []
    for name, how in detected(profile.columns).items():
        lines += _hanging(f"{_cut(name, _LONGEST_NAME)} read as {how}.", width)
    return "\n".join(lines)


def _aside(profile: Profile, width: int) -> str:
    lines: list[str] = []
    for column in profile.columns:
        if column.role != "input":
            lines += _hanging(f"{_cut(column.name, _LONGEST_NAME)} set aside: {column.reason}.", width)
    return "\n".join(lines)


def _target(target: TargetProfile, width: int) -> str:
    lines = _hanging(f"Target {target.name}: {target.task.kind} ({target.task.reason}).", width)
    if target.numbers is not None:
        lines += _hanging(f"  {_spread(target.numbers)}", width)
    total = sum(count for _, count in target.counts)
    for name, count in target.counts:
        lines.append(_cut(f"  {name}  {count:,} row{'' if count == 1 else 's'}, {count / total:.1%}", width))
    if target.missing:
        have = "has" if target.missing == 1 else "have"
        lines += _hanging(f"  {counted(target.missing, 'row')} {have} no target and cannot be learned from.", width)
    return "\n".join(lines)


def _figure(value: float) -> str:
    """Four significant digits, whole numbers in full with commas."""
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:.4g}"


def _hanging(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, subsequent_indent="    ")


def _cut(text: str, width: int) -> str:
    """On one line."""
    text = " ".join(text.split()) if "\n" in text or "\r" in text else text
    return text if len(text) <= width else text[: width - 1] + "…"
