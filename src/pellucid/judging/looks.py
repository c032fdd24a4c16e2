"""Looks at held-out rows, counted.

A look is one evaluation of a model on held-out rows of a table. Looks are kept per table fingerprint, one JSON line
each, in an append-only file of the user's state folder, so that the count survives models, folders and sessions.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import FileError


def state_folder() -> Path:
    """`PELLUCID_STATE`, else `pellucid` in `XDG_STATE_HOME`, else `~/.local/state/pellucid`."""
    chosen = os.environ.get("PELLUCID_STATE")
    if chosen:
        return Path(chosen)
    home = os.environ.get("XDG_STATE_HOME")
    return (Path(home) if home else Path.home() / ".local" / "state") / "pellucid"


def count_looks(fingerprint: str) -> int:
    """How often held-out rows of this table have been scored so far. Raises `FileError` when that cannot be read."""
    return len(_looks(fingerprint))


def _looks(fingerprint: str) -> list[str]:
    """The runs of all looks at this table, "" where a look belongs to none."""
    path = state_folder() / "looks.jsonl"
    try:
        lines = path.read_bytes().splitlines() if path.exists() else []
    except OSError as error:
        raise FileError(f"cannot read the count of looks in {path}: {error.strerror}") from None
    looks = [look for look in map(_look, lines) if look.get("fingerprint") == fingerprint]
    return [str(look.get("run", "")) for look in looks]


def record_look(fingerprint: str, what: str, run: str = "") -> int:
    """Add a look and return its number, 1 for the first. Raises `FileError` when the folder is not writable.

    A `run` that was stopped after its look and goes on now has the look that it had.
    """
    before = _looks(fingerprint)
    if run and run in before:
        return before.index(run) + 1
    look = {"fingerprint": fingerprint, "at": datetime.now(UTC).isoformat(timespec="seconds"), "what": what}
    _append(json.dumps({**look, "run": run} if run else look, sort_keys=True) + "\n")
    return count_looks(fingerprint)


def check_looks_can_be_counted() -> None:
    """Raise `FileError` when a look could not be recorded, so that long work ends before it begins."""
    _append("")


def _append(line: str) -> None:
    folder = state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "looks.jsonl", "a+b") as file:
            if line and _ends_inside_a_line(file):
                line = "\n" + line  # a crash cut the last line short; this look must not be lost with it
            file.write(line.encode())
    except OSError as error:
        raise FileError(
            f"cannot count looks at the test rows in {folder}: {error.strerror}; "
            "set PELLUCID_STATE to a folder that can be written"
        ) from None


def _ends_inside_a_line(file: BinaryIO) -> bool:
    if file.seek(0, os.SEEK_END) == 0:
        return False
    file.seek(-1, os.SEEK_END)
    return bool(file.read(1) != b"\n")


def _look(line: bytes) -> dict[str, Any]:
    """One look, empty for a line that was damaged."""
    try:
        look = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return look if isinstance(look, dict) else {}
