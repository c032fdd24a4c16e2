"""`read`: whatever holds rows and columns becomes a `Table`."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..errors import ColumnError, DataError, nearest
from ..records import Finding, counted
from .column_findings import column_findings
from .columns import Draft
from .datasets import BUNDLED, load_bundled
from .delimited import Content, read_delimited
from .dialect import TextOptions
from .files import existing_file, read_file
from .forced_kinds import forced_draft
from .frames import frame_drafts, mapping_drafts, matrix_drafts, record_drafts
from .kinds import with_roles
from .numerals import decimal_of, only_commas_before_three_digits
from .table import Table


def read(
    source: Any,
    *,
    kinds: Mapping[str, str] | None = None,
    names: Sequence[str] | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
    header: bool | None = None,
    comment: str | None = None,
    quote: str | None = None,
) -> Table:
    """A table from a file, a frame, a dict of columns, a list of dicts, an array or the name of a bundled table.

    source      what it may be
    path        .csv .tsv .txt .parquet .arrow .feather .ipc .jsonl .ndjson .xlsx (first sheet; extra "excel"), each
                also .gz, the text ones also .zst; or a folder of Parquet files
    name        "titanic" (see `pellucid.data.bundled`); write ./titanic for a file of that name
    "-"         delimited text from standard input
    frame       pandas, polars, pyarrow and any other that narwhals knows
    dict        name → sequence; or a sequence of dicts, one a row
    array       (rows, columns), called x0, x1, … or by `names`
    Table       given back as it is

    Numbers become float64, texts categories or dates; the kind and role of each column carry their reason, and
    `findings` of the table tells what was guessed or repaired. `kinds` names the kind of columns that were guessed
    wrong: "number", "category", "date", or "text" and "identifier" to set them aside; "date:dmy" and "date:mdy" where
    the order of day and month must be said, "number:point" and "number:comma" where the decimal mark must.

    For text files, what is found out can be said instead: the `delimiter`; the `encoding`; the `decimal` mark, "." or
    ","; whether there is a `header`; what `comment` lines begin with ("" for no comments); which
    `quote` stands around cells (" or ', "" for none).

    Raises FileError for a path that is absent, DataError for content that is no table, ColumnError for doubled names
    and values that do not fit the kind asked for, MissingExtraError when a package is missing.
    """
    if isinstance(source, Table):
        return source
    options = TextOptions(delimiter, encoding, decimal, header, comment, quote)
    if names is not None and not isinstance(source, np.ndarray):
        raise DataError("names= is for arrays; other sources name their columns themselves")
    if options.given() and not isinstance(source, (str, os.PathLike)):
        raise DataError(f"the option {options.given()[0]} is for text files; leave it out here")
    if isinstance(source, (str, os.PathLike)):
        return table_of(*_from_path(source, options, tuple(kinds or ())), kinds)
    drafts = _from_memory(source, names)
    return _table(_with_kinds(drafts, kinds, None), "")


def table_of(content: Content, source: str, kinds: Mapping[str, str] | None = None) -> Table:
    """The table that the content of a file makes."""
    if content.large is not None:
        decimal = content.decimal
        drafts = content.large.drafts(decimal)
    else:
        content = _with_decimal_told(content, source)
        decimal = content.decimal or _decimal(content)
        drafts = frame_drafts(content.frame, decimal)
    return _table(_with_kinds(drafts, kinds, content, decimal), source, content)


def _with_decimal_told(content: Content, source: str) -> Content:
    """With DECIMAL_COMMA where the comma was taken for the decimal mark on the strength of the delimiter alone."""
    if content.decimal is not None or _decimal(content) != "," or not only_commas_before_three_digits(content.frame):
        return content
    finding = Finding(
        "DECIMAL_COMMA",
        "information",
        f"numbers of {source} like 1,234 are read with a decimal comma, because their cells are separated by "
        f"{content.delimiter!r}",
        "Every comma stands before three digits, so it could mark thousands as well",
        "If it does, say --decimal . (decimal= of read)",
    )
    return replace(content, findings=(*content.findings, finding))


def _decimal(content: Content) -> str | None:
    import polars as pl

    if not all(dtype == pl.String for dtype in content.frame.dtypes):
        return None
    return decimal_of(content.frame, content.delimiter == ",")


def _from_path(source: str | os.PathLike[str], options: TextOptions, as_text: Collection[str]) -> tuple[Content, str]:
    text = os.fspath(source)
    if text == "-":
        return read_delimited(sys.stdin.buffer.read(), "standard input", options), "standard input"
    if isinstance(source, str) and source in BUNDLED:
        if options.given():
            raise DataError(
                f"the option {options.given()[0]} is for text files, and {source} comes along; leave it out"
            )
        return load_bundled(source), source
    path = existing_file(text)
    return read_file(path, options, as_text), path.name


def _from_memory(source: Any, names: Sequence[str] | None) -> list[Draft]:
    if isinstance(source, np.ndarray):
        return matrix_drafts(source, names)
    if isinstance(source, Mapping):
        return mapping_drafts(source)
    if isinstance(source, (list, tuple)):
        if source and all(isinstance(record, Mapping) for record in source):
            return record_drafts(source)
        raise DataError("expected a list of dicts, one dict a row; for numbers pass numpy.array(rows)")
    return frame_drafts(source)


def _with_kinds(
    drafts: list[Draft], kinds: Mapping[str, str] | None, content: Content | None, decimal: str | None = None
) -> list[Draft]:
    import polars as pl

    kinds = kinds or {}
    known = [draft.column.name for draft in drafts]
    for name in kinds:
        if name not in known:
            raise ColumnError(f"no column {name!r} to read as {kinds[name]}{nearest(name, known)}")
    changed = []
    for draft in drafts:
        name = draft.column.name
        if name in kinds:
            cells = content.frame[name] if content is not None and content.frame[name].dtype == pl.String else None
            draft = forced_draft(draft, cells, kinds[name], decimal)
            draft = draft._replace(column=replace(draft.column, asked=kinds[name]))
        changed.append(draft)
    return changed


def _table(drafts: list[Draft], source: str, content: Content | None = None) -> Table:
    columns = with_roles(drafts)
    if not columns or not len(columns[0]):
        rows = len(columns[0]) if columns else 0
        where = source or "the table"
        raise DataError(
            f"{where} has {counted(len(columns), 'column')} and {counted(rows, 'row')}; expected one or more of both"
        )
    read_in = content.findings if content is not None else ()
    repaired = [finding for draft in drafts for finding in draft.findings]
    return Table(columns, source, (*read_in, *repaired, *column_findings(columns)))
