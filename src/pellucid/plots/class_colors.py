"""Colors and marks of classes, the same on surfaces, points and lines."""

from __future__ import annotations

import numpy as np

from .theme import DASHES, MARKERS, Theme

SHADES = 256
STRONGEST = 0.42  # how much of its color a surface has at most: points and lines stay seen on it


def color_of(theme: Theme, place: int) -> str:
    """The color of the class at `place`; from the fifth on all are quiet."""
    return theme.series[place] if place < len(theme.series) else theme.quiet


def marker_of(place: int) -> str:
    """The mark of the class at `place`."""
    return MARKERS[place] if place < len(MARKERS) else "x"


def dashes_of(place: int) -> str:
    """The line of the class at `place`."""
    return DASHES[place % len(DASHES)]


def surface_colors(values: np.ndarray, theme: Theme) -> np.ndarray:
    """Bytes (…, 3) of probabilities (…, classes): the color of the likeliest class, page where all are alike."""
    from matplotlib.colors import to_rgb

    count = values.shape[-1]
    colors = np.array([to_rgb(color_of(theme, place)) for place in range(count)], dtype=np.float32)
    return _mixed(values.argmax(axis=-1), sureness(values), colors, theme)


def sureness(values: np.ndarray) -> np.ndarray:
    """0 where all classes are as likely, 1 where one is certain, (…,) of probabilities (…, classes)."""
    return np.clip((values.max(axis=-1) * values.shape[-1] - 1) / (values.shape[-1] - 1), 0, 1)


def height_colors(values: np.ndarray, low: float, high: float, theme: Theme) -> np.ndarray:
    """Bytes (…, 3) of numbers (…,): the page at `low`, the first color at `high`."""
    from matplotlib.colors import to_rgb

    share = np.clip((values - low) / ((high - low) or 1.0), 0, 1)
    return _mixed(np.zeros(values.shape, int), share, np.array([to_rgb(theme.series[0])], dtype=np.float32), theme)


def _mixed(which: np.ndarray, share: np.ndarray, colors: np.ndarray, theme: Theme) -> np.ndarray:
    """Every shade is mixed once and looked up: a picture of 300 × 300 points has only 256 of a color."""
    from matplotlib.colors import to_rgb

    page, gap = (np.array(to_rgb(one), dtype=np.float32) for one in (theme.page, theme.grid))
    part = STRONGEST * np.linspace(0, 1, SHADES, dtype=np.float32)[:, None]
    shades = np.append(page + part * (colors[:, None] - page), np.broadcast_to(gap, (len(colors), 1, 3)), axis=1)
    places = np.where(np.isnan(share), SHADES, (SHADES - 1) * share + 0.5).astype(np.intp)
    return (255 * shades + 0.5).astype(np.uint8)[which, places]
