"""Opening a model file: its version checked, and whatever is wrong with its description told as such."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ..errors import FileError, ModelFileError
from ..version import __version__
from .container import read_container
from .sizes import check_sizes

SCHEMA = 1
MODEL_NAME = "model.pellucid"
T = TypeVar("T")


def read_model(path: str | PathLike[str], build: Callable[[dict[str, Any], dict[str, np.ndarray]], T]) -> T:
    """What `build` makes of the description and the arrays in a model file, or in that of a folder of `pellucid train`.

    Raises `FileError` when there is no such file and `ModelFileError` when it is cut, altered, no model, or written by
    a newer version; `build` may raise anything for a description that is wrong.
    """
    path = model_path(path)
    description, arrays = read_container(path)
    schema = description.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise ModelFileError(
            f"{path} was written by pellucid {description.get('written_by')} (schema {schema}), which is newer than "
            f"this one ({__version__}, schema {SCHEMA}); upgrade pellucid to read it"
        )
    try:
        check_sizes(description, path.stat().st_size)
        return build(description, arrays)
    # Whatever goes wrong, memory that runs out among it, is the doing of the file.
    except Exception as error:
        what = f"{type(error).__name__} {error}" if isinstance(error, KeyError) else error
        raise ModelFileError(f"{path} does not describe a model that works: {what}; take a fresh copy") from None


def model_path(path: str | PathLike[str]) -> Path:
    """The model file itself: inside a folder of `pellucid train` it is called model.pellucid.

    Raises `FileError` when there is none.
    """
    given = Path(path)
    if not given.exists():
        raise FileError(
            f"cannot read the model file: there is no model {given}; give a .pellucid file, or the folder of a train"
        )
    if not given.is_dir():
        return given
    if not (given / MODEL_NAME).exists():
        raise FileError(
            f"cannot read the model file: the folder {given} holds no {MODEL_NAME}; "
            "give the folder that train wrote, or a .pellucid file"
        )
    return given / MODEL_NAME
