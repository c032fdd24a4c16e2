"""A ledger with blanks: the learner computes what stands there, and finds the answers in the key."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..records import Record
from .block_text import blocks_text
from .blocks import Answer, Block, Row, grid

MOST_ANSWERS_A_LINE = 4


@dataclass(frozen=True)
class Worksheet(Record):
    """`sheet`, the text with numbered blanks, `key`, the text with the answers, and the `answers` in order."""

    sheet: str
    key: str
    answers: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Worksheet({len(self.answers)} blanks)"


def make_worksheet(blocks: tuple[Block, ...], width: int) -> Worksheet:
    """Every cell that can be computed from the others becomes a numbered blank."""
    answers: list[str] = []

    def blank(cell: str) -> str:
        if not isinstance(cell, Answer):
            return cell
        answers.append(str(cell))
        return f"______ ({len(answers)})"

    sheet = tuple(replace(one, rows=tuple(tuple(map(blank, row)) for row in one.rows)) for one in blocks)
    told = "Fill in the blanks; then compare with the key. Shown numbers are rounded, so last digits may differ."
    first = replace(sheet[0], sentences=(told, *sheet[0].sentences))
    return Worksheet(
        blocks_text((first, *sheet[1:]), width), blocks_text((_key(answers, width),), width), tuple(answers)
    )


def _key(answers: list[str], width: int) -> Block:
    """Number and answer, as many pairs a line as fit."""
    cells = [(f"({number})", answer) for number, answer in enumerate(answers, 1)]
    pair = max((len(number) + len(answer) + 4 for number, answer in cells), default=1)
    across = min(max((width - 2) // pair, 1), MOST_ANSWERS_A_LINE)
    lines = -(-len(cells) // across)
    rows: list[Row] = []
    for line in range(lines):
        row = [cells[k] if k < len(cells) else ("", "") for k in range(line, lines * across, lines)]
        rows.append(tuple(text for pair_of_cells in row for text in pair_of_cells))
    return grid("Answer key", (), ("",) * (2 * across), rows, range(2 * across), main=True)
