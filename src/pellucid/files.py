"""Writing files whole or not at all.

The bytes go to a temporary file beside the target, reach the disk, and only then take the target's name; a crash
leaves the old file or none, never half of one.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from os import PathLike
from pathlib import Path

from .errors import FileError


def write_bytes(path: str | PathLike[str], content: bytes, *, overwrite: bool = True) -> Path:
    """Write `content` to `path` in one move.

    Raises `FileError` when the folder is missing or not writable, when the disk is full, or when the file exists and
    `overwrite` is False.
    """
    target = Path(path)
    if target.is_dir():
        raise FileError(f"cannot write {target}: it is a folder; give the name of a file")
    if not overwrite and target.exists():
        raise FileError(f"{target} exists already; choose another name or remove it first")
    if not target.parent.is_dir():
        raise FileError(f"cannot write {target}: the folder {target.parent} does not exist; make it first")
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except OSError as error:
        raise FileError(f"cannot write {target}: {error.strerror}; nothing was changed") from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
    return target


def write_text(path: str | PathLike[str], content: str, *, overwrite: bool = True) -> Path:
    """Write text as UTF-8 in one move; errors as `write_bytes`."""
    return write_bytes(path, content.encode("utf-8"), overwrite=overwrite)
