"""How cost grows: time and memory of one epoch against rows, columns, width and depth.

    python benchmarks/scaling.py [--largest 10000000] [--write]

Each point is a process of its own with one thread. `--write` renews docs/scaling.md and the figure docs/scaling.svg.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

import pages
from timing import one_core, python_says

PAGE = pages.DOCS / "scaling.md"
POINT = "import sys; sys.path.insert(0, {folder!r}); from scaling import Case, run; print(run(Case(**{case!r})))"
# A step's time is steady from about this many rows on; fewer are trained for more epochs and the time divided.
LEAST_ROWS = 20_000
PAPER, INK, PALE, BLUE, ORANGE = "#faf9f6", "#202124", "#dadce0", "#0072B2", "#D55E00"


@dataclass(frozen=True)
class Case:
    """One point: a table, a network, and which public function trains it."""

    rows: int = 10_000
    columns: int = 20
    width: int = 64
    depth: int = 2
    by: str = "fit_network"

    @property
    def parameters(self) -> int:
        """Weights and biases of the network."""
        sizes = [self.columns, *[self.width] * self.depth, 1]
        return sum((a + 1) * b for a, b in itertools.pairwise(sizes))

    @property
    def table_bytes(self) -> int:
        """The float32 table with its targets."""
        return 4 * self.rows * (self.columns + 1)


@dataclass(frozen=True)
class Curve:
    """Points along one quantity: its values, the cases, seconds an epoch and peak bytes beyond the table."""

    name: str
    values: tuple[int, ...]
    cases: tuple[Case, ...]
    seconds: tuple[float, ...]
    extra: tuple[int, ...]
    peak: tuple[int, ...]


def main() -> None:
    """Measure and print; also write the page and the figure where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--largest", type=int, default=10_000_000, help="most rows")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    began = time.perf_counter()
    with one_core():
        curves = [measure(name, values, make) for name, values, make in plan(options.largest)]
    text = "\n".join(page(curves, time.perf_counter() - began)) + "\n"
    print(text)
    if options.write:
        PAGE.write_text(text, encoding="utf-8")
        draw(curves, pages.DOCS / "scaling.svg")


def plan(largest: int) -> list[tuple[str, tuple[int, ...], Callable[[int], Case]]]:
    """Curve, values, and the case of a value."""
    rows = tuple(r for r in (1000, 10_000, 100_000, 1_000_000, 10_000_000) if r <= largest)
    return [
        ("rows", rows, lambda n: Case(rows=n)),
        ("rows, MLPClassifier", rows, lambda n: Case(rows=n, by="MLPClassifier")),
        ("columns", (10, 30, 100, 300, 1000, 2500, 5000), lambda n: Case(columns=n)),
        ("width", (8, 16, 32, 64, 128, 256, 512, 1024), lambda n: Case(width=n)),
        ("depth", (1, 2, 4, 8, 16), lambda n: Case(depth=n)),
    ]


def measure(name: str, values: Sequence[int], make: Callable[[int], Case]) -> Curve:
    """All points of a curve."""
    cases = tuple(make(value) for value in values)
    found = []
    for value, case in zip(values, cases, strict=True):
        print(f"{name} {value:,} …", file=sys.stderr, flush=True)
        folder = str(Path(__file__).resolve().parent)
        try:
            found.append(json.loads(python_says(POINT.format(folder=folder, case=asdict(case)))))
        except subprocess.CalledProcessError as error:
            print(f"… ended with {error.returncode} (too little memory?); the curve ends before it", file=sys.stderr)
            break
    count = len(found)
    seconds, extra, peak = zip(*found, strict=True)
    return Curve(name, tuple(values[:count]), cases[:count], seconds, extra, peak)


