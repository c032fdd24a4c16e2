"""The first sheet of an .xlsx workbook becomes a polars frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import ColumnError, DataError, MissingExtraError
from ..records import Finding
from .delimited import Content
from .panics import native_code_reads

if TYPE_CHECKING:
    import polars as pl


def read_workbook(raw: bytes, source: str) -> Content:
    """The first sheet; its first row holds the names of the columns.

    Raises MissingExtraError when the extra "excel" is not installed, DataError for a file that is no workbook or a
    sheet without rows, ColumnError for doubled names.
    """
    try:
        import fastexcel
    except ImportError:
        raise MissingExtraError(
            f"{source} is a workbook: reading it takes the extra 'excel'; pip install 'pellucid[excel]', or save the "
            "sheet as CSV"
        ) from None
    import polars as pl

    if raw.lstrip()[:1] == b"<":
        raise DataError(f"{source}: expected a workbook, got a web page or XML; save it as .xlsx or CSV")
    what = f"{source} is not a whole .xlsx workbook"
    try:
        with native_code_reads(what):
            book = fastexcel.read_excel(raw)
            sheets = list(book.sheet_names)
            top = book.load_sheet(0, header_row=None, n_rows=1, dtypes="string")
            head = _frame(top).row(0) if top.height else ()
            names = _names(head, source)
            loaded = book.load_sheet(0, header_row=None, skip_rows=1, column_names=names, schema_sample_rows=None)
            frame = _frame(loaded)
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as problem:
        said = (str(problem).strip().splitlines() or [type(problem).__name__])[0]
        raise DataError(f"{what}: {said}") from None
    if frame.width > 1:
        frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
    if frame.is_empty():
        raise DataError(f"{source}: sheet {sheets[0]!r} has a row of {len(names)} names but no rows below it")
    return Content(frame, None, _first_of(sheets, source))


def _frame(sheet: Any) -> pl.DataFrame:
    return sheet.to_polars()


def _names(head: tuple[Any, ...], source: str) -> list[str]:
    if not any(cell is not None and str(cell).strip() for cell in head):
        raise DataError(f"{source}: the first sheet is empty; expected a row with the column names and rows below it")
    names = [str(cell or "").strip() or f"column_{i}" for i, cell in enumerate(head, start=1)]
    for i, name in enumerate(names):
        if name in names[:i]:
            raise ColumnError(
                f"{source}: column names must differ, but {name!r} heads columns {names.index(name) + 1} and {i + 1}; "
                "rename one in the workbook"
            )
    return names


def _first_of(sheets: list[str], source: str) -> tuple[Finding, ...]:
    if len(sheets) < 2:
        return ()
    others = ", ".join(repr(name) for name in sheets[1:4]) + (", …" if len(sheets) > 4 else "")
    return (
        Finding(
            "FIRST_SHEET",
            "information",
            f"{source} has {len(sheets)} sheets; the first, {sheets[0]!r}, was read and {others} left out",
            "A table is one sheet",
            "If another one is meant, save it as a file of its own",
        ),
    )
