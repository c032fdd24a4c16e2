"""The file format: safetensors, with one JSON text in its metadata and a checksum over both.

    8 bytes            length of the header, little-endian
    header             JSON: name, type, shape and place of every array; "__metadata__": {"pellucid": …, "sha256": …}
    arrays             their bytes, little-endian

Reading runs no code: JSON and numbers are all that is in it. The checksum finds damage, not malice.
"""

from __future__ import annotations

import hashlib
import json
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import FileError, ModelFileError
from ..files import write_bytes

LARGEST_HEADER = 100 * 2**20


def write_container(
    path: str | PathLike[str], description: dict[str, Any], arrays: dict[str, np.ndarray], *, overwrite: bool
) -> Path:
    """Write description and arrays in one move; the same content gives the same bytes."""
    from safetensors.numpy import save

    text = json.dumps(description, sort_keys=True, allow_nan=False, ensure_ascii=False)
    stored = {name: np.ascontiguousarray(value) for name, value in arrays.items()}
    metadata = {"pellucid": text, "sha256": _checksum(text, stored)}
    return write_bytes(path, save(stored, metadata=metadata), overwrite=overwrite)


def read_container(path: str | PathLike[str]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """(description, arrays); raises `FileError` when there is no such file, `ModelFileError` when it is not whole."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    source = Path(path)
    try:
        content = source.read_bytes()
    except OSError as error:
        raise FileError(f"cannot read the model file {source}: {error.strerror}") from None
    metadata = _metadata(source, content)
    try:
        arrays = load(content)
        description = json.loads(metadata["pellucid"])
    except (SafetensorError, ValueError, RecursionError, KeyError, TypeError) as error:
        raise ModelFileError(f"{source} is damaged: {error}; take a fresh copy") from None
    if not isinstance(description, dict) or metadata.get("sha256") != _checksum(metadata["pellucid"], arrays):
        raise ModelFileError(f"{source} has changed since it was written (its checksum differs); take a fresh copy")
    return description, arrays


def _metadata(source: Path, content: bytes) -> dict[str, str]:
    size = int.from_bytes(content[:8], "little") if len(content) >= 8 else -1
    if not 2 <= size <= min(LARGEST_HEADER, len(content) - 8):
        raise ModelFileError(f"{source} is not a pellucid model: it is cut short or of another kind")
    try:
        header = json.loads(content[8 : 8 + size])
        metadata = header["__metadata__"]
        known = {str(name): str(value) for name, value in metadata.items()}
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise ModelFileError(f"{source} is not a pellucid model: its header cannot be read") from None
    if "pellucid" not in known:
        raise ModelFileError(f"{source} holds arrays, but no pellucid model")
    return known


def _checksum(text: str, arrays: dict[str, np.ndarray]) -> str:
    digest = hashlib.sha256(text.encode("utf-8"))
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"\0{name}\0{array.dtype.str}\0{array.shape}\0".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
