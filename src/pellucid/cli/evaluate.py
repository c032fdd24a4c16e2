"""`pellucid evaluate`: how good a model is on a table."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from .arguments import Data, Json, ModelPath, model_file


def evaluate(
    model: ModelPath,
    data: Data,
    target: Annotated[
        str | None, typer.Option("--target", help="The column with the truth, if not the model's own.")
    ] = None,
    all_rows: Annotated[
        bool, typer.Option("--all-rows", help="Score training rows too; optimistic, and marked so.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Score a model, each figure with its interval.

    On the table that the model was trained on, only the sealed rows are scored, and the look at them is counted.

    Example: pellucid evaluate titanic-model titanic
    """
    from ..judging.evaluation import evaluate as score
    from ..persistence.model_file import load
    from .evaluation_text import evaluation_text

    fitted = load(model_file(model))
    evaluation = score(fitted, data, target=target, all_rows=all_rows)
    print(json.dumps(evaluation.to_dict(), sort_keys=True, allow_nan=False) if as_json else evaluation_text(evaluation))
