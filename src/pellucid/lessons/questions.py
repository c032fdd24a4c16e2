"""Questions that the reader answers and the engine grades: plain records and functions, whatever page shows them.

A lesson computes the right answer with the same calls that it teaches and hands it to a question, together with the
arithmetic (`working`) that a wrong answer gets to see.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import SpecError
from ..records import Record
from ..records import figure as number_text

# Longer than any sensible number; what is longer is not looked at.
LONGEST = 40


@dataclass(frozen=True)
class Grade(Record):
    """What an answer is worth: `right` is None where there was none to grade; `text` (markdown) tells the reader."""

    right: bool | None
    text: str


@dataclass(frozen=True)
class Number(Record):
    """A question whose answer is a number, right within `tolerance` on either side."""

    prompt: str
    answer: float
    tolerance: float
    working: str
    unit: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "answer", float(self.answer))
        if not (math.isfinite(self.answer) and self.tolerance >= 0):
            raise SpecError(f"a question needs a finite answer and a tolerance, got {self.answer} ± {self.tolerance}")

    @property
    def told(self) -> str:
        """The right answer for people."""
        return f"{number_text(self.answer)}{self.unit and ' ' + self.unit}"

    def grade(self, given: Any) -> Grade:
        """A number, or a text that means one (`0.25`, `1,5`, `3/4`, `25 %`)."""
        value = as_number(given)
        if isinstance(value, Grade):
            return value
        # A hair more than asked, so that a tolerance of 0.05 takes 0.15 for 0.1 whatever binary makes of them.
        if abs(value - self.answer) <= self.tolerance * (1 + 1e-9):
            return Grade(True, self._right(value))
        return Grade(False, self._wrong(value))

    def _right(self, value: float) -> str:
        return f"**Right**: {self.told}. {self.working}"

    def _wrong(self, value: float) -> str:
        side = "too high" if value > self.answer else "too low"
        return f"**Not quite**: {number_text(value)} is {side}, it is {self.told}. {self.working}"


@dataclass(frozen=True)
class Prediction(Number):
    """A guess that is made before the figure is shown: near is enough, and the distance is told either way."""

    def _right(self, value: float) -> str:
        return f"**Well guessed**: you said {number_text(value)}, it is {self.told}. {self.working}"

    def _wrong(self, value: float) -> str:
        away = number_text(abs(value - self.answer))
        return f"**{away} away**: you said {number_text(value)}, it is {self.told}. {self.working}"


@dataclass(frozen=True)
class Choice(Record):
    """A question with a few answers to choose from; `answer` is the right one of `options`."""

    prompt: str
    options: Sequence[str]
    answer: str
    working: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", tuple(self.options))
        if self.answer not in self.options or len(set(self.options)) < 2:
            raise SpecError(f"the right answer {self.answer!r} must be one of two or more options, got {self.options}")

    @property
    def told(self) -> str:
        """The right answer."""
        return self.answer

    def grade(self, given: Any) -> Grade:
        """One of the options."""
        if given is None or given == "":
            return Grade(None, "Choose one; nothing is counted against you.")
        if given == self.answer:
            return Grade(True, f"**Right**: {self.told}. {self.working}")
        if given not in self.options:
            return Grade(None, f"That is none of the answers; choose one of: {'; '.join(self.options)}.")
        return Grade(False, f"**Not quite**: it is *{self.told}*. {self.working}")


Question = Number | Choice


def as_number(given: Any) -> float | Grade:
    """The number that an answer means, or what to tell who gave none."""
    text = "" if given is None else str(given).strip().replace("−", "-")
    if not text:
        return Grade(None, "Type a number and press Enter; a guess costs nothing.")
    if len(text) > LONGEST:
        return Grade(None, f"That is {len(text)} characters long; the answer is a short number such as 0.25.")
    value = _value(text)
    if value is None:
        return Grade(None, f"I cannot read {plain(text)} as a number; write it like 0.25, 3/4 or 25 %.")
    if not math.isfinite(value):
        return Grade(None, f"{plain(text)} is not a number to compare with; write it like 0.25.")
    return value


def plain(text: str) -> str:
    """A reader's text between quotes, with nothing that markdown or HTML would take for its own."""
    return "‘" + "".join(" " if letter in "<>&`*_$[]\\|\n" else letter for letter in text) + "’"


def _value(text: str) -> float | None:
    percent = text.endswith("%")
    text = text.removesuffix("%").strip()
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    above, slash, below = text.partition("/")
    try:
        value = float(above) / float(below) if slash else float(text)
    except (ValueError, ZeroDivisionError):
        return None
    return value / 100 if percent else value
