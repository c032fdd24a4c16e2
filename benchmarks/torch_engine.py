"""The torch engine beside a PyTorch loop written by hand, in one run.

    python benchmarks/torch_engine.py [--rounds 5] [--only 54-256-256-7]

Both start from the same weights and take the same steps on one thread; the loop takes its fastest optimizer. Prints the
median seconds, and the median over the rounds of engine over loop: the goal is 1.1 at most on the wide workload.
"""

from __future__ import annotations

import argparse
import statistics

from ours import kernel
from peers import torch_eager
from timing import one_core, take_turns
from workloads import Workload, workloads

WIDE = "54-256-256-7"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=WIDE, help="workloads whose name begins with this")
    options = parser.parse_args()
    with one_core():
        for work in workloads():
            if work.name.startswith(options.only):
                print(line(work, options.rounds), flush=True)


def line(work: Workload, rounds: int) -> str:
    """One workload in words."""
    engine, loop = kernel(work, "torch:cpu"), torch_eager(work)
    seconds, results = take_turns({"engine": engine.prepare, "loop": loop.prepare}, rounds)
    ratio = statistics.median(ours / theirs for ours, theirs in zip(seconds["engine"], seconds["loop"], strict=True))
    losses = [work.final_loss(one.parameters(results[name])) for name, one in (("engine", engine), ("loop", loop))]
    return (
        f"{work.name}: engine {statistics.median(seconds['engine']):.3f} s, loop "
        f"{statistics.median(seconds['loop']):.3f} s ({loop.note}), ratio {ratio:.2f}, "
        f"final loss {losses[0]:.5f} and {losses[1]:.5f}"
    )


if __name__ == "__main__":
    main()
