"""For mkdocstrings: `name : text` lines under an underlined heading of a docstring become a list."""

from __future__ import annotations

import re
from typing import Any

from griffe import Extension

HEADING = re.compile(r"^(Parameters|Attributes)\n-{3,}\n", re.MULTILINE)
ENTRY = re.compile(r"^(\w+) : ", re.MULTILINE)


def as_markdown(text: str) -> str:
    """The docstring with bold headings and lists."""
    return ENTRY.sub(r"- `\1`: ", HEADING.sub(r"**\1**\n\n", text))


class DocstringLists(Extension):
    """Applied to every object."""

    def on_instance(self, *, obj: Any, **_: Any) -> None:
        """Called by Griffe when an object is made."""
        if obj.docstring is not None and HEADING.search(obj.docstring.value):
            obj.docstring.value = as_markdown(obj.docstring.value)
