"""A lesson as a plain script: every cell runs once, and what it says is told as text."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from .catalog import find_lesson, need_extra
from .questions import Question

BLOCKS = {"p", "h1", "h2", "h3", "h4", "li", "tr", "table", "ul", "ol", "div", "pre", "br"}
# What a page draws rather than says.
SILENT = {"style", "script", "svg"}
FENCES = {"||(": "$", "||)": "$", "||[": "\n$$", "||]": "$$\n"}


def run_lesson(number: int | str) -> tuple[str, Mapping[str, Any]]:
    """What the lesson says before anybody answers or moves anything, and its names (`question_1`, `steps`, …).

    Raises `SpecError` for a lesson that is not there, `MissingExtraError` without the extra "lessons".
    """
    lesson = find_lesson(number)
    need_extra()
    outputs, names = importlib.import_module(lesson.module).app.run()
    said = [text for text in map(spoken, outputs) if text]
    answers = [
        f"{_words(value.prompt)}\n  {value.told}. {value.working}"
        for value in names.values()
        if isinstance(value, Question)
    ]
    return "\n\n".join([*said, "The answers", *answers]), names


def spoken(output: Any) -> str:
    """The text of one cell: of a page part its words, of a figure its title."""
    if output is None:
        return ""
    if hasattr(output, "get_axes"):
        titles = [title for ax in output.get_axes() if (title := ax.get_title() or ax.get_title(loc="left"))]
        return f"[figure: {'; '.join(titles)}]" if titles else "[figure]"
    if hasattr(output, "text"):
        return _words(output.text)
    return "[figure]" if hasattr(output, "to_plotly_json") else str(output)


def _words(page: Any) -> str:
    words = _Words()
    words.feed(str(page))
    return words.told()


class _Words(HTMLParser):
    """The words between the tags, a line for each block; formulas as the TeX they were written in."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Blocks begin a line, pictures and the questions of widgets are named."""
        given = dict(attrs)
        self.silent += tag in SILENT
        if tag in BLOCKS:
            self.pieces.append("\n")
        if tag in ("td", "th"):
            self.pieces.append("  ")
        if tag in ("img", "marimo-plotly", "marimo-mime-renderer"):
            self.pieces.append("\n[figure]\n")
        if given.get("data-label") not in (None, "null"):
            self.pieces.append(f"\n[{_words(_json(given['data-label']))}]\n")
        if tag == "marimo-radio":
            self.pieces += [f"\n( ) {option}\n" for option in _json(given.get("data-options"))]

    def handle_endtag(self, tag: str) -> None:
        """Blocks end a line."""
        self.silent -= tag in SILENT
        if tag in BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Words, with the fences that marimo puts around formulas as the dollars they came from."""
        if self.silent:
            return
        for fence, dollars in FENCES.items():
            data = data.replace(fence, dollars)
        self.pieces.append(data.replace("\n", " ") if "$$" not in data else data)

    def told(self) -> str:
        """All of it, without empty lines."""
        lines = [" ".join(line.split()) for line in "".join(self.pieces).split("\n")]
        return "\n".join(line for line in lines if line)


def _json(attribute: str | None) -> Any:
    """marimo writes the attributes of its widgets as JSON."""
    return json.loads(attribute or '""')
