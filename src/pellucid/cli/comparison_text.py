"""A comparison as text: the verdict, each figure with its test, findings."""

from __future__ import annotations

from ..judging.comparison import Comparison
from ..records import figure, with_interval
from .evaluation_text import ROWS_IN_WORDS
from .wording import bullets, columns, finding_text, page_width, wrapped


def comparison_text(found: Comparison) -> str:
    """Everything that a comparison knows, for the terminal."""
    width = page_width()
    look = f"; look {found.look} at the test rows of this table" if found.look else ""
    which = ROWS_IN_WORDS.get(found.rows_scored, found.rows_scored)
    names = f"A is {found.names[0]}, B is {found.names[1]}"
    head = f"{found.target}: {found.rows:,} {which}{look}"
    rows = [("figure", "A", "B", "A - B", "p", "test")]
    for one in found.differences:
        change = with_interval(one.difference, one.interval)
        rows.append(
            (one.figure, figure(one.first), figure(one.second), change, f"{one.test.p_value:.2g}", one.test.name)
        )
    told = [found.verdict, *(one.sentence for one in found.differences if one.sentence != found.verdict)]
    blocks = [
        "\n".join(wrapped(line, width, rest="  ") for line in (head, names)),
        columns(rows),
        bullets(told, width),
        *(finding_text(finding, width) for finding in found.findings),
    ]
    return "\n\n".join(blocks)
