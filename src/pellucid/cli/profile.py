"""`pellucid profile`: what is in a table."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from .arguments import Data, Json


def profile(
    data: Data,
    target: Annotated[
        str | None, typer.Option("--target", help="The column to predict, to learn about it too.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what every column of a table is, and why.

    Example: pellucid profile titanic --target Survived
    """
    from ..data.profile import profile_table
    from .wording import page_width

    found = profile_table(data, target)
    print(json.dumps(found.to_dict(), sort_keys=True, allow_nan=False) if as_json else found.to_text(page_width()))
