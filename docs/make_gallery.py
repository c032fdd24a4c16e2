"""Draw docs/gallery/ and write docs/gallery.md: every picture with the call that makes it and its text in words.

python docs/make_gallery.py
"""

from __future__ import annotations

import logging
import os
import tempfile
import textwrap
from pathlib import Path
from typing import Any

from gallery_figures import FIGURES, PREPARED, Figure

from pellucid import plots

DOCS = Path(__file__).parent
FOLDER = "gallery"
HEAD = """\
# Gallery

Every figure is a record first and a picture second: the record holds the numbers, the picture draws them on axes of
yours (`ax=`) or its own, in light or dark (`theme=plots.DARK`), and `…_in_words` says it for those who cannot see it.
`plots.write_figure(figure, "picture.svg")` keeps it, text as text. This page is written by `docs/make_gallery.py`,
which runs the code that stands here; the pictures' models are small and quickly trained, and prove nothing.

All of them begin with

```python
"""


def main() -> None:
    """Make every picture and the page."""
    logging.getLogger("pellucid").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PELLUCID_STATE"] = folder  # looks at test rows are counted: those of a gallery count for nothing
        _draw()


def _draw() -> None:
    (DOCS / FOLDER).mkdir(exist_ok=True)
    for old in (DOCS / FOLDER).iterdir():
        old.unlink()
    prepared: dict[str, Any] = {}
    exec(PREPARED, prepared)
    parts = [f"{HEAD}{PREPARED}```\n"]
    for one in FIGURES:
        figure, words = made(one, prepared)
        path = DOCS / FOLDER / f"{one.name}.{one.suffix}"
        if one.suffix == "html":
            path.write_text(figure, encoding="utf-8")
        else:
            plots.write_figure(figure, path, dots_per_inch=110)
        parts.append(part(one, words))
    (DOCS / "gallery.md").write_text("\n".join(parts), encoding="utf-8")


def made(one: Figure, prepared: dict[str, Any]) -> tuple[Any, str]:
    """The figure and its words, from its code."""
    names = dict(prepared)
    exec(one.code, names)
    return names["figure"], names["words"]


def part(one: Figure, words: str) -> str:
    """The part of the page about one figure."""
    alternative = words.replace("\\", "\\\\").replace("[", r"\[").replace("]", r"\]").replace("\n", " ")
    picture = f"![{alternative}]({FOLDER}/{one.name}.{one.suffix})"
    if one.suffix == "html":
        picture = f"[Open the page]({FOLDER}/{one.name}.html)"
    told = "\n".join(textwrap.wrap(words, 120, break_long_words=False))
    return f"## {one.heading}\n\n{picture}\n\n{told}\n\n```python\n{one.code}\n```\n"


if __name__ == "__main__":
    main()
