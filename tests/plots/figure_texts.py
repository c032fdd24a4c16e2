"""Where the texts of a figure stand: none may be cut off, no two may overlap."""

from __future__ import annotations

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def texts_of(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is seen, with its box in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    beyond = _beyond(figure)
    found = []
    for text in figure.findobj(Text):
        box = text.get_window_extent(renderer)
        if text.get_visible() and text.get_text().strip() and box.width > 0 and text not in beyond:
            found.append((text.get_text(), box))
    return found


def _beyond(figure: Figure) -> set[Text]:
    """Labels of ticks outside the limits of their axis: they exist, but are not drawn."""
    found: set[Text] = set()
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        drawn = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
        found |= {label for tick in axis.majorTicks if tick not in drawn for label in (tick.label1, tick.label2)}
    return found


def text_faults(figure: Figure) -> list[str]:
    """One line for each text that is cut off and each pair that overlaps."""
    texts = texts_of(figure)
    assert texts
    page = figure.bbox
    faults = [
        f"cut off: {text!r}"
        for text, box in texts
        if box.x0 < page.x0 - 0.5 or box.y0 < page.y0 - 0.5 or box.x1 > page.x1 + 0.5 or box.y1 > page.y1 + 0.5
    ]
    left, low, right, high = np.array([box.extents for _, box in texts]).T
    wide = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    tall = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
    pairs = np.argwhere(np.triu((wide > 0.5) & (tall > 0.5), 1))
    return [*faults, *(f"overlap: {texts[one][0]!r} and {texts[other][0]!r}" for one, other in pairs)]
