"""The signal on its way through the layers: how large it is, and its histogram in every layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..nn.signal import LayerSignal, Signal
from ..records import figure as number
from .log_axis import few_powers
from .panels import panels
from .theme import DASHES, FAINT, LIGHT, MARKERS, POINTS_AN_INCH, SMALL, Theme, label, legend, shortened
from .wrong_record import expect, expect_each

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_LAYERS = 12
SIZE = 640 / POINTS_AN_INCH, 260 / POINTS_AN_INCH
STRIP = 30.0  # points of a histogram


def signal_scales(signals: Sequence[Signal], *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """The spread of activations and of gradients by layer, one line a network, on a logarithmic axis.

    At most four networks. Raises `InputError` for none or more. Lesson line 35.
    """
    expect_each(signals, Signal, "nn.trace_signal", len(theme.series))
    figure, places = panels(ax, theme, 1, 2, SIZE, left=50, right=10, top=50, bottom=40)
    sides = (("activations", "Spread of the activations"), ("gradients", "Spread of the gradients"))
    for place, (side, title) in zip(places, sides):
        for one, color, dashes, marker in zip(signals, theme.series, DASHES, MARKERS):
            layers: tuple[LayerSignal, ...] = getattr(one, side)
            spread = np.array([layer.std for layer in layers])
            spread[~(np.isfinite(spread) & (spread > 0))] = np.nan
            place.plot(
                [layer.layer for layer in layers],
                spread,
                color=color,
                linestyle=dashes,
                marker=marker,
                markersize=4,
                linewidth=1.6,
                label=shortened(one.name, 16),
            )
        place.set_yscale("log")
        few_powers(place)
        label(place, theme, title, "Layer", "Standard deviation")
        _whole_layers(place)
    legend(places[0], theme)
    return figure


def signal_scales_in_words(signals: Sequence[Signal]) -> str:
    """The figure as sentences."""
    expect_each(signals, Signal, "nn.trace_signal")
    told = []
    for one in signals:
        first, last = one.activations[0].std, one.activations[-1].std
        back = one.gradients[-1].std, one.gradients[0].std
        told.append(
            f"{one.name}: activations go from {number(first)} in layer 0 to {number(last)} in layer "
            f"{one.activations[-1].layer}, gradients from {number(back[0])} there to {number(back[1])} in layer 0"
        )
    return f"Standard deviations. {'; '.join(told)}."


def signal_histograms(signal: Signal, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """The histograms of activations and of gradients, one strip a layer, the first on top; at most twelve layers.

    Lesson line 35.
    """
    expect(signal, Signal, "nn.trace_signal")
    count = min(len(signal.activations), MOST_LAYERS)
    size = SIZE[0], (count * STRIP + 96) / POINTS_AN_INCH
    figure, places = panels(ax, theme, 1, 2, size, left=54, right=50, top=36, bottom=44)
    for place, side, color in zip(places, ("activations", "gradients"), theme.series):
        layers: tuple[LayerSignal, ...] = getattr(signal, side)[:MOST_LAYERS]
        for strip, layer in enumerate(layers):
            height = layer.counts / max(int(layer.counts.max()), 1) * 0.85
            top = strip + 0.45 - height
            place.stairs(top, layer.edges, baseline=strip + 0.45, fill=True, color=color, alpha=2 * FAINT)
            place.stairs(top, layer.edges, baseline=strip + 0.45, color=color, linewidth=1.1)
            place.text(
                1.02,
                strip,
                f"±{_spread(layer.std)}",
                transform=place.get_yaxis_transform(),
                va="center",
                fontsize=SMALL,
                color=theme.ink,
            )
        place.set_yticks(range(len(layers)), [f"layer {layer.layer}" for layer in layers])
        place.set_ylim(len(layers) - 0.4, -0.6)
        place.grid(False, axis="y")
        place.locator_params(axis="x", nbins=4)
        x = "Activation" if side == "activations" else "dL/dz, slope of the loss at the pre-activation"
        label(place, theme, f"{side.capitalize()}, ± spread", x, "", pad=8)
    return figure


def signal_histograms_in_words(signal: Signal) -> str:
    """The figure as sentences."""
    expect(signal, Signal, "nn.trace_signal")
    told = [
        f"layer {one.layer} has a mean of {number(one.mean)}, a spread of {number(one.std)}, {one.zeros:.0%} zeros"
        for one in signal.activations[:MOST_LAYERS]
    ]
    slopes = signal.gradients
    return (
        f"Activations: {'; '.join(told)}. The spread of the gradients goes from {number(slopes[-1].std)} in the last "
        f"layer to {number(slopes[0].std)} in the first."
    )


def _spread(value: float) -> str:
    """A spread in three digits."""
    return f"{value:.3g}"


def _whole_layers(ax: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
