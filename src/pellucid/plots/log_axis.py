"""An axis of powers of ten that always has some numbers on it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FEW_POWERS = 2.0  # powers of ten: an axis that spans less gets 2 and 5 as well


def few_powers(ax: Axes) -> None:
    """Six numbers at most on the y axis, which is logarithmic."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    low, high = ax.get_ylim()
    ax.yaxis.set_minor_locator(NullLocator())
    if math.log10(high / low) < FEW_POWERS:
        ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0), numticks=6))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    else:
        ax.yaxis.set_major_locator(LogLocator(numticks=6))
