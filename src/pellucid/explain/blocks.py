"""Blocks: titled sentences and a grid of texts, of which text, HTML and worksheet are made."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


class Number(str):
    """A number as it is shown, with its `value`; a worksheet points to the blank whose answer it is, if any."""

    value: float

    def __new__(cls, text: str, value: float = math.nan) -> Self:
        """The text is what is shown."""
        made = super().__new__(cls, text)
        made.value = value
        return made


class Answer(Number):
    """A cell that a learner can compute from the others; a worksheet leaves it blank. `value` is nan for words."""


class Told(str):
    """A text made of `parts`, some of them a `Number`."""

    parts: tuple[str, ...]

    def __new__(cls, *parts: str) -> Self:
        """The parts one after the other."""
        made = super().__new__(cls, "".join(parts))
        made.parts = parts
        return made


Row = tuple[str, ...]
# A row of its own kind: the line above a sum.
LINE: Row = ()


@dataclass(frozen=True)
class Block:
    """A title, sentences below it, and a grid: `header` and `rows` (each as long, or `LINE`).

    The columns numbered in `right` end flush; those in `prose` wrap, and so does a last column that is not flush.
    """

    title: str
    sentences: tuple[str, ...] = ()
    header: Row = ()
    rows: tuple[Row, ...] = ()
    right: frozenset[int] = frozenset()
    main: bool = False
    prose: frozenset[int] = frozenset()


def block(title: str, *sentences: str, main: bool = False) -> Block:
    """A block without a grid."""
    return Block(title, tuple(sentence for sentence in sentences if sentence), main=main)


def grid(
    title: str,
    sentences: Sequence[str],
    header: Row,
    rows: Sequence[Row],
    right: Sequence[int],
    main: bool = False,
    prose: Sequence[int] = (),
) -> Block:
    """A block with a grid."""
    told = tuple(sentence for sentence in sentences if sentence)
    return Block(title, told, header, tuple(rows), frozenset(right), main, frozenset(prose))
