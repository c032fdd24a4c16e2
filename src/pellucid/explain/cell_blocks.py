"""The first block of a ledger: from the cells of the row to the inputs of the network."""

from __future__ import annotations

from typing import Any

from .blocks import Answer, Block, Row, grid
from .cell_words import cell_words
from .prepared_cells import PreparedCell, PreparedInput, Scaled
from .shown_sums import short

MOST_COLUMNS = 60


def cells_block(cells: tuple[PreparedCell, ...]) -> Block:
    """A line for every input that is not 0 (scaled numbers always); what is 0 stands together in one line a column."""
    rows = [row for cell in cells[:MOST_COLUMNS] for row in _rows(cell)]
    more = f"The first {MOST_COLUMNS} of {len(cells):,} columns; to_dict has all." if len(cells) > MOST_COLUMNS else ""
    return grid("1  The row, prepared", (more,), ("column", "cell", "input", "value", "how"), rows, (3,), main=True)


def _rows(cell: PreparedCell) -> list[Row]:
    shown = [one for one in cell.inputs if one.scaled is not None or one.value != 0]
    zeros = len(cell.inputs) - len(shown)
    told = [(one.name, _value(one), _how(one)) for one in shown]
    if zeros:
        hidden = [one.name for one in cell.inputs if one not in shown]
        told.append((hidden[0] if zeros == 1 else f"{zeros} other inputs" if shown else f"{zeros} inputs", "0", ""))
    of_date = sum(one.scaled is not None for one in cell.inputs) > 1
    if of_date:  # its note speaks of several inputs
        told.insert(0, ("", "", ""))
    rows: list[Row] = []
    for number, (name, value, how) in enumerate(told):
        lead = (cell.column, _cell(cell.cell)) if number == 0 else ("", "")
        note = cell.note if number == 0 else ""
        rows.append((*lead, name, value, "; ".join(part for part in (note, how) if part)))
    return rows


def _value(one: PreparedInput) -> str:
    text = short(one.value)
    return Answer(text, one.value) if one.scaled is not None and _how(one) != "as it is" else text


def _cell(cell: Any) -> str:
    if cell is None:
        return "(missing)"
    return short(cell) if isinstance(cell, float) else cell_words(cell)


def _how(one: PreparedInput) -> str:
    return "" if one.scaled is None else scaling_words(one.scaled)


def scaling_words(scaled: Scaled) -> str:
    """`(34 - 29.881) / 14.413`, with the logarithm, the limit or the line where there is one."""
    start = short(scaled.start)
    if scaled.log1p:
        start = f"ln(1 + {start})" if scaled.start >= 0 else f"-ln(1 + {short(-scaled.start)})"
    if scaled.between:
        x0, y0, x1, y1 = map(short, scaled.between)
        return f"{start} on the line from ({x0}, {y0}) to ({x1}, {y1})"
    if scaled.center == 0 and scaled.divisor == 1:
        return "as it is" if start == short(scaled.start) else start
    sign = "-" if scaled.center >= 0 else "+"
    text = f"({start} {sign} {short(abs(scaled.center))}) / {short(scaled.divisor)}"
    return text if scaled.clip is None else f"{text}{_limit(scaled)}"


def _limit(scaled: Scaled) -> str:
    from math import log1p

    start = scaled.start
    changed = (log1p(abs(start)) if start >= 0 else -log1p(abs(start))) if scaled.log1p else start
    assert scaled.clip is not None
    return f", held at ±{short(scaled.clip)}" if abs((changed - scaled.center) / scaled.divisor) > scaled.clip else ""
