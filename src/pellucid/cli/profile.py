"""`pellucid profile`: what is in a table."""

from __future__ import annotations

from typing import Annotated

import typer

from .arguments import Data, Json
from .json_record import json_text
from .reading import Reading, reads


@reads
def profile(
    data: Data,
    target: Annotated[
        str | None, typer.Option("--target", metavar="COLUMN", help="The column to predict, to learn about it too.")
    ] = None,
    reading: Reading = Reading(),
    as_json: Json = False,
) -> None:
    """Say what every column is, and why.

    \b
    Examples:
      pellucid profile titanic
      pellucid profile titanic --target Survived --as Pclass=category
      pellucid profile sales.csv --delimiter ";" --decimal ,
    """
    from ..data.profile import profile_table
    from .wording import page_width

    found = profile_table(reading.table(data), target)
    print(json_text(found.to_dict()) if as_json else found.to_text(page_width()))
