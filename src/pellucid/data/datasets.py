"""Tables for lessons and trials: Titanic is bundled, two small ones are fetched once and kept.

NOTICE: titanic.csv.gz is the file `dataprep/datasets/data/titanic.csv` of the Python package dataprep 0.4.1 (MIT
licence, Copyright (c) 2019 sfu-db), the list of 891 passengers that Kaggle calls train.csv, packed with gzip
and otherwise unaltered.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import DataError, FileError
from ..records import Record
from .delimited import Content, read_delimited

if TYPE_CHECKING:
    from .table import Table

TIMEOUT = 30.0  # seconds that a host may be silent


@dataclass(frozen=True)
class BundledTable(Record):
    """A table that comes with the package; `pellucid.read(name)` gives it."""

    name: str
    rows: int
    columns: int
    target: str
    about: str
    source: str
    licence: str


@dataclass(frozen=True)
class RemoteTable(Record):
    """A table that is fetched: where from, its checksum and the name of its copy."""

    file: str
    url: str
    sha256: str


BUNDLED = {
    "titanic": BundledTable(
        name="titanic",
        rows=891,
        columns=12,
        target="Survived",
        about="who of 891 passengers of the Titanic survived; Age, Cabin and Embarked have gaps",
        source="dataprep 0.4.1 on PyPI, dataprep/datasets/data/titanic.csv",
        licence="MIT",
    )
}

ADMISSIONS = RemoteTable(
    "gpa1.csv",
    "https://raw.githubusercontent.com/nnamdijuugo/gpa_dataset/refs/heads/master/gpa1.csv",
    "a28dfff07d122a08bbe01cf3504deb010e4cf9dd23db982eaba916fb66d795d7",
)
SPIRAL = RemoteTable(
    "spiral.csv",
    "https://raw.githubusercontent.com/GokuMohandas/Made-With-ML/main/datasets/spiral.csv",
    "9376dbfd1314a219cb32416e09594fd7ae56f1c6d5014926f750bb5a80169f81",
)


def bundled() -> tuple[BundledTable, ...]:
    """The tables that come with the package."""
    return tuple(BUNDLED.values())


def load_bundled(name: str) -> Content:
    """The bundled table as texts, before kinds are decided."""
    packed = resources.files(__package__).joinpath(f"{name}.csv.gz").read_bytes()
    return read_delimited(gzip.decompress(packed), name)


def load_titanic() -> Table:
    """The Titanic table, 891 rows × 12 columns; the target is `Survived`."""
    from .read import read

    return read("titanic")


def fetch_admissions(
    cache: str | Path | None = None, *, path: str | Path | None = None, timeout: float = TIMEOUT
) -> Table:
    """400 applications to a graduate school with grades and the outcome `admit`, rank one-hot encoded.

    The file comes from `path` when given, else from the folder in the environment variable PELLUCID_DATASETS, else
    from the cache (`cache`, or PELLUCID_CACHE, or ~/.cache/pellucid), else from the network into the cache, from a host
    that answers within `timeout` seconds.
    Raises DataError when the checksum is wrong or the network is not there, FileError when `path` is absent.
    """
    return _fetched(ADMISSIONS, cache, path, timeout)


def fetch_spiral(cache: str | Path | None = None, *, path: str | Path | None = None, timeout: float = TIMEOUT) -> Table:
    """1,500 points on three arms of a spiral: `X1`, `X2` and the class `color`.

    Found in the same places, and with the same errors, as in `fetch_admissions`.
    """
    return _fetched(SPIRAL, cache, path, timeout)


def _fetched(remote: RemoteTable, cache: str | Path | None, path: str | Path | None, timeout: float) -> Table:
    from .read import table_of

    content = _content(remote, cache, path, timeout)
    return table_of(read_delimited(content, remote.file), remote.file)


def _content(remote: RemoteTable, cache: str | Path | None, path: str | Path | None, timeout: float) -> bytes:
    """The file with the right checksum, downloaded only when there is no copy."""
    if path is not None:
        if not Path(path).is_file():
            raise FileError(f"no file {path}; expected a copy of {remote.url}")
        return _checked(Path(path).read_bytes(), remote, str(path))
    folder = os.environ.get("PELLUCID_DATASETS")
    if folder and (copy := Path(folder) / remote.file).is_file():
        return _checked(copy.read_bytes(), remote, str(copy))
    kept = Path(cache or os.environ.get("PELLUCID_CACHE") or Path.home() / ".cache" / "pellucid") / remote.file
    if kept.is_file():
        return _checked(kept.read_bytes(), remote, f"{kept} (delete it to fetch it again)")
    content = _download(remote, kept, timeout)
    _keep(content, kept)
    return content


def _download(remote: RemoteTable, kept: Path, timeout: float) -> bytes:
    try:
        with urllib.request.urlopen(remote.url, timeout=timeout) as answer:
            content: bytes = answer.read()
    except (urllib.error.URLError, OSError) as problem:
        raise DataError(
            f"cannot fetch {remote.url} ({problem}); put a copy at {kept}, or pass path=, or set PELLUCID_DATASETS to "
            f"a folder that holds {remote.file}"
        ) from None
    return _checked(content, remote, remote.url)


def _checked(content: bytes, remote: RemoteTable, where: str) -> bytes:
    got = hashlib.sha256(content).hexdigest()
    if got != remote.sha256:
        raise DataError(f"{where} is not the expected file: expected sha256 {remote.sha256}, got {got}")
    return content


def _keep(content: bytes, kept: Path) -> None:
    """Write beside and rename, so that a cut download is never taken for the file."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_name(f"{kept.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(kept)
    finally:
        part.unlink(missing_ok=True)
