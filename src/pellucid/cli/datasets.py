"""`pellucid datasets`: the tables that come with the package or can be fetched."""

from __future__ import annotations

import json
from typing import Annotated

import typer


def datasets(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON record instead of text.")] = False,
) -> None:
    """List the tables that every command knows by name.

    Example: pellucid datasets
    """
    from ..data.datasets import bundled

    tables = bundled()
    if as_json:
        print(json.dumps([table.to_dict() for table in tables], sort_keys=True))
        return
    for table in tables:
        print(f"{table.name}: {table.rows:,} rows × {table.columns} columns, target {table.target}")
        print(f"  {table.about}")
        print(f"  try: pellucid train {table.name} --target {table.target}")
