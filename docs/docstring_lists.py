"""For mkdocstrings: the two habits of our docstrings that Markdown does not know.

`name : text` lines under an underlined heading become a list, and lines that are aligned as a table keep their form.
"""

from __future__ import annotations

import re
from typing import Any

from griffe import Extension

HEADING = re.compile(r"^(Parameters|Attributes)\n-{3,}\n", re.MULTILINE)
ENTRY = re.compile(r"^(\w+) : ", re.MULTILINE)
COLUMNS = re.compile(r"^\S+ {3,}\S", re.MULTILINE)


def as_markdown(text: str) -> str:
    """The docstring as Markdown."""
    listed = HEADING.sub(r"**\1**\n\n", text)
    if listed != text:
        listed = ENTRY.sub(r"- `\1`: ", listed)
    return "\n\n".join(_kept(paragraph) for paragraph in listed.split("\n\n"))


def _kept(paragraph: str) -> str:
    return f"```text\n{paragraph}\n```" if COLUMNS.search(paragraph) else paragraph


class DocstringLists(Extension):
    """Applied to every object."""

    def on_instance(self, *, obj: Any, **_: Any) -> None:
        """Called by Griffe when an object is made."""
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)
