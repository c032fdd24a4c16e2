"""What is unusual about each row, in words: the remarks about its cells, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.table import Column, Table
from ..preprocessing.unusual import Remark, unusual


@dataclass(frozen=True, eq=False)
class Coded:
    """A column in which values repeat: `values` (distinct,), and for each row the place of its own, `codes` (rows,)."""

    values: np.ndarray
    codes: np.ndarray

    def __len__(self) -> int:
        return len(self.codes)

    def array(self) -> np.ndarray:
        """The value of each row (rows,)."""
        return self.values[self.codes]


def stacked(parts: Sequence[Any]) -> Any:
    """Arrays one below the other; `Coded` ones have the same values."""
    if isinstance(parts[0], Coded):
        return Coded(parts[0].values, np.concatenate([part.codes for part in parts]))
    return np.concatenate(parts)


def remarks(preparation: Any, table: Table, strays: Mapping[str, Column]) -> list[tuple[str, Remark]]:
    """Each remark about a column that the preparation uses, with the name of the column."""
    found = ((step, unusual(step, table[step.name], strays.get(step.name))) for step in preparation.columns)
    return [(step.name, remark) for step, of_column in found for remark in of_column]


def joined(rows: int, found: Iterable[Remark]) -> Coded:
    """The notes of `rows` rows: the words of the remarks about each, in order, "" for most."""
    notes = [""]
    codes = np.zeros(rows, dtype=np.int64)
    for remark in found:
        # Few different notes grow longer by few different words, so each pair of them is joined once.
        pairs = codes[remark.rows] * len(remark.words) + remark.which
        distinct, places = np.unique(pairs, return_inverse=True)
        longer = [divmod(pair, len(remark.words)) for pair in distinct.tolist()]
        codes[remark.rows] = len(notes) + places
        notes += [f"{notes[note]}; {remark.words[word]}" if note else remark.words[word] for note, word in longer]
    return Coded(np.array(notes, dtype=object), codes)
