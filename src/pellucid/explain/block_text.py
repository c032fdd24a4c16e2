"""Blocks as aligned plain text that fits the page."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from itertools import zip_longest

from .blocks import LINE, Block, Row

GAP, INDENT = "  ", "  "
NARROWEST_COLUMN, NARROWEST_PROSE, WIDE = 9, 24, 30


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
    wraps = set(block.prose) | ({len(widths) - 1} - block.right)
    free = width - len(INDENT) - len(GAP) * (len(widths) - 1)
    _wrap_header(widths, block, free)
    _narrow(widths, free, set(block.right), wraps)
    lines: list[str] = []
    for number, row in enumerate((block.header, *block.rows)):
        if row == LINE and number:
            lines.append(_above_sum(widths, block))
        elif any(row):
            lines += _lines(row, widths, block, wraps) if number else _header(row, widths, block, wraps)
    return lines


def _on_one_line(cell: str) -> str:
    return cell if cell.isprintable() else " ".join(cell.split())


def _narrow(widths: list[int], free: int, right: set[int], wraps: set[int]) -> None:
    """Narrow the columns that wrap, then shorten those of names, the widest first, until the row fits."""
    while sum(widths) > free:
        names = [k for k in range(len(widths)) if k not in right]
        able = [k for k in names if k in wraps and widths[k] > WIDE]
        able = able or [k for k in names if widths[k] > (NARROWEST_PROSE if k in wraps else NARROWEST_COLUMN)]
        able = able or [k for k in names if widths[k] > NARROWEST_COLUMN]
        if not able:
            return
        widths[max(able, key=lambda k: widths[k])] -= 1


def _wrap_header(widths: list[int], block: Block, free: int) -> None:
    """Take the width of numbers from their headings, which wrap, the widest first, until the row fits."""
    rows = [row for row in block.rows if row != LINE]
    for k in sorted(block.right, key=lambda k: -len(block.header[k])):
        words = max(map(len, block.header[k].split()), default=0)
        least = max(words, *(len(row[k]) for row in rows))
        widths[k] -= min(max(sum(widths) - free, 0), max(widths[k] - least, 0))


def _header(row: Row, widths: list[int], block: Block, wraps: set[int]) -> list[str]:
    """The headings; those of numbers take as many lines as they need, the last one above the numbers."""
    tall = {k: textwrap.wrap(row[k], widths[k], break_on_hyphens=False) for k in block.right if len(row[k]) > widths[k]}
    count = max(map(len, tall.values()), default=1)
    lines = []
    for line in range(count):
        cells = list(row) if line == count - 1 else [""] * len(row)
        for k, parts in tall.items():
            at = line - (count - len(parts))
            cells[k] = parts[at] if at >= 0 else ""
        lines += _lines(tuple(cells), widths, block, wraps)
    return lines


def _lines(row: Row, widths: list[int], block: Block, wraps: set[int]) -> list[str]:
    cells = [
        _told(cell, size) if k in wraps else [cell if k in block.right else shortened(cell, size)]
        for k, (cell, size) in enumerate(zip(row, widths))
    ]
    lines = []
    for line in zip_longest(*cells, fillvalue=""):
        sized = (t.rjust(w) if k in block.right else t.ljust(w) for k, (t, w) in enumerate(zip(line, widths)))
        lines.append((INDENT + GAP.join(sized)).rstrip())
    return lines


def _told(cell: str, size: int) -> list[str]:
    """A cell over as many lines as it takes."""
    return [cell] if len(cell) <= size else textwrap.wrap(cell, size, break_on_hyphens=False)


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
