"""The folder of a run: written whole under a temporary name, then renamed."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import FileError
from .json_record import json_text

if TYPE_CHECKING:
    from ..judging.ladder import Climb


def check_folder(folder: Path, force: bool) -> None:
    """Raise `FileError` before any work is done when the folder cannot be written or is taken."""
    if folder.exists() and not folder.is_dir():
        raise FileError(f"cannot write to {folder}: it is a file; choose another --out")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise FileError(f"the folder {folder} exists and is not empty; choose another --out, or say --force")
    parent = folder.resolve().parent
    if not parent.is_dir():
        raise FileError(f"cannot write {folder}: the folder {parent} does not exist; make it first")
    if not os.access(folder if folder.is_dir() else parent, os.W_OK):
        raise FileError(f"cannot write {folder}: no permission; choose another --out")


def write_run(found: Climb, folder: Path, force: bool) -> list[Path]:
    """Write the files of a run and return their paths; what else a forced folder holds is left alone."""
    check_folder(folder, force)
    place = folder if folder.is_dir() else folder.resolve().parent
    temporary = place / f".{folder.name}.{secrets.token_hex(4)}.part"
    try:
        temporary.mkdir()
        names = _write_files(found, temporary)
        if folder.is_dir():
            for name in names:
                os.replace(temporary / name, folder / name)
        else:
            os.replace(temporary, folder)
    except OSError as error:
        raise FileError(f"cannot write {folder}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return [folder / name for name in names]


def _write_files(found: Climb, folder: Path) -> list[str]:
    from ..files import write_text
    from ..persistence.model_file import MODEL_NAME, save

    save(found.model, folder / MODEL_NAME)
    write_text(folder / "evaluation.json", json_text(found.to_dict(), indent=1) + "\n")
    found.model.history_.to_csv(folder / "history.csv")
    return [MODEL_NAME, "evaluation.json", "history.csv"]
