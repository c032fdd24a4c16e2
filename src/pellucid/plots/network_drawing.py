"""The drawing of a network, whole or as the steps of a forward pass in panels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError
from ..explain.unit_names import unit_name
from ..nn.activations import ACTIVATIONS
from ..nn.links import LINKS
from ..nn.parameters import Parameters
from ..records import counted
from .network_columns import number_told
from .network_layout import lay_out_network
from .network_records import RADIUS, NetworkLayout, NetworkNode
from .panels import panels
from .theme import FAINT, LIGHT, POINTS_AN_INCH, SMALL, TEXT, Theme, label, leave_room, legend, shortened, start
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

THINNEST, THICKEST, THICKEST_OF_MANY = 0.5, 3.0, 1.7  # points
MANY, PALEST = 60, 0.25
MARGIN, LINE = 14.0, 11.0
HEAD, HEAD_WITHOUT_LEGEND = 46.0, 30.0  # points above the drawing
KIND_COLORS = {"input": 2, "bias": None, "sum": None, "activation": 0, "unit": 0, "output": 3}


def network(
    model: Any,
    row: Any = None,
    *,
    columns: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
    parameters: Parameters | None = None,
    link: str | None = None,
    sums: bool | None = None,
    boxes: Sequence[str] | Mapping[str, Sequence[str]] = (),
    most_units: int | None = 12,
    stages: bool = False,
    ax: Axes | None = None,
    theme: Theme = LIGHT,
) -> Figure:
    """The network as a drawing: inputs, biases, sums, activations and outputs, weights as the width and color of edges.

    `model` is a `NetworkSpec`, a `FittedNetwork` (`pellucid.pytorch.from_module` makes one of a PyTorch module), a
    fitted estimator or a predictor. `row` puts the numbers of one row at the nodes: for an estimator cells as
    `predictor` takes them, else numbers (inputs,). `columns` and `outputs` name inputs and outputs, `parameters` and
    `link` ("identity", "sigmoid", "softmax") replace the model's own, such as those of a recorded epoch. `sums` gives
    sums and activations nodes of their own; None does so in small networks. `boxes` frames parts: "layers", "layer",
    "neuron", "activation", or a dict title → names of nodes. Layers of more than `most_units` units show the first and
    the last ones (None shows all, up to 1,000 a layer). `stages` draws the forward pass of `row` in panels, one a step.

    Raises `InputError` for what is no model, a row that does not fit and stages without a row, `ShapeError` for names
    and parameters that do not fit, `SpecError` for unknown boxes, nodes and links and for more units than can be seen.
    Lesson lines 17, 18, 19, 34.
    """
    if stages and row is None:
        raise InputError("stages=True shows the forward pass of one row; give the row")
    layout = lay_out_network(
        model,
        row,
        columns=columns,
        outputs=outputs,
        parameters=parameters,
        link=link,
        sums=True if stages and sums is None else sums,
        boxes=boxes,
        most_units=most_units,
    )
    head = HEAD if layout.largest is not None or stages else HEAD_WITHOUT_LEGEND
    width, height = layout.high.x - layout.low.x, layout.high.y - layout.low.y + head
    if not stages:
        figure, ax = start(ax, theme, ((width + 2 * MARGIN) / POINTS_AN_INCH, (height + MARGIN) / POINTS_AN_INCH))
        leave_room(ax, left=MARGIN, right=MARGIN, top=head, bottom=MARGIN)
        _draw(layout, ax, theme, layout.title, None)
        return figure
    across = min(len(layout.steps), 2)
    down = -(-len(layout.steps) // across)
    size = across * (width + 20) / POINTS_AN_INCH, down * height / POINTS_AN_INCH
    figure, places = panels(ax, theme, down, across, size)
    for place in places[len(layout.steps) :]:
        place.set_axis_off()
    for step, (place, told) in enumerate(zip(places, layout.steps)):
        _draw(layout, place, theme, _fitting(f"{step + 1}. {told}", width), step)
    return figure


def network_in_words(layout: NetworkLayout) -> str:
    """The drawing as sentences, from `lay_out_network`."""
    expect(layout, NetworkLayout, "plots.lay_out_network")
    counts = "; ".join(caption.text.replace("\n", ": ") for caption in layout.captions)
    told = f"{layout.title}, from left to right: {counts}. It has {counted(layout.parameter_count, 'parameter')}."
    weighted = [edge for edge in layout.edges if edge.weight is not None]
    if weighted:
        strongest = max(weighted, key=lambda edge: abs(edge.weight or 0.0))
        names = {node.name: _called(node) for node in layout.nodes}
        told += (
            f" The strongest weight shown is {number_told(strongest.weight or 0.0)}, "
            f"from {names[strongest.source]} to {names[strongest.target]}."
        )
    known = [node for node in layout.nodes if node.value is not None]
    for kind, what in (("input", "the row has"), ("output", "the network answers")):
        pairs = [f"{node.label} = {number_told(node.value or 0.0)}" for node in known if node.kind == kind]
        if pairs:
            told += f" {what[:1].upper()}{what[1:]} {', '.join(pairs[:12])}."
    return told


def _called(node: NetworkNode) -> str:
    """A node in words: its label, or `the sum of unit 0.3`, named as the ledger names units."""
    what = "output" if node.kind == "unit" else node.kind
    return node.label or f"the {what} of unit {unit_name(node.layer, node.unit)}"


def _draw(layout: NetworkLayout, ax: Axes, theme: Theme, title: str, step: int | None) -> None:
    """The drawing on `ax`; with `step` only what is known in that panel in color and with numbers."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    box = ax.get_position()
    width, height = figure.get_size_inches() * POINTS_AN_INCH
    scale = min(
        box.width * width / (layout.high.x - layout.low.x), box.height * height / (layout.high.y - layout.low.y), 1.0
    )
    ax.set_xlim(layout.low.x, layout.high.x)
    ax.set_ylim(layout.low.y, layout.high.y)
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_axis_off()
    if step is not None:
        layout = _known_until(layout, step)
    _draw_edges(layout, ax, theme, scale, step)
    _draw_nodes(layout, ax, theme, scale, step)
    _draw_boxes(layout, ax, theme, scale)
    for text in layout.captions:
        for line, words in enumerate(text.text.split("\n")):
            below = text.at.y - LINE * line
            ax.text(text.at.x, below, words, ha="center", va="baseline", fontsize=SMALL * scale, color=theme.quiet)
    told = step is None and layout.largest is not None
    label(ax, theme, title, "", "", pad=24 if told else 6)
    if told:
        legend(ax, theme)


