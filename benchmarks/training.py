"""Training, measured: seven workloads, ours and all peers in one run; and many networks at once.

    python benchmarks/training.py [--rounds 5] [--only 2-100-3] [--no-sweep] [--write]

Every contender starts from the same weights and takes the same steps over the same rows on one thread; all but
scikit-learn and skorch, which draw their own, visit them in the same order. The final loss is computed from each one's
final weights by one function. `--write` renews the parts of docs/benchmarks.md and the figure docs/benchmarks.svg.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import time
import warnings
from dataclasses import dataclass

import pages
from ours import Contender, estimator_fit, kernel, network_fit, reference_loss
from peers import PEERS, bare_products
from timing import one_core, take_turns
from workloads import Workload, workloads

OURS = ("fit", "fit_network", "kernel")
LARGEST_DIFFERENCE = 1e-3


@dataclass(frozen=True)
class Measured:
    """What one workload gave: contender → seconds in every round, final loss, note."""

    work: Workload
    seconds: dict[str, list[float]]
    losses: dict[str, float]
    notes: dict[str, str]
    reference: float

    def median(self, name: str) -> float:
        """Median seconds of a contender."""
        return statistics.median(self.seconds[name])

    def times_slower(self, name: str, than: str = "fit") -> float:
        """How many times longer a contender takes than ours; for the matrix products this is the share."""
        return self.median(name) / self.median(than)


def main() -> None:
    """Measure and print; also write the page and the figure where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="workloads whose name begins with this")
    parser.add_argument("--no-sweep", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    began = time.perf_counter()
    with one_core():
        found = [measure(work, options.rounds) for work in workloads() if work.name.startswith(options.only)]
    lines = [*page(found, options.rounds), "", f"This part took {time.perf_counter() - began:.0f} s."]
    print("\n".join(lines))
    sweep_ratio = None
    if not options.no_sweep:
        from many_networks import measure_sweep

        sweep_lines, sweep_ratio = measure_sweep(min(3, options.rounds))
        print("\n".join(sweep_lines))
    if options.write:
        from figure import draw_ratios

        pages.write_part("training", lines)
        if not options.no_sweep:
            pages.write_part("sweep", sweep_lines)
        draw_ratios({one.work.name: ratios(one) for one in found}, sweep_ratio, pages.DOCS / "benchmarks.svg")


def contenders(work: Workload) -> list[Contender]:
    """Ours and every peer that is installed."""
    made = [estimator_fit(work), network_fit(work), kernel(work)]
    made += [make(work) for name, (_, make) in PEERS.items() if not absent(name)]
    return [*made, bare_products(work)]


def absent(peer: str) -> list[str]:
    """The packages of a peer that are not installed."""
    return [package for package in PEERS[peer][0] if importlib.util.find_spec(package) is None]


def measure(work: Workload, rounds: int) -> Measured:
    """One workload."""
    print(f"{work.name} …", file=sys.stderr, flush=True)
    warnings.filterwarnings("ignore", message="Stochastic Optimizer", module="sklearn")
    running = contenders(work)
    seconds, results = take_turns({one.name: one.prepare for one in running}, rounds)
    weights = {one.name: one.parameters(results[one.name]) for one in running}
    losses = {name: work.final_loss(parameters) for name, parameters in weights.items() if parameters}
    return Measured(work, seconds, losses, {one.name: one.note for one in running}, reference_loss(work))


def ratios(one: Measured) -> dict[str, float]:
    """Contender → how many times slower than our fit, for the figure."""
    names = ("kernel", *PEERS)
    return {name: one.times_slower(name) for name in names if name in one.seconds}


def page(found: list[Measured], rounds: int) -> list[str]:
    """The part of the page, as Markdown."""
    packages = ("numba", "scikit-learn", "torch", "skorch", "jax", "optax")
    lines = [
        "## Training beside other libraries",
        "",
        "Times are how many times longer a peer takes than our public `fit` (`MLPClassifier.fit`); 1 is as fast.",
        pages.machine(packages),
        f"One thread, float32, median of {rounds} rounds in turns. `kernel` is the engine without checks and records.",
        "",
        "![Time of each library over ours](benchmarks.svg)",
        "",
        *summary(found),
        "",
        "### Goals",
        "",
        *goals(found),
        "",
        "### Every contender, with its final loss",
        "",
        *[f"{name} is not installed here and was left out ({', '.join(absent(name))}).\n"
          for name in PEERS if absent(name)],
        "The loss is the mean over all rows with the final weights, in float64. Ours must be within",
        f"{LARGEST_DIFFERENCE:g} of the reference engine's.",
        "Columns: median seconds (shortest to longest round) · times `fit` · times `kernel` · final loss.",
    ]  # fmt: skip
    for one in found:
        lines += ["", *details(one)]
    return lines


def summary(found: list[Measured]) -> list[str]:
    """One line a workload."""
    rows = []
    for one in found:
        ratio = [f"{one.times_slower(name):.1f}x" if name in one.seconds else "absent" for name in PEERS]
        share = f"{one.times_slower('matrix products'):.2f}"
        ours = [pages.seconds_text(one.median(name)) for name in ("fit", "kernel")]
        rows.append([one.work.name, *ours, *ratio, share])
    return pages.table(["workload", "our fit", "our kernel", *PEERS, "share of GEMM rate"], rows)


def goals(found: list[Measured]) -> list[str]:
    """Each goal beside what was measured."""
    rows = []
    for one in found:
        for goal, wanted in one.work.wanted.items():
            than, name = ("kernel", goal.removeprefix("kernel ")) if goal.startswith("kernel ") else ("fit", goal)
            name = "matrix products" if name == "GEMM" else name
            what = "share of GEMM rate, fit" if goal == "GEMM" else f"{name} over our {than}"
            if name not in one.seconds:
                rows.append([one.work.name, what, f"≥ {wanted:g}", "absent", ""])
                continue
            measured = one.times_slower(name, than)
            rows.append([one.work.name, what, f"≥ {wanted:g}", f"{measured:.2f}", pages.verdict(measured, wanted)])
        difference = abs(one.losses["fit"] - one.reference)
        word = pages.verdict(difference, LARGEST_DIFFERENCE, at_most=True)
        rows.append([one.work.name, "loss beside the reference engine", f"≤ {LARGEST_DIFFERENCE:g}",
                     f"{difference:.1e}", word])  # fmt: skip
    return pages.table(["workload", "figure", "goal", "measured", ""], rows)


def details(one: Measured) -> list[str]:
    """The table of one workload."""
    rows = []
    for name in [*OURS, *PEERS, "matrix products"]:
        if name not in one.seconds:
            rows.append([f"{name}: absent", "", "", "", ""])
            continue
        spent = one.seconds[name]
        spread = f"{pages.seconds_text(min(spent))} to {pages.seconds_text(max(spent))}"
        loss = f"{one.losses[name]:.6f}" if name in one.losses else ""
        rows.append(
            [f"{name} ({one.notes[name]})", f"{pages.seconds_text(one.median(name))} ({spread})",
             f"{one.times_slower(name):.2f}", f"{one.times_slower(name, 'kernel'):.2f}", loss]
        )  # fmt: skip
    rows.append(["reference engine, same start", "", "", "", f"{one.reference:.6f}"])
    return [
        f"**{one.work.name}**",
        "",
        *pages.table(["contender", "seconds", "times fit", "times kernel", "final loss"], rows),
    ]


if __name__ == "__main__":
    main()
