"""The figure of docs/benchmarks.md: how many times longer each library takes, a line of dots a workload."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Okabe and Ito's colors, which color-blind readers tell apart; a shape each besides.
STYLES = {
    "kernel": ("#202124", "|"),
    "JAX scan": ("#009E73", "D"),
    "scikit-learn": ("#E69F00", "o"),
    "torch eager": ("#0072B2", "s"),
    "skorch": ("#CC79A7", "^"),
}
# Dots that often fall together stand a little above and below their line.
SHIFT = {"scikit-learn": -0.13, "torch eager": 0.13}
INK, PALE, PAPER = "#202124", "#dadce0", "#faf9f6"


def draw_ratios(ratios: Mapping[str, Mapping[str, float]], sweep: float | None, path: Path) -> None:
    """Write the SVG: `ratios` workload → contender → seconds over ours, `sweep` PyTorch's for many networks."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot
    from matplotlib.ticker import FuncFormatter

    lines = dict(ratios)
    if sweep is not None:
        lines["550 networks on Titanic, 2 threads"] = {"torch eager": sweep}
    matplotlib.rcParams.update({"svg.hashsalt": "pellucid", "font.family": "sans-serif", "font.size": 10})
    figure, axes = pyplot.subplots(figsize=(9.2, 1.7 + 0.46 * len(lines)), facecolor=PAPER, layout="constrained")
    axes.set_facecolor(PAPER)
    for place, found in enumerate(lines.values()):
        axes.axhline(place, color=PALE, linewidth=0.8, zorder=0)
        for name, ratio in found.items():
            axes.plot(ratio, place + SHIFT.get(name, 0.0), **marks(name))
    for name in STYLES:
        axes.plot([], [], label="pellucid, engine alone" if name == "kernel" else name, **marks(name))
    axes.axvline(1, color=INK, linewidth=1.2, zorder=0)
    axes.text(1.05, -0.75, "pellucid fit = 1", ha="left", va="bottom", color=INK)
    axes.set(xscale="log", ylim=(len(lines) - 0.5, -1.2))
    axes.set_xlabel("training time, pellucid's fit = 1 (logarithmic)", color=INK)
    axes.set_yticks(range(len(lines)), [name.replace(", ", " · ") for name in lines])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}×"))
    axes.tick_params(which="both", length=0, colors=INK)
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)
    axes.grid(axis="x", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    figure.legend(loc="outside lower center", ncols=len(STYLES), frameon=False, handletextpad=0.3, columnspacing=1.6)
    figure.savefig(path, metadata={"Date": None}, facecolor=PAPER)
    pyplot.close(figure)


def marks(name: str) -> dict[str, Any]:
    """How a contender's dot looks."""
    color, marker = STYLES[name]
    edge = {"markeredgecolor": color, "markeredgewidth": 1.8} if marker == "|" else {"markeredgecolor": PAPER}
    return {"color": color, "marker": marker, "markersize": 8, "linestyle": "none", **edge}