def _draw_edges(layout: NetworkLayout, ax: Axes, theme: Theme, scale: float, step: int | None) -> None:
    from matplotlib.collections import LineCollection

    steps = {node.name: node.step for node in layout.nodes}
    shown = [edge for edge in layout.edges if edge.weight is not None]
    plain = [edge for edge in layout.edges if edge.weight is None]
    known = [step is None or steps[edge.target] <= step for edge in shown]
    share = np.array([abs(edge.weight or 0.0) for edge in shown]) / (layout.largest or 1.0)
    colors = [
        (theme.series[0 if (edge.weight or 0.0) >= 0 else 1], PALEST + (1 - PALEST) * part) if live else theme.grid
        for edge, part, live in zip(shown, share, known)
    ]
    thickest = THICKEST if len(shown) <= MANY else THICKEST_OF_MANY
    widths = (THINNEST + (thickest - THINNEST) * share) * scale
    quiet = [theme.quiet if step is None or steps[edge.target] <= step else theme.grid for edge in plain]
    ax.add_collection(LineCollection([(e.start, e.end) for e in plain], colors=quiet, linewidths=0.8 * scale, zorder=1))
    if not shown:
        return
    lines = LineCollection([(edge.start, edge.end) for edge in shown], colors=colors, linewidths=widths, zorder=1)
    lines.set_gid("weights")
    ax.add_collection(lines)
    for edge, live in zip(shown, known):
        if edge.label_at is not None:
            _write(ax, edge.label_at, number_told(edge.weight or 0.0), theme, theme.ink if live else theme.quiet, scale)
    for place, name in enumerate(("positive", "negative")):
        ax.plot([], [], color=theme.series[place], linewidth=2.4, label=f"{name} weight")
    told = f"wider: larger, at most {number_told(layout.largest or 0.0)}"
    ax.plot([], [], color=theme.quiet, linewidth=thickest, label=told)


