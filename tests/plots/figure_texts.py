"""Where the texts of a figure stand: none may be cut off, no two may overlap."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox


@lru_cache(maxsize=1)  # most figures are asked twice
def drawn(figure: Figure) -> FigureCanvasAgg:
    """The canvas of a figure after drawing; the figure must not change afterwards."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return canvas


def texts_of(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is seen, with its box in pixels."""
    renderer = drawn(figure).get_renderer()
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


def luminance(color: np.ndarray) -> float:
    """Relative luminance of a color (3,) from 0 to 1, as the Web Content Accessibility Guidelines define it."""
    linear = np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    """The ratio of two colors (3,), 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def contrast_faults(figure: Figure, least: float = 4.5) -> list[str]:
    """One line for each text that stands out too little from what is drawn around its letters."""
    canvas = drawn(figure)
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    renderer, beyond, faults = canvas.get_renderer(), _beyond(figure), []
    for text in figure.findobj(Text):
        box = text.get_window_extent(renderer)
        if not text.get_visible() or not text.get_text().strip() or text in beyond or box.width <= 0:
            continue
        low, high = max(int(len(pixels) - box.y1), 0), int(len(pixels) - box.y0) + 1
        around = pixels[low:high, max(int(box.x0), 0) : int(box.x1) + 1].reshape(-1, 3)
        seen, counts = np.unique(around, axis=0, return_counts=True)
        ratio = contrast(np.array(to_rgb(text.get_color())), seen[counts.argmax()] / 255)
        if ratio < least:
            faults.append(f"{ratio:.2f}: {text.get_text()!r}")
    return faults
