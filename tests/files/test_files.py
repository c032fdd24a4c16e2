"""Files appear whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from pellucid.errors import FileError, PellucidError
from pellucid.files import write_bytes, write_text


def test_a_new_file_and_an_old_one_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    assert write_bytes(path, b"one\r\n") == path
    assert path.read_bytes() == b"one\r\n"
    write_text(str(path), "zwölf ∂\n")
    assert path.read_bytes() == "zwölf ∂\n".encode()
    assert os.listdir(tmp_path) == ["a.txt"]


def test_an_existing_file_is_kept_unless_overwriting_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("mine")
    with pytest.raises(FileError, match=r"a\.txt exists already; choose another name or remove it first") as caught:
        write_text(path, "other", overwrite=False)
    assert isinstance(caught.value, OSError)
    assert isinstance(caught.value, PellucidError)
    assert path.read_text() == "mine"
    write_text(tmp_path / "b.txt", "new", overwrite=False)
    assert (tmp_path / "b.txt").read_text() == "new"


def test_a_missing_folder_and_a_folder_as_target(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"the folder .*absent does not exist; make it first"):
        write_text(tmp_path / "absent" / "a.txt", "x")
    for overwrite in (True, False):
        with pytest.raises(FileError, match="it is a folder; give the name of a file"):
            write_text(tmp_path, "x", overwrite=overwrite)
    assert list(tmp_path.iterdir()) == []


def full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["fsync", "replace", "open"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    monkeypatch.setattr(os, step, full)
    with pytest.raises(FileError, match="No space left on device; nothing was changed"):
        write_text(path, "new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_text() == "old"


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", pressed)
    with pytest.raises(KeyboardInterrupt):
        write_text(tmp_path / "a.txt", "new")
    assert list(tmp_path.iterdir()) == []


def test_the_bytes_are_on_the_disk_before_the_name_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, name=name, real=real: (steps.append(name), real(*a)))
    write_text(tmp_path / "a.txt", "x")
    assert steps == ["fsync", "replace"]
