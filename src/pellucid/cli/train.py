"""`pellucid train`: from a table to a judged, saved network."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import SpecError
from .arguments import Data, Json

if TYPE_CHECKING:
    from ..judging.ladder import Climb

TEST_OPTIONS = "Test rows"


def train(
    data: Data,
    target: Annotated[str, typer.Option("--target", help="The column to predict.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder to write; default: DATA's name and -model.")
    ] = None,
    test: Annotated[str | None, typer.Option("--test", metavar="FILE", help="A second table to test on.")] = None,
    split_column: Annotated[
        str | None, typer.Option("--split-column", metavar="C", help="A column that says train or test.")
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", metavar="C", help="Rows of one value of C stay on one side.")
    ] = None,
    time: Annotated[str | None, typer.Option("--time", metavar="C", help="Test on the latest rows by C.")] = None,
    drop: Annotated[
        list[str] | None, typer.Option("--drop", metavar="C", help="Leave a column out; may be repeated.")
    ] = None,
    hidden: Annotated[str, typer.Option("--hidden", help="Units of the deep network's hidden layers.")] = "128,64",
    epochs: Annotated[int, typer.Option("--epochs", help="Passes over the rows, at most.", min=1)] = 40,
    engine: Annotated[str, typer.Option("--engine", help="Who does the arithmetic.")] = "auto",
    seed: Annotated[int, typer.Option("--seed", help="Of splits, initial weights and order.", min=0)] = 0,
    max_seconds: Annotated[
        float | None, typer.Option("--max-seconds", metavar="S", help="Begin no further fold after S seconds.", min=0)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the files of an earlier run in DIR.")] = False,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Climb from the majority class to a deep network, judge every rung, save the network.

    A fifth of the rows is sealed and scored once, at the end; --test, --split-column, --group and --time choose other
    test rows. DIR gets model.pellucid, evaluation.json and history.csv.

    Example: pellucid train titanic --target Survived

    Example: pellucid train sales.parquet --target price --time date --drop margin --out price-model
    """
    from ..judging.ladder import climb
    from ..judging.seal import SealPlan
    from .progress import show_progress
    from .train_files import check_folder, write_run
    from .train_text import train_text

    folder = out or Path(f"{_stem(data)}-model")
    check_folder(folder, force)
    plan = SealPlan(test=test, split_column=split_column, group=group, time_column=time)
    with show_progress(quiet or as_json) as on_progress:
        found = climb(
            data,
            target,
            seal=plan,
            drop=tuple(drop or ()),
            hidden=_sizes(hidden),
            epochs=epochs,
            engine=engine,
            seed=seed,
            max_seconds=max_seconds,
            on_progress=on_progress,
        )
    files = write_run(found, folder, force)
    if as_json:
        print(json.dumps(_record(found, files), sort_keys=True, allow_nan=False))
    elif not quiet:
        sys.stdout.write(train_text(found, folder, files, data))


def _record(found: Climb, files: list[Path]) -> dict[str, Any]:
    return {**found.to_dict(), "files": [str(path) for path in files], "schema": 1}


def _stem(data: str) -> str:
    name = Path(data).name
    return "table" if data == "-" else name.split(".")[0] or "table"


def _sizes(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdigit() and int(part) > 0 for part in parts):
        raise SpecError(f"--hidden takes whole numbers of units such as 64,64, got {text!r}")
    return tuple(int(part) for part in parts)