def _draw_nodes(layout: NetworkLayout, ax: Axes, theme: Theme, scale: float, step: int | None) -> None:
    from matplotlib.collections import EllipseCollection

    size = 2 * RADIUS
    colors = [_color(node, theme) if step is None or node.step <= step else theme.grid for node in layout.nodes]
    for fill, order in ((theme.page, 2), (None, 3)):
        circles = EllipseCollection(
            [size] * len(colors),
            [size] * len(colors),
            [0] * len(colors),
            units="xy",
            offsets=[node.at for node in layout.nodes],
            offset_transform=ax.transData,
            facecolors=[fill or (color, FAINT) for color in colors],
            edgecolors=colors,
            linewidths=1.1 * scale,
            zorder=order,
        )
        ax.add_collection(circles)
    circles.set_gid("nodes")
    for node in layout.nodes:
        _draw_one(node, ax, theme, theme.ink if step is None or node.step <= step else theme.quiet, scale)
    for gap in layout.gaps:
        _write(ax, gap.at, gap.text, theme, theme.quiet, scale)


def _draw_one(node: NetworkNode, ax: Axes, theme: Theme, ink: str, scale: float) -> None:
    """What stands in, beside and below a circle."""
    x, y = node.at
    inside = {"sum": "Σ", "bias": "1"}.get(node.kind, "")
    if inside:
        ax.text(x, y, inside, ha="center", va="center_baseline", fontsize=TEXT * scale, color=ink, zorder=5)
    if node.function in ACTIVATIONS:
        z = np.linspace(-1, 1, 25)
        a = ACTIVATIONS[node.function](4 * z)
        a = (a - a.min()) / float(np.ptp(a)) - 0.5
        ax.plot(x + 0.55 * RADIUS * z, y + 0.95 * RADIUS * a, color=ink, linewidth=1.1 * scale, zorder=5)
    elif node.function and node.function not in LINKS:  # an activation of your own
        ax.text(x, y, "f", ha="center", va="center_baseline", fontsize=TEXT * scale, color=ink, zorder=5)
    beside, side = {"input": (-RADIUS - 5, "right"), "output": (RADIUS + 5, "left")}.get(node.kind, (0, ""))
    if side and node.label:
        name = shortened(node.label)
        ax.text(x + beside, y, name, ha=side, va="center", fontsize=SMALL * scale, color=ink, zorder=5)
    if node.value is not None and node.kind != "bias":
        below = node.at._replace(y=y - RADIUS - 8)
        _write(ax, below, number_told(node.value), theme, ink, scale)


def _draw_boxes(layout: NetworkLayout, ax: Axes, theme: Theme, scale: float) -> None:
    for box in layout.boxes:
        (left, low), (right, high) = box.low, box.high
        ax.plot(
            [left, right, right, left, left],
            [low, low, high, high, low],
            color=theme.ink,
            linewidth=1.1 * scale,
            zorder=4,
            gid="box",
        )
        title = shortened(box.title, 40)
        middle = box.low._replace(x=(left + right) / 2, y=high + 8)
        _write(ax, middle, title, theme, theme.ink, scale)


def _write(ax: Axes, at: tuple[float, float], text: str, theme: Theme, color: str, scale: float) -> None:
    """A text on a patch of the page, so that lines behind it do not run through."""
    patch = {"facecolor": theme.page, "edgecolor": "none", "pad": 0.8 * scale}
    ax.text(*at, text, ha="center", va="center", fontsize=SMALL * scale, color=color, bbox=patch, zorder=6)


def _known_until(layout: NetworkLayout, step: int) -> NetworkLayout:
    nodes = tuple(node if node.step <= step else replace(node, value=None) for node in layout.nodes)
    return replace(layout, nodes=nodes)


def _color(node: NetworkNode, theme: Theme) -> str:
    place = KIND_COLORS[node.kind]
    return theme.quiet if place is None else theme.series[place]


def _fitting(told: str, width: float) -> str:
    """The title of a panel, without its numbers where they would not fit."""
    return told if len(told) * 6.0 < width else told.split(":")[0].split("=")[0]
