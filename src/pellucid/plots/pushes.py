"""The rows that pushed one weight up and down most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import InputError
from ..explain.row_pushes import EpochPushes, RowPushes
from ..records import counted
from ..records import figure as number
from .signed_bars import SignedBar, draw_bars
from .theme import LIGHT, Theme, shortened
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def pushing_rows(
    pushes: RowPushes, epoch: int | None = None, *, ax: Axes | None = None, theme: Theme = LIGHT
) -> Figure:
    """The rows that pushed the weight up and down most after `epoch` (None: the last one), for each unit of
    learning rate; below, what all rows push together.

    Raises `InputError` for an epoch that is not in the record. Lesson line 4.
    """
    one = _epoch(pushes, epoch)
    order = [*one.up, *reversed(one.down)]
    bars = [SignedBar(f"row {push.row}", push.push, number(push.push, sign=True)) for push in order]
    title = f"{shortened(pushes.name, 40)} after epoch {one.epoch:,}"
    return draw_bars(
        bars, title, f"Push of a row (of all {one.rows:,}: {number(one.push, sign=True)})", ax=ax, theme=theme
    )


def pushing_rows_in_words(pushes: RowPushes, epoch: int | None = None) -> str:
    """The figure as sentences."""
    one = _epoch(pushes, epoch)
    sides = [
        f"{name} most: {', '.join(f'row {push.row} ({number(push.push, sign=True)})' for push in some) or 'none'}"
        for name, some in (("up", one.up), ("down", one.down))
    ]
    rows = counted(one.rows, "row pushes", "rows push")
    return (
        f"After epoch {one.epoch:,} {pushes.name} is {number(one.value)}, and {rows} it by "
        f"{number(one.push, sign=True)}; {'; '.join(sides)}."
    )


def _epoch(pushes: RowPushes, epoch: int | None) -> EpochPushes:
    expect(pushes, RowPushes, "pellucid.row_pushes")
    known = {one.epoch: one for one in pushes.epochs}
    if not known or (epoch is not None and epoch not in known):
        raise InputError(f"the record holds the epochs {list(known)[:20]}, got {epoch!r}")
    return known[epoch] if epoch is not None else pushes.epochs[-1]
