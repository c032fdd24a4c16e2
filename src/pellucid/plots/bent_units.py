"""How bent units add up to a curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..nn.bends import SumOfBends
from ..records import counted
from ..records import figure as number
from .theme import DASHES, LIGHT, Theme, label, legend, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_NAMED = 3


def bends(record: SumOfBends, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """The part of each unit, and their sum as the thick line; ticks below show where units bend. Lesson line 6."""
    expect(record, SumOfBends, "nn.sum_of_bends")
    figure, ax = start(ax, theme)
    units = len(record.parts)
    for unit, part in enumerate(record.parts):
        named = units <= MOST_NAMED
        color = theme.series[1 + unit % 3] if named else theme.quiet
        name = f"unit {unit}" if named else f"{units} units" if unit == 0 else "_unit"
        dashes = DASHES[1 + unit % 3] if named else ":"
        ax.plot(record.x, part, color=color, linestyle=dashes, linewidth=1.3 if named else 0.9, label=name)
    ax.plot(record.x, record.total, color=theme.series[0], linewidth=2.4, label="sum")
    seen = _seen(record)
    ax.plot(seen, np.zeros(len(seen)), "|", color=theme.ink, markersize=11, transform=ax.get_xaxis_transform())
    title = f"{units} {record.activation} unit{'s' * (units != 1)}"
    label(ax, theme, title, "x (marks: where a unit bends)", "Output")
    legend(ax, theme)
    return figure


def bends_in_words(record: SumOfBends) -> str:
    """The figure as sentences."""
    expect(record, SumOfBends, "nn.sum_of_bends")
    places = ", ".join(number(float(at)) for at in np.sort(_seen(record))[:12])
    where = f"They bend at {places}." if places else "None bends here."
    name = f"{record.activation} unit"
    return (
        f"{counted(len(record.parts), f'{name} on one input makes', f'{name}s on one input add up to')} a curve from "
        f"{number(float(record.total[0]))} to {number(float(record.total[-1]))}. {where}"
    )


def _seen(record: SumOfBends) -> np.ndarray:
    inside = (record.bends >= record.x.min()) & (record.bends <= record.x.max())
    return record.bends[inside]
