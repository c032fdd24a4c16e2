"""Looks at held-out rows, counted.

A look is one evaluation of a model on held-out rows of a table. Looks are kept per table fingerprint, one JSON line
each, in an append-only file of the user's state folder, so that the count survives models, folders and sessions.
"""

from __future__ import annotations

import contextlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from ..errors import FileError


def state_folder() -> Path:
    """`PELLUCID_STATE`, else `pellucid` in `XDG_STATE_HOME`, else `~/.local/state/pellucid`."""
    chosen = os.environ.get("PELLUCID_STATE")
    if chosen:
        return Path(chosen)
    home = os.environ.get("XDG_STATE_HOME")
    return (Path(home) if home else Path.home() / ".local" / "state") / "pellucid"


def count_looks(fingerprint: str) -> int:
    """How often held-out rows of this table have been scored so far."""
    path = state_folder() / "looks.jsonl"
    if not path.exists():
        return 0
    count = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        with contextlib.suppress(json.JSONDecodeError):  # a line that a crash cut short is no look
            count += json.loads(line).get("fingerprint") == fingerprint
    return count


def record_look(fingerprint: str, what: str) -> int:
    """Add a look and return its number, 1 for the first. Raises `FileError` when the folder is not writable."""
    folder = state_folder()
    line = json.dumps(
        {"fingerprint": fingerprint, "at": datetime.now(UTC).isoformat(timespec="seconds"), "what": what},
        sort_keys=True,
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "looks.jsonl", "a", encoding="utf-8") as file:
            file.write(line + "\n")
    except OSError as error:
        raise FileError(
            f"cannot count this look at the test rows in {folder}: {error.strerror}; "
            "set PELLUCID_STATE to a folder that can be written"
        ) from None
    return count_looks(fingerprint)
