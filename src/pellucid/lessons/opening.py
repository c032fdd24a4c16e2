"""A lesson in the browser, served by marimo."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from ..errors import InputError
from .catalog import Lesson, find_lesson, need_extra

HIGHEST_PORT = 65535
HEAD = "lesson_head.html"


def open_lesson(
    number: int | str, *, host: str = "127.0.0.1", port: int | None = None, app: bool = False, browser: bool = True
) -> int:
    """Serve a lesson until it is stopped (Ctrl-C); gives marimo's exit code.

    The reader gets a copy, with the code, and may change every line of it. `app=True` serves the page alone, read-only,
    for a class. `port=None` takes a free one. `browser=False` opens no window here.

    Raises `SpecError` for a lesson that is not there, `InputError` for a host or port that cannot be had,
    `MissingExtraError` without the extra "lessons".
    """
    lesson = find_lesson(number)
    need_extra()
    check_host(host)
    if port is not None:
        check_port(host, port)
    # marimo would ask its maker for a newer version at every start.
    environment = {**os.environ, "MARIMO_SKIP_UPDATE_CHECK": "1"}
    with tempfile.TemporaryDirectory(prefix="pellucid-lesson-") as folder:
        path = lesson.path if app else _copied(lesson, Path(folder))
        command = lesson_command(path, host=host, port=port, app=app, browser=browser)
        return subprocess.call(command, env=environment)


def lesson_command(path: Path, *, host: str, port: int | None, app: bool, browser: bool) -> list[str]:
    """How marimo is called for the notebook at `path`."""
    served_by = ["pellucid.lessons.serving", "run"] if app else ["marimo", "edit"]
    command = [sys.executable, "-m", *served_by, str(path), "--host", host]
    command += [] if port is None else ["--port", str(port)]
    command += [] if browser else ["--headless"]
    return command if app else [*command, "--skip-update-check"]


def _copied(lesson: Lesson, folder: Path) -> Path:
    """The reader's own copy of the notebook, beside the head of its page, and told to run when it is opened."""
    (folder / "pyproject.toml").write_text("[tool.marimo.runtime]\nauto_instantiate = true\n", encoding="utf-8")
    shutil.copy(lesson.path.with_name(HEAD), folder)
    return Path(shutil.copy(lesson.path, folder))


def check_host(host: str) -> None:
    """Raises `InputError` when nothing can listen at `host`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.bind(address)
    except (OSError, UnicodeError):
        raise InputError(f"--host {host!r} is no address of this machine; 127.0.0.1 is this machine alone") from None


def check_port(host: str, port: int) -> None:
    """Raises `InputError` when nothing can listen at `host` and `port`, saying why."""
    if not 0 < port <= HIGHEST_PORT:
        raise InputError(f"--port takes a number from 1 to {HIGHEST_PORT}, got {port}")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except PermissionError:
        raise InputError(f"port {port} is not open to you; take one above 1023") from None
    except OSError as problem:
        taken = "is in use" if problem.errno in (98, 48, 10048) else f"cannot be had ({problem.strerror})"
        raise InputError(
            f"port {port} on {host} {taken}; pass another --port, or none and a free one is taken"
        ) from None
