"""Frames (pandas, polars, pyarrow and others that narwhals knows), dicts, records and matrices become drafts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import ColumnError, DataError, ShapeError
from .arrays import array_draft, duration_draft, sequence_draft
from .columns import Draft, boolean_draft, category_draft, date_draft, encode
from .texts import digits_draft, text_draft


def frame_drafts(frame: Any, decimal: str | None = None) -> list[Draft]:
    """The columns of a data frame; `decimal` is the decimal mark of the numbers in its texts, when it is known.

    Raises DataError when `frame` is none that narwhals knows, ColumnError for doubled names or nested values.
    """
    import narwhals as nw

    try:
        native = nw.from_native(frame)
    except TypeError:
        raise DataError(
            f"cannot make a table of a {type(frame).__name__}; expected a path, the name of a bundled table, a pandas, "
            "polars or pyarrow frame, a dict of columns, a list of dicts or a two-dimensional array"
        ) from None
    except nw.exceptions.DuplicateError:
        raise _doubled([str(name) for name in getattr(frame, "column_names", frame.columns)]) from None
    eager = native.collect() if isinstance(native, nw.LazyFrame) else native
    names = [str(name) for name in eager.columns]
    if len(set(names)) < len(names):
        raise _doubled(names)
    pairs = zip(names, eager.iter_columns(), strict=True)
    return [_series_draft(name, series, decimal) for name, series in pairs]


def _doubled(names: list[str]) -> ColumnError:
    name = next(n for n in names if names.count(n) > 1)
    return ColumnError(f"column names must differ, but {name!r} stands {names.count(name)} times; rename one")


def mapping_drafts(columns: Mapping[Any, Any]) -> list[Draft]:
    """The columns of a dict from name to sequence, array or series; all of one length."""
    drafts = [_values_draft(str(name), values) for name, values in columns.items()]
    lengths = {d.column.name: len(d.column) for d in drafts}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name!r} {length:,}" for name, length in list(lengths.items())[:6])
        raise DataError(f"all columns must have the same number of rows, got {shown}")
    return drafts


def record_drafts(records: Sequence[Mapping[Any, Any]]) -> list[Draft]:
    """The columns of a list of dicts, one dict a row; a name that a row lacks is missing there."""
    names = list(dict.fromkeys(name for record in records for name in record))
    return mapping_drafts({name: [record.get(name) for record in records] for name in names})


def matrix_drafts(matrix: np.ndarray, names: Iterable[str] | None = None) -> list[Draft]:
    """The columns of an array (rows, columns), called x0, x1, … unless named.

    Every column of a matrix of numbers counts as measured, so none becomes an identifier.
    """
    if matrix.ndim != 2:
        hint = "; use array.reshape(-1, 1) for a single column" if matrix.ndim == 1 else ""
        raise ShapeError(f"expected an array of shape (rows, columns), got shape {matrix.shape}{hint}")
    titles = [f"x{i}" for i in range(matrix.shape[1])] if names is None else [str(n) for n in names]
    if len(titles) != matrix.shape[1]:
        raise ShapeError(f"got {len(titles)} names for an array of {matrix.shape[1]} columns")
    drafts = [array_draft(title, matrix[:, i]) for i, title in enumerate(titles)]
    return [d._replace(whole=False) for d in drafts] if matrix.dtype.kind in "fiu" else drafts


def _values_draft(name: str, values: Any) -> Draft:
    import narwhals as nw

    if isinstance(values, np.ndarray):
        return array_draft(name, values)
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise DataError(f"column {name!r}: expected a sequence of values, got {values!r}")
    series = nw.from_native(values, series_only=True, allow_series=True, pass_through=True)
    if isinstance(series, nw.Series):
        return _series_draft(name, series)
    return sequence_draft(name, list(values))


def _series_draft(name: str, series: Any, decimal: str | None = None) -> Draft:
    """A column from a narwhals series, by its data type."""
    import narwhals as nw
    import polars as pl

    dtype = series.dtype
    if dtype.is_numeric():
        floats = series.cast(nw.Float64).to_numpy().astype(np.float64)
        return digits_draft(name, floats, whole=dtype.is_integer())
    if dtype == nw.Boolean:
        missing = series.is_null().to_numpy().astype(bool)
        return boolean_draft(name, series.fill_null(False).to_numpy(), missing)
    if dtype in (nw.Datetime, nw.Date):
        return _moments_draft(name, series)
    if dtype == nw.Duration:
        return duration_draft(name, series.to_numpy().astype("timedelta64[us]"))
    if dtype in (nw.Categorical, nw.Enum):
        missing = series.is_null().to_list()
        texts = [None if gone else str(v) for v, gone in zip(series.to_list(), missing, strict=True)]
        return category_draft(name, *encode(pl.Series(name, texts, dtype=pl.String)), "categories of the frame")
    if dtype == nw.String and isinstance(series.to_native(), pl.Series):
        return text_draft(name, series.to_native(), decimal)
    if dtype.is_nested() or dtype == nw.Binary:
        raise ColumnError(f"column {name!r} holds {dtype} values; expected one value a cell; unpack or drop it")
    return sequence_draft(name, series.to_list())


def _moments_draft(name: str, series: Any) -> Draft:
    """Dates and times; those with a zone are brought to UTC."""
    import narwhals as nw

    zone = getattr(series.dtype, "time_zone", None)
    if zone:
        series = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    moments = series.cast(nw.Datetime("us")).to_numpy().astype("datetime64[us]")
    return date_draft(name, moments, f"dates, brought from {zone} to UTC" if zone else "dates")
