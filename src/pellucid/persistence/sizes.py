"""What a description may ask for: no more than a file of its size can mean, whatever a few bytes may say."""

from __future__ import annotations

import re
from typing import Any

# Type codes of NumPy that labels can have, as `dtype.str` writes them.
_LABEL_TYPE = re.compile(r"[<>|=]?[biufUO]\d{0,6}")
# Texts of different lengths take as much memory as the longest; this much more than the file is still no attack.
_TIMES_THE_FILE = 1000


def check_sizes(description: Any, file_bytes: int) -> None:
    """Raise ValueError when columns or labels would take far more memory than the file of `file_bytes`.

    The type of the labels is looked at here too, before NumPy parses it. What is absent or of a wrong type is left to
    those who rebuild the model.
    """
    columns = description.get("column_count")
    # Every column has a sentence in the story of the preparation.
    if isinstance(columns, int) and columns > file_bytes:
        raise ValueError(f"it speaks of {columns} columns")
    kind, labels = description.get("label_type"), description.get("labels")
    if kind is not None and not (isinstance(kind, str) and _LABEL_TYPE.fullmatch(kind)):
        raise ValueError(f"its labels are of the type {str(kind)[:40]!r}")
    if isinstance(labels, list):
        longest = max((len(label) for label in labels if isinstance(label, str)), default=0)
        if longest * len(labels) > _TIMES_THE_FILE * file_bytes:
            raise ValueError(f"its {len(labels):,} labels have up to {longest:,} letters")
