"""Numbers among the options: parsers that say what was expected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer


def whole_number(least: int) -> Callable[[Any], int]:
    """A parser of whole numbers from `least` on; raises BadParameter for anything else."""

    def parse(given: Any) -> int:
        text = str(given)
        if not _is_whole(text) or int(text) < least:
            raise typer.BadParameter(f"takes a whole number from {least} on, got {text!r}")
        return int(text)

    return parse


def seconds(given: Any) -> float:
    """A parser of a time above zero; raises BadParameter for anything else."""
    try:
        value = float(given)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise typer.BadParameter(f"takes a number of seconds above 0, got {str(given)!r}")
    return value


def layer_sizes(text: str) -> str:
    """Check units of hidden layers such as 64,64 and give them back; raises BadParameter for anything else."""
    if not all(_is_whole(part) and int(part) > 0 for part in text.split(",")):
        raise typer.BadParameter(f"takes whole numbers of units such as 64,64, got {text!r}")
    return text


def _is_whole(text: str) -> bool:
    # Nine digits are beyond any machine, and keep a slip of the keyboard from becoming a memory error.
    return text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= 9
