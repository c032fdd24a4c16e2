"""`pellucid datasets`: the tables that come with the package."""

from __future__ import annotations

from .arguments import Json
from .json_record import json_text


def datasets(as_json: Json = False) -> None:
    """List the tables that come along.

    Every command takes their names in place of a file.

    \b
    Examples:
      pellucid datasets
      pellucid datasets --json
    """
    from ..data.datasets import bundled
    from .wording import page_width, wrapped

    tables = bundled()
    if as_json:
        print(json_text({"tables": [table.to_dict() for table in tables]}))
        return
    for table in tables:
        print(f"{table.name}: {table.rows:,} rows × {table.columns} columns, target {table.target}")
        print(wrapped(f"{table.about} ({table.source}; licence {table.licence})", page_width(), "  ", "  "))
        print(f"  try: pellucid train {table.name} --target {table.target}")
