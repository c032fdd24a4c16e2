"""A ledger with blanks: the learner computes what stands there, and finds the answers in the key."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..records import Record, counted
from .block_text import blocks_text
from .blocks import Answer, Block, Number, Row, Told, grid

MOST_ANSWERS_A_LINE = 4
FEWEST_DIGITS = 3


@dataclass(frozen=True)
class Worksheet(Record):
    """`sheet`, the text with numbered blanks, `key`, the text with the answers, and the `answers` in order."""

    sheet: str
    key: str
    answers: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Worksheet({counted(len(self.answers), 'blank')})"


def make_worksheet(blocks: tuple[Block, ...], width: int) -> Worksheet:
    """Every cell that can be computed from the others becomes a numbered blank.

    Where the same number is shown again, it says whose answer it is, so that no answer stands in the sheet.
    """
    blanks = _Blanks([cell for one in blocks for row in one.rows for cell in row if isinstance(cell, Answer)])
    sheet = tuple(
        replace(
            one,
            sentences=tuple(map(blanks.instead_of, one.sentences)),
            rows=tuple(tuple(map(blanks.instead_of, row)) for row in one.rows),
        )
        for one in blocks
    )
    told = (
        "Fill in the blanks; then compare with the key. “your (7)” is what you found for blank 7, before or further "
        "down. Shown numbers are rounded, so last digits may differ."
    )
    first = replace(sheet[0], sentences=(told, *sheet[0].sentences))
    answers = [str(answer) for answer in blanks.answers]
    return Worksheet(
        blocks_text((first, *sheet[1:]), width), blocks_text((_key(answers, width),), width), tuple(answers)
    )


class _Blanks:
    """The answers in order, and how many of them the sheet has had so far."""

    def __init__(self, answers: list[Answer]) -> None:
        self.answers = answers
        self.passed = 0

    def instead_of(self, text: str) -> str:
        """What the sheet shows: a blank for an answer, a reference for a number that is the answer to some blank."""
        if isinstance(text, Answer):
            self.passed += 1
            return f"______ ({self.passed})"
        if isinstance(text, Told):
            return "".join(map(self.instead_of, text.parts))
        place = self._place(text) if isinstance(text, Number) else None
        return text if place is None else f"your ({place + 1})"

    def _place(self, number: Number) -> int | None:
        """The last blank so far that has this number as its answer, else the first one to come."""
        same = [k for k, answer in enumerate(self.answers) if _tells(answer) and _equal(answer, number)]
        before = [k for k in same if k < self.passed]
        return before[-1] if before else same[0] if same else None


def _tells(answer: Answer) -> bool:
    """Whether its digits say which number it is: 0, 1 and 0.5 are everywhere."""
    return len(answer.strip("-").replace(".", "").strip("0")) >= FEWEST_DIGITS


def _equal(answer: Answer, number: Number) -> bool:
    """Whether both are one number, up to the order in which it was computed."""
    return math.isclose(answer.value, number.value, rel_tol=1e-9)


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
