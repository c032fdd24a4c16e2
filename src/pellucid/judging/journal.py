"""What a run has finished so far, kept on disk, so that the same command goes on after a crash.

One file a run in the user's state folder, named by a hash of everything that its results depend on; one JSON line a
finished fit, which reaches the disk before the next fit begins. Floats are kept exactly. A line that a crash cut short
is not read. The file goes when the run is done.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import platform
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from ..data.split import Split
from ..data.table import Column, Table
from ..errors import FileError
from .looks import state_folder
from .truth import Truth

ARITHMETIC = ("numpy", "scipy", "scikit-learn", "numba")
DAYS_KEPT = 30


@dataclass(frozen=True, eq=False)
class FoldResult:
    """One rung in one fold: its figures, the epochs that were kept, how long it took, whether the time cut it short.

    Of networks also what they `predicted` for the held-out rows: (rows, classes) or (rows,), see `out_of_fold`.
    """

    scores: dict[str, float]
    epochs: int
    seconds: float = 0.0
    cut: bool = False
    predicted: np.ndarray | None = None


class Journal:
    """The finished fits of one run, `resumed` of them from before a crash; `token` names the run, the same after it."""

    def __init__(self, key: str) -> None:
        self.path = state_folder() / "runs" / f"{key}.jsonl"
        self.known: dict[tuple[int, str], FoldResult] = {}
        self.token = ""
        self._lock = threading.Lock()
        self._read()
        self.resumed = len(self.known)
        if not self.token:
            self.token = secrets.token_hex(8)
            self._append({"run": self.token})
        _forget_old(self.path.parent)

    def add(self, fold: int, rung: str, result: FoldResult) -> None:
        """Keep a finished fit. Raises `FileError` when the disk does not take it.

        Several threads may call it.
        """
        scores = {name: value.hex() for name, value in result.scores.items()}
        line = {"fold": fold, "rung": rung, "scores": scores, "epochs": result.epochs, "seconds": result.seconds}
        line["predicted"] = _array_text(result.predicted)
        with self._lock:
            self._append(line)
            self.known[fold, rung] = result

    def remove(self) -> None:
        """The run is done."""
        with contextlib.suppress(OSError):
            self.path.unlink()

    def _append(self, line: dict[str, Any]) -> None:
        text = (json.dumps(line, sort_keys=True) + "\n").encode()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with open(self.path, "ab") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise FileError(
                f"cannot keep the progress of this run in {self.path.parent}: {error.strerror}; "
                "set PELLUCID_STATE to a folder that can be written"
            ) from None

    def _read(self) -> None:
        try:
            content = self.path.read_bytes()
        except OSError:
            return
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):  # the next line must not be glued to one that was cut short
            with contextlib.suppress(OSError):
                os.truncate(self.path, len(whole))
        for line in whole.splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
                self._take(json.loads(line))

    def _take(self, line: dict[str, Any]) -> None:
        if "run" in line:
            self.token = str(line["run"])
            return
        scores = {str(name): float.fromhex(value) for name, value in line["scores"].items()}
        predicted = _array_of(line["predicted"])
        result = FoldResult(scores, int(line["epochs"]), float(line["seconds"]), predicted=predicted)
        self.known[int(line["fold"]), str(line["rung"])] = result


def _array_text(array: np.ndarray | None) -> Any:
    """Shape and bits of a float64 array, JSON-ready."""
    if array is None:
        return None
    return [list(array.shape), base64.b64encode(array.astype("<f8").tobytes()).decode()]


def _array_of(told: Any) -> np.ndarray | None:
    """The inverse of `_array_text`; raises ValueError where the bits are not those of such a shape."""
    if told is None:
        return None
    shape, bits = told
    return np.frombuffer(base64.b64decode(bits, validate=True), "<f8").reshape(shape)


def run_key(table: Table, truth: Truth, folds: Sequence[Split], choices: Any) -> str:
    """A hash of all that the results of the folds depend on.

    These are the training rows, the folds, the `choices` (whose `repr` says all about them), the versions of what does
    the arithmetic, and the machine.
    """
    digest = hashlib.sha256()
    for column in (*table, Column(truth.name, "number", truth.values, truth.labels)):
        told = (column.name, column.kind, column.role, column.levels, str(column.values.dtype))
        digest.update(repr(told).encode())
        digest.update(np.ascontiguousarray(column.values).tobytes())
    for fold in folds:
        digest.update(fold.training.tobytes() + b"|" + fold.held_out.tobytes())
    digest.update(repr((choices, _versions(), platform.node(), platform.python_version())).encode())
    return digest.hexdigest()


def _versions() -> list[str]:
    """Versions of the packages, and the last change of this one's files, for those who work on it."""
    found = []
    for name in ARITHMETIC:
        with contextlib.suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    home = Path(__file__).parents[1]
    return [*found, str(max(path.stat().st_mtime_ns for path in home.rglob("*.py")))]


def _forget_old(folder: Path) -> None:
    """Runs that nobody has gone on with for a month."""
    for path in folder.glob("*.jsonl"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > DAYS_KEPT * 86_400:
                path.unlink()
