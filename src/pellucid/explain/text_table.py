"""The same cells as an aligned text and as a table of a notebook."""

from __future__ import annotations

import html
from collections.abc import Sequence

Cells = Sequence[Sequence[str]]


def aligned(head: Sequence[str], rows: Cells, left: int = 1) -> str:
    """Columns side by side, the first `left` of them flush left, the others flush right."""
    lines = [head, *rows]
    widths = [max(len(line[k]) for line in lines) for k in range(len(head))]
    return "\n".join(
        "  " + "  ".join(c.ljust(w) if k < left else c.rjust(w) for k, (c, w) in enumerate(zip(line, widths))).rstrip()
        for line in lines
    )


def html_table(title: str, head: Sequence[str], rows: Cells, notes: Sequence[str] = ()) -> str:
    """A table with a caption and notes below; everything is escaped."""
    top = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
    body = "".join(
        f"<tr><th>{html.escape(row[0])}</th>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row[1:])}</tr>"
        for row in rows
    )
    below = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    return f"<table><caption>{html.escape(title)}</caption><tr>{top}</tr>{body}</table>{below}"
