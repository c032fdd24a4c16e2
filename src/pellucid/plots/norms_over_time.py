"""How steep the loss was in every layer, and how far the layer moved, epoch by epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..explain.gradient_norms import GradientNorms
from ..records import figure as number
from .class_colors import color_of, dashes_of
from .log_axis import few_powers
from .panels import panels
from .theme import LIGHT, Theme, label, legend
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDES = (("gradient", "Gradient of each layer"), ("update", "Movement of each layer in the epoch"))
MOST_NAMED = 4


def layer_norms(norms: GradientNorms, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """Euclidean norms of gradients and updates by layer over the epochs, on a logarithmic scale.

    Layers beyond the fourth are quiet lines. Lesson line 35.
    """
    expect(norms, GradientNorms, "pellucid.gradient_norms")
    figure, axes = panels(ax, theme, 1, 2, (10.2, 3.6), left=62, right=12, top=50, bottom=42)
    epochs = [one.epoch for one in norms.epochs]
    layers = len(norms.epochs[0].layers) if norms.epochs else 0
    for (what, title), place in zip(SIDES, axes):
        for layer in range(layers):
            values = norms.column(what, layer)
            shown = f"layer {layer}" if layer < MOST_NAMED else f"{layers - MOST_NAMED} more"
            place.plot(
                epochs,
                np.where(values > 0, values, np.nan),
                dashes_of(layer),
                color=color_of(theme, layer),
                linewidth=1.7,
                label=shown if layer <= MOST_NAMED else "_",
            )
        place.set_yscale("log")
        few_powers(place)
        label(place, theme, title, "Epoch", "Euclidean norm")
        legend(place, theme)
    return figure


def layer_norms_in_words(norms: GradientNorms) -> str:
    """The figure as sentences."""
    expect(norms, GradientNorms, "pellucid.gradient_norms")
    if not norms.epochs:
        return "No epoch was recorded."
    first, last = norms.epochs[0], norms.epochs[-1]
    told = [
        f"layer {one.layer} from {number(one.gradient)} to {number(other.gradient)}"
        for one, other in zip(first.layers, last.layers)
    ]
    return f"Norm of the gradient from epoch {first.epoch:,} to {last.epoch:,}: {'; '.join(told)}."
