"""How far engines drift apart, measured: both train the same, and the reference again with its sums in another order.

    python benchmarks/parity.py [--write docs/parity.md]

Figures are the largest distance of the parameters, relative to their norm, after so many steps in float64.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

import pellucid
from pellucid import NetworkSpec, TrainingSpec, fit_network
from pellucid.engines.contract import Parameters

STEPS = (1, 10, 100, 200, 500, 1000, 2000, 4000)
ROWS, BATCH = 320, 32
# A calm plan, and one that jumps: the first is what the parity tests hold to 1e-10 for 200 steps.
PLANS = {
    "tanh 8-8, SGD, rate 0.05": (NetworkSpec(2, (8, 8), 1, activation="tanh"), "sgd", 0.05),
    "relu 32-32, Adam, rate 0.003": (NetworkSpec(2, (32, 32), 1), "adam", 0.003),
    "relu 32-32, Adam, rate 0.05": (NetworkSpec(2, (32, 32), 1), "adam", 0.05),
    "relu 32-32-32-32, SGD, rate 0.5": (NetworkSpec(2, (32, 32, 32, 32), 1), "sgd", 0.5),
}


def main() -> None:
    """Measure and print; also write a page of Markdown where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    text = page([line(name, *plan) for name, plan in PLANS.items()])
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    print(text)


def line(name: str, network: NetworkSpec, optimizer: str, rate: float) -> list[str]:
    """One plan: both distances after each number of steps."""
    X, y = pellucid.data.moons(ROWS, noise=0.25, seed=0)
    rng = np.random.default_rng(0)
    epochs = STEPS[-1] // (ROWS // BATCH)
    order = np.stack([rng.permutation(ROWS) for _ in range(epochs)])
    turned = order.reshape(epochs, -1, BATCH)[:, :, ::-1].reshape(epochs, ROWS)  # the same batches, rows reversed
    plan = TrainingSpec(
        loss="bce", optimizer=optimizer, learning_rate=rate, epochs=epochs, batch_size=BATCH, dtype="float64"
    )
    cells = [name]
    for steps in STEPS:
        whole, rest = divmod(steps, ROWS // BATCH)
        reference = after(X, y, network, plan, order, whole, rest, "reference")
        other = after(X, y, network, plan, order, whole, rest, "compiled")
        again = after(X, y, network, plan, turned, whole, rest, "reference")
        cells.append(f"{distance(reference, other):.0e} · {distance(reference, again):.0e}")
    return cells


def after(
    X: np.ndarray,
    y: np.ndarray,
    network: NetworkSpec,
    plan: TrainingSpec,
    order: np.ndarray,
    epochs: int,
    steps: int,
    engine: str,
) -> Parameters:
    """The parameters after so many epochs and steps of the next one."""
    last = None
    if epochs:
        last = fit_network(X, y, network, replace(plan, epochs=epochs), order=order[:epochs], engine=engine).snapshot
    if steps:
        rows = order[epochs : epochs + 1, : steps * BATCH]
        last = fit_network(X, y, network, replace(plan, epochs=1), initial=last, order=rows, engine=engine).snapshot
    return last.parameters


def distance(one: Parameters, other: Parameters) -> float:
    """The norm of the difference over the norm."""
    left, right = (np.concatenate([v.ravel() for v in parameters.values()]) for parameters in (one, other))
    return float(np.linalg.norm(left - right) / np.linalg.norm(left))


def page(rows: list[list[str]]) -> str:
    """The figures and what they mean, as Markdown."""
    head = ["plan", *(f"{steps:,} step{'s' * (steps > 1)}" for steps in STEPS)]
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
    return f"""# The same numbers, and how long they stay the same

Written by `python benchmarks/parity.py --write docs/parity.md`.

Engines are given the same first weights, row order and dropout draws, and compute the same formulas. What differs is
the order in which sums are made, so the last bits. One step agrees to 1e-12 of the gradient's norm in float64; calm
plans agree to 1e-10 after 200 steps. Beyond that training is chaotic: a step multiplies a difference of the last bit
by a little more than one, for as long as it goes on. That is no property of the compiled engine. The second figure of
every cell shows the reference engine against itself, with the rows of every batch given in reverse: the same sums in
another order.

Each cell: compiled against reference · reference against itself with its sums reversed; the distance of the parameters
over their norm, float64, {ROWS} rows of moons, batches of {BATCH}.

{chr(10).join(lines)}

The torch engine is held to the same tests, the second on nine of the sixty plans. So two runs are compared by their
losses, or with the same engine: the same seed, machine and versions give the same
bits, whatever the number of threads and however long the stretches are.
"""


if __name__ == "__main__":
    main()
