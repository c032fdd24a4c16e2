"""`pellucid compare`: is one model better than another?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .arguments import AllRows, Data, Json
from .json_record import json_text
from .reading import Reading, reads_text_files


@reads_text_files
def compare(
    model_a: Annotated[
        Path, typer.Argument(metavar="MODEL_A", help="A .pellucid file, or the folder that train wrote.")
    ],
    model_b: Annotated[Path, typer.Argument(metavar="MODEL_B", help="Another one, of the same target.")],
    data: Data,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="COLUMN", help="The column with the truth, if not the models' own."),
    ] = None,
    all_rows: AllRows = False,
    reading: Reading = Reading(),
    as_json: Json = False,
) -> None:
    """Compare two models on the same rows.

    Each difference comes with its interval and its test, and where there is no evidence of one, with the rows that
    would be needed to see it. On the table that both models were trained on, only rows that neither has learned from
    are scored, and the look at them is counted.

    \b
    Examples:
      pellucid compare titanic-model other-model titanic
    """
    from ..judging.comparison import compare as compare_models
    from ..persistence.model_file import load
    from .comparison_text import comparison_text

    models = load(model_a), load(model_b)
    table = reading.with_kinds_of(models[0]).table(data)
    found = compare_models(*models, table, target=target, names=(str(model_a), str(model_b)), all_rows=all_rows)
    print(json_text(found.to_dict()) if as_json else comparison_text(found))
