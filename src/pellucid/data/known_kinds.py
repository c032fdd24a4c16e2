"""Cells read as the kinds that are known beforehand, each by itself, so that it does not matter which cells are beside.

`read` looks at whole columns and guesses; a model knows what its columns were. What the file itself must tell, such as
its decimal mark, is told by its first rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .booleans import boolean_words
from .clock import clock_minutes
from .columns import LARGEST, encode
from .dates import dates_in_form, parse_dates
from .frames import frame_drafts
from .missing_marks import MARKS_AMONG_NUMBERS, MISSING_MARKS, cleaned
from .numerals import decimal_of, numerals_by, reads_by_comma
from .strays import STRAYS_SHARE
from .table import MISSING_CODE, Column, Kind, Table
from .task import class_name

if TYPE_CHECKING:
    import polars as pl

HEAD_ROWS = 1000
_ISO = "yyyy-mm-dd"


@dataclass(frozen=True)
class KnownColumn:
    """What is known of a column: its kind, the levels of a category that have a meaning, the form of dates or the
    decimal mark of numbers."""

    name: str
    kind: Kind
    levels: tuple[str, ...] = ()
    form: str = ""


@dataclass(frozen=True)
class KnownTable:
    """Rows of which each column has its known kind, and for some columns the cells that did not fit it.

    `strays` maps a column to those cells as a category column, missing where a cell did fit; in the table itself they
    are missing values. Numbers that are infinite or beyond ±1e30 are among them, with Python's text for them.
    """

    table: Table
    strays: dict[str, Column]


class KnownReader:
    """Turns frames of a file into `KnownTable`s; `head` are its first rows, `decimal` its decimal mark if known.

    Numbers: as times of day where the first rows are such; else by the mark that the first rows have, or, where the
    file does not tell its mark, by whichever mark fits the cell; currency, percent and thousands marks are taken off.
    Categories: by their texts, with one spelling for yes and no. Dates: in the form of the training rows, in that of
    the first rows where these have another one, and in yyyy-mm-dd. Marks such as NA are missing values in all of them.
    """

    def __init__(
        self, known: Iterable[KnownColumn], head: pl.DataFrame, decimal: str | None, delimiter: str = ""
    ) -> None:
        import polars as pl

        self.known = tuple(known)
        head = head.head(HEAD_ROWS)
        texts = [c.name for c in self.known if c.name in head.columns and head[c.name].dtype == pl.String]
        self._decimal = decimal or decimal_of(head.select(texts), delimiter == ",")
        self._facts: dict[str, Any] = {}
        self._clocks: set[str] = set()
        for column in self.known:
            if column.name in texts:
                self._facts[column.name] = self._fact(column, cleaned(head[column.name])[0].drop_nulls())

    def _fact(self, column: KnownColumn, cells: pl.Series) -> Any:
        """What the cells of the first rows, none of them missing, tell about the column."""
        if column.kind == "number":
            if len(cells) and np.isnan(clock_minutes(cells)).mean() < STRAYS_SHARE:
                self._clocks.add(column.name)
            if column.form:
                return column.form == ","
            return reads_by_comma(cells.unique(maintain_order=True), self._decimal)
        return _date_forms(cells, column.form) if column.kind == "date" else None

    def table(self, frame: pl.DataFrame, source: str = "") -> KnownTable:
        """The known columns of `frame`; a column that it lacks is missing in every row."""
        columns, strays = [], {}
        for known in self.known:
            column, stray = self._column(frame, known)
            columns.append(column)
            if stray is not None:
                strays[known.name] = stray
        return KnownTable(Table(columns, source), strays)

    def _column(self, frame: pl.DataFrame, known: KnownColumn) -> tuple[Column, Column | None]:
        import polars as pl

        if known.name not in frame.columns:
            return Column(known.name, "number", np.full(frame.height, np.nan)), None
        cells = frame[known.name]
        if cells.dtype != pl.String:
            column = frame_drafts(frame.select(known.name))[0].column
            if column.kind == known.kind or (known.kind == "category" and column.kind == "number"):
                return column, _endless(cells)
            cells = _texts(column)
        if known.kind == "number":
            by_comma = bool(self._facts.get(known.name))
            either = self._decimal is None and not known.form
            return _numbers(cells, by_comma, either, known.name in self._clocks)
        if known.kind == "date":
            return _dates(cells, self._facts.get(known.name) or (known.form, _ISO))
        return _category(cells, known.levels), None


def _numbers(cells: pl.Series, by_comma: bool, either: bool, clock: bool) -> tuple[Column, Column | None]:
    import polars as pl

    if by_comma:
        plain = pl.Series(cells.name, [None], dtype=pl.Float64).new_from_index(0, len(cells))
    else:
        plain = cells.cast(pl.Float64, strict=False)
    values = np.array(plain.to_numpy(), dtype=np.float64)
    stray = None
    if plain.null_count() > cells.null_count():
        rest = (plain.is_null() & cells.is_not_null()).to_numpy()
        texts, codes = encode(cells.filter(rest))
        bare = texts.str.strip_chars()
        read = clock_minutes(bare) if clock else numerals_by(bare, by_comma, either=either)
        values[rest] = read[codes]
        stray = _strays(cells.name, texts, np.isnan(read), codes, rest)
    with np.errstate(invalid="ignore"):
        endless = np.abs(values) > LARGEST
    if endless.any():
        stray = _with_endless(cells.name, values, endless, stray)
        values[endless] = np.nan
    return Column(cells.name, "number", values), stray


def _endless(cells: pl.Series) -> Column | None:
    """The numbers of a column of floats that are infinite or beyond ±1e30."""
    if not cells.dtype.is_float():
        return None
    values = cells.cast(float).fill_null(float("nan")).to_numpy()
    with np.errstate(invalid="ignore"):
        endless = np.abs(values) > LARGEST
    return _with_endless(cells.name, values, endless, None) if endless.any() else None


def _with_endless(name: str, values: np.ndarray, endless: np.ndarray, strays: Column | None) -> Column:
    """The cells of `strays` and the numbers that are infinite or beyond ±1e30."""
    texts = np.full(len(values), None, dtype=object) if strays is None else strays.objects()
    texts[endless] = [repr(value) for value in values[endless].tolist()]
    levels = {text: code for code, text in enumerate(sorted({text for text in texts if text is not None}))}
    codes = np.array([levels.get(text, MISSING_CODE) for text in texts], dtype=np.int32)
    return Column(name, "category", codes, tuple(levels))


def _dates(cells: pl.Series, forms: Sequence[str]) -> tuple[Column, Column | None]:
    texts, codes = encode(cells)
    bare = texts.str.strip_chars()
    moments = np.full(len(texts) + 1, np.datetime64("NaT", "us"))
    for form in dict.fromkeys(forms):
        left = np.isnat(moments[:-1])
        if form and left.any():
            moments[:-1][left] = dates_in_form(bare.filter(left), form)
    there = np.ones(len(cells), dtype=bool)
    stray = _strays(cells.name, texts, np.isnat(moments[:-1]), codes, there)
    return Column(cells.name, "date", moments[codes]), stray


def _strays(name: str, texts: pl.Series, unread: np.ndarray, codes: np.ndarray, rows: np.ndarray) -> Column | None:
    """The cells among `rows` (mask) whose text (by `codes`) was not read and is no mark of a missing value."""
    bare = texts.str.strip_chars()
    marked = bare.str.to_lowercase().is_in(MISSING_MARKS + MARKS_AMONG_NUMBERS).to_numpy()
    odd = unread & ~marked
    if not odd.any():
        return None
    levels = texts.filter(odd)
    places = np.full(len(texts) + 1, MISSING_CODE, dtype=np.int32)
    places[:-1][odd] = np.arange(len(levels), dtype=np.int32)
    all_codes = np.full(len(rows), MISSING_CODE, dtype=np.int32)
    all_codes[rows] = places[codes]
    return Column(name, "category", all_codes, tuple(levels.to_list()))


def _category(cells: pl.Series, known: tuple[str, ...]) -> Column:
    """The known levels, then the other texts that were met; YES is Yes where the known levels are Yes and No."""
    import polars as pl

    usual = cells.cast(pl.Enum(known), strict=False).to_physical()
    codes = usual.cast(pl.Int32).fill_null(MISSING_CODE).to_numpy()
    if usual.null_count() == cells.null_count():
        return Column(cells.name, "category", codes, known)
    rest = (usual.is_null() & cells.is_not_null()).to_numpy()
    others, places = encode(cleaned(cells.filter(rest))[0])
    spelling = {level.lower(): level for level in known} if boolean_words(known) and len(known) == 2 else {}
    levels = list(known)
    meant = [spelling.get(text.lower(), text.strip()) for text in others]
    levels += sorted(set(meant) - set(known))
    place = {level: code for code, level in enumerate(levels)}
    codes = codes.copy()
    codes[rest] = np.array([*(place[text] for text in meant), MISSING_CODE], dtype=np.int32)[places]
    return Column(cells.name, "category", codes, tuple(levels))


def _date_forms(cells: pl.Series, known: str) -> tuple[str, ...]:
    """The forms to try, the likeliest first: that of training, unless another one reads more of the first rows."""
    dates = parse_dates(cells, strays=STRAYS_SHARE)
    if dates is None:
        return (known, _ISO)
    read_by_known = int((~np.isnat(dates_in_form(cells, known))).sum()) if known else 0
    return (dates.form, known, _ISO) if (~np.isnat(dates.moments)).sum() > read_by_known else (known, _ISO)


def _texts(column: Column) -> pl.Series:
    """The values of a column of another kind as texts."""
    import polars as pl

    texts = [None if v is None else class_name(v) if isinstance(v, float) else str(v) for v in column.objects()]
    return pl.Series(column.name, texts, dtype=pl.String)
