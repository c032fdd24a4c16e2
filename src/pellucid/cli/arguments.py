"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import FileError

Data = Annotated[
    str,
    typer.Argument(
        metavar="DATA",
        help="CSV, TSV, Parquet, Arrow/Feather or JSON Lines (also .gz, .zst), - for standard input, or a bundled "
        "table such as titanic.",
    ),
]
ModelPath = Annotated[Path, typer.Argument(metavar="MODEL", help="A .pellucid file, or the folder that train wrote.")]
Json = Annotated[bool, typer.Option("--json", help="Print a JSON record instead of text.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]

MODEL_NAME = "model.pellucid"


def model_file(path: Path) -> Path:
    """The model file itself: inside a folder of `train` it is called model.pellucid."""
    if not path.exists():
        raise FileError(f"no model {path}; give the folder that train wrote, or a .pellucid file")
    if not path.is_dir():
        return path
    inside = path / MODEL_NAME
    if not inside.exists():
        raise FileError(f"the folder {path} holds no {MODEL_NAME}; give the folder that train wrote, or a model file")
    return inside
