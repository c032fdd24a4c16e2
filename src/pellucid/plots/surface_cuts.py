"""A loss surface cut where one parameter is fixed, and which way is down there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..errors import InputError
from ..explain.loss_surface import LossSurface
from ..records import Record
from ..records import figure as number
from .theme import LIGHT, SMALL, Theme, label, leave_room, legend, shortened, start
from .wrong_record import expect, expect_some_finite

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ARROW = 0.14  # of the width of the axes


@dataclass(frozen=True, eq=False)
class SurfaceCut(Record):
    """`loss` (points,) at the values `x` of the parameter `name`, the other, `fixed`, held at `fixed_at`.

    At `place` the loss is `height` and its `slope` is the difference quotient of the nearest points.
    """

    loss_name: str
    name: str
    fixed: str
    fixed_at: float
    x: np.ndarray
    loss: np.ndarray
    place: float
    height: float
    slope: float

    @property
    def down(self) -> str:
        """`increase` or `decrease`: what to do with the parameter; `stay` where the surface is flat."""
        return "stay" if self.slope == 0 else "decrease" if self.slope > 0 else "increase"

    @property
    def words(self) -> str:
        """`At weight = 2 decrease it to go down`."""
        what = "is flat: nothing to gain" if self.down == "stay" else f"{self.down} it to go down"
        return f"at {self.place:.4g} {what}"


def cut_surface(surface: LossSurface, second: float | None = None, at: float | None = None) -> SurfaceCut:
    """The line of the `surface` where its second axis is held at `second`, with a mark where the first is `at`.

    Left out, both are where the model is. Between the surface's points the loss is interpolated. Raises `InputError`
    for values outside the surface.
    """
    expect(surface, LossSurface, "pellucid.loss_surface")
    fixed_at = surface.center[1] if second is None else float(second)
    place = surface.center[0] if at is None else float(at)
    for name, value, axis in ((surface.second, fixed_at, surface.y), (surface.first, place, surface.x)):
        if not axis[0] <= value <= axis[-1]:
            raise InputError(f"{name} goes from {axis[0]:.4g} to {axis[-1]:.4g} on this surface, got {value:.4g}")
    row = int(np.clip(np.searchsorted(surface.y, fixed_at) - 1, 0, len(surface.y) - 2))
    share = (fixed_at - surface.y[row]) / (surface.y[row + 1] - surface.y[row])
    loss = (1 - share) * surface.loss[row] + share * surface.loss[row + 1]
    near = int(np.clip(np.searchsorted(surface.x, place) - 1, 0, len(surface.x) - 2))
    slope = float((loss[near + 1] - loss[near]) / (surface.x[near + 1] - surface.x[near]))
    height = float(np.interp(place, surface.x, loss))
    return SurfaceCut(surface.loss_name, surface.first, surface.second, fixed_at, surface.x, loss, place, height, slope)


def loss_cut(cut: SurfaceCut, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """The loss along one parameter, the other fixed; an arrow from the marked place says which way is down.

    Lesson line 3.
    """
    expect(cut, SurfaceCut, "plots.cut_surface")
    expect_some_finite("the cut", cut.loss, "cut where the loss is finite")
    figure, ax = start(ax, theme)
    leave_room(ax, left=60)
    ax.plot(cut.x, cut.loss, color=theme.series[0], linewidth=1.9, label=f"loss ({cut.loss_name})")
    ax.plot([cut.place], [cut.height], "o", color=theme.series[1], markersize=7, label=f"slope {cut.slope:+.3g}")
    if cut.down != "stay":
        end = cut.place + ARROW * (cut.x[-1] - cut.x[0]) * (-1 if cut.slope > 0 else 1)
        style = {"arrowstyle": "-|>", "color": theme.series[1], "linewidth": 2.2, "shrinkA": 5, "shrinkB": 0}
        ax.annotate("", (end, float(np.interp(end, cut.x, cut.loss))), (cut.place, cut.height), arrowprops=style)
    finite = cut.loss[np.isfinite(cut.loss)]
    if finite.size:
        low, high = float(finite.min()), float(finite.max())
        ax.set_ylim(low - 0.08 * (high - low or 1), high + 0.2 * (high - low or 1))
    told = f"{cut.words[:1].upper()}{cut.words[1:]}"
    ax.text(0.5, 0.97, told, transform=ax.transAxes, ha="center", va="top", fontsize=SMALL, color=theme.ink)
    held = f"Loss with {shortened(cut.fixed, 24)} fixed at {cut.fixed_at:.4g}"
    label(ax, theme, held, shortened(cut.name, 50), f"Loss, {shortened(cut.loss_name, 30)}")
    legend(ax, theme)
    return figure


def loss_cut_in_words(cut: SurfaceCut) -> str:
    """The figure as sentences."""
    expect(cut, SurfaceCut, "plots.cut_surface")
    expect_some_finite("the cut", cut.loss, "cut where the loss is finite")
    low = int(np.nanargmin(cut.loss))
    return (
        f"The {cut.loss_name} along {cut.name} with {cut.fixed} fixed at {cut.fixed_at:.4g}: lowest, "
        f"{number(float(cut.loss[low]))}, at {cut.x[low]:.4g}. {cut.words[:1].upper()}{cut.words[1:]}; the slope there "
        f"is {number(cut.slope, sign=True)}."
    )
