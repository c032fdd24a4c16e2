"""`pellucid evaluate`: how good a model is on a table."""

from __future__ import annotations

from typing import Annotated

import typer

from .arguments import AllRows, Data, Json, ModelPath
from .json_record import json_text
from .reading import Reading, reads_text_files


@reads_text_files
def evaluate(
    model: ModelPath,
    data: Data,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="COLUMN", help="The column with the truth, if not the model's own."),
    ] = None,
    all_rows: AllRows = False,
    reading: Reading = Reading(),
    as_json: Json = False,
) -> None:
    """Score a model on a table.

    Each figure comes with its interval. On the table that the model was trained on, only the sealed rows are scored,
    and every look at them is counted.

    \b
    Examples:
      pellucid evaluate titanic-model titanic
      pellucid evaluate titanic-model titanic --all-rows
    """
    from ..judging.evaluation import evaluate as score
    from ..persistence.model_file import load
    from .evaluation_text import evaluation_text

    loaded = load(model)
    table = reading.with_kinds_of(loaded).table(data)
    evaluation = score(loaded, table, target=target, all_rows=all_rows)
    print(json_text(evaluation.to_dict()) if as_json else evaluation_text(evaluation))
