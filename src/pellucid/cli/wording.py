"""How records are said on the terminal: figures, intervals, aligned columns, wrapped sentences."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

from ..records import Finding, Interval, Score, figure


def page_width() -> int:
    """Columns of the terminal, between 60 and 100; 100 where there is none."""
    return max(60, min(100, shutil.get_terminal_size((100, 24)).columns))


def with_interval(value: float, interval: Interval | None) -> str:
    """`0.8088 [0.7789, 0.8386]`."""
    return f"{figure(value)} {interval}" if interval else figure(value)


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows of cells as aligned text, two spaces between columns; the columns numbered in `right` end flush."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [cell.rjust(w) if k in right else cell.ljust(w) for k, (cell, w) in enumerate(zip(row, widths))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def bullets(sentences: Sequence[str], width: int) -> str:
    """One wrapped sentence a line, marked with a dash."""
    return "\n".join(
        textwrap.fill(sentence, width, initial_indent="  - ", subsequent_indent="    ") for sentence in sentences
    )


def finding_text(finding: Finding, width: int) -> str:
    """`warning RULE_WINS: …`, wrapped."""
    return textwrap.fill(str(finding), width, initial_indent="  ", subsequent_indent="    ")


def score_rows(scores: Sequence[Score]) -> list[tuple[str, str, str]]:
    """(name, value with interval, how the interval was made) of each score."""
    rows = []
    for score in scores:
        how = f"{score.interval.level:.0%} interval: {score.interval.method}" if score.interval else ""
        detail = f"; {score.detail}" if score.detail else ""
        rows.append((score.name, with_interval(score.value, score.interval), how + detail))
    return rows
