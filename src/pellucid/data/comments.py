"""Comment lines in a text: found at its beginning, taken out everywhere."""

from __future__ import annotations

import re

COMMENT = "#"


def comment_mark(raw: bytes, comment: str | None, delimiter: str | None) -> str:
    """What comment lines begin with, "" when there are none; the first lines tell.

    Without `comment`, lines that begin with # are comments when the text begins with such a line. A single one
    that has as many cells as the line below it, where a number stands, is a header: `#id,size` above `1,2`.
    """
    if comment is not None:
        return comment
    return COMMENT if _block_of_comments(raw, COMMENT.encode(), delimiter) else ""


def without_comments(raw: bytes, mark: str, blanks: bool = False) -> tuple[bytes, int]:
    """The text with the lines that begin with `mark` emptied, which keeps the numbers of those below; how many.

    With `blanks` these may stand before the mark.
    """
    if not mark:
        return raw, 0
    return re.subn(
        (rb"^[ \t]*" if blanks else rb"^") + re.escape(mark.encode()) + rb"[^\r\n]*", b"", raw, flags=re.MULTILINE
    )


def _block_of_comments(raw: bytes, mark: bytes, delimiter: str | None) -> bool:
    if not raw.lstrip().startswith(mark):
        return False
    lines = [line for line in raw[: 1 << 16].splitlines() if line.strip()]
    block = next((i for i, line in enumerate(lines) if not line.startswith(mark)), len(lines))
    if block == len(lines):
        return False
    if block > 1:
        return True
    for cut in [delimiter.encode()] if delimiter else [b",", b";", b"\t", b"|"]:
        cells = lines[1].split(cut)
        if len(cells) > 1 and len(cells) == len(lines[0].split(cut)) and any(_number(cell) for cell in cells):
            return False
    return True


def _number(cell: bytes) -> bool:
    return re.fullmatch(rb"[-+]?\d*[.,]?\d+", cell.strip()) is not None
