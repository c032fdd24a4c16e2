"""The JSON that `--json` prints: one record, with the version of its layout."""

from __future__ import annotations

import json
from typing import Any

# Raised when a name goes or changes its meaning; new names do not raise it.
SCHEMA = 1


def json_text(record: dict[str, Any], indent: int | None = None) -> str:
    """A record with its `schema` as JSON; names sorted, no NaN."""
    return json.dumps({**record, "schema": SCHEMA}, sort_keys=True, allow_nan=False, ensure_ascii=False, indent=indent)
