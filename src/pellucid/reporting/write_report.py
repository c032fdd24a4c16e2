"""`write_report`: a page about a model in one file, to be opened, printed or mailed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from ..data.read import read
from ..errors import FileError, InputError
from ..files import write_text
from ..judging.described_columns import described_columns
from ..judging.ladder import Climb
from ..judging.run_details import evaluate_in_detail
from ..persistence.trained import trained
from .content import EVALUATION_NAME, Content, content_of_climb, content_of_evaluation, content_of_run
from .page import page_text

NEEDS_DATA = "{}, so a table is needed to score the model on; pass data=…, on the command line DATA"


def write_report(
    source: Any, path: str | PathLike[str], *, data: Any = None, target: str | None = None, overwrite: bool = False
) -> Path:
    """Write one HTML file that tells what a model is worth, and return its path.

    `source` is what `climb` found, a fitted estimator, a model file or the folder of `pellucid train`. Without `data`
    the report of the training is told (a folder's evaluation.json has it); with `data`, anything that `pellucid.read`
    takes, the model is scored on it as `evaluate` does, looks at sealed rows counted, with the truth in the column
    `target`. The page loads nothing and holds no row of the table, no identifier and no level on fewer than five rows.

    Raises `FileError` when a file is missing, cannot be written or exists and `overwrite` is False, `InputError` when
    `data` is needed, and what `read` and `evaluate` raise.
    """
    out = Path(path)
    check_out(out, overwrite, files_of(source) if isinstance(source, (str, PathLike)) else [])
    return write_text(out, page_text(_content(source, data, target)), overwrite=overwrite)


def check_out(out: Path, overwrite: bool, kept: Sequence[str | PathLike[str]] = ()) -> None:
    """Raise `FileError` when `out` is there and may not be replaced, or is one of the files `kept`, which are read."""
    if not out.exists():
        return
    if out.is_dir():
        raise FileError(f"cannot write {out}: it is a folder; give the name of a file")
    if any(os.path.exists(path) and out.samefile(path) for path in kept):
        raise FileError(f"{out} is read by this command and would be lost; choose another name")
    if not overwrite:
        raise FileError(f"{out} exists; choose another name, or let it be replaced (overwrite=True, --force)")


def files_of(model: str | PathLike[str]) -> list[Path]:
    """The files that are read for the report of a model file, or of the folder of `pellucid train`."""
    path = Path(model)
    folder = path if path.is_dir() else path.parent
    return [path, folder / "model.pellucid", folder / EVALUATION_NAME]


def report_text(found: Climb) -> str:
    """The page of a run that has just ended."""
    return page_text(content_of_climb(found))


def _content(source: Any, data: Any, target: str | None) -> Content:
    if isinstance(source, Climb):
        return content_of_climb(source)
    is_file = isinstance(source, (str, PathLike))
    if data is not None:
        return _scored_anew(trained(source) if is_file else source, data, target)
    if not is_file:
        raise InputError(NEEDS_DATA.format("an estimator knows nothing of its test rows"))
    model = trained(source)
    run = (Path(source) if Path(source).is_dir() else Path(source).parent) / EVALUATION_NAME
    if not run.exists():
        raise InputError(NEEDS_DATA.format(f"beside {source} there is no {EVALUATION_NAME}"))
    return content_of_run(model, run)


def _scored_anew(model: Any, data: Any, target: str | None) -> Content:
    card = getattr(model, "card_", None)
    table = read(data, kinds=card.kinds if card else None)
    name = target or (card.target if card else None)
    evaluation, curves, details = evaluate_in_detail(model, table, target=name)
    columns = described_columns(table, evaluation.target)
    return content_of_evaluation(model, evaluation, curves, details, columns, len(table.names))
