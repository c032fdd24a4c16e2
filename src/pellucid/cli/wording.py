"""How records are said on the terminal: figures, intervals, aligned columns, wrapped sentences."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

from ..records import Finding, Score, with_interval

NARROWEST, WIDEST = 60, 100


def page_width() -> int:
    """Columns of the terminal, between 60 and 100; 100 where there is none."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> str:
    """A sentence over as many lines as it takes; options and file names are never broken at a hyphen."""
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows of cells as aligned text, two spaces between columns; the columns numbered in `right` end flush."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [cell.rjust(w) if k in right else cell.ljust(w) for k, (cell, w) in enumerate(zip(row, widths))]
        lines.append("  " + "  ".join(cells).rstrip())
    return "\n".join(lines)


def fits(text: str, width: int) -> bool:
    """Whether no line is longer than `width`."""
    return max(map(len, text.splitlines())) <= width


def bullets(sentences: Sequence[str], width: int) -> str:
    """One wrapped sentence a line, marked with a dash."""
    return "\n".join(wrapped(sentence, width, "  - ", "    ") for sentence in sentences)


def finding_text(finding: Finding, width: int) -> str:
    """`warning RULE_WINS: …`, wrapped."""
    return wrapped(str(finding), width, "  ", "    ")


def scores_text(scores: Sequence[Score], width: int) -> str:
    """One line a score: name, value, interval, what is told of it alone; below what several share, and the methods."""
    lines = columns([(score.name, with_interval(score.value, score.interval)) for score in scores]).splitlines()
    reach = max(map(len, lines))
    under = " " * (reach + 2 if width - reach > NARROWEST // 2 else 6)
    of_part: dict[str, list[str]] = {}
    of_method: dict[tuple[float, str], list[str]] = {}
    for score in scores:
        for part in filter(None, score.detail.split("; ")):
            of_part.setdefault(part, []).append(score.name)
        if score.interval:
            of_method.setdefault((score.interval.level, score.interval.method), []).append(score.name)
    told = []
    for line, score in zip(lines, scores):
        words = "; ".join(part for part in score.detail.split("; ") if len(of_part.get(part, ())) == 1)
        told.append(wrapped(words, width, line.ljust(reach) + "  ", under) if words else line)
    shared = [f"{part}: {', '.join(names)}" for part, names in of_part.items() if len(names) > 1]
    methods = [f"{level:.0%} intervals, {method}: {', '.join(names)}" for (level, method), names in of_method.items()]
    return "\n".join([*told, *(wrapped(note, width, "  ", "    ") for note in [*shared, *methods])])
