"""ROC curves of several models on the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..errors import InputError
from ..metrics.curves import RocCurve
from .class_colors import dashes_of
from .theme import LIGHT, Theme, label, legend, references, shares, shortened, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_CURVES = 4


def compare_rocs(curves: Mapping[str, RocCurve], *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """One to four ROC curves by name with their areas; `pellucid.compare` says whether the areas differ by more than
    chance. Raises `InputError` for curves of different positive classes. Lesson line 29.
    """
    _check(curves)
    figure, ax = start(ax, theme, (max(5.6, 2.0 + 1.65 * len(curves)), 3.8))  # room for the names
    one = next(iter(curves.values()))
    references(ax, theme, [("knows nothing", one.random.x, one.random.y)])
    for place, (name, curve) in enumerate(curves.items()):
        told = f"{shortened(name, 12)} {curve.area:.3f}"
        ax.plot(curve.fpr, curve.recall, dashes_of(place), color=theme.series[place], linewidth=1.9, label=told)
    shares(ax)
    label(ax, theme, "ROC curves and their areas", "False alarms (share of the other rows)", "Recall (share found)")
    legend(ax, theme)
    return figure


def compare_rocs_in_words(curves: Mapping[str, RocCurve]) -> str:
    """The figure as sentences."""
    _check(curves)
    ranked = sorted(curves, key=lambda name: -curves[name].area)
    return f"Areas under the ROC curves: {', '.join(f'{name} {curves[name].area:.4g}' for name in ranked)}."


def _check(curves: Mapping[str, RocCurve]) -> None:
    if not isinstance(curves, Mapping) or not 1 <= len(curves) <= MOST_CURVES:
        raise InputError(f"curves must be one to {MOST_CURVES} entries, name → RocCurve, got {str(curves)[:60]!r}")
    for curve in curves.values():
        expect(curve, RocCurve, "metrics.roc_curve")
    if len({str(curve.positive) for curve in curves.values()}) > 1:
        raise InputError(f"curves of different classes: {sorted({str(curve.positive) for curve in curves.values()})}")
