"""Writing files whole or not at all.

The bytes go to a temporary file beside the target, reach the disk, and only then take the target's name; a crash
leaves the old file or none, never half of one. A temporary name holds the number of its process, so that what a killed
process left behind can be told from what another one is writing just now.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from io import BufferedWriter
from os import PathLike
from pathlib import Path

from .errors import FileError


def write_bytes(path: str | PathLike[str], content: bytes, *, overwrite: bool = True) -> Path:
    """Write `content` to `path` in one move.

    Raises `FileError` when the folder is missing or not writable, when the disk is full, or when the file exists and
    `overwrite` is False.
    """
    with whole_file(path, overwrite=overwrite) as file:
        file.write(content)
    return Path(path)


@contextlib.contextmanager
def whole_file(path: str | PathLike[str], *, overwrite: bool = True) -> Iterator[BufferedWriter]:
    """A file to write bytes to, piece by piece; it takes the name `path` when the block ends without an error.

    Its `name` is that of the temporary file. Errors as `write_bytes`; whatever else the block raises passes through,
    and nothing is left behind.
    """
    target = Path(path)
    if target.is_dir():
        raise FileError(f"cannot write {target}: it is a folder; give the name of a file")
    if not overwrite and target.exists():
        raise FileError(f"{target} exists already; choose another name or remove it first")
    if not target.parent.is_dir():
        raise FileError(f"cannot write {target}: the folder {target.parent} does not exist; make it first")
    temporary = temporary_path(target)
    try:
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, 0o666)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except FileError:
        raise
    except OSError as error:
        # Native code that writes to the file raises errors without a number, and so without its words.
        said = error.strerror or (str(error).splitlines() or [type(error).__name__])[0]
        raise FileError(f"cannot write {target}: {said}; nothing was changed") from None
    finally:
        forget_temporary(temporary)


def write_text(path: str | PathLike[str], content: str, *, overwrite: bool = True) -> Path:
    """Write text as UTF-8 in one move; errors as `write_bytes`."""
    return write_bytes(path, content.encode("utf-8"), overwrite=overwrite)


_unfinished: set[Path] = set()


def temporary_path(target: Path, folder: Path | None = None) -> Path:
    """A new name beside `target` (or in `folder`) for a file or folder that will take its name."""
    path = (folder or target.parent) / f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.part"
    _unfinished.add(path)
    return path


def forget_temporary(path: Path) -> None:
    """Remove what still has a temporary name, file or folder."""
    with contextlib.suppress(OSError):
        path.unlink() if not path.is_dir() else shutil.rmtree(path, ignore_errors=True)
    _unfinished.discard(path)


def forget_unfinished() -> None:
    """Remove all that this process has begun to write and not finished, for an end without a return."""
    for path in list(_unfinished):
        forget_temporary(path)


def forget_leftovers(target: Path, folder: Path) -> None:
    """Remove what killed processes left in `folder` while they wrote `target`; what a living one writes is not ours."""
    form = re.compile(rf"\.{re.escape(target.name)}\.(\d+)-[0-9a-f]{{8}}\.part")
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            found = form.fullmatch(path.name)
            if found and not _lives(int(found[1])):
                forget_temporary(path)


def _lives(process: int) -> bool:
    if os.name != "posix":
        return True  # elsewhere the question cannot be asked safely
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # another user's
    return True
