"""Compiled kernels: fetched from the disk, or compiled once and put there.

The folder carries pellucid's version and the hash of the kernel file, so that no kernel ever meets another version's
data. Where it cannot be written the kernels are compiled in memory; where Numba is missing or broken, there are none.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
import threading
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import TrainingError
from ..version import __version__

logger = logging.getLogger("pellucid")
Kernel = Callable[..., None]
# Marks what a waiting person should know at once; on the command line nothing else that is logged is shown.
NOTICE = {"notice": True}

_lock = threading.RLock()
_compiled: dict[tuple[str, str], Kernel] = {}


@cache
def available() -> bool:
    """Whether Numba can be used; says once what is wrong if not."""
    try:
        from . import kernels
    except Exception as error:  # whatever a broken installation throws
        reason = "is not installed" if isinstance(error, ModuleNotFoundError) else f"does not work here ({error})"
        logger.warning(
            "Numba %s, so the reference engine trains: the same numbers, 10 to 100 times slower. "
            "To repair it: pip install --force-reinstall numba",
            reason,
            extra=NOTICE,
        )
        return False
    return bool(kernels.ACTIVATION_CODES)


def kernel(name: str, dtype: str) -> Kernel:
    """The compiled function `name` ("train", "score" or "surface") for arrays of `dtype`.

    Raises `TrainingError` when it cannot be compiled.
    """
    found = _compiled.get((name, dtype))
    if found is not None:
        return found
    with _lock:
        if (name, dtype) not in _compiled:
            _compiled[name, dtype] = _load(name, dtype)
        return _compiled[name, dtype]


def cache_folder() -> Path:
    """`PELLUCID_CACHE`, else `pellucid` in the user's cache folder; in it one folder a version and kernel file."""
    chosen = os.environ.get("PELLUCID_CACHE")
    content = hashlib.sha256(Path(__file__).with_name("kernels.py").read_bytes()).hexdigest()[:12]
    return (Path(chosen) if chosen else _user_cache() / "pellucid") / f"{__version__}-{content}"


def _user_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _load(name: str, dtype: str) -> Kernel:
    from numba import types
    from numba.core import config

    from . import kernels

    function: Kernel = getattr(kernels, name)
    if config.DISABLE_JIT:  # type: ignore[attr-defined]
        return function
    signature = kernels.signatures(getattr(types, dtype))[name]  # type: ignore[no-untyped-call]
    folder = _writable_folder()
    try:
        return _compile(function, signature, folder)
    except Exception as error:
        if folder is None:
            raise TrainingError(
                f"the compiled engine cannot be built here ({error}); use engine='reference'"
            ) from error
        logger.warning("the kernels in %s cannot be used (%s); compiling in memory", folder, error, extra=NOTICE)
    return _compile(function, signature, None)


def _compile(function: Kernel, signature: Any, folder: Path | None) -> Kernel:
    from numba import njit
    from numba.core import config, event

    from . import kernels

    class Announcement(event.Listener):
        """Says that the outermost function is being compiled; one that is found on the disk starts no event."""

        def on_start(self, event: Any) -> None:
            if event.data["dispatcher"] is dispatcher:
                _announce()

        def on_end(self, event: Any) -> None:
            pass

    dispatcher: Any = njit(**kernels.ENTRY)(function)  # type: ignore[call-overload]
    if folder is not None:
        before = config.CACHE_DIR  # type: ignore[attr-defined]
        config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]  # read by enable_caching, and nowhere else
        try:
            dispatcher.enable_caching()
        finally:
            config.CACHE_DIR = before  # type: ignore[attr-defined]
    with event.install_listener("numba:compile", Announcement()):
        dispatcher.compile(signature)
    dispatcher.disable_compile()
    return dispatcher


@cache
def _announce() -> None:
    logger.warning("compiling the engine once (about half a minute)", extra=NOTICE)


@cache
def _writable_folder() -> Path | None:
    """The cache folder, made where it was missing; None where it cannot be written, which is said once."""
    folder = cache_folder()
    probe = folder / f"{uuid.uuid4().hex}.probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        logger.warning(
            "the cache folder %s cannot be written (%s), so every process compiles the engine anew; "
            "set PELLUCID_CACHE to a folder that can be written",
            folder,
            error.strerror or error,
            extra=NOTICE,
        )
        return None
    return folder
