"""What a recording costs: time of training, memory, restoring, replaying and explaining.

python benchmarks/recording.py [--rounds 5]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import pages
import pellucid
from timing import one_core, seconds_a_call, take_turns

COST_GOAL, MEMORY_GOAL, RESTORE_GOAL = 1.10, 20.0, 10e-3
LARGE = pellucid.NetworkSpec(100, (128, 64))
# Rows, network, rows a batch, epochs of a timed run.
CASES = (
    (40_000, LARGE, 256, 8),
    (713, pellucid.NetworkSpec(12, (64, 64)), 64, 100),
    (713, pellucid.NetworkSpec(12, (20,)), 64, 200),
    (713, pellucid.NetworkSpec(12, (20,)), None, 400),
    (20, pellucid.NetworkSpec(1), None, 2000),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    began = time.perf_counter()
    with one_core():
        rows = [cost(case, options.rounds) for case in CASES]
        rows += past(options.rounds)
    print(pages.machine(("numba",)))
    print("\n".join(pages.table(["what", "goal", "measured", ""], rows)))
    print(f"This took {time.perf_counter() - began:.0f} s.")


def data(rows: int, inputs: int) -> tuple[np.ndarray, np.ndarray]:
    """Normal inputs (rows, inputs) and 0/1 answers (rows,), float32."""
    X = np.random.default_rng(0).standard_normal((rows, inputs)).astype(np.float32)
    return X, (X[:, 0] > 0).astype(np.float32)


def plan(batch: int | None, epochs: int) -> pellucid.TrainingSpec:
    """Adam on binary cross-entropy in float32."""
    return pellucid.TrainingSpec("bce", epochs=epochs, batch_size=batch, dtype="float32")


def fit(case: tuple[int, pellucid.NetworkSpec, int | None, int], record: bool) -> Callable[[], Any]:
    """A training that can be timed."""
    rows, network, batch, epochs = case
    X, y = data(rows, network.inputs)
    return lambda: pellucid.fit_network(X, y, network, plan(batch, epochs), record=record)


def cost(case: tuple[int, pellucid.NetworkSpec, int | None, int], rounds: int) -> list[str]:
    """Training with every epoch recorded over training without, the two in turns."""
    runs = {"plain": fit(case, False), "recorded": fit(case, True)}
    seconds, _ = take_turns({name: lambda run=run: run for name, run in runs.items()}, rounds)
    ratio = statistics.median(r / p for r, p in zip(seconds["recorded"], seconds["plain"]))
    rows, network, batch, _ = case
    what = f"every epoch of {network} recorded, {rows:,} rows, {'one batch' if batch is None else f'batch {batch}'}"
    goal = network is LARGE
    verdict = pages.verdict(ratio, COST_GOAL, at_most=True) if goal else ""
    return [what, f"≤ {COST_GOAL:.2f}x" if goal else "", f"{ratio:.2f}x", verdict]


def past(rounds: int) -> list[list[str]]:
    """Memory of 100 epochs of the large network, and what going back takes."""
    case = (4_000, LARGE, 256, 100)
    fitted = fit(case, True)()
    kept = fitted.recording
    X, y = kept.origin.rows.X[:1000], kept.origin.rows.Y[:1000, 0]
    calls = {
        "at": lambda: kept.at(57),
        "reach": lambda: kept.reach(57),
        "step": lambda: kept.reach(99, 7),
        "gradient": lambda: pellucid.explain_gradient(fitted, "layers.0.weight[3, 2]", X, y),
        "pushes": lambda: pellucid.row_pushes(fitted, "layers.0.weight[3, 2]", 57),
        "epochs": lambda: fit(with_epochs(case, 7), False)(),
    }
    spent = seconds_a_call(calls, rounds)
    megabytes = kept.nbytes / 1e6
    half = pellucid.branch(fitted, 57, learning_rate=0.01, epochs=1)
    text = pages.seconds_text
    return [
        [f"memory of 100 epochs of {LARGE}", f"≤ {MEMORY_GOAL:g} MB", f"{megabytes:.1f} MB",
         pages.verdict(megabytes, MEMORY_GOAL, at_most=True)],
        ["restoring the weights of an epoch", f"≤ {text(RESTORE_GOAL)}", text(spent["at"]),
         pages.verdict(spent["at"], RESTORE_GOAL, at_most=True)],
        ["reaching epoch 57 from 50, with the optimizer, over training 7 epochs of 4,000 rows", "",
         f"{spent['reach'] / spent['epochs']:.2f}x", ""],
        ["reaching step 7 of epoch 100", "", text(spent["step"]), ""],
        [f"a branch from epoch 57: it says that its replay took {text(half.replay_seconds)}", "", "", ""],
        ["one gradient explained, 1,000 rows", "", text(spent["gradient"]), ""],
        ["the rows that pushed a weight most, one epoch, 4,000 rows", "", text(spent["pushes"]), ""],
    ]  # fmt: skip


def with_epochs(case: tuple[int, Any, Any, int], epochs: int) -> tuple[int, Any, Any, int]:
    """The same training for fewer epochs."""
    return (*case[:3], epochs)


if __name__ == "__main__":
    main()
