"""Rows that no single cut of a line separates, and the same rows in the plane of x and x²."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ShapeError
from ..explain.prediction_grid import PredictionCurve, PredictionGrid
from .column_curves import along_column, along_column_in_words
from .decision_boundaries import boundary, boundary_in_words
from .panels import panels
from .theme import LIGHT, Theme, label
from .wrong_record import numbers_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def made_separable(
    curve: PredictionCurve, grid: PredictionGrid, x: Any, y: Any, *, ax: Axes | None = None, theme: Theme = LIGHT
) -> Figure:
    """Left the model of x alone, `curve`; right that of x and x², `grid`, where the rows lie on a parabola. The titles
    say whether a cut and a straight line part the rows. `x` (rows,) and the classes `y` (rows,). Lesson line 27.
    """
    one, both = _rows(x)
    figure, (left, right) = panels(ax, theme, 1, 2, (10.4, 4.2), left=62, right=10, top=50, bottom=42)
    along_column(curve, (one, y), ax=left, theme=theme)
    boundary(grid, (both, y), ax=right, theme=theme)
    parabola = np.linspace(np.nanmin(one), np.nanmax(one), 200)
    right.plot(parabola, parabola**2, ":", color=theme.quiet, linewidth=1.2, zorder=1.5)
    cut, line = _titles(one, y)
    label(left, theme, f"One column{cut}", "x", "Probability")
    label(right, theme, f"Its square beside it{line}", "x", "x²")
    return figure


def made_separable_in_words(curve: PredictionCurve, grid: PredictionGrid, x: Any, y: Any) -> str:
    """The figure as sentences."""
    one, both = _rows(x)
    return f"{along_column_in_words(curve, (one, y))} With the square beside it: {boundary_in_words(grid, (both, y))}"


def _rows(x: Any) -> tuple[np.ndarray, np.ndarray]:
    one = numbers_of("x", x)
    if np.ndim(x) != 1 or not len(one):
        raise ShapeError(f"x must be (rows,), the cells of one column, got {np.shape(x)}")
    return one, np.column_stack([one, one**2])


def _titles(x: np.ndarray, y: Any) -> tuple[str, str]:
    """What parts the rows of two classes: a cut where the class changes once along x, a straight line in the plane of
    x and x², which is a parabola of x, where it changes twice at most."""
    names, classes = np.unique(np.asarray(getattr(y, "values", y)).astype(str), return_inverse=True)
    if len(names) != 2:
        return "", ""
    places, which = np.unique(x, return_inverse=True)
    mixed = len(np.unique(which * 2 + classes)) > len(places)  # both classes at one place
    changes = int((np.diff(classes[np.argsort(x)]) != 0).sum())
    return (
        ": one cut parts them" if changes < 2 and not mixed else ": no single cut",
        ": one straight line" if changes <= 2 and not mixed else ": no straight line either",
    )
