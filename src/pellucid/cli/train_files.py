"""The folder of a run: written whole under a temporary name, then renamed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import FileError
from ..files import forget_leftovers, forget_temporary, temporary_path
from .json_record import json_text

if TYPE_CHECKING:
    from ..judging.ladder import Climb

# The first is `persistence.reading.MODEL_NAME`, which is slow to import.
FILES = ("model.pellucid", "evaluation.json", "history.csv", "report.html")


def check_folder(folder: Path, force: bool) -> None:
    """Raise `FileError` before any work is done when the folder cannot be written or is taken."""
    try:
        folder.exists()
    except OSError as problem:
        raise FileError(f"cannot write {str(folder)[:80]!r}: {problem.strerror}; choose another --out") from None
    forget_leftovers(folder, _place(folder))
    if folder.exists() and not folder.is_dir():
        raise FileError(f"cannot write to {folder}: it is a file; choose another --out")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise FileError(f"the folder {folder} exists and is not empty; choose another --out, or say --force")
    parent = folder.resolve().parent
    if not parent.is_dir():
        raise FileError(f"cannot write {folder}: the folder {parent} does not exist; make it first")
    if not os.access(folder if folder.is_dir() else parent, os.W_OK):
        raise FileError(f"cannot write {folder}: no permission; choose another --out")


def check_inputs_are_kept(folder: Path, sources: Sequence[str]) -> None:
    """Raise `FileError` when a file that is read, of the paths `sources`, would be replaced by one of a run."""
    for path in (folder / name for name in FILES):
        for source in sources:
            if path.exists() and os.path.exists(source) and path.samefile(source):
                raise FileError(f"{path} is read by this command and would be lost; choose another --out")


def write_run(found: Climb, folder: Path, force: bool) -> list[Path]:
    """Write the files of a run and return their paths; what else a forced folder holds is left alone."""
    check_folder(folder, force)
    place = _place(folder)
    temporary = temporary_path(folder, place)
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
        forget_temporary(temporary)
    return [folder / name for name in names]


def _place(folder: Path) -> Path:
    """Where the files stand until they are complete: inside a folder that is there, else beside it."""
    return folder if folder.is_dir() else folder.resolve().parent


def _write_files(found: Climb, folder: Path) -> list[str]:
    from ..files import write_text
    from ..persistence.model_file import save
    from ..reporting.write_report import report_text

    model, evaluation, history, report = (folder / name for name in FILES)
    save(found.model, model)
    write_text(evaluation, json_text(found.to_dict(), indent=1) + "\n")
    found.model.history_.to_csv(history)
    write_text(report, report_text(found))
    return list(FILES)
