"""What does not grow with the table: the cost of a call, of an activation, of dropout, of compiling, of a process.

python benchmarks/fixed_costs.py [--rounds 7] [--write]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import pages
import pellucid
from pellucid.engines.choose import choose_engine
from pellucid.engines.contract import Snapshot, TrainingData
from pellucid.nn.activations import ACTIVATIONS
from pellucid.training.fit_network import draw_parameters
from timing import allowed_cores, one_core, process_seconds, python_says, seconds_a_call, take_turns
from workloads import SEED, classes

# Goals: what → (seconds or times, how it is written).
FIT_GOAL, DROPOUT_GOAL = 0.3e-3, 1.5
ACTIVATION_GOAL = {"float32": 2.5, "float64": 5.0}
COMPILE_GOAL, READY_GOAL, PROCESS_GOAL, LADDER_GOAL, COMMAND_GOAL = 15.0, 0.35, 2.0, 2.0, 5.0
ROWS, BATCH, HIDDEN = 2000, 64, (64, 64)

TRAIN_ONCE = """
import time
import numba, numpy as np, pellucid
from pellucid.training.fit_network import fit_network
X = np.random.default_rng(0).standard_normal((20, 3))
y = (X[:, 0] > 0).astype(float)
network = pellucid.NetworkSpec(3, (4,))
plan = pellucid.TrainingSpec(loss="bce", epochs=1, dtype="{dtype}")
fit_network(X, y, network, plan, engine="reference")
began = time.perf_counter()
fit_network(X, y, network, plan)
print(time.perf_counter() - began)
"""
FIT_TITANIC = """
import numpy as np, pellucid
table = pellucid.read("titanic")
survived = table["Survived"].values.astype(int)
inputs = table.select([name for name in table.names if name != "Survived"])
pellucid.MLPClassifier(random_state=0).fit(inputs, survived)
"""


def main() -> None:
    """Measure and print; also write the part of the page where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    began = time.perf_counter()
    with one_core(), tempfile.TemporaryDirectory() as folder:
        os.environ["PELLUCID_STATE"] = folder
        rows = calls(options.rounds)
        activations, dropouts = steps(options.rounds)
        rows += [*dropouts, *compilation(), *processes()]
    rows += ladder()
    lines = [
        "## Fixed costs",
        "",
        pages.machine(("numba", "scikit-learn")),
        f"Calls and steps on one thread, median of {options.rounds} rounds in turns.",
        "",
        *pages.table(["what", "goal", "measured", ""], rows),
        "",
        f"**A training step with each activation, over relu's** (20-64-64-1, batch {BATCH}, Adam, engine alone)",
        "",
        *activations,
        "",
        f"This part took {time.perf_counter() - began:.0f} s.",
    ]
    print("\n".join(lines))
    if options.write:
        pages.write_part("fixed_costs", lines)


def row(what: str, goal: float, measured: float, form: Callable[[float], str] = pages.seconds_text) -> list[str]:
    """A line of the table; every goal here is a ceiling."""
    return [what, f"≤ {form(goal)}", form(measured), pages.verdict(measured, goal, at_most=True)]


def times(value: float) -> str:
    """A ratio."""
    return f"{value:.2f}x"