def run(case: Case) -> str:
    """Train in this process; JSON of seconds an epoch, peak bytes beyond the table, peak bytes in all."""
    from memory import forget_peak, peak_bytes

    epochs = max(1, LEAST_ROWS // case.rows)
    train(case, *made_table(case, 300), epochs)  # so that what is imported and compiled once is not counted
    X, y = made_table(case, case.rows)
    forget_peak()
    before = peak_bytes()
    began = time.perf_counter()
    train(case, X, y, epochs)
    seconds = (time.perf_counter() - began) / epochs
    return json.dumps([seconds, max(0, peak_bytes() - before), peak_bytes()])


def made_table(case: Case, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """X (rows, columns) standard normal float32 and y (rows,), without a larger intermediate."""
    rng = np.random.default_rng(0)
    X = np.empty((rows, case.columns), dtype=np.float32)
    rng.standard_normal(out=X, dtype=np.float32)
    return X, (X[:, 0] > 0).astype(np.float32)


def train(case: Case, X: np.ndarray, y: np.ndarray, epochs: int) -> Any:
    """By the public function of the case; batches of 256, Adam."""
    import pellucid

    hidden = (case.width,) * case.depth
    if case.by == "MLPClassifier":
        model = pellucid.MLPClassifier(hidden, epochs=epochs, batch_size=256, preparation=None, random_state=0)
        return model.fit(X, y)
    plan = pellucid.TrainingSpec(loss="bce", epochs=epochs, batch_size=256, dtype="float32")
    return pellucid.fit_network(X, y, pellucid.NetworkSpec(case.columns, hidden), plan)


def exponent(values: Sequence[float], costs: Sequence[float]) -> float:
    """The slope of log cost over log value, by least squares over the upper half of the points (three at least)."""
    count = max(3, math.ceil(len(values) / 2))
    if len(values) < 2:
        return float("nan")
    logs = np.log([values[-count:], [max(cost, 1e-9) for cost in costs[-count:]]])
    return float(np.polyfit(logs[0], logs[1], 1)[0])


def held(curve: Curve) -> list[int]:
    """Bytes of the table and what training needed beyond it."""
    return [case.table_bytes + extra for case, extra in zip(curve.cases, curve.extra, strict=True)]


def page(curves: Sequence[Curve], spent: float) -> list[str]:
    """The page, as Markdown."""
    lines = [
        "# How cost grows",
        "",
        "Written by `python benchmarks/scaling.py --write`.",
        pages.machine(("numba",)),
        "",
        "One epoch of `fit_network` on a float32 table, batches of 256, Adam, one thread, each point in a process of",
        "its own. Unless it is what varies: 10,000 rows, 20 columns, two hidden layers of 64 units. Memory is the",
        "table and what training needed beyond it at its peak. An exponent of 1 means: twice the size, twice the cost.",
        "",
        "![Time and memory against rows, columns, width and depth](scaling.svg)",
        "",
        "## Fitted exponents, upper half of each curve",
        "",
        *pages.table(["against", "range", "time", "memory"], [exponents(curve) for curve in curves]),
    ]
    for curve in curves:
        head = [curve.name, "parameters", "seconds an epoch", "µs a row", "table, MB", "beyond the table, MB",
                "whole process, MB"]  # fmt: skip
        lines += ["", f"## Against {curve.name}", "", *pages.table(head, points(curve))]
    return [*lines, "", f"All of this took {spent:.0f} s."]


def exponents(curve: Curve) -> list[str]:
    """A line of the table of exponents."""
    span = f"{curve.values[0]:,} to {curve.values[-1]:,}"
    return [curve.name, span, f"{exponent(curve.values, curve.seconds):.2f}",
            f"{exponent(curve.values, held(curve)):.2f}"]  # fmt: skip


def points(curve: Curve) -> list[list[str]]:
    """One line a point."""
    rows = []
    for value, case, seconds, extra, peak in zip(
        curve.values, curve.cases, curve.seconds, curve.extra, curve.peak, strict=True
    ):
        sizes = [f"{number / 1e6:,.1f}" for number in (case.table_bytes, extra, peak)]
        rows.append(
            [f"{value:,}", f"{case.parameters:,}", f"{seconds:.3g}", f"{1e6 * seconds / case.rows:.3g}", *sizes]
        )
    return rows


def draw(curves: Sequence[Curve], path: Path) -> None:
    """Write the figure: time above, memory below, a column of panels a quantity."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    matplotlib.rcParams.update({"svg.hashsalt": "pellucid", "font.family": "sans-serif", "font.size": 10})
    main_curves = [curve for curve in curves if "," not in curve.name]
    others = {curve.name.partition(",")[0]: curve for curve in curves if "," in curve.name}
    figure, panels = pyplot.subplots(2, len(main_curves), figsize=(12, 5.6), sharey="row", facecolor=PAPER,
                                     layout="constrained", squeeze=False)  # fmt: skip
    for (above, below), curve in zip(panels.T, main_curves, strict=True):
        other = others.get(curve.name)
        if other is not None:
            line(above, other.values, other.seconds, ORANGE, "s--", "MLPClassifier.fit")
            line(below, other.values, [size / 1e6 for size in held(other)], ORANGE, "s--", "MLPClassifier.fit")
        line(above, curve.values, curve.seconds, BLUE, "o-", "fit_network")
        line(below, curve.values, [size / 1e6 for size in held(curve)], BLUE, "o-", "fit_network")
        tables = [case.table_bytes / 1e6 for case in curve.cases]
        below.plot(curve.values, tables, color=INK, linewidth=1, linestyle=":", label="the table itself")
        slopes = exponent(curve.values, curve.seconds), exponent(curve.values, held(curve))
        for axes, slope in zip((above, below), slopes, strict=True):
            style(axes)
            axes.set_title(f"exponent {slope:.2f}", fontsize=10, color=INK, loc="left")
        if len(curve.values) and curve.values[-1] < 100 * curve.values[0]:
            for axes in (above, below):
                axes.set_xticks(curve.values, [f"{value:,}" for value in curve.values])
                axes.set_xticks([], minor=True)
        below.set_xlabel({"width": "units a layer", "depth": "hidden layers"}.get(curve.name, curve.name), color=INK)
    panels[0, 0].set_ylabel("seconds an epoch", color=INK)
    panels[1, 0].set_ylabel("memory, MB", color=INK)
    handles, labels = panels[1, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=3, frameon=False)
    figure.savefig(path, metadata={"Date": None}, facecolor=PAPER)
    pyplot.close(figure)


def line(axes: Any, values: Sequence[int], costs: Sequence[float], color: str, form: str, label: str) -> None:
    """One curve."""
    axes.plot(values, costs, form, color=color, label=label, markersize=5, markeredgecolor=PAPER, linewidth=1.6)


def style(axes: Any) -> None:
    """Logarithmic both ways, pale grid, no box."""
    axes.set_facecolor(PAPER)
    axes.set(xscale="log", yscale="log")
    axes.tick_params(which="both", length=0, colors=INK)
    axes.spines[:].set_visible(False)
    axes.grid(color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)


if __name__ == "__main__":
    main()
