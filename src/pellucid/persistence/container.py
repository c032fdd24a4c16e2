"""The file format: safetensors, with one JSON text in its metadata and a checksum over every byte.

    8 bytes            length of the header, little-endian
    header             JSON: name, type, shape and place of every array; "__metadata__": {"pellucid": one JSON text}
    arrays             their bytes, little-endian

The JSON text holds its own `sha256`: that of the whole file, taken with 64 zeros in the checksum's place. Reading runs
no code: JSON and numbers are all that is in it. The checksum finds damage, not malice.
"""

from __future__ import annotations

import hashlib
import json
import math
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import FileError, ModelFileError
from ..files import write_bytes

LARGEST_HEADER = 100 * 2**20
NO_CHECKSUM = "0" * 64


def write_container(
    path: str | PathLike[str], description: dict[str, Any], arrays: dict[str, np.ndarray], *, overwrite: bool
) -> Path:
    """Write description and arrays in one move; the same content gives the same bytes."""
    from safetensors.numpy import save

    text = json.dumps({**description, "sha256": NO_CHECKSUM}, sort_keys=True, allow_nan=False, ensure_ascii=False)
    stored = {name: np.ascontiguousarray(value) for name, value in arrays.items()}
    content = save(stored, metadata={"pellucid": text})
    checksum = hashlib.sha256(content).hexdigest()
    return write_bytes(path, content.replace(_written(NO_CHECKSUM), _written(checksum), 1), overwrite=overwrite)


def read_container(path: str | PathLike[str]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """(description, arrays); raises `FileError` when there is no such file, `ModelFileError` when it is not whole."""
    from safetensors.numpy import load

    source = Path(path)
    try:
        content = source.read_bytes()
    except OSError as error:
        raise FileError(f"cannot read the model file {source}: {error.strerror}") from None
    text = _json_text(source, content)
    try:
        description = json.loads(text, parse_constant=_not_a_number, parse_float=_finite, object_pairs_hook=_once)
        checksum = str(description.pop("sha256"))
        whole = hashlib.sha256(content.replace(_written(checksum), _written(NO_CHECKSUM), 1)).hexdigest() == checksum
        if not whole:
            raise ModelFileError(f"{source} has changed since it was written (its checksum differs); take a fresh copy")
        return description, load(content)
    except ModelFileError:
        raise
    # Whatever goes wrong, memory that runs out among it, is the doing of the file.
    except Exception as error:
        raise ModelFileError(f"{source} is damaged: {error}; take a fresh copy") from None


def is_container(path: str | PathLike[str]) -> bool:
    """Whether a file holds a model of ours, as far as its header tells."""
    try:
        _json_text(Path(path), Path(path).read_bytes())
    except (OSError, ModelFileError):
        return False
    return True


def _written(checksum: str) -> bytes:
    """The checksum as it stands in the file: inside a JSON text that is itself a string of the header's JSON."""
    return json.dumps(json.dumps({"sha256": checksum})[1:-1])[1:-1].encode()


def _json_text(source: Path, content: bytes) -> str:
    size = int.from_bytes(content[:8], "little") if len(content) >= 8 else -1
    if not 2 <= size <= min(LARGEST_HEADER, len(content) - 8):
        raise ModelFileError(f"{source} is not a pellucid model: it is cut short or of another kind")
    try:
        if content[8:9] != b"{":
            raise ValueError
        header = json.loads(content[8 : 8 + size].decode("utf-8"), object_pairs_hook=_once)
        text = header.get("__metadata__", {}).get("pellucid")
    except (ValueError, RecursionError, AttributeError):
        raise ModelFileError(f"{source} is not a pellucid model: its header cannot be read") from None
    if not isinstance(text, str):
        raise ModelFileError(f"{source} holds arrays, but no pellucid model")
    return text


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of the JSON, in which a name that stands twice could be read in two ways."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands in it twice")
    return found


def _not_a_number(word: str) -> float:
    raise ValueError(f"it holds {word} where a number should be")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _not_a_number(digits)