def engine_run(network: pellucid.NetworkSpec, plan: pellucid.TrainingSpec, X: Any, Y: Any) -> Callable[[], Any]:
    """A function whose call trains all epochs in the engine alone, again from the same start."""
    engine = choose_engine("auto", network, plan)
    dtype = np.dtype(plan.dtype)
    data = TrainingData(np.ascontiguousarray(X, dtype), np.ascontiguousarray(Y, dtype))
    steps = -(-len(X) // (plan.batch_size or len(X)))
    order = np.stack([np.random.default_rng(k).permutation(len(X)) for k in range(plan.epochs)])
    rates = np.full((plan.epochs, steps), plan.learning_rate)

    def run() -> Any:
        start = Snapshot(draw_parameters(network, SEED, dtype))
        return engine.run(engine.start(network, plan, data, start), order, rates)

    return run


def calls(rounds: int) -> list[list[str]]:
    """What `fit` costs beyond the arithmetic: one epoch on ten rows, less the engine's own time."""
    X, y = classes(10, 5, 2)
    Y = y.astype(np.float32)[:, None]
    network = pellucid.NetworkSpec(5, (10,))
    plan = pellucid.TrainingSpec(loss="bce", epochs=1, dtype="float32")
    settings = {"hidden_layer_sizes": (10,), "epochs": 1, "batch_size": None, "preparation": None, "random_state": 0}
    model = pellucid.MLPClassifier(**settings)
    prepared = pellucid.MLPClassifier(**{**settings, "preparation": "auto"})
    found = seconds_a_call(
        {
            "engine": engine_run(network, plan, X, Y),
            "network": lambda: pellucid.fit_network(X, Y, network, plan),
            "model": lambda: model.fit(X, y),
            "prepared": lambda: prepared.fit(X, y),
        },
        3 * rounds,
    )
    return [
        row("`fit_network`, beyond the engine", FIT_GOAL, found["network"] - found["engine"]),
        row("`MLPClassifier.fit` without preparation, beyond the engine", FIT_GOAL, found["model"] - found["engine"]),
        ["`MLPClassifier.fit` with preparation, beyond the engine", "",
         pages.seconds_text(found["prepared"] - found["engine"]), ""],
        ["the engine: 5-10-1, ten rows, one step, its start included", "", pages.seconds_text(found["engine"]), ""],
    ]  # fmt: skip


def steps(rounds: int) -> tuple[list[str], list[list[str]]]:
    """(table of activations, lines on dropout)."""
    X, y = classes(ROWS, 20, 2)
    Y = y[:, None]
    runs = {}
    for dtype in ACTIVATION_GOAL:
        plan = pellucid.TrainingSpec(loss="bce", epochs=2, batch_size=BATCH, dtype=dtype)
        for name in ACTIVATIONS:
            runs[name, dtype] = engine_run(pellucid.NetworkSpec(20, HIDDEN, activation=name), plan, X, Y)
        runs["dropout", dtype] = engine_run(pellucid.NetworkSpec(20, HIDDEN, dropout=0.2), plan, X, Y)
    seconds, _ = take_turns({key: lambda run=run: run for key, run in runs.items()}, rounds)
    median = {key: statistics.median(spent) for key, spent in seconds.items()}
    over_relu = {key: median[key] / median["relu", key[1]] for key in median}
    head = ["activation", *(f"{dtype}, goal ≤ {goal:g}x" for dtype, goal in ACTIVATION_GOAL.items()), ""]
    body = []
    for name in ACTIVATIONS:
        # "**missed**" sorts before "reached".
        words = {pages.verdict(over_relu[name, d], goal, at_most=True) for d, goal in ACTIVATION_GOAL.items()}
        body.append([name, *(times(over_relu[name, dtype]) for dtype in ACTIVATION_GOAL), min(words)])
    step_count = 2 * -(-ROWS // BATCH)
    body.append(["relu's step", *(pages.seconds_text(median["relu", d] / step_count) for d in ACTIVATION_GOAL), ""])
    dropouts = [row(f"a step with dropout 0.2 over one without, {dtype}", DROPOUT_GOAL,
                    over_relu["dropout", dtype], times) for dtype in ACTIVATION_GOAL]  # fmt: skip
    return pages.table(head, body), dropouts


def compilation() -> list[list[str]]:
    """Seconds of the first compilation and of the kernel from the cache, each in a fresh process."""
    network, plan = pellucid.NetworkSpec(3, (4,)), pellucid.TrainingSpec(loss="bce")
    if choose_engine("auto", network, plan).name != "compiled":
        return [["compilation: the reference engine runs here and compiles nothing", "", "", ""]]
    rows = []
    for dtype in ("float32", "float64"):
        with tempfile.TemporaryDirectory() as cache:
            code = TRAIN_ONCE.format(dtype=dtype)
            first, *warm = (float(python_says(code, {"PELLUCID_CACHE": cache})) for _ in range(4))
        rows.append(row(f"first compilation, {dtype}", COMPILE_GOAL, first - statistics.median(warm)))
        rows.append(row(f"first fit with the kernel from the cache, {dtype}, numba imported", READY_GOAL,
                        statistics.median(warm)))  # fmt: skip
    return rows


def processes() -> list[list[str]]:
    """Whole processes; the kernels are in the cache already."""
    fresh = process_seconds([sys.executable, "-c", FIT_TITANIC], runs=3)
    return [row("a fresh process that imports, fits Titanic and exits", PROCESS_GOAL, fresh)]


def ladder() -> list[list[str]]:
    """The ladder on Titanic, in process and as a command, with all cores."""
    spent = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PELLUCID_STATE"] = folder
        for _ in range(4):
            began = time.perf_counter()
            pellucid.climb("titanic", "Survived")
            spent.append(time.perf_counter() - began)
        program = str(Path(sys.executable).with_name("pellucid"))
        command = [program, "train", "titanic", "--target", "Survived", "--out", f"{folder}/titanic", "--force"]
        whole = process_seconds(command, runs=3)
    cores = len(allowed_cores()) or os.cpu_count()
    return [
        row(f"Titanic ladder with folds, in process, {cores} cores", LADDER_GOAL, statistics.median(spent[1:])),
        row(f"`pellucid train titanic --target Survived`, {cores} cores", COMMAND_GOAL, whole),
    ]


if __name__ == "__main__":
    main()
