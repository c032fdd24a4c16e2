"""Blocks as aligned plain text that fits the page."""

from __future__ import annotations

import textwrap
from dataclasses import replace

from .blocks import LINE, Block, Row

GAP, INDENT = "  ", "  "
NARROWEST_COLUMN, NARROWEST_LAST = 9, 24


def blocks_text(blocks: tuple[Block, ...], width: int = 100) -> str:
    """All blocks, one empty line between them; no line is longer than `width`, from 60 on."""
    return "\n\n".join(block_text(block, max(width, 60)) for block in blocks) + "\n"


def block_text(block: Block, width: int) -> str:
    """One block; the title of a main block is underlined."""
    lines = wrap(block.title, width)
    if block.main:
        lines.append("─" * max(map(len, lines)))
    for sentence in block.sentences:
        lines += wrap(sentence, width, INDENT, INDENT + INDENT)
    if block.rows:
        lines += _grid(block, width)
    return "\n".join(lines)


def wrap(text: str, width: int, first: str = "", rest: str = "  ") -> list[str]:
    """A sentence over as many lines as it takes."""
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def _grid(block: Block, width: int) -> list[str]:
    block = replace(block, rows=tuple(tuple(map(_on_one_line, row)) for row in block.rows))
    rows = [row for row in (block.header, *block.rows) if row != LINE]
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    wraps = len(widths) - 1 not in block.right
    free = width - len(INDENT) - len(GAP) * (len(widths) - 1)
    _narrow(widths, free, set(block.right), wraps)
    lines: list[str] = []
    for number, row in enumerate((block.header, *block.rows)):
        if row == LINE and number:
            lines.append(_above_sum(widths, block))
        elif any(row):
            lines += _lines(row, widths, block, wraps)
    return lines


def _on_one_line(cell: str) -> str:
    return cell if cell.isprintable() else " ".join(cell.split())


def _narrow(widths: list[int], free: int, right: set[int], wraps: bool) -> None:
    """Shorten columns of names, the widest first, and the last one where it may wrap, until the row fits."""
    last = len(widths) - 1
    while sum(widths) > free:
        least = [NARROWEST_LAST if wraps and k == last else NARROWEST_COLUMN for k in range(last + 1)]
        names = [k for k in range(last + 1) if k not in right and widths[k] > least[k]]
        names = names or [k for k in range(last + 1) if k not in right and widths[k] > NARROWEST_COLUMN]
        if not names:
            return
        wrapping = wraps and widths[last] > 30
        widths[last if wrapping else max(names, key=lambda k: widths[k])] -= 1


def _lines(row: Row, widths: list[int], block: Block, wraps: bool) -> list[str]:
    last = len(widths) - 1
    cells = []
    for k, (cell, size) in enumerate(zip(row, widths)):
        text = shortened(cell, size) if k not in block.right and not (k == last and wraps) else str(cell)
        cells.append(text.rjust(size) if k in block.right else text.ljust(size))
    if not wraps or len(row[last]) <= widths[last]:
        return [(INDENT + GAP.join(cells)).rstrip()]
    before = INDENT + "".join(cell + GAP for cell in cells[:last])
    told = textwrap.wrap(row[last], widths[last], break_on_hyphens=False)
    return [(before + told[0]).rstrip(), *(" " * len(before) + line for line in told[1:])]


def _above_sum(widths: list[int], block: Block) -> str:
    """A line above the last column of numbers."""
    last = max(block.right)
    before = sum(widths[:last]) + len(GAP) * last
    return INDENT + " " * before + "─" * widths[last]


def shortened(text: str, size: int) -> str:
    """The text, its middle left out where it is longer than `size`."""
    if len(text) <= size:
        return text
    front = (size - 1) * 2 // 3
    return f"{text[:front]}…{text[len(text) - (size - 1 - front) :]}"
