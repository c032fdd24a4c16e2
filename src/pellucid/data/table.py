"""A `Table`: named NumPy columns, whatever the file or frame was before."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ..errors import ColumnError, nearest
from ..records import Finding, counted

Kind = Literal["number", "category", "date"]
Role = Literal["input", "identifier", "text", "constant", "empty"]

MISSING_CODE = -1
# Rows that are counted together.
_BLOCK = 1 << 16


@dataclass(frozen=True, eq=False)
class Column:
    """One named column.

    kind     | values (rows,)                                  | missing
    number   | float64                                         | NaN
    category | int32, an index into `levels`                   | -1
    date     | datetime64[us]                                  | NaT

    `role` says whether the column can serve as an input of a network, and `reason` why kind and role were chosen;
    `asked` is the kind that the user named, "" where it was guessed. `form` is the form of the texts that dates were
    read from, "" where they came as dates.
    """

    name: str
    kind: Kind
    values: np.ndarray
    levels: tuple[str, ...] = ()
    role: Role = "input"
    reason: str = ""
    asked: str = ""
    form: str = ""

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"Column({self.name!r}, {self.kind}, {counted(len(self), 'row')}, role={self.role})"

    @property
    def missing(self) -> np.ndarray:
        """Which rows have no value, bool (rows,)."""
        if self.kind == "number":
            return np.isnan(self.values)
        if self.kind == "category":
            return self.values < 0
        return np.isnat(self.values)

    def level_counts(self) -> np.ndarray:
        """The rows of each level of a category, int64 (levels,)."""
        counts = np.zeros(len(self.levels) + 1, dtype=np.int64)
        for start in range(0, len(self), _BLOCK):
            counts += np.bincount(self.values[start : start + _BLOCK] + 1, minlength=len(counts))
        return counts[1:]

    def take(self, rows: np.ndarray | slice) -> Column:
        """The same column at the given row numbers (or bool mask, or stretch of rows); levels are kept."""
        return replace(self, values=self.values[rows])

    def cell(self, row: int) -> float | str | datetime.datetime | None:
        """One value as Python: a float, a level's text, a datetime, or None when missing."""
        if self.missing[row : row + 1].any():
            return None
        value = self.values[row]
        if self.kind == "number":
            return float(value)
        if self.kind == "category":
            return self.levels[int(value)]
        moment: datetime.datetime = value.astype("datetime64[us]").item()
        return moment

    def objects(self) -> np.ndarray:
        """All values as an object array (rows,): floats, texts or datetimes, None where missing."""
        result = np.empty(len(self), dtype=object)
        present = ~self.missing
        if self.kind == "category":
            levels = np.asarray(self.levels, dtype=object)
            result[present] = levels[self.values[present]] if len(levels) else None
        else:
            result[present] = self.values[present].astype(object)
        return result


class Table:
    """Columns of equal length, in order. Immutable: every method gives a new table that shares the arrays.

    `source` says where the rows came from, for messages and for the model card; `findings` what was guessed or
    repaired when they were read. Tables made from this one keep both.
    """

    def __init__(self, columns: Sequence[Column], source: str = "", findings: Sequence[Finding] = ()) -> None:
        names = [c.name for c in columns]
        doubled = [name for name, count in Counter(names).items() if count > 1]
        if doubled:
            raise ColumnError(
                f"column names must differ, but {doubled[0]!r} stands {names.count(doubled[0])} times; rename one"
            )
        lengths = {len(c) for c in columns}
        if len(lengths) > 1:
            raise ColumnError(f"columns must have the same number of rows, got {sorted(lengths)}")
        self.columns: dict[str, Column] = {c.name: c for c in columns}
        self.rows: int = lengths.pop() if lengths else 0
        self.source = source
        self.findings: tuple[Finding, ...] = tuple(findings)

    def __len__(self) -> int:
        return self.rows

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns.values())

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> Column:
        try:
            return self.columns[name]
        except KeyError:
            where = f" in {self.source}" if self.source else ""
            guessed = any(finding.code == "ENCODING_GUESSED" for finding in self.findings)
            advice = "; its encoding was guessed: if letters look wrong, name it with --encoding" if guessed else ""
            raise ColumnError(f"no column {name!r}{where}{nearest(name, self.columns)}{advice}") from None

    def __repr__(self) -> str:
        where = f" from {self.source}" if self.source else ""
        return f"Table({counted(self.rows, 'row')} × {counted(len(self.columns), 'column')}{where})"

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(self.columns)

    def select(self, names: Sequence[str]) -> Table:
        """The named columns, in the order asked for."""
        return Table([self[name] for name in names], self.source, self.findings)

    def drop(self, names: Sequence[str]) -> Table:
        """All columns but the named ones; an unknown name is an error."""
        gone = {self[name].name for name in names}
        return Table([c for c in self if c.name not in gone], self.source, self.findings)

    def take(self, rows: np.ndarray | slice) -> Table:
        """The given rows (numbers or bool mask), in the order asked for, or a stretch of them."""
        if not isinstance(rows, slice):
            rows = np.asarray(rows)
        taken = Table([c.take(rows) for c in self], self.source, self.findings)
        if not self.columns:
            taken.rows = len(range(self.rows)[rows]) if isinstance(rows, slice) else len(rows)
        return taken

    def block(self, rows: slice) -> Table:
        """Consecutive rows; unlike those of `take`, their arrays are views and cost no memory."""
        part = Table([replace(c, values=c.values[rows]) for c in self], self.source, self.findings)
        if not self.columns:
            part.rows = len(range(*rows.indices(self.rows)))
        return part

    def with_column(self, column: Column) -> Table:
        """The same table with `column` put in place of the one of its name, or added at the end."""
        columns = {**self.columns, column.name: column}
        return Table(list(columns.values()), self.source, self.findings)

    def row(self, number: int) -> dict[str, Any]:
        """One row as a dict from column name to Python value (None when missing)."""
        return {c.name: c.cell(number) for c in self}

    def fingerprint(self) -> str:
        """A sha256 of names and values: equal for equal content, whatever file format it came in."""
        digest = hashlib.sha256()
        for column in sorted(self, key=lambda c: c.name):
            digest.update(f"{column.name}\0{column.kind}\0{len(column)}\0".encode())
            if column.kind == "category":
                order = sorted(range(len(column.levels)), key=column.levels.__getitem__)
                rank = np.full(len(column.levels) + 1, MISSING_CODE, dtype=np.int32)
                used = np.zeros(len(column.levels) + 1, dtype=bool)
                used[column.values] = True
                present = [i for i in order if used[i]]
                rank[present] = np.arange(len(present), dtype=np.int32)
                digest.update("\0".join(column.levels[i] for i in present).encode())
                digest.update(np.ascontiguousarray(rank[column.values]).tobytes())
            else:
                digest.update(np.ascontiguousarray(column.values).tobytes())
        return digest.hexdigest()
