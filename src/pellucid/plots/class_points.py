"""Rows of several classes in the plane of two columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError, ShapeError
from ..records import counted
from .theme import LIGHT, MARKERS, Theme, label, leave_room, legend, shortened, start
from .wrong_record import expect_finite

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def class_scatter(
    X: Any, y: Any, *, columns: Sequence[str] = ("x0", "x1"), ax: Axes | None = None, theme: Theme = LIGHT
) -> Figure:
    """Rows X (rows, 2) with a color and a mark for each class of y (rows,); classes beyond the fourth, rarest, gray.

    Raises `ShapeError` for other shapes, `InputError` for what is no finite number. Lesson lines 23, 30.
    """
    points, labels, classes = _checked(X, y, columns)
    figure, ax = start(ax, theme, (4.8, 4.2))
    leave_room(ax, left=60)
    for name, color, marker in zip(classes, theme.series, MARKERS):
        of = labels == name
        ax.plot(*points[of].T, marker, color=color, markersize=4, label=shortened(str(name), 14))
    rest = np.isin(labels, classes[len(MARKERS) :])
    if rest.any():
        ax.plot(*points[rest].T, "x", color=theme.quiet, markersize=4, label=f"{len(classes) - len(MARKERS)} more")
    ax.locator_params(nbins=6)
    title = f"{counted(len(labels), 'row')} of {len(classes)} class{'es' * (len(classes) != 1)}"
    label(ax, theme, title, shortened(columns[0], 40), shortened(columns[1], 40))
    legend(ax, theme)
    return figure


def class_scatter_in_words(X: Any, y: Any, columns: Sequence[str] = ("x0", "x1")) -> str:
    """The figure as sentences."""
    points, labels, classes = _checked(X, y, columns)
    told = []
    for name in classes[:8]:
        middle = points[labels == name].mean(axis=0)
        told.append(f"{int((labels == name).sum()):,} of class {name} around ({middle[0]:.3g}, {middle[1]:.3g})")
    return f"Rows in the plane of {columns[0]} and {columns[1]}: {'; '.join(told)}."


def _checked(X: Any, y: Any, columns: Sequence[str]) -> tuple[np.ndarray, np.ndarray, list[Any]]:
    try:
        points = np.asarray(X, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("X must hold the numbers of two columns") from None
    labels = np.asarray(y)
    if points.ndim != 2 or points.shape[1:] != (2,) or labels.shape != points.shape[:1] or len(columns) != 2:
        raise ShapeError(f"X must be (rows, 2) and y (rows,) with two column names, got {points.shape}, {labels.shape}")
    if not len(points):
        raise ShapeError("X has no row, so there is nothing to draw; give at least one")
    expect_finite("X", points, "leave out the rows without a value, or fill them")
    names, counts = np.unique(labels, return_counts=True)
    order = np.argsort(-counts, kind="stable") if len(names) > len(MARKERS) else np.arange(len(names))
    return points, labels, [names[k] for k in order]
