"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    str,
    typer.Argument(
        metavar="DATA",
        help="CSV, TSV, Parquet, Arrow/Feather, JSON Lines (also .gz, .zst) or .xlsx, a folder of Parquet files, - for "
        "standard input, or a bundled table such as titanic.",
    ),
]
ModelPath = Annotated[Path, typer.Argument(metavar="MODEL", help="A .pellucid file, or the folder that train wrote.")]
Json = Annotated[bool, typer.Option("--json", help="Print a JSON record instead of text.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
AllRows = Annotated[bool, typer.Option("--all-rows", help="Score training rows too; optimistic, and marked so.")]
