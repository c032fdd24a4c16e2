"""A lesson as a Jupyter notebook, written by marimo."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ..errors import FileError
from .catalog import find_lesson, need_extra


def export_lesson(number: int | str, folder: str | os.PathLike[str]) -> Path:
    """Write `lesson_N_name.ipynb` into `folder`, which is made when it is missing; gives its path.

    Raises `SpecError` for a lesson that is not there, `FileError` when the notebook exists already or cannot be
    written, `MissingExtraError` without the extra "lessons".
    """
    lesson = find_lesson(number)
    need_extra()
    target = Path(folder, lesson.path.with_suffix(".ipynb").name)
    if target.exists():
        raise FileError(f"{target} exists already; name another folder, or move it away")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise FileError(f"cannot make the folder {target.parent}: {problem.strerror}") from None
    command = [sys.executable, "-m", "marimo", "-q", "export", "ipynb", str(lesson.path), "-o", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not target.is_file():
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise FileError(f"marimo could not write {target}: {last}")
    return target
